// SPDX-License-Identifier: GPL-2.0
/*
 * ports.c - which I/O ports a VM has, and which it had
 *
 * Kept writes name their port by its slot, so a slot belongs to one port for
 * good once the VM has had that, also while it does not have it.
 */
#include <linux/errno.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "ports.h"

/* How many ports there are from one on. */
static u32 ports_len(u16 flags)
{
	return flags & DBGPORT_PORT_UART ? DBGPORT_UART_PORTS : 1;
}

static const char *ports_kvms_one(u32 number)
{
	switch (number) {
	case 0x20 ... 0x21:
	case 0xa0 ... 0xa1:
		return "PIC";
	case 0x4d0 ... 0x4d1:
		return "ELCR";
	case 0x40 ... 0x43:
		return "PIT";
	case 0x61:
		return "speaker";
	default:
		return NULL;
	}
}

/**
 * dbgport_ports_kvms() - which device of KVM's own has a port
 * @number:	I/O port
 * @flags:	with DBGPORT_PORT_UART, one of those that a UART has from there on
 *
 * KVM searches a VM's devices as if none began within another one: with one of
 * ours there it would not find its own behind it any more.
 *
 * Return: its name; NULL if the port is not one of these.
 */
const char *dbgport_ports_kvms(u16 number, u16 flags)
{
	const char *name = NULL;
	u32 i;

	for (i = 0; i < ports_len(flags) && !name; i++)
		name = ports_kvms_one(number + i);
	return name;
}

/**
 * dbgport_ports_fit() - whether there are ports so far
 * @number:	I/O port
 * @flags:	with DBGPORT_PORT_UART, the first of a UART's
 *
 * Return: whether the last one is one.
 */
bool dbgport_ports_fit(u16 number, u16 flags)
{
	return number + ports_len(flags) <= 0x10000;
}

/**
 * dbgport_ports_overlap() - whether two have a port in common
 * @a:		I/O port
 * @a_flags:	with DBGPORT_PORT_UART, the first of a UART's
 * @b:		I/O port
 * @b_flags:	likewise
 *
 * For the same reason these cannot be one VM's.
 *
 * Return: whether they have.
 */
bool dbgport_ports_overlap(u16 a, u16 a_flags, u16 b, u16 b_flags)
{
	return a < b + ports_len(b_flags) && b < a + ports_len(a_flags);
}

static u32 ports_flagged(const struct dbgport_ports *ports, const u16 *numbers, const u16 *flags,
			 u32 n, u16 flag)
{
	u32 mask = 0;
	u32 i, slot;

	for (i = 0; i < n; i++)
		for (slot = 0; slot < ports->n; slot++)
			if (ports->slots[slot].port == numbers[i] && flags[i] & flag)
				mask |= 1u << slot;
	return mask;
}

/**
 * dbgport_ports_init() - the ports that a VM has at first
 * @ports:	to be filled in
 * @numbers:	I/O ports, none twice
 * @flags:	of each, mask of DBGPORT_PORT_*
 * @n:		how many, up to DBGPORT_MAX_PORTS
 *
 * Their slots are 0 … @n - 1, and all are on.
 */
void dbgport_ports_init(struct dbgport_ports *ports, const u16 *numbers, const u16 *flags, u32 n)
{
	u32 i;

	memset(ports, 0, sizeof(*ports));
	spin_lock_init(&ports->lock);
	for (i = 0; i < n; i++)
		ports->slots[i].port = numbers[i];
	ports->n = n;
	ports->on = (1u << n) - 1;
	ports->uart = ports_flagged(ports, numbers, flags, n, DBGPORT_PORT_UART);
}

/**
 * dbgport_ports_find() - the slots of some ports
 * @ports:	the VM's ports
 * @numbers:	I/O ports, none twice
 * @n:		how many
 * @room:	how many slots may be used at most, up to DBGPORT_MAX_PORTS
 *
 * A port without a slot gets the next free one, and is off.
 *
 * Return: mask of the slots; -ENOSPC, with nothing changed, if @room is not
 * enough.
 */
