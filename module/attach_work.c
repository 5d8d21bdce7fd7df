// SPDX-License-Identifier: GPL-2.0
/*
 * attach_work.c - what threads that make VMs do on their way back to user space
 *
 * The probe may run in a breakpoint's exception, where memory cannot be had for
 * sure, and on PREEMPT_RT not at all; nor may a lock be taken, not even the
 * clock's.  So works come from a fixed pool.  A thread needs one from the
 * probe until its ioctl returns: that is as many at a time as threads that are
 * just making a VM.
 *
 * Without debugfs, a VMM can hold up such a thread for as long as it likes: see
 * kvm_watch.c.  So one user's threads get a part of the pool only.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include <linux/wait.h>

#include "attach_work.h"

#define ATTACH_WORKS		1024
#define ATTACH_WORKS_PER_USER	128

/* What an unload may take before the log says whom it waits for. */
#define ATTACH_WORK_PATIENCE	(5 * HZ)

static struct attach_work attach_works[ATTACH_WORKS];
static DECLARE_BITMAP(attach_works_used, ATTACH_WORKS);

/* Works that were given to threads and have not run to their end. */
static atomic_t attach_pending = ATOMIC_INIT(0);
static DEFINE_SPINLOCK(attach_pending_lock);
static DECLARE_WAIT_QUEUE_HEAD(attach_none_pending);

/* Roughly: another thread may be just getting or putting one. */
static bool attach_work_may_get(kuid_t uid)
{
	unsigned int count = 0;
	unsigned int i;

	if (uid_eq(uid, GLOBAL_ROOT_UID))
		return true;
	for_each_set_bit(i, attach_works_used, ATTACH_WORKS)
		count += uid_eq(attach_works[i].uid, uid);
	return count < ATTACH_WORKS_PER_USER;
}

static struct attach_work *attach_work_get(void)
{
	unsigned int i;

	do {
		i = find_first_zero_bit(attach_works_used, ATTACH_WORKS);
		if (i >= ATTACH_WORKS)
			return NULL;
	} while (test_and_set_bit_lock(i, attach_works_used));
	return &attach_works[i];
}

/**
 * attach_work_put() - give back a work that will not be used any more
 * @work:	the work
 *
 * Any context.
 */
void attach_work_put(struct attach_work *work)
{
	clear_bit_unlock(work - attach_works, attach_works_used);
}

/**
 * attach_work_new() - get a work for the current thread
 * @func:	what is to be done
 *
 * Any context that has a process.
 *
 * Return: the work, for attach_work_leave() or attach_work_put(); NULL if there are
 * too many: the log then has a line.
 */
struct attach_work *attach_work_new(task_work_func_t func)
{
	struct attach_work *work = NULL;

	if (attach_work_may_get(current_uid()))
		work = attach_work_get();
	if (!work) {
		pr_warn_ratelimited("a VM of %s[%d] was not attached: too many are being made at once\n",
				    current->comm, task_tgid_nr(current));
		return NULL;
	}
	init_task_work(&work->work, func);
	work->uid = current_uid();
	work->pid = task_tgid_nr(current);
	memcpy(work->comm, current->comm, sizeof(work->comm));
	work->named = false;
	return work;
}

/**
 * attach_work_leave() - have a work done by the current thread
 * @work:	the work; its function is to call attach_work_put() as soon as it can, and
 *		attach_work_done() when all is done
 *
 * Any context that has a process.
 *
 * Return: false if the thread is exiting.
 */
bool attach_work_leave(struct attach_work *work)
{
	atomic_inc(&attach_pending);
	if (!task_work_add(current, &work->work, TWA_RESUME))
		return true;
	/* Nobody waits: those who call us have not been told to stop yet. */
	atomic_dec(&attach_pending);
	return false;
}

/**
 * attach_work_done() - nothing of a thread's work comes after this
 *
 * Nor does anything here sleep once it can be seen, or the module would be gone
 * before we return.
 */
void attach_work_done(void)
{
	spin_lock(&attach_pending_lock);
	if (atomic_dec_and_test(&attach_pending))
		wake_up(&attach_none_pending);
	spin_unlock(&attach_pending_lock);
}

static bool attach_work_is_none(void)
{
	bool none;

	spin_lock(&attach_pending_lock);
	none = !atomic_read(&attach_pending);
	spin_unlock(&attach_pending_lock);
	return none;
}

/* Once for each: whoever unloads cannot be told otherwise, nor give up. */
static void attach_work_name_all(void)
{
	unsigned int i;

	for_each_set_bit(i, attach_works_used, ATTACH_WORKS) {
		struct attach_work *work = &attach_works[i];

		if (work->named)
			continue;
		work->named = true;
		pr_warn("unloading waits for %s[%d], user %u, which does not get on with making a VM: kill that process\n",
			work->comm, work->pid, from_kuid(&init_user_ns, work->uid));
	}
}

/**
 * attach_work_wait_for_none() - sleep until all works are done; the log says for whom
 *
 * No new one is left any more.
 */
void attach_work_wait_for_none(void)
{
	while (!wait_event_idle_timeout(attach_none_pending, attach_work_is_none(),
					ATTACH_WORK_PATIENCE))
		attach_work_name_all();
}
