/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ports.h - which I/O ports a VM has, and which it had
 *
 * Knows neither KVM nor files, and compiles in user space for its tests.
 */
#ifndef _DBGPORT_PORTS_H
#define _DBGPORT_PORTS_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "ring.h"

/**
 * struct dbgport_ports - the ports of one VM, each in a slot of its own
 * @lock:	guards the rest, but for what @slots says.  Process context; no
 *		other lock is taken under it
 * @n:		used slots
 * @on:		mask of the slots whose port the VM has now; the others are off,
 *		see DBGPORT_PORT_OFF
 * @taken:	mask of the slots whose port something else has too, see
 *		DBGPORT_PORT_TAKEN
 * @uart:	mask of the slots whose port is a UART's base, see DBGPORT_PORT_UART
 * @slots:	the port of a slot that was accessed never changes and may be read
 *		without @lock, and so may that of a port that is on; the
 *		counters are the ring's
 */
struct dbgport_ports {
	spinlock_t lock;	/* see above */
	u32 n;
	u32 on;
	u32 taken;
	u32 uart;
	struct dbgport_port slots[DBGPORT_MAX_PORTS];
};

/**
 * struct dbgport_ports_state - a snapshot of struct dbgport_ports
 * @n:		as there
 * @on:		likewise
 * @taken:	likewise
 * @uart:	likewise
 */
struct dbgport_ports_state {
	u32 n;
	u32 on;
	u32 taken;
	u32 uart;
};

const char *dbgport_ports_kvms(u16 number, u16 flags);
bool dbgport_ports_fit(u16 number, u16 flags);
bool dbgport_ports_overlap(u16 a, u16 a_flags, u16 b, u16 b_flags);
void dbgport_ports_init(struct dbgport_ports *ports, const u16 *numbers, const u16 *flags, u32 n);
int dbgport_ports_find(struct dbgport_ports *ports, const u16 *numbers, u32 n, u32 room);
u32 dbgport_ports_flagged(struct dbgport_ports *ports, const u16 *numbers, const u16 *flags,
			  u32 n, u16 flag);
void dbgport_ports_give_back(struct dbgport_ports *ports, u32 n);
void dbgport_ports_set_on(struct dbgport_ports *ports, u32 mask);
void dbgport_ports_set_uart(struct dbgport_ports *ports, u32 mask);
bool dbgport_ports_set_taken(struct dbgport_ports *ports, u8 slot, bool taken);
void dbgport_ports_state(struct dbgport_ports *ports, struct dbgport_ports_state *state);

#endif /* _DBGPORT_PORTS_H */
