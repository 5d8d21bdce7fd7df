/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The boots of a VM, which a restarted daemon goes on to count.
 *
 * What is known of them is kept in the table of positions (slots.h) at the end of each
 * turn in which it has changed, before the positions of that turn: what a restarted daemon
 * reads again is passed over then.
 */
#ifndef DBGPORTD_ROUTER_VM_BOOTS_H
#define DBGPORTD_ROUTER_VM_BOOTS_H

#include <linux/types.h>
#include <stdbool.h>

#include "words/begins.h"

/**
 * struct vm_boots - of one VM
 * @vm: its id
 * @slot: its number in the table; -1: none
 * @late, @rule: as of vm_boots_begin()
 * @begins: where they begin; NULL until the first write, which many VMs never make
 * @moved: in the list of those that have changed in this turn
 * @next: in that list
 */
struct vm_boots {
	__u32 vm;
	int slot;
	bool late;
	bool moved;
	const struct begins_rule *rule;
	struct begins *begins;
	struct vm_boots *next;
};

/**
 * vm_boots_begin() - a VM comes
 * @boots: what to set; what is kept of the VM is taken over
 * @vm: its id
 * @rule: what begins a boot; must stay; NULL: it is recognised
 * @late: the VM was running before it was attached
 */
void vm_boots_begin(struct vm_boots *boots, __u32 vm, const struct begins_rule *rule, bool late);

/* How far it has come; valid until the next call for the same VM. */
const struct begins_state *vm_boots_state(const struct vm_boots *boots);

/* As begins_writes(); without memory no boot begins. */
size_t vm_boots_writes(struct vm_boots *boots, const struct dbgport_record *rec, size_t count,
		       bool *begun);

/* As begins_lost(). */
void vm_boots_lost(struct vm_boots *boots);

/* The VM goes; @gone: its end was read. */
void vm_boots_end(struct vm_boots *boots, bool gone);

/* For positions.c: keep those that changed in this turn. */
void vm_boots_keep(void);

/* For positions.c: none is there. */
void vm_boots_forget(void);

#endif /* DBGPORTD_ROUTER_VM_BOOTS_H */
