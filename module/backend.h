/* SPDX-License-Identifier: GPL-2.0 */
/* backend.h - how guest accesses are taken from KVM */
#ifndef _DBGPORT_BACKEND_H
#define _DBGPORT_BACKEND_H

#include <linux/types.h>

#include "kvm_api.h"
#include "uapi/dbgport.h"

struct dbgport_vm;
struct file;
struct module;

/* The vCPU's id goes into 16 bits of a record. */
static_assert(KVM_MAX_VCPU_IDS <= 1 << 16);

/**
 * struct dbgport_backend - one way
 * @id:		enum dbgport_backend_id
 * @probes:	needs kvm_api_init_bus() to have succeeded; new VMs are seen by
 *		kvm_watch(), those of others by vmdir_watch()
 * @uarts:	ports may have DBGPORT_PORT_UART
 * @init:	make ready, at load; or NULL.  Return: 0 or a negative error;
 *		the log then has a line
 * @exit:	the opposite, after detach_all; or NULL
 * @attach:	take the accesses to a VM's ports and give them to @vm, which is made
 *		known to readers if this succeeds.  The backend takes a
 *		reference on it until the VM ends, which it tells by
 *		dbgport_registry_end().  The caller holds a reference on @kvm;
 *		@vendor is the module that destroys that, or NULL, see
 *		kvm_api_vendor().  @own: the caller is a thread of the VMM, which
 *		may be held up by its own VM.  Sets *@id to the VM's id; for
 *		-EEXIST, to the id that it has already, or 0 while it is just
 *		getting one.  May sleep.  Return: 0, -EEXIST, -ENOMEM, or -ENOSPC if the VM's
 *		bus is full, or -EOPNOTSUPP if its end would not be seen; -ESHUTDOWN
 *		while the module is being unloaded.  Unless @own, see @detach, too
 * @detach:	let go of one VM, on which the caller holds a reference.  May
 *		sleep.  Return: 0; -ENOENT if it is ending, or somebody else
 *		does it; -ENOMEM.  -ETIMEDOUT or, if the caller was killed, -EINTR: it
 *		will be done when the VM lets it.  -EAGAIN: as DBGPORT_DETACH says
 * @set_ports:	change the ports of one VM, on which the caller holds a
 *		reference, to the @n in @ports, with @flags, as
 *		DBGPORT_SET_PORTS says.  There is at least one, and none twice.  May
 *		sleep.  Return: 0, -ENOENT if the VM is ending or somebody detaches
 *		it, -ENOSPC, -ENOMEM; see @detach, too
 * @detach_all:	let go of all VMs.  None may be attached by another's thread, or
 *		detached, meanwhile or later; those that new VMs' own threads attach
 *		meanwhile may need another call.  Waits for no VM to end, but for those
 *		that are just ending, or are stuck, to have let go; the log then says for
 *		whom.  May sleep
 * @give:	an eventfd for the backend to use, as DBGPORT_GIVE_EVENTFD says; or
 *		NULL
 */
struct dbgport_backend {
	u32 id;
	bool probes;
	bool uarts;
	int (*init)(void);
	void (*exit)(void);
	int (*attach)(struct dbgport_vm *vm, struct kvm *kvm, struct module *vendor, bool own,
		      u32 *id);
	int (*detach)(struct dbgport_vm *vm);
	int (*set_ports)(struct dbgport_vm *vm, const u16 *ports, const u16 *flags, u32 n);
	void (*detach_all)(void);
	int (*give)(struct file *file);
};

extern const struct dbgport_backend dbgport_iodev;
extern const struct dbgport_backend dbgport_ioeventfd;

/* The one of them that this host's VMs are attached by; set once, at load. */
extern const struct dbgport_backend *dbgport_backend;

#endif /* _DBGPORT_BACKEND_H */
