// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfd_signal.c - eventfds, by each of which KVM tells of one byte at one port
 *
 * A callback in the eventfd's wait queue runs in the vCPU's thread, when the byte
 * is written, and so knows all there is to know.
 *
 * The kernel lets no module make eventfds: user space gives them, once.
 */
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "ioeventfd_signal.h"
#include "kvm_api.h"
#include "vm.h"

/**
 * struct ioeventfd_signal - what KVM signals when a byte is written to a port
 * @wait:	in the eventfd's wait queue
 * @file:	the eventfd
 * @ctx:	the same, as its functions want it
 *
 * Port and byte follow from its place in @ioeventfd_signals.
 */
struct ioeventfd_signal {
	wait_queue_entry_t wait;
	struct file *file;
	struct eventfd_ctx *ctx;
};

/* All values of each port, in the order of dbgport_vm_config.ports. */
static struct ioeventfd_signal *ioeventfd_signals;
static unsigned int ioeventfd_signals_wanted;
static unsigned int ioeventfd_signals_given;	/* written under the mutex */
static DEFINE_MUTEX(ioeventfd_signals_mutex);
static ioeventfd_signal_t ioeventfd_signal_write;

/*
 * KVM has signalled an eventfd, in the vCPU's thread; interrupts are off, and
 * the eventfd's lock is held.  Whoever gave the eventfd can signal it as well:
 * that is from no vCPU, or from an interrupt, where there may be any.
 */
static int ioeventfd_signal_woken(wait_queue_entry_t *wait, unsigned int mode, int sync,
				  void *key)
{
	unsigned int i = container_of(wait, struct ioeventfd_signal, wait) - ioeventfd_signals;
	struct kvm_vcpu *vcpu = in_task() ? kvm_api_running_vcpu() : NULL;

	if (vcpu)
		ioeventfd_signal_write(vcpu, i / IOEVENTFD_VALUES, i % IOEVENTFD_VALUES);
	return 0;
}

struct ioeventfd_signal_listen {
	poll_table table;
	struct ioeventfd_signal *signal;
};

static void ioeventfd_signal_listen(struct file *file, wait_queue_head_t *queue,
				    poll_table *table)
{
	struct ioeventfd_signal_listen *listen =
		container_of(table, struct ioeventfd_signal_listen, table);

	add_wait_queue(queue, &listen->signal->wait);
}

static int ioeventfd_signal_add(struct file *file)
{
	struct ioeventfd_signal *signal = &ioeventfd_signals[ioeventfd_signals_given];
	struct ioeventfd_signal_listen listen = { .signal = signal };
	struct eventfd_ctx *ctx;
	unsigned int i;

	if (ioeventfd_signals_given == ioeventfd_signals_wanted)
		return -ENOSPC;
	ctx = eventfd_ctx_fileget(file);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	/* It could not tell one byte from another. */
	for (i = 0; i < ioeventfd_signals_given; i++) {
		if (ioeventfd_signals[i].ctx == ctx) {
			eventfd_ctx_put(ctx);
			return -EEXIST;
		}
	}
	signal->file = get_file(file);
	signal->ctx = ctx;
	init_waitqueue_func_entry(&signal->wait, ioeventfd_signal_woken);
	init_poll_funcptr(&listen.table, ioeventfd_signal_listen);
	vfs_poll(file, &listen.table);
	/* Pairs with ioeventfd_signal_complete(). */
	smp_store_release(&ioeventfd_signals_given, ioeventfd_signals_given + 1);
	return 0;
}

/**
 * ioeventfd_signal_give() - have one more eventfd
 * @file:	the eventfd
 *
 * May sleep.
 *
 * Return: 1 if this was the last that was wanted; 0; or -ENOSPC, -EEXIST or -EINVAL
 * as DBGPORT_GIVE_EVENTFD says.
 */
int ioeventfd_signal_give(struct file *file)
{
	int ret;

	mutex_lock(&ioeventfd_signals_mutex);
	ret = ioeventfd_signal_add(file) ?:
	      ioeventfd_signals_given == ioeventfd_signals_wanted;
	mutex_unlock(&ioeventfd_signals_mutex);
	return ret;
}

/**
 * ioeventfd_signal_complete() - whether there is an eventfd for all that can be written
 *
 * Any context.
 *
 * Return: whether there is; they can be used then.
 */
bool ioeventfd_signal_complete(void)
{
	/* Pairs with ioeventfd_signal_add(): what it has counted can be used. */
	return smp_load_acquire(&ioeventfd_signals_given) == ioeventfd_signals_wanted;
}

/**
 * ioeventfd_signal_file() - the eventfd for a byte at a port
 * @port:	its slot, one of those of dbgport_vm_config
 * @value:	the byte
 *
 * Only when ioeventfd_signal_complete().
 *
 * Return: its file, without a reference; it stays until ioeventfd_signal_exit().
 */
struct file *ioeventfd_signal_file(unsigned int port, u8 value)
{
	return ioeventfd_signals[port * IOEVENTFD_VALUES + value].file;
}

/**
 * ioeventfd_signal_init() - have room for eventfds
 * @write:	called for each byte that a vCPU writes
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int ioeventfd_signal_init(ioeventfd_signal_t write)
{
	ioeventfd_signal_write = write;
	ioeventfd_signals_wanted = dbgport_vm_config.nports * IOEVENTFD_VALUES;
	ioeventfd_signals = kvcalloc(ioeventfd_signals_wanted, sizeof(*ioeventfd_signals),
				     GFP_KERNEL);
	return ioeventfd_signals ? 0 : -ENOMEM;
}

/**
 * ioeventfd_signal_exit() - let go of all eventfds
 *
 * No VM has them any more.  May sleep.  When it returns, nothing is told any more.
 */
void ioeventfd_signal_exit(void)
{
	struct ioeventfd_signal *signal;
	unsigned int i;
	u64 count;

	for (i = 0; i < ioeventfd_signals_given; i++) {
		signal = &ioeventfd_signals[i];
		eventfd_ctx_remove_wait_queue(signal->ctx, &signal->wait, &count);
		eventfd_ctx_put(signal->ctx);
		fput(signal->file);
	}
	kvfree(ioeventfd_signals);
}
