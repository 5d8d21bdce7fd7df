/* SPDX-License-Identifier: GPL-2.0 */
/* Which ports are looked at, and how what comes is shown: --port, --output. */
#ifndef DBGPORTCTL_FOLLOW_FORM_H
#define DBGPORTCTL_FOLLOW_FORM_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#include "words/style.h"

struct codes;
struct format_ops;

/* What a port carries. */
enum form_data {
	FORM_AUTO,		/* codes on port 0x80, bytes elsewhere */
	FORM_BYTES,
	FORM_CODES,
};

/**
 * struct form - what is looked at, and how it is shown
 * @port, @ports: I/O ports; none: all
 * @any: all ports, whatever @port says
 * @format: how it is shown
 * @style: what that goes by
 * @data: what the ports carry
 * @codes: what POST codes are called
 * @vm: shell pattern that the VM's name must match; NULL: any
 *
 * Begins zeroed.
 */
struct form {
	__u16 port[DBGPORT_MAX_PORTS];
	size_t ports;
	bool any;
	const struct format_ops *format;
	struct style style;
	enum form_data data;
	struct codes *codes;
	char *vm;
};

/* --port @value: look at this one, too.  Return: 0, or -1 and one line in @why. */
int form_add_port(struct form *form, const char *value, char *why, size_t size);

/**
 * form_parse() - understand --output
 * @form: its ports have been added; the rest is filled in; to be freed by form_free()
 *	in any case
 * @output: a format, and KEY=VALUE, with commas between; NULL: text with times
 * @several: more than one VM may come: lines say whose they are
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int form_parse(struct form *form, const char *output, bool several, char *why, size_t size);
void form_free(struct form *form);

/* Whether writes to @port are shown. */
bool form_has_port(const struct form *form, __u16 port);

/* Whether they are POST codes. */
bool form_takes_codes(const struct form *form, __u16 port);

/**
 * form_check_terminal() - whether raw bytes would reach a terminal, or the journal, unasked
 * @form: what is to go to standard output
 * @why: if so, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int form_check_terminal(const struct form *form, char *why, size_t size);

#endif /* DBGPORTCTL_FOLLOW_FORM_H */
