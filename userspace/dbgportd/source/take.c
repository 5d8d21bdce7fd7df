// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "dbgportd/router/router.h"
#include "dbgportd/source/naming.h"
#include "dbgportd/source/resume.h"
#include "dbgportd/source/take.h"
#include "lib/clock.h"
#include "lib/vmm_name.h"
#include "libdbgport/libdbgport.h"

static int fd = -1;

static bool seen_vm;
/* CLOCK_MONOTONIC ns. */
static __u64 started_at;

static void take_attached(const struct dbgport_record *rec)
{
	struct dbgport_vm_info info;

	if (!dbgport_vm_info(fd, rec->vm, &info))
		naming_attached(rec, &info);
	else
		router_record(rec, NULL, NULL);
}

/* Those that had ended before are kept for who asks, and are no reason to end. */
static void see(__u32 vm, __u64 gone_ns)
{
	if ((!gone_ns || gone_ns > started_at) && router_serves(vm))
		seen_vm = true;
}

/* Whether the module says so of a VM, or knows it no more. */
static bool has_ended(__u32 vm)
{
	struct dbgport_vm_info info;
	int err = dbgport_vm_info(fd, vm, &info);

	return err == -ENOENT || (!err && info.flags & DBGPORT_VM_GONE);
}

static void settle_name(const struct answer *answer, struct dbgport_vm_info *info,
			char own[VMNAME_OWN_SIZE])
{
	vmm_name_settle(fd, answer, info, own);
}

static void take_event(const struct dbgport_record *rec)
{
	if (rec->type == DBGPORT_ATTACHED) {
		take_attached(rec);
		return;
	}
	/* It may have had no route when it came: there are others now. */
	if (rec->type == DBGPORT_GONE)
		see(rec->vm, rec->time_ns);
	router_record(rec, NULL, NULL);
	if (rec->type == DBGPORT_GONE)
		naming_gone();
}

/* One of several records, or writes that belong together; what comes then. */
static const struct dbgport_record *hand_on(const struct dbgport_record *rec,
					    const struct dbgport_record *end)
{
	if (rec->type == DBGPORT_WRITE)
		return rec + router_writes(rec, end - rec);
	take_event(rec);
	return rec + 1;
}

static void go_on_named(const struct dbgport_record *attached,
			const struct dbgport_vm_info *info, const char *own,
			const struct dbgport_record *rec, size_t count)
{
	const struct dbgport_record *end = rec + count;

	router_record(attached, info, own);
	see(attached->vm, info->gone_ns);
	while (rec < end)
		rec = hand_on(rec, end);
}

void take_start(void)
{
	static const struct naming naming = {
		.go_on = go_on_named, .settle = settle_name, .has_ended = has_ended,
		.holder = router_holder,
	};

	started_at = clock_ns(CLOCK_MONOTONIC);
	naming_start(&naming);
}

void take_from(int device)
{
	fd = device;
}

void take_records(const struct dbgport_record *rec, size_t count)
{
	const struct dbgport_record *end = rec + count;
	bool skips = resume_skips();

	while (rec < end) {
		if ((skips && resume_skips_record(rec)) ||
		    (naming_waits() && naming_keeps(rec)))
			rec++;
		else
			rec = hand_on(rec, end);
	}
}

bool take_has_seen_all_end(void)
{
	return seen_vm && !router_serves_any() && !naming_waits();
}
