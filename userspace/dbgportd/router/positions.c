// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportd/router/position.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/slots.h"
#include "dbgportd/router/vm_boots.h"
#include "dbgportd/router/vm_position.h"
#include "dbgportd/stream/stream.h"
#include "lib/log.h"
#include "lib/vmname.h"

static __u64 load;

int positions_open(const char *dir, __u64 load_id, bool (*exists)(__u32 vm),
		   char *why, size_t size)
{
	int err = slots_open(dir, load_id, exists, why, size);
	int lived;

	load = load_id;
	if (err)
		return err;
	streams_on_close(position_stream_closed);
	lived = slots_sweep();
	if (lived)
		log_line("VMs that ended while no dbgportd ran, and are not kept any more: %d",
			 lived);
	return 0;
}

__u64 positions_load(void)
{
	return load;
}

static void forget(void)
{
	position_forget();
	vm_boots_forget();
	vm_positions_forget();
}

void positions_close(void)
{
	positions_keep();
	forget();
	slots_close();
}

void positions_reload(__u64 load_id)
{
	if (load_id == load)
		return;
	load = load_id;
	forget();
	slots_reset(load_id);
}

/*
 * The order is what makes it hold at any moment: no VM's position is moved
 * before all outputs that do not come along have theirs in the table, and what its writes
 * say of its boots.
 */
void positions_keep(void)
{
	vm_boots_keep();
	position_keep_lagging();
	vm_positions_keep();
	position_drop_followers();
}

bool positions_of_vm(__u32 vm, __u64 *seq, char *name, bool *done)
{
	struct slot p;
	__u64 least;
	int i = slot_find(vm, SLOT_VM, 0);

	if (i < 0)
		i = slot_find(vm, SLOT_GONE, 0);
	if (i < 0)
		return false;
	slot_read(i, &p);
	least = p.seq;
	*done = p.kind == SLOT_GONE;
	snprintf(name, VMNAME_SIZE, "%s", p.name);
	for (i = 0; i < slots(); i++) {
		if (!slot_read(i, &p) || p.vm != vm || p.kind != SLOT_OUTPUT ||
		    p.seq == SLOT_FOLLOWS)
			continue;
		*done = false;
		if (p.seq < least)
			least = p.seq;
	}
	*seq = least;
	return true;
}

void positions_forget(__u32 vm)
{
	slots_forget(vm, false);
}
