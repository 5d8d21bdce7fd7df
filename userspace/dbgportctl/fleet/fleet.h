/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the dbgportds of many hosts have published to a stream of NATS JetStream, read back.
 *
 * jetstream.h is all that is done with libnats, messages.h what a fleet's messages are: of
 * which host and VM, and where they end.  What is made of them is elsewhere: boots
 * (boot/load.h), lines (tail.h), a list (list.h).
 */
#ifndef DBGPORTCTL_FLEET_FLEET_H
#define DBGPORTCTL_FLEET_FLEET_H

#include <linux/types.h>

#include "lib/nats_address.h"

/**
 * struct fleet - which messages
 * @address: where they are; @url NULL: nowhere, it is this host that is meant
 * @stream: the stream's name; NULL: the one that takes these subjects
 * @host: shell pattern that the host's name must match; NULL: any
 * @since_ns: leave out what the stream took before, CLOCK_REALTIME; 0: nothing
 * @before_ns: leave out what it took from then on; 0: nothing
 */
struct fleet {
	struct nats_address address;
	const char *stream;
	const char *host;
	__u64 since_ns;
	__u64 before_ns;
};

#endif /* DBGPORTCTL_FLEET_FLEET_H */
