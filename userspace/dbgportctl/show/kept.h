/* SPDX-License-Identifier: GPL-2.0 */
/* What a VM's ring holds, counted. */
#ifndef DBGPORTCTL_SHOW_KEPT_H
#define DBGPORTCTL_SHOW_KEPT_H

#include <dbgport.h>

/* A vCPU's id is a __u16. */
#define KEPT_VCPUS	0x10000

/**
 * struct kept - the writes in a ring
 * @count: how many
 * @recent: of those: in the last second before they were read
 * @recent_port: of these: per entry of dbgport_vm_info.ports
 * @span_ns: how much of that second is known: less than all of it if the ring has
 *	overwritten something since; 0: nothing is kept
 * @vcpu: writes per vCPU
 */
struct kept {
	__u64 count;
	__u64 recent;
	__u64 recent_port[DBGPORT_MAX_PORTS];
	__u64 span_ns;
	__u64 vcpu[KEPT_VCPUS];
};

/**
 * kept_add() - count one write
 * @kept: begins zeroed
 * @info: the VM's
 * @rec: of type DBGPORT_WRITE; each once, in their order
 * @age_ns: how long ago it came
 */
void kept_add(struct kept *kept, const struct dbgport_vm_info *info,
	      const struct dbgport_record *rec, __u64 age_ns);

/* @count of the last second's writes as writes per second. */
double kept_rate(const struct kept *kept, __u64 count);

#endif /* DBGPORTCTL_SHOW_KEPT_H */
