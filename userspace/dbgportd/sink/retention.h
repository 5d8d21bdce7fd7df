/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stays on disk of all VMs that a path ever had a file for: the least recently
 * written files are removed.
 *
 * Only files are removed that we have marked, by an extended attribute, and that are not
 * being written to: a writer holds a shared flock().  So whatever else matches the path is
 * safe, and so is what another process of ours is writing.
 *
 * A writer's; all of it may wait for the file system.
 */
#ifndef DBGPORTD_SINK_RETENTION_H
#define DBGPORTD_SINK_RETENTION_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/sink/settings.h"

/**
 * struct retention - all files of one path; read only
 * @next: in the list of all
 * @users: files that are open
 * @pattern: matches their names, for glob()
 * @total: bytes that they may have together; 0: any
 * @age_s: seconds for which one stays that is not written to; 0: for ever
 * @have: bytes that they have, as far as we know
 * @looked: CLOCK_REALTIME in seconds when we looked last
 */
struct retention {
	struct retention *next;
	unsigned int users;
	char *pattern;
	__u64 total;
	__u64 age_s;
	__u64 have;
	__s64 looked;
};

/**
 * retention_get() - begin to write to one of a path's files
 * @pattern: matches all of them, for glob(), without the .1, .2 … of rotated ones
 * @set: total and max-age
 *
 * Return: to be given back by retention_put(); NULL if there is no memory.
 */
struct retention *retention_get(const char *pattern, const struct sink_settings *set);

void retention_put(struct retention *r);

/**
 * retention_mark() - a file is ours, and being written to for as long as it is open
 * @fd: a regular file
 *
 * Return: 0 or a negative errno: the file system cannot tell, and the file stays.
 */
int retention_mark(int fd);

/* Whether retention_apply() is wanted before @len bytes are written. */
bool retention_is_due(const struct retention *r, size_t len);

/**
 * retention_apply() - remove what is too old or too much
 * @r: whose files
 * @len: bytes that are about to be written
 *
 * Some room is made beyond @len, as looking at all files costs.
 *
 * Return: bytes that are still too many, as the rest is being written to.
 */
__u64 retention_apply(struct retention *r, size_t len);

#endif /* DBGPORTD_SINK_RETENTION_H */
