/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The VMs that there are: found by their names, described, read (reader.h) and
 * changed (target.h), and what a running dbgportd says of them (daemon.h).  What
 * their guests wrote does not enter here as more than records.
 */
#ifndef DBGPORTCTL_VM_VMS_H
#define DBGPORTCTL_VM_VMS_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/vmname.h"

/**
 * struct known_vm - one VM
 * @info: what the module says of it
 * @vmm_name: its name by what its VMM was told
 * @own: the same, with a number if it was taken
 * @name: what a running dbgportd calls it, if it says; else the same
 * @lost: writes that this dbgportd lost of it; -1: none reads it
 * @boot: the number of its present boot, as that says; 0: none does
 * @wrote_ns: when its last write came, CLOCK_MONOTONIC, where that has been read
 *	of the device; 0: never
 * @chosen, @behind, @last_ns: the reader's: it is one of those that are read; there
 *	is more of what it had written when that began; time of what came last
 * @state: what the reader keeps of it
 */
struct known_vm {
	struct dbgport_vm_info info;
	char vmm_name[VMNAME_OWN_SIZE];
	char own[VMNAME_SIZE];
	char name[VMNAME_SIZE];
	__s64 lost;
	__u32 boot;
	__u64 wrote_ns;
	bool chosen;
	bool behind;
	__u64 last_ns;
	void *state;
};

/**
 * struct vms - VMs by their id
 * @vm: them
 * @count: how many
 */
struct vms {
	struct known_vm *vm;
	size_t count;
};

/**
 * vms_load() - ask the module for all VMs that this user may see
 * @vms: filled in; to be freed by vms_free()
 * @fd: from device_open()
 * @load_id: the module's, for what a running dbgportd says of them
 *
 * Those that have ended and whose ring is still kept are among them.
 *
 * Return: 0 or a negative errno.
 */
int vms_load(struct vms *vms, int fd, __u64 load_id);

/**
 * vms_add() - one more VM has come
 * @vms: those that there were
 * @fd: from device_open()
 * @id: its id; it may have ended since
 *
 * What a dbgportd calls it is not known yet.
 *
 * Return: it, valid until the next call; NULL without memory.
 */
struct known_vm *vms_add(struct vms *vms, int fd, __u32 id);

void vms_free(struct vms *vms);

/* The one of that id; NULL: none. */
struct known_vm *vms_of_id(const struct vms *vms, __u32 id);

/**
 * vms_is_named() - whether a user's word is a VM's name
 * @vm: the VM
 * @word: what a dbgportd calls it, its own name, or what its VMM was told, as typed
 */
bool vms_is_named(const struct known_vm *vm, const char *word);

/**
 * vms_find() - the one VM that is meant
 * @vms: those that there are
 * @text: a name, as vms_is_named() takes it; an id, a process id; or id:N, pid:N
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * A living one is preferred to those that have ended and have the same name, and of
 * these the newest; what a
 * dbgportd calls it to its own name, that to one which is the same but for a number
 * behind, a name to a number, and an id to a process id.
 *
 * Return: it, valid as long as @vms; NULL: there is none, or there are several.
 */
struct known_vm *vms_find(const struct vms *vms, const char *text, char *why, size_t size);

#endif /* DBGPORTCTL_VM_VMS_H */
