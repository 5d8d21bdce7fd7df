/* SPDX-License-Identifier: GPL-2.0 */
/*
 * iodev_job.h - what is done to VMs of others
 *
 * Devices come and go under a VM's slots_lock, and only when none of its vCPUs is
 * in the middle of an access: for how long its VMM may hold that up is its own
 * choice, or that of whoever gives it its memory.  So workers do it, and whoever
 * asks for it does not wait for longer than IODEV_JOB_PATIENCE.
 */
#ifndef _DBGPORT_IODEV_JOB_H
#define _DBGPORT_IODEV_JOB_H

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/workqueue.h>

#include "uapi/dbgport.h"

struct iodev_vm;

/* As uapi/dbgport.h says of DBGPORT_ATTACH. */
#define IODEV_JOB_PATIENCE	(3 * HZ)

/**
 * struct iodev_job - something that is to be done to a VM
 * @work:	for a worker
 * @node:	in the list of those that have not been done
 * @ref:	the worker's, and one of whoever waits
 * @done:	@ret is set, and the VM unpinned
 * @uid:	whose VM it is
 * @iv:		the VM, pinned until it is done
 * @run:	what to do, with slots_lock held.  Return: 0 or a negative error
 * @ret:	what @run returned
 * @nports:	used entries of @ports
 * @ports:	for @run
 * @port_flags:	likewise
 */
struct iodev_job {
	struct work_struct work;
	struct list_head node;
	refcount_t ref;
	struct completion done;
	kuid_t uid;
	struct iodev_vm *iv;
	int (*run)(struct iodev_job *job);
	int ret;
	u32 nports;
	u16 ports[DBGPORT_MAX_PORTS];
	u16 port_flags[DBGPORT_MAX_PORTS];
};

int iodev_job_init(void);
void iodev_job_exit(void);

struct iodev_job *iodev_job_new(kuid_t uid, int (*run)(struct iodev_job *job));
void iodev_job_drop(struct iodev_job *job);
int iodev_job_do(struct iodev_job *job, struct iodev_vm *iv);
void iodev_job_start(struct iodev_vm *iv, int (*run)(struct iodev_job *job));

#endif /* _DBGPORT_IODEV_JOB_H */
