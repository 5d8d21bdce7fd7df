/* SPDX-License-Identifier: GPL-2.0 */
/* What can be chosen of a sink. */
#ifndef DBGPORTD_SINK_SETTINGS_H
#define DBGPORTD_SINK_SETTINGS_H

#include <linux/types.h>
#include <stdbool.h>

/* Most files that are kept. */
#define SINK_KEEP_MAX	999

/* Nothing is kept, where 0 would be the default. */
#define SINK_NO_SCROLLBACK	(~0ULL)

enum full_policy {
	FULL_DROP_OLDEST,	/* the oldest bytes, and a notice says how many */
	FULL_BLOCK,		/* none: reading waits, for all VMs */
};

/**
 * struct sink_settings - what a sink goes by; 0: its default
 * @full: file: what happens when more than @queue bytes wait
 * @queue: bytes that may wait, a power of two
 * @scrollback: pty, unix: bytes kept for clients that come later, a power of two, or
 *	SINK_NO_SCROLLBACK
 * @linger: pty, unix: seconds that the last output stays after the VM's end
 * @clients: unix: how many at a time
 * @mode: file, pty, unix: permission bits (perm=)
 * @owner: file, pty, unix: one more than the id of the user whom it belongs to
 * @group: likewise of the group
 * @size: file: rotated at this many bytes; 0: never
 * @keep: file: how many rotated ones stay
 * @total: file: bytes on disk in all, of all VMs, rotated ones included; 0: no bound
 * @max_age: file: seconds for which one stays that is not written to; 0: for ever
 * @spool: nats: bytes that may wait on disk
 * @login: nats: a hash of how the server is told who we are, and recognised
 */
struct sink_settings {
	enum full_policy full;
	__u64 queue;
	__u64 scrollback;
	__u64 linger;
	__u64 clients;
	__u64 mode;
	__u64 owner;
	__u64 group;
	__u64 size;
	__u64 keep;
	__u64 total;
	__u64 max_age;
	__u64 spool;
	__u64 login;
};

/* Whether two who want these can share a sink. */
bool sink_settings_equal(const struct sink_settings *a, const struct sink_settings *b);

#endif /* DBGPORTD_SINK_SETTINGS_H */
