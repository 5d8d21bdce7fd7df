/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has been written to each port, by all VMs that there ever were.
 *
 * VMs' owners can have any ports taken, so only those that the administrator has chosen,
 * the module's, have counts of their own.  One table in a process.
 */
#ifndef DBGPORTD_ROUTER_PORT_COUNTS_H
#define DBGPORTD_ROUTER_PORT_COUNTS_H

#include <linux/types.h>
#include <stddef.h>

/* Those with counts of their own: of some loads of the module, for one has sixteen. */
#define PORT_COUNTS_MAX		64

/**
 * struct port_count - of one port, or of all others
 * @port: which; PORT_ANY: all others
 * @writes: that were read from the device
 * @claimed: those of them that the VMM did not see
 * @bytes: sum of the widths of @writes
 */
struct port_count {
	__u32 port;
	__u64 writes;
	__u64 claimed;
	__u64 bytes;
};

/* From now on @port has counts of its own. */
void port_counts_own(__u16 port);

/* @writes more of @bytes in all, @claimed of which the VMM did not see. */
void port_counts_add(__u16 port, __u64 writes, __u64 claimed, __u64 bytes);

/* Number @i of them, that of all others first; NULL behind the last one. */
const struct port_count *port_counts(size_t i);

#endif /* DBGPORTD_ROUTER_PORT_COUNTS_H */
