/* SPDX-License-Identifier: GPL-2.0 */
/* How libnats connects; only in builds with it. */
#ifndef LIB_NATS_OPTIONS_H
#define LIB_NATS_OPTIONS_H

#include <nats/nats.h>

#include "lib/nats_address.h"

/**
 * nats_options() - say who connects to what
 * @opts: from natsOptions_Create()
 * @to: where
 * @name: what the server calls the connection
 *
 * A connection that is lost stays lost, and one that is silent is lost after some seconds.
 */
natsStatus nats_options(struct __natsOptions *opts, const struct nats_address *to,
			const char *name);

/**
 * nats_connect_failed() - why a server cannot be connected to, and what to do
 * @s: what natsConnection_Connect() has returned, in this thread
 * @dashes: what stands before creds= and tls= where they are given
 * @why: set to a phrase
 * @size: of @why
 */
void nats_connect_failed(natsStatus s, const char *dashes, char *why, size_t size);

#endif /* LIB_NATS_OPTIONS_H */
