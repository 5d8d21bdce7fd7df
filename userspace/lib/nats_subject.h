/* SPDX-License-Identifier: GPL-2.0 */
/* Names as words of a NATS subject: "PREFIX.HOST.VM.PORT". */
#ifndef LIB_NATS_SUBJECT_H
#define LIB_NATS_SUBJECT_H

#include <stddef.h>

/* The host's word where its name is not known, the VM's where it is about none. */
#define NATS_NO_NAME	"-"
/* The port's where it is about none. */
#define NATS_NO_PORT	"vm"

/**
 * nats_subject_put() - append one word
 * @dst: the end of a subject, with room for 3 * strlen(@name) + 2 bytes
 * @name: the word; of dots, and what else a subject cannot have, it has %XX
 *
 * Return: the new end, where a NUL is.
 */
char *nats_subject_put(char *dst, const char *name);

/**
 * nats_subject_take() - read one word
 * @word: where it goes, with a NUL, and with dots where %2E stands; cut where it is longer
 * @size: size of @word
 * @subject: the word and what is behind it
 *
 * A name of a host or a VM cannot have other characters that nats_subject_put() changes.
 *
 * Return: what is behind it and its dot; NULL: it was the last one.
 */
const char *nats_subject_take(char *word, size_t size, const char *subject);

#endif /* LIB_NATS_SUBJECT_H */
