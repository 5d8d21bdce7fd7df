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

static bool is_gone(const struct known_vm *vm)
{
	return vm->info.flags & DBGPORT_VM_GONE;
}

/* By a VM that came before; the daemon knows none that has ended. */
static bool is_taken(const char *name)
{
	for (size_t i = 0; i < naming->count; i++) {
		if (!is_gone(&naming->vm[i]) && !strcmp(naming->vm[i].name, name))
			return true;
	}
	return false;
}

static int add(struct vms *vms, int fd, const struct dbgport_vm_info *info)
{
	struct known_vm *vm = reallocarray(vms->vm, vms->count + 1, sizeof(*vm));

	if (!vm)
		return -ENOMEM;
	vms->vm = vm;
	vm += vms->count;
	vm->info = *info;
	naming = vms;
	vmname_make(vm->name, given_name(fd, info), info, info->vm, is_taken);
	vms->count++;
	return 0;
}

int vms_load(struct vms *vms, int fd)
{
	__u32 id = 0;
	int err;

	*vms = (struct vms){ 0 };
	while (!(err = device_next_vm(fd, &id))) {
		struct dbgport_vm_info info;

		err = device_vm_info(fd, id, &info);
		if (!err)
			err = add(vms, fd, &info);
		/* It has gone since. */
		if (err && err != -ENOENT)
			break;
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

static const struct known_vm *find(const struct vms *vms, const char *text, bool gone,
				   bool (*fits)(const struct known_vm *vm, const char *text),
				   unsigned int *count)
{
	const struct known_vm *found = NULL;

	*count = 0;
	for (size_t i = 0; i < vms->count; i++) {
		const struct known_vm *vm = &vms->vm[i];

		if (is_gone(vm) != gone || !fits(vm, text))
			continue;
		found = vm;
		++*count;
	}
	return found;
}

const struct known_vm *vms_find(const struct vms *vms, const char *text,
				char *why, size_t size)
{
	static bool (*const fits[])(const struct known_vm *vm, const char *text) = {
		has_name, has_id, has_pid
	};
	unsigned int count;

	for (int i = 0; i < 6; i++) {
		const struct known_vm *vm = find(vms, text, i >= 3, fits[i % 3], &count);

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
