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

#endif /* LIB_NATS_OPTIONS_H */
