/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Boots as traces, sent to a receiver of OpenTelemetry's: OTLP/HTTP with JSON.
 *
 * A boot is a trace (trace.h), which becomes a request's body (batch.h), goes over HTTP
 * (http.h) to a receiver (endpoint.h), whose answer says what became of it (answer.h).
 * Boots that are there are sent at once (send.c); those that come are found in the
 * records of the module (live.h) and wait for the receiver (outbox.h), in one loop
 * (follow.c).  Without libcurl, without.c is there instead of all of that.
 */
#ifndef DBGPORTCTL_OTLP_OTLP_H
#define DBGPORTCTL_OTLP_OTLP_H

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/boot/load.h"

/* How long a VM writes nothing until its boot counts as over, unless that is said. */
#define OTLP_QUIET_NS	(2 * 60 * 1000000000LL)

/**
 * otlp_send() - send boots, and wait for the answers
 * @boots: finished; those of which the host's clock is not known are left out, which is
 *	told
 * @url: the receiver, as the user said
 *
 * What the receiver asks to be sent again later is, for up to a minute.
 *
 * Return: STATUS_OK: all were taken; or what went wrong, after it has been told.
 */
int otlp_send(const struct boots *boots, const char *url);

/**
 * struct otlp_follow - boots to wait for
 * @names: of VMs, as struct reader_wish has them; none: all
 * @load: which boots, and what they are made of
 * @quiet_ns: a boot is over when its VM has written nothing for so long
 * @kept: send also what was over already
 */
struct otlp_follow {
	char *const *names;
	const struct load *load;
	__s64 quiet_ns;
	bool kept;
};

/**
 * otlp_follow() - send each boot when it is over, until a signal says to end
 * @follow: which boots
 * @url: the receiver, as the user said
 *
 * Return: the exit status, after what went wrong has been told.
 */
int otlp_follow(const struct otlp_follow *follow, const char *url);

#endif /* DBGPORTCTL_OTLP_OTLP_H */