int dbgport_ports_find(struct dbgport_ports *ports, const u16 *numbers, u32 n, u32 room)
{
	u32 used, i, slot;
	u32 mask = 0;

	spin_lock(&ports->lock);
	used = ports->n;
	for (i = 0; i < n; i++) {
		for (slot = 0; slot < used && ports->slots[slot].port != numbers[i]; slot++)
			;
		if (slot == room)
			break;
		if (slot == used)
			ports->slots[used++].port = numbers[i];
		mask |= 1u << slot;
	}
	if (i == n)
		ports->n = used;
	spin_unlock(&ports->lock);

	return i == n ? (int)mask : -ENOSPC;
}

/**
 * dbgport_ports_flagged() - the slots of those of some ports that have a flag
 * @ports:	the VM's ports
 * @numbers:	I/O ports
 * @flags:	of each, mask of DBGPORT_PORT_*
 * @n:		how many
 * @flag:	one of these
 *
 * Return: mask of the slots.
 */
u32 dbgport_ports_flagged(struct dbgport_ports *ports, const u16 *numbers, const u16 *flags,
			  u32 n, u16 flag)
{
	u32 mask;

	spin_lock(&ports->lock);
	mask = ports_flagged(ports, numbers, flags, n, flag);
	spin_unlock(&ports->lock);
	return mask;
}

/**
 * dbgport_ports_give_back() - take back slots of ports that could not be taken
 * @ports:	the VM's ports, among which these are off
 * @n:		how many slots were used before dbgport_ports_find()
 *
 * No access to these ports is under way.  Slots of ports that were accessed
 * meanwhile stay, and those below them.
 */
void dbgport_ports_give_back(struct dbgport_ports *ports, u32 n)
{
	spin_lock(&ports->lock);
	while (ports->n > n) {
		struct dbgport_port *slot = &ports->slots[ports->n - 1];

		if (dbgport_port_writes(slot) || slot->reads)
			break;
		ports->n--;
		ports->taken &= ~(1u << ports->n);
		slot->port = 0;
	}
	spin_unlock(&ports->lock);
}

/**
 * dbgport_ports_set_on() - say which ports the VM has now
 * @ports:	the VM's ports
 * @mask:	of their slots; the others are off
 */
void dbgport_ports_set_on(struct dbgport_ports *ports, u32 mask)
{
	spin_lock(&ports->lock);
	ports->on = mask;
	spin_unlock(&ports->lock);
}

/**
 * dbgport_ports_set_uart() - say which ports are UARTs'
 * @ports:	the VM's ports
 * @mask:	of the slots, also of those that are off
 */
void dbgport_ports_set_uart(struct dbgport_ports *ports, u32 mask)
{
	spin_lock(&ports->lock);
	ports->uart = mask;
	spin_unlock(&ports->lock);
}

/**
 * dbgport_ports_set_taken() - say whether something else has a port
 * @ports:	the VM's ports
 * @slot:	of the port
 * @taken:	see DBGPORT_PORT_TAKEN
 *
 * Return: whether that has changed.
 */
bool dbgport_ports_set_taken(struct dbgport_ports *ports, u8 slot, bool taken)
{
	u32 before;

	spin_lock(&ports->lock);
	before = ports->taken;
	ports->taken = taken ? before | 1u << slot : before & ~(1u << slot);
	spin_unlock(&ports->lock);

	return taken != !!(before & 1u << slot);
}

/**
 * dbgport_ports_state() - a snapshot for information
 * @ports:	the VM's ports
 * @state:	filled in
 */
void dbgport_ports_state(struct dbgport_ports *ports, struct dbgport_ports_state *state)
{
	spin_lock(&ports->lock);
	state->n = ports->n;
	state->on = ports->on;
	state->taken = ports->taken;
	state->uart = ports->uart;
	spin_unlock(&ports->lock);
}
