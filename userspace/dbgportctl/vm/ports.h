/* SPDX-License-Identifier: GPL-2.0 */
/* Which ports are taken from a VM. */
#ifndef DBGPORTCTL_VM_PORTS_H
#define DBGPORTCTL_VM_PORTS_H

#include <stdbool.h>

#include "dbgportctl/vm/target.h"

/* What it means to claim a port that is none of the three debug ports. */
#define PORTS_CLAIM_TEXT	"while it is claimed, a device that the VMM has there, such as a UART, isa-debug-exit or pvpanic, gets nothing"
/* The same of a UART that is known to be one. */
#define PORTS_UART_TEXT		"while it is claimed, what its guest sends by polling is not in the VMM's own console; input and all else work"

/**
 * ports_parse() - understand a list of them
 * @set: of no VM and without ports; they are added
 * @list: ports as port_parse() takes them, but for "any", with commas between; with
 *	"/tee" behind, a port is recorded and never claimed, and with "/uart" it is the base
 *	of a UART
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int ports_parse(struct dbgport_set_ports *set, const char *list, char *why, size_t size);

/**
 * ports_parse_one() - understand one of them
 * @port: set to it
 * @text: as in the list, without what stands behind it
 * @flags: with DBGPORT_PORT_UART it has to have room for a UART's ports
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int ports_parse_one(__u16 *port, const char *text, __u16 flags, char *why, size_t size);

/**
 * ports_overlap() - whether two of a VM's would be in each other's way
 * @a: a port
 * @a_flags: its DBGPORT_PORT_UART says that seven more belong to it
 * @b: another one
 * @b_flags: likewise
 */
bool ports_overlap(__u16 a, __u16 a_flags, __u16 b, __u16 b_flags);

/**
 * ports_set() - have these ports taken, and no others
 * @t: from whom
 * @set: which; its VM is filled in
 *
 * Of each that may be a device of the VMM's and is claimed, a line says what that means.
 *
 * Return: STATUS_OK, or STATUS_FAILED after it has been told.
 */
int ports_set(const struct target *t, struct dbgport_set_ports *set);

#endif /* DBGPORTCTL_VM_PORTS_H */
