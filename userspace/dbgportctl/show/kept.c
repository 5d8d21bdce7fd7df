// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/show/kept.h"
#include "lib/clock.h"

static void count_recent(struct kept *kept, const struct dbgport_vm_info *info, __u16 port)
{
	kept->recent++;
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (info->ports[i].port == port)
			kept->recent_port[i]++;
	}
}

void kept_add(struct kept *kept, const struct dbgport_vm_info *info,
	      const struct dbgport_record *rec, __u64 age_ns)
{
	/* What was before the first one is not known only if there was something. */
	if (!kept->count++)
		kept->span_ns = rec->seq && age_ns < NSEC_PER_SEC ? age_ns : NSEC_PER_SEC;
	kept->vcpu[rec->vcpu]++;
	if (age_ns < NSEC_PER_SEC)
		count_recent(kept, info, rec->port);
}

double kept_rate(const struct kept *kept, __u64 count)
{
	return kept->span_ns ? count * (double)NSEC_PER_SEC / kept->span_ns : 0;
}
