/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Firmware that was told that there is no debug console.
 *
 * It asks once, by a read of the port, and is silent from then on if the VMM answers:
 * what it had written by then looks like the end of its boot.
 */
#ifndef DBGPORTCTL_VM_UNHEARD_H
#define DBGPORTCTL_VM_UNHEARD_H

#include <dbgport.h>

/* How that is said; with a port. */
#define UNHEARD_TEXT	"firmware looked for a debug console at 0x%x when no one listened: its output stops here"
#define UNHEARD_FIX	"start dbgportd first, or load with claim=always"

/**
 * unheard_port() - where a VM's firmware looked in vain
 * @info: of the VM
 *
 * Return: the port; 0: nowhere, as far as is known.
 */
__u16 unheard_port(const struct dbgport_vm_info *info);

#endif /* DBGPORTCTL_VM_UNHEARD_H */
