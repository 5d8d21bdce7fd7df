// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/vms.h"
#include "lib/device.h"
#include "lib/given.h"

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

		if (!is_gone(vm) && !strcmp(vm->name, name) &&
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
	vmname_make(new.name, known ? given_name(fd, &new.info) : NULL,
		    known ? &new.info : NULL, id, is_taken);
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

int vms_load(struct vms *vms, int fd)
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
	if (err == -ENOENT)
		return 0;
	vms_free(vms);
	return err;
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
	unsigned long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	*n = value;
	return !*end && !errno && value <= UINT_MAX;
}

static bool has_name(const struct known_vm *vm, const char *text)
{
	return !strcmp(vm->name, text);
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
		has_name, has_id, has_pid
	};
	unsigned int count;

	for (int i = 0; i < 6; i++) {
		struct known_vm *vm = find(vms, text, i >= 3, fits[i % 3], &count);

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
