/* SPDX-License-Identifier: GPL-2.0 */
/* What a running dbgportd says of itself in its status file, which may be ten seconds old. */
#ifndef DBGPORTCTL_DAEMON_H
#define DBGPORTCTL_DAEMON_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* The run directory of root's daemon. */
#define DAEMON_RUN_DIR	"/run/dbgport"

/**
 * struct daemon - how a daemon fares
 * @pid: its process
 * @load_id: of the module that it reads, as of dbgport_info
 * @lost: writes that were overwritten before it read them
 * @dropped: bytes that its sinks gave up
 * @dead: sinks that can write no more
 */
struct daemon {
	int pid;
	__u64 load_id;
	__u64 lost;
	__u64 dropped;
	unsigned int dead;
};

/**
 * daemon_read() - read the status of the daemon in a run directory
 * @d: filled in
 * @dir: the directory
 * @why: on failure, one line: there is no status, or its daemon does not run
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int daemon_read(struct daemon *d, const char *dir, char *why, size_t size);

/* Read the status of this user's daemon and of root's, as far as they read that module. */
void daemons_load(__u64 load_id);
void daemons_free(void);

/* Writes that they lost of a VM; -1: none reads it. */
__s64 daemons_lost(__u32 vm);

#endif /* DBGPORTCTL_DAEMON_H */
