/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where in a VMM's memory the log is.
 *
 * A guest's physical addresses are not known here, but where firmware puts its log is
 * (edk2's OvmfPkg/Include/Fdf/MemFd.fdf.inc and OvmfPkg/MemDebugLogPei): the early one
 * at 0x820000, and the one that takes its place, and its text, as high below 4 GiB as
 * there is memory.  The early one is cleared then, so while it is there it is the newer one:
 * the other is that of the boot before.
 *
 * Only the beginnings of pages that are present are read.
 */
#ifndef DBGPORTCTL_MEMLOG_FIND_H
#define DBGPORTCTL_MEMLOG_FIND_H

#include <linux/types.h>
#include <stddef.h>

#include "dbgportctl/memlog/header.h"
#include "dbgportctl/memlog/process.h"

/**
 * struct found - what was found
 * @address: of the log's header, in the process
 * @room: bytes from there to the end of that memory
 * @header: as it was
 * @count: how many logs there were; 0: none, and nothing above is set
 * @swapped: bytes that were not looked at, as they are swapped out
 */
struct found {
	__u64 address;
	__u64 room;
	struct header header;
	size_t count;
	__u64 swapped;
};

/**
 * find_log() - look for the log
 * @f: filled in
 * @p: the VMM
 *
 * Of several, as where the guest runs VMs of its own, the early one is taken; without one,
 * that with the longest text, and of these the lowest.  What lies more than 4 GiB behind the
 * beginning of its mapping is looked at only if there is none before.
 *
 * It takes about a sixth of a second for each GiB that the guest uses, and a second for a TiB
 * that it does not.
 *
 * Return: 0, also if there is none, or a negative errno: -ESRCH if the process has ended.
 */
int find_log(struct found *f, const struct process *p);

#endif /* DBGPORTCTL_MEMLOG_FIND_H */
