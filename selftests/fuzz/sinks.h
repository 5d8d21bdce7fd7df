/* SPDX-License-Identifier: GPL-2.0 */
/* Sinks that look at what comes, and keep nothing. */
#ifndef FUZZ_SINKS_H
#define FUZZ_SINKS_H

#include "dbgportd/sink/sink.h"

/* Lines of people and programs, of all VMs together, with LF: all must be harmless. */
extern const struct sink_ops sink_shared;
/* The same for each VM of its own, with CR LF. */
extern const struct sink_ops sink_each;
/* Objects of JSON only. */
extern const struct sink_ops sink_objects;
/* Exact bytes of each VM of its own: they are counted (struct bytes). */
extern const struct sink_ops sink_bytes;
/* Entries as they are. */
extern const struct sink_ops sink_entries;

/* Open one, as ops->open() does; @vm: the name of a VM that the router knows, or NULL. */
struct sink *checking_sink(const struct sink_ops *ops, const char *vm);

/* How many bytes a VM has written, and their digest. */
struct bytes {
	__u64 count;
	__u64 digest;
};

void add_byte(struct bytes *bytes, unsigned char c);

/* Called before a sink_bytes goes. */
extern void (*check_bytes)(__u32 vm, const struct bytes *bytes);

/* The daemon's messages, which must be harmless too. */
void check_log(void);

#endif /* FUZZ_SINKS_H */
