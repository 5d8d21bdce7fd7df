/* SPDX-License-Identifier: GPL-2.0 */
/* Which UARTs of a VM's are known as such, so that their polled output is taken. */
#ifndef DBGPORTCTL_VM_UART_H
#define DBGPORTCTL_VM_UART_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/vm/target.h"

/**
 * uart_change() - which ports a VM is to have
 * @set: of no VM and without ports; they are added
 * @info: what it has
 * @on: these are to be UARTs that may be claimed, and plain ports within go; else they are to
 *	go, and all else stays
 * @names: ports as port_parse() takes them, but for "any"; none: 0x3f8 if @on, else all
 *	that there are
 * @count: of @names
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int uart_change(struct dbgport_set_ports *set, const struct dbgport_vm_info *info, bool on,
		char *const *names, int count, char *why, size_t size);

/* Show which there are, or "off". */
void uart_show(const struct dbgport_vm_info *info);

#endif /* DBGPORTCTL_VM_UART_H */
