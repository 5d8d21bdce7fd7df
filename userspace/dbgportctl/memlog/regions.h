/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where in a VMM's memory its guest's may be: whatever it can write, is large enough
 * for UEFI firmware, and lies in one piece.
 */
#ifndef DBGPORTCTL_MEMLOG_REGIONS_H
#define DBGPORTCTL_MEMLOG_REGIONS_H

#include <linux/types.h>
#include <stddef.h>

#include "dbgportctl/memlog/process.h"

/* A guest's memory is one of this size at least: the firmware's first log lies above 8 MiB. */
#define REGION_MIN	(16 * 1024 * 1024)

/* Of it, [@begin, @end). */
struct region {
	__u64 begin;
	__u64 end;
};

/**
 * struct regions - what there is, by their addresses
 * @region: them
 * @count: how many
 */
struct regions {
	struct region *region;
	size_t count;
};

/**
 * regions_read() - ask the kernel
 * @r: filled in; to be freed by regions_free()
 * @p: the process
 *
 * Mappings of one thing that touch each other are one region.
 *
 * Return: 0 or a negative errno: -ESRCH if the process has ended.
 */
int regions_read(struct regions *r, const struct process *p);
void regions_free(struct regions *r);

#endif /* DBGPORTCTL_MEMLOG_REGIONS_H */
