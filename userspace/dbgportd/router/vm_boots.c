// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/router/slots.h"
#include "dbgportd/router/vm_boots.h"
#include "lib/vmname.h"

/* As hexadecimal digits it fits where a slot has a name. */
static_assert(2 * sizeof(struct begins_state) < VMNAME_SIZE, "a slot has room for it");

static struct vm_boots *moved;

static void list_moved(struct vm_boots *boots)
{
	if (boots->moved)
		return;
	boots->moved = true;
	boots->next = moved;
	moved = boots;
}

static void unlist_moved(struct vm_boots *boots)
{
	struct vm_boots **link = &moved;

	if (!boots->moved)
		return;
	while (*link != boots)
		link = &(*link)->next;
	*link = boots->next;
	boots->moved = false;
}

static void put_state(char text[VMNAME_SIZE], const struct begins_state *state)
{
	const unsigned char *bytes = (const unsigned char *)state;

	for (size_t i = 0; i < sizeof(*state); i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

/* Return: whether @text is one, and not another version's. */
static bool get_state(struct begins_state *state, const char *text)
{
	unsigned char *bytes = (unsigned char *)state;

	if (strlen(text) != 2 * sizeof(*state))
		return false;
	for (size_t i = 0; i < sizeof(*state); i++) {
		if (sscanf(text + 2 * i, "%2hhx", &bytes[i]) != 1)
			return false;
	}
	return true;
}

/* NULL: there is no memory. */
static struct begins *begins_of(struct vm_boots *boots)
{
	if (boots->begins)
		return boots->begins;
	boots->begins = malloc(sizeof(*boots->begins));
	if (boots->begins)
		begins_init(boots->begins, boots->rule, boots->late);
	return boots->begins;
}

/* The newest one that is kept, and of two the other one is dropped: a kill came between. */
static void take_over(struct vm_boots *boots)
{
	struct begins_state state;
	struct slot p;

	for (int i = 0; i < slots(); i++) {
		if (!slot_read(i, &p) || p.vm != boots->vm || p.kind != SLOT_BOOTS ||
		    !get_state(&state, p.name) || !begins_of(boots))
			continue;
		if (boots->slot >= 0 && state.next_seq < boots->begins->state.next_seq) {
			slot_free(i);
			continue;
		}
		slot_free(boots->slot);
		boots->slot = i;
		boots->begins->state = state;
		slot_hold(i, true);
	}
}

void vm_boots_begin(struct vm_boots *boots, __u32 vm, const struct begins_rule *rule, bool late)
{
	*boots = (struct vm_boots){ .vm = vm, .slot = -1, .late = late, .rule = rule };
	take_over(boots);
}

const struct begins_state *vm_boots_state(const struct vm_boots *boots)
{
	static const struct begins_state nothing_written = { .number = 1 };

	return boots->begins ? &boots->begins->state : &nothing_written;
}

size_t vm_boots_writes(struct vm_boots *boots, const struct dbgport_record *rec, size_t count,
		       bool *begun)
{
	struct begins *begins = begins_of(boots);
	size_t n;

	*begun = false;
	if (!begins)
		return count;
	n = begins_writes(begins, rec, count, begun);
	if (begins->changed)
		list_moved(boots);
	return n;
}

void vm_boots_lost(struct vm_boots *boots)
{
	if (boots->begins)
		begins_lost(boots->begins);
}

/* In a slot of its own first, so that one of both is whole at any moment. */
static void keep(struct vm_boots *boots)
{
	char text[VMNAME_SIZE];
	const struct slot new = { .vm = boots->vm, .kind = SLOT_BOOTS, .name = text };
	int old = boots->slot;

	put_state(text, &boots->begins->state);
	boots->slot = slot_make(&new);
	slot_free(old);
}

void vm_boots_end(struct vm_boots *boots, bool gone)
{
	if (boots->moved && !gone)
		keep(boots);
	unlist_moved(boots);
	if (boots->begins)
		begins_end(boots->begins);
	free(boots->begins);
	boots->begins = NULL;
	if (gone)
		slot_free(boots->slot);
	else
		slot_hold(boots->slot, false);
}

void vm_boots_keep(void)
{
	for (; moved; moved = moved->next) {
		keep(moved);
		moved->moved = false;
	}
}

void vm_boots_forget(void)
{
	for (; moved; moved = moved->next)
		moved->moved = false;
}
