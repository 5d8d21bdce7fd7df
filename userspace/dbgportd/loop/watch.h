/* SPDX-License-Identifier: GPL-2.0 */
/* The one inotify instance, and who waits for what on it. */
#ifndef DBGPORTD_LOOP_WATCH_H
#define DBGPORTD_LOOP_WATCH_H

#include <linux/types.h>

/**
 * struct watch - one watched path; no two may be of the same file
 * @seen: called with the IN_* bits of one event
 * @wd: private
 * @next: private
 */
struct watch {
	void (*seen)(struct watch *w, __u32 mask);
	int wd;
	struct watch *next;
};

/**
 * watch_add() - begin to watch
 * @w: with @w->seen set
 * @path: what to watch
 * @mask: IN_*
 *
 * Return: 0 or a negative errno.
 */
int watch_add(struct watch *w, const char *path, __u32 mask);

/* @w->seen is not called any more; may be called from it. */
void watch_remove(struct watch *w);

#endif /* DBGPORTD_LOOP_WATCH_H */
