/* SPDX-License-Identifier: GPL-2.0 */
/* Where a NATS server is, and how we are known there, as users say it. */
#ifndef LIB_NATS_ADDRESS_H
#define LIB_NATS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/* What subjects begin with if nothing is said, and the longest thing that they may. */
#define NATS_SUBJECT		"dbgport"
#define NATS_SUBJECT_MAX_LEN	64

/**
 * struct nats_address - a server, or those of one cluster
 * @url: of the server, or several with commas between
 * @subject: what subjects begin with
 * @creds: path of the credentials; empty: none
 * @tls: path of the certificates that the server is recognised by; empty: the system's
 */
struct nats_address {
	const char *url;
	const char *subject;
	const char *creds;
	const char *tls;
};

/* What is wrong with @urls, as struct nats_address has them: static words; NULL: nothing. */
const char *nats_url_check(const char *urls);

/* Whether subjects may begin with @subject: words of A-Z a-z 0-9 _ - with dots between. */
bool nats_subject_is_prefix(const char *subject);

/**
 * nats_files_check() - whether the files can be read that a server is met with
 * @creds, @tls: as struct nats_address has them; NULL: none
 * @dashes: what stands before the names of these two in a message
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int nats_files_check(const char *creds, const char *tls, const char *dashes, char *why,
		     size_t size);

#endif /* LIB_NATS_ADDRESS_H */
