// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - memory for records, that nobody is killed for
 *
 * It is charged to the memory cgroup of whoever takes it, or of who was said to pay
 * for it.  What is allocated page by page until a page is refused leaves its cgroup
 * without any meanwhile, and the OOM killer comes for the next thread of the VMM that
 * needs one.
 */
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/page_counter.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "memory.h"

#ifdef CONFIG_MEMCG
/* Under rcu_read_lock(). */
static struct mem_cgroup *memory_payer(void)
{
	return current->active_memcg ?: mem_cgroup_from_task(current);
}

/* Whether as much again is left afterwards, in the cgroup and all above it. */
static bool memory_has_room(size_t bytes)
{
	unsigned long pages = 2 * (bytes >> PAGE_SHIFT), used;
	struct mem_cgroup *memcg;
	bool room = true;

	rcu_read_lock();
	for (memcg = memory_payer(); memcg && room; memcg = parent_mem_cgroup(memcg)) {
		used = page_counter_read(&memcg->memory);
		room = used + pages <= READ_ONCE(memcg->memory.max);
	}
	rcu_read_unlock();
	return room;
}
#else
static bool memory_has_room(size_t bytes)
{
	return true;
}
#endif

/**
 * dbgport_memory_take() - memory that says 0, for records
 * @bytes:	how much
 *
 * Where there is room for it, in pages; else, if it is 4 MiB at most, in one
 * piece, which is charged at once or not at all, and which caches make room for.
 * May sleep.
 *
 * Return: it, for kvfree(); NULL if there is none.
 */
void *dbgport_memory_take(size_t bytes)
{
	const gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL;

	return memory_has_room(bytes) ? kvzalloc(bytes, gfp) : kzalloc(bytes, gfp);
}
