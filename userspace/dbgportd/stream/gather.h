/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting a little, so that more can be done at once; all wait for one timer. */
#ifndef DBGPORTD_STREAM_GATHER_H
#define DBGPORTD_STREAM_GATHER_H

#include <stdbool.h>

/* At most so long. */
#define STREAM_GATHER_MS	10

/**
 * struct gather - one that waits; all 0 to begin with, but for @due
 * @due: called from the loop when the time is over; may wait again
 * @waits: it waits, and must stay; read only
 * @next: in the list of those
 */
struct gather {
	void (*due)(struct gather *g);
	bool waits;
	struct gather *next;
};

/* Wait, if it does not wait already. */
void gather_wait(struct gather *g);

#endif /* DBGPORTD_STREAM_GATHER_H */
