// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl.c - what is asked of /dev/dbgport besides reading
 *
 * Arguments come in, are checked as uapi/dbgport.h says, and results go out; one
 * function for each ioctl.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "attach.h"
#include "backend.h"
#include "ioctl.h"
#include "listener.h"
#include "name.h"
#include "reader.h"
#include "registry.h"
#include "vm.h"

static struct dbgport_vm *ioctl_find_vm(struct dbgport_reader *reader, u32 id)
{
	return dbgport_registry_find(dbgport_reader_listener(reader), id);
}

static long ioctl_get_info(struct dbgport_info __user *arg)
{
	const struct dbgport_vm_config *config = &dbgport_vm_config;
	struct dbgport_info info = {
		.abi = DBGPORT_ABI,
		.record_size = sizeof(struct dbgport_record),
		.features = DBGPORT_F_ALL | (dbgport_backend->give ? DBGPORT_F_EVENTFD : 0) |
			    (dbgport_backend->uarts ? DBGPORT_F_UART : 0),
		.load_id = config->load_id,
		.ring = config->ring,
		.claim = READ_ONCE(config->claim),
		.vms = dbgport_registry_count(),
		.nports = config->nports,
	};

	memcpy(info.ports, config->ports, sizeof(info.ports));
	memcpy(info.port_flags, config->port_flags, sizeof(info.port_flags));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long ioctl_subscribe(struct dbgport_reader *reader,
			    struct dbgport_subscribe __user *arg)
{
	struct dbgport_subscribe sub;

	if (copy_from_user(&sub, arg, sizeof(sub)))
		return -EFAULT;
	if (sub.flags & ~(DBGPORT_SUB_CLAIM | DBGPORT_SUB_NEWEST) || sub.reserved)
		return -EINVAL;
	return dbgport_reader_subscribe(reader, sub.flags);
}

static long ioctl_seek(struct dbgport_reader *reader, struct dbgport_seek __user *arg)
{
	struct dbgport_seek seek;

	if (copy_from_user(&seek, arg, sizeof(seek)))
		return -EFAULT;
	if (seek.flags)
		return -EINVAL;
	return dbgport_reader_seek(reader, seek.vm, seek.seq);
}

static long ioctl_next_vm(struct dbgport_reader *reader,
			  struct dbgport_next_vm __user *arg)
{
	struct dbgport_next_vm next;

	if (copy_from_user(&next, arg, sizeof(next)))
		return -EFAULT;
	if (next.flags)
		return -EINVAL;
	next.vm = dbgport_registry_after(dbgport_reader_listener(reader), next.vm);
	if (!next.vm)
		return -ENOENT;
	return put_user(next.vm, &arg->vm);
}

static u32 ioctl_vm_flags(const struct dbgport_vm *vm, bool gone)
{
	u32 flags = 0;

	if (gone)
		flags |= DBGPORT_VM_GONE;
	if (gone && vm->detached)
		flags |= DBGPORT_VM_DETACHED;
	if (!gone && READ_ONCE(vm->claimed))
		flags |= DBGPORT_VM_CLAIMED;
	if (vm->late)
		flags |= DBGPORT_VM_LATE;
	if (READ_ONCE(vm->restored))
		flags |= DBGPORT_VM_RESTORED;
	return flags;
}

static u16 ioctl_port_flags(const struct dbgport_ports_state *state, u32 tee, u32 i)
{
	u16 flags = 0;

	if (state->taken & BIT(i))
		flags |= DBGPORT_PORT_TAKEN;
	if (!(state->on & BIT(i)))
		flags |= DBGPORT_PORT_OFF;
	if (tee & BIT(i))
		flags |= DBGPORT_PORT_TEE;
	if (state->uart & BIT(i))
		flags |= DBGPORT_PORT_UART;
	return flags;
}

static void ioctl_fill_vm_info(struct dbgport_vm_info *info, struct dbgport_vm *vm)
{
	struct dbgport_ports_state ports;
	struct dbgport_ring_state ring;
	const char *name = READ_ONCE(vm->name);
	u32 tee = READ_ONCE(vm->tee), i;

	memset(info, 0, sizeof(*info));
	dbgport_ports_state(&vm->ports, &ports);
	dbgport_ring_state(&vm->ring, &ring, info->ports, ports.n);
	info->nports = ports.n;
	for (i = 0; i < ports.n; i++)
		info->ports[i].flags = ioctl_port_flags(&ports, tee, i);
	info->vm = vm->id;
	info->flags = ioctl_vm_flags(vm, ring.end_ns);
	info->pid = pid_vnr(vm->pid);
	info->uid = from_kuid_munged(current_user_ns(), vm->uid);
	info->zero_ns = vm->zero_ns;
	info->attach_ns = vm->attach_ns;
	info->gone_ns = ring.end_ns;
	info->written = ring.written;
	info->oldest = ring.oldest;
	info->backend = dbgport_backend->id;
	info->claim = READ_ONCE(vm->claim);
	info->started_ns = vm->started_ns;
	info->created_ns = vm->created_ns;
	memcpy(info->comm, vm->comm, sizeof(info->comm));
	if (name)
		memcpy(info->name, name, sizeof(info->name));
}

static long ioctl_vm_info(struct dbgport_reader *reader, struct dbgport_vm_info __user *arg)
{
	struct dbgport_vm_info *info;
	u64 delivered, lost;
	struct dbgport_vm *vm;
	u32 id, flags;
	long ret;

	if (get_user(id, &arg->vm) || get_user(flags, &arg->flags))
		return -EFAULT;
	if (flags)
		return -EINVAL;
	vm = ioctl_find_vm(reader, id);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	/* Before what was written, so that no more was read than that. */
	ret = dbgport_reader_progress(reader, id, &delivered, &lost);
	if (ret)
		goto put_vm;
	info = kmalloc(sizeof(*info), GFP_KERNEL_ACCOUNT);
	if (!info) {
		ret = -ENOMEM;
		goto put_vm;
	}

	ioctl_fill_vm_info(info, vm);
	info->delivered = delivered;
	info->lost = lost;
	if (copy_to_user(arg, info, sizeof(*info)))
		ret = -EFAULT;

	kfree(info);
put_vm:
	dbgport_vm_put(vm);
	return ret;
}

static long ioctl_attach(struct dbgport_reader *reader, struct dbgport_attach __user *arg)
{
	struct dbgport_attach attach;
	int ret;

	if (copy_from_user(&attach, arg, sizeof(attach)))
		return -EFAULT;
	if (attach.flags)
		return -EINVAL;

	attach.vm = 0;
	ret = dbgport_attach_late(dbgport_reader_listener(reader), attach.pid, attach.fd,
				  &attach.vm);
	return copy_to_user(arg, &attach, sizeof(attach)) ? -EFAULT : ret;
}

static long ioctl_detach(struct dbgport_reader *reader, struct dbgport_detach __user *arg)
{
	struct dbgport_detach detach;
	struct dbgport_vm *vm;
	int ret;

	if (copy_from_user(&detach, arg, sizeof(detach)))
		return -EFAULT;
	if (detach.flags)
		return -EINVAL;
	vm = ioctl_find_vm(reader, detach.vm);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = dbgport_backend->detach(vm);
	dbgport_vm_put(vm);
	return ret;
}

static bool ioctl_ports_are_good(const struct dbgport_set_ports *set)
{
	u32 i, j;

	if (set->flags || set->reserved || !set->nports || set->nports > DBGPORT_MAX_PORTS)
		return false;
	for (i = 0; i < DBGPORT_MAX_PORTS; i++)
		if (set->port_flags[i] &
		    ~(i < set->nports ? DBGPORT_PORT_TEE | DBGPORT_PORT_UART : 0))
			return false;
	for (i = 0; i < set->nports; i++) {
		if (!dbgport_ports_fit(set->ports[i], set->port_flags[i]))
			return false;
		for (j = 0; j < i; j++)
			if (dbgport_ports_overlap(set->ports[i], set->port_flags[i],
						  set->ports[j], set->port_flags[j]))
				return false;
	}
	return true;
}

/* Those that are good.  Return: 0, or why they cannot be had here. */
static int ioctl_check_ports(const struct dbgport_set_ports *set)
{
	u32 i;

	for (i = 0; i < set->nports; i++) {
		if (dbgport_ports_kvms(set->ports[i], set->port_flags[i]))
			return -EBUSY;
		if (set->port_flags[i] & DBGPORT_PORT_UART && !dbgport_backend->uarts) {
			pr_info_ratelimited("%s[%d] asks for a UART at %#x: backend=ioeventfd answers no reads, so it has none\n",
					    current->comm, task_tgid_nr(current), set->ports[i]);
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

static long ioctl_set_ports(struct dbgport_reader *reader,
			    struct dbgport_set_ports __user *arg)
{
	struct dbgport_set_ports set;
	struct dbgport_vm *vm;
	int ret;

	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	if (!ioctl_ports_are_good(&set))
		return -EINVAL;
	ret = ioctl_check_ports(&set);
	if (ret)
		return ret;
	vm = ioctl_find_vm(reader, set.vm);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = dbgport_backend->set_ports(vm, set.ports, set.port_flags, set.nports);
	dbgport_vm_put(vm);
	return ret;
}

static long ioctl_set_claim(struct dbgport_reader *reader,
			    struct dbgport_set_claim __user *arg)
{
	struct dbgport_set_claim set;
	struct dbgport_vm *vm;
	int ret;

	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	if (set.flags || set.reserved || set.claim > DBGPORT_CLAIM_HOST)
		return -EINVAL;
	vm = ioctl_find_vm(reader, set.vm);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = dbgport_registry_set_vm_claim(vm, &vm->claim, set.claim);
	dbgport_vm_put(vm);
	return ret;
}

static long ioctl_set_name(struct dbgport_reader *reader,
			   struct dbgport_set_name __user *arg)
{
	struct dbgport_vm *vm;
	u32 id, flags;
	char *name;
	long ret;

	if (get_user(id, &arg->vm) || get_user(flags, &arg->flags))
		return -EFAULT;
	if (flags)
		return -EINVAL;
	name = memdup_user(arg->name, DBGPORT_NAME_LEN);
	if (IS_ERR(name))
		return PTR_ERR(name);
	ret = -EINVAL;
	if (!dbgport_name_is_good(name, DBGPORT_NAME_LEN))
		goto free_name;
	vm = ioctl_find_vm(reader, id);
	ret = PTR_ERR_OR_ZERO(vm);
	if (ret)
		goto free_name;
	ret = dbgport_registry_set_vm_name(vm, name);
	dbgport_vm_put(vm);
	if (!ret)
		return 0;
free_name:
	kfree(name);
	return ret;
}

static long ioctl_set_restored(struct dbgport_reader *reader,
			       struct dbgport_set_restored __user *arg)
{
	struct dbgport_set_restored set;
	struct dbgport_vm *vm;
	int ret;

	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	if (set.flags)
		return -EINVAL;
	vm = ioctl_find_vm(reader, set.vm);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = dbgport_registry_set_vm_restored(vm);
	dbgport_vm_put(vm);
	return ret;
}

static long ioctl_give_eventfd(struct dbgport_reader *reader,
			       struct dbgport_give_eventfd __user *arg)
{
	struct dbgport_give_eventfd give;
	struct file *file;
	int ret;

	if (!dbgport_backend->give)
		return -EOPNOTSUPP;
	if (!dbgport_reader_listener(reader)->all)
		return -EPERM;
	if (copy_from_user(&give, arg, sizeof(give)))
		return -EFAULT;
	if (give.flags)
		return -EINVAL;
	file = fget(give.fd);
	if (!file)
		return -EBADF;
	ret = dbgport_backend->give(file);
	fput(file);
	return ret;
}

/**
 * dbgport_ioctl() - what is asked of /dev/dbgport besides reading
 * @file:	the file
 * @cmd:	DBGPORT_*
 * @arg:	a pointer to what that takes
 *
 * May sleep.
 *
 * Return: as uapi/dbgport.h says; -ENOTTY for an unknown @cmd.
 */
long dbgport_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct dbgport_reader *reader = file->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case DBGPORT_GET_INFO:
		return ioctl_get_info(uarg);
	case DBGPORT_SUBSCRIBE:
		return ioctl_subscribe(reader, uarg);
	case DBGPORT_SEEK:
		return ioctl_seek(reader, uarg);
	case DBGPORT_NEXT_VM:
		return ioctl_next_vm(reader, uarg);
	case DBGPORT_VM_INFO:
		return ioctl_vm_info(reader, uarg);
	case DBGPORT_ATTACH:
		return ioctl_attach(reader, uarg);
	case DBGPORT_DETACH:
		return ioctl_detach(reader, uarg);
	case DBGPORT_GIVE_EVENTFD:
		return ioctl_give_eventfd(reader, uarg);
	case DBGPORT_SET_PORTS:
		return ioctl_set_ports(reader, uarg);
	case DBGPORT_SET_CLAIM:
		return ioctl_set_claim(reader, uarg);
	case DBGPORT_SET_NAME:
		return ioctl_set_name(reader, uarg);
	case DBGPORT_SET_RESTORED:
		return ioctl_set_restored(reader, uarg);
	default:
		return -ENOTTY;
	}
}
