// SPDX-License-Identifier: GPL-2.0
/* iodev_job.c - what is done to VMs of others */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "iodev_job.h"
#include "iodev_vm.h"

/*
 * Jobs of one user's VMs that have not been done, or all workers might be held up by
 * them.  root's are not bounded.
 */
#define IODEV_JOBS_PER_USER	16

static DEFINE_SPINLOCK(iodev_job_lock);
static LIST_HEAD(iodev_jobs);
static struct workqueue_struct *iodev_job_queue;

/**
 * iodev_job_init() - before the first job
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int iodev_job_init(void)
{
	iodev_job_queue = alloc_workqueue("dbgport", WQ_UNBOUND, WQ_MAX_ACTIVE);
	return iodev_job_queue ? 0 : -ENOMEM;
}

/** iodev_job_exit() - there is no entry of a VM any more; may sleep */
void iodev_job_exit(void)
{
	destroy_workqueue(iodev_job_queue);
}

static void iodev_job_put(struct iodev_job *job)
{
	if (refcount_dec_and_test(&job->ref))
		kfree(job);
}

static void iodev_job_end(struct iodev_job *job)
{
	spin_lock(&iodev_job_lock);
	list_del(&job->node);
	spin_unlock(&iodev_job_lock);
	complete(&job->done);
	iodev_job_put(job);
}

static void iodev_job_work(struct work_struct *work)
{
	struct iodev_job *job = container_of(work, struct iodev_job, work);

	mutex_lock(&job->iv->kvm->slots_lock);
	job->ret = job->run(job);
	mutex_unlock(&job->iv->kvm->slots_lock);
	iodev_vm_unpin(job->iv);
	iodev_job_end(job);
}

static void iodev_job_prepare(struct iodev_job *job, kuid_t uid,
			      int (*run)(struct iodev_job *job))
{
	INIT_WORK(&job->work, iodev_job_work);
	refcount_set(&job->ref, 1);
	init_completion(&job->done);
	job->uid = uid;
	job->run = run;
}

/* Return: whether the job's user may have one more. */
static bool iodev_job_enlist(struct iodev_job *job)
{
	const struct iodev_job *other;
	unsigned int count = 0;
	bool may;

	spin_lock(&iodev_job_lock);
	list_for_each_entry(other, &iodev_jobs, node)
		count += uid_eq(other->uid, job->uid);
	may = count < IODEV_JOBS_PER_USER || uid_eq(job->uid, GLOBAL_ROOT_UID);
	if (may)
		list_add_tail(&job->node, &iodev_jobs);
	spin_unlock(&iodev_job_lock);
	return may;
}

/**
 * iodev_job_new() - prepare something to be done
 * @uid:	whose VM it will be done to
 * @run:	see struct iodev_job
 *
 * May sleep.
 *
 * Return: the job, for iodev_job_do() or iodev_job_drop(); -ENOMEM; -EAGAIN if too
 * much is being done already to VMs of that user.
 */
struct iodev_job *iodev_job_new(kuid_t uid, int (*run)(struct iodev_job *job))
{
	struct iodev_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return ERR_PTR(-ENOMEM);
	iodev_job_prepare(job, uid, run);
	if (!iodev_job_enlist(job)) {
		kfree(job);
		return ERR_PTR(-EAGAIN);
	}
	return job;
}

/**
 * iodev_job_drop() - there is nothing to be done after all
 * @job:	the job, which is freed
 */
void iodev_job_drop(struct iodev_job *job)
{
	iodev_job_end(job);
}

/**
 * iodev_job_do() - have something done, and wait for that
 * @job:	the job, which is freed
 * @iv:		the VM, pinned, which is unpinned when it is done
 *
 * May sleep, for IODEV_JOB_PATIENCE at most.
 *
 * Return: what the job returned; -ETIMEDOUT, or -EINTR if the caller was killed: it
 * will still be done, as soon as the VM lets it.
 */
int iodev_job_do(struct iodev_job *job, struct iodev_vm *iv)
{
	long left;
	int ret;

	job->iv = iv;
	refcount_inc(&job->ref);
	queue_work(iodev_job_queue, &job->work);
	left = wait_for_completion_killable_timeout(&job->done, IODEV_JOB_PATIENCE);
	if (left > 0)
		ret = job->ret;
	else
		ret = left ? -EINTR : -ETIMEDOUT;
	iodev_job_put(job);
	return ret;
}

/**
 * iodev_job_start() - have something done, whoever's VM it is, without waiting
 * @iv:		the VM, pinned, which is unpinned when it is done
 * @run:	see struct iodev_job
 *
 * May sleep, but for no VM.
 */
void iodev_job_start(struct iodev_vm *iv, int (*run)(struct iodev_job *job))
{
	struct iodev_job *job = kzalloc(sizeof(*job), GFP_KERNEL | __GFP_NOFAIL);

	iodev_job_prepare(job, INVALID_UID, run);
	INIT_LIST_HEAD(&job->node);
	job->iv = iv;
	queue_work(iodev_job_queue, &job->work);
}
