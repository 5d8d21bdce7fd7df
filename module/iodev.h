/* SPDX-License-Identifier: GPL-2.0 */
/* iodev.h - the backend that puts devices on a VM's PIO bus */
#ifndef _DBGPORT_IODEV_H
#define _DBGPORT_IODEV_H

#include <linux/types.h>

struct dbgport_vm;
struct kvm;
struct module;

int dbgport_iodev_attach(struct dbgport_vm *vm, struct kvm *kvm, struct module *vendor,
			 u32 *id);
int dbgport_iodev_detach(struct dbgport_vm *vm);
void dbgport_iodev_detach_all(void);

#endif /* _DBGPORT_IODEV_H */
