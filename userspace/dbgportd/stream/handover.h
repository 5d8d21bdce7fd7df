/* SPDX-License-Identifier: GPL-2.0 */
/* Regular files: what waits for them is written by another process, which may take its time. */
#ifndef DBGPORTD_STREAM_HANDOVER_H
#define DBGPORTD_STREAM_HANDOVER_H

#include "dbgportd/stream/state.h"

/* Hand over what waits, unless some is away or it is better to wait for more. */
void stream_hand_over(struct stream *s);

/**
 * stream_wrote() - what became of the bytes that @s->hand_over() has taken
 * @s: a STREAM_REGULAR
 * @data: these bytes; may lie elsewhere
 * @len: how many
 * @n: how many of them were written
 * @err: why the others were not, an errno; 0 if there are none
 * @again: they may be later
 *
 * Then those are the oldest again; otherwise the stream dies.
 */
void stream_wrote(struct stream *s, const char *data, size_t len, size_t n, int err,
		  bool again);

#endif /* DBGPORTD_STREAM_HANDOVER_H */
