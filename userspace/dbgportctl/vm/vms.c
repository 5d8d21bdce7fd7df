// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/vm/daemon.h"
#include "dbgportctl/vm/vms.h"
#include "lib/array.h"
#include "lib/device.h"
#include "lib/number.h"
#include "lib/vmm_name.h"

/* For is_taken(). */
static const struct vms *naming;
static int device;

static bool is_gone(const struct known_vm *vm)
{
	return vm->info.flags & DBGPORT_VM_GONE;
}

/* A name is free when its VM has ended, whatever was known of that before. */
static bool is_taken(const char *name)
{
	for (size_t i = 0; i < naming->count; i++) {
		const struct known_vm *vm = &naming->vm[i];
		struct dbgport_vm_info now;

		if (!is_gone(vm) && !strcmp(vm->own, name) &&
		    !device_vm_info(device, vm->info.vm, &now) &&
		    !(now.flags & DBGPORT_VM_GONE))
			return true;
	}
	return false;
}

/* Room for one more, in the order of ids; NULL without memory. */
static struct known_vm *make_room(struct vms *vms, __u32 id)
{
	struct known_vm *vm = reallocarray(vms->vm, vms->count + 1, sizeof(*vm));
	size_t i = vms->count;

	if (!vm)
		return NULL;
	vms->vm = vm;
	while (i && vm[i - 1].info.vm > id)
		i--;
	memmove(vm + i + 1, vm + i, (vms->count - i) * sizeof(*vm));
	return vm + i;
}

struct known_vm *vms_add(struct vms *vms, int fd, __u32 id)
{
	struct known_vm new = { 0 }, *vm;
	bool known = !device_vm_info(fd, id, &new.info);

	naming = vms;
	device = fd;
	vmname_make(new.vmm_name, known ? vmm_name(fd, &new.info) : NULL,
		    known ? &new.info : NULL, id);
	vmname_number(new.own, new.vmm_name, is_taken);
	memcpy(new.name, new.own, sizeof(new.name));
	new.lost = -1;
	new.info.vm = id;
	if (!known)
		new.info.flags = DBGPORT_VM_GONE;
	vm = make_room(vms, id);
	if (!vm)
		return NULL;
	*vm = new;
	vms->count++;
	return vm;
}

/* Names are their own words, and go to terminals. */
static void take_daemon_name(void *arg, __u32 id, const char *name, __u64 lost)
{
	struct known_vm *vm = vms_of_id(arg, id);

	if (!vm)
		return;
	vm->lost = lost;
	if (*name && vmname_is_safe(name) && strlen(name) < sizeof(vm->name))
		snprintf(vm->name, sizeof(vm->name), "%s", name);
}

int vms_load(struct vms *vms, int fd, __u64 load_id)
{
	__u32 id = 0;
	int err;

	*vms = (struct vms){ 0 };
	while (!(err = device_next_vm(fd, &id))) {
		const struct known_vm *vm = vms_add(vms, fd, id);

		if (!vm) {
			err = -ENOMEM;
			break;
		}
		/* It has gone since. */
		if (!vm->info.zero_ns)
			vms->count--;
	}
	if (err != -ENOENT) {
		vms_free(vms);
		return err;
	}
	daemons_each_vm(load_id, take_daemon_name, vms);
	return 0;
}

void vms_free(struct vms *vms)
{
	free(vms->vm);
	*vms = (struct vms){ 0 };
}

static int by_id(const void *a, const void *b)
{
	const struct known_vm *x = a, *y = b;

	return x->info.vm < y->info.vm ? -1 : x->info.vm > y->info.vm;
}

struct known_vm *vms_of_id(const struct vms *vms, __u32 id)
{
	const struct known_vm key = { .info = { .vm = id } };

	return bsearch(&key, vms->vm, vms->count, sizeof(key), by_id);
}

static bool parse_number(const char *text, __u32 *n)
{
	__u64 value;

	if (number_parse(text, NUMBER_DECIMAL, 0, UINT_MAX, &value))
		return false;
	*n = value;
	return true;
}

static bool has_name(const struct known_vm *vm, const char *text)
{
	return vmname_means(vm->name, text);
}

static bool has_own_name(const struct known_vm *vm, const char *text)
{
	return vmname_means(vm->own, text);
}

static bool has_vmm_name(const struct known_vm *vm, const char *text)
{
	return vmname_means(vm->vmm_name, text);
}

bool vms_is_named(const struct known_vm *vm, const char *word)
{
	return has_name(vm, word) || has_own_name(vm, word) || has_vmm_name(vm, word);
}

static bool has_id(const struct known_vm *vm, const char *text)
{
	__u32 n;

	if (!strncmp(text, "id:", 3))
		text += 3;
	return parse_number(text, &n) && n == vm->info.vm;
}

static bool has_pid(const struct known_vm *vm, const char *text)
{
	__u32 n;

	if (!strncmp(text, "pid:", 4))
		text += 4;
	return parse_number(text, &n) && n && n == (__u32)vm->info.pid;
}

static struct known_vm *find(const struct vms *vms, const char *text, bool gone,
			     bool (*fits)(const struct known_vm *vm, const char *text),
				   unsigned int *count)
{
	struct known_vm *found = NULL;

	*count = 0;
	for (size_t i = 0; i < vms->count; i++) {
		struct known_vm *vm = &vms->vm[i];

		if (is_gone(vm) != gone || !fits(vm, text))
			continue;
		found = vm;
		++*count;
	}
	return found;
}

struct known_vm *vms_find(const struct vms *vms, const char *text, char *why, size_t size)
{
	static bool (*const fits[])(const struct known_vm *vm, const char *text) = {
		has_name, has_own_name, has_vmm_name, has_id, has_pid
	};
	const unsigned int ways = ARRAY_SIZE(fits);
	unsigned int count;

	for (unsigned int i = 0; i < 2 * ways; i++) {
		struct known_vm *vm = find(vms, text, i >= ways, fits[i % ways], &count);

		if (count == 1)
			return vm;
		if (count) {
			snprintf(why, size,
				 "'%s' is %u VMs: say which by its id; see dbgportctl list",
				 text, count);
			return NULL;
		}
	}
	snprintf(why, size, "there is no VM '%s'%s; see dbgportctl list", text,
		 vms->count ? "" : ", nor any other that you may see");
	return NULL;
}
