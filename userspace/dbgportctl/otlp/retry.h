/* SPDX-License-Identifier: GPL-2.0 */
/* When to send again what a receiver did not take. */
#ifndef DBGPORTCTL_OTLP_RETRY_H
#define DBGPORTCTL_OTLP_RETRY_H

#include <linux/types.h>

#include "dbgportctl/otlp/answer.h"

/* How long is waited at most where the receiver does not say how long. */
#define RETRY_MOST_S	60

/**
 * retry_ns() - how long to wait
 * @answer: for later
 * @tries: how often it was sent, from 1
 *
 * As long as the receiver says; else one second, and twice as long each time up to
 * RETRY_MOST_S, of which a random part up to a half is left away, so that many senders
 * do not come at once.
 *
 * Return: nanoseconds.
 */
__u64 retry_ns(const struct answer *answer, unsigned int tries);

#endif /* DBGPORTCTL_OTLP_RETRY_H */
