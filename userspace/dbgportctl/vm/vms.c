// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/vm/daemon.h"
#include "dbgportctl/vm/vms.h"
#include "dbgportctl/cli/command.h"
#include "lib/array.h"
#include "lib/asker.h"
#include "lib/clock.h"
#include "lib/device.h"
#include "lib/number.h"
#include "lib/vmm_name.h"
#include "libdbgport/libdbgport.h"

/* How long all names may take: a VMM can hold up the one that asks for its. */
#define NAMES_MS	1000

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
		    !dbgport_vm_info(device, vm->info.vm, &now) &&
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

/* A VM as the module knows it, which has no name yet; NULL without memory. */
static struct known_vm *add_nameless(struct vms *vms, int fd, __u32 id)
{
	struct known_vm new = { .lost = -1 }, *vm;

	if (dbgport_vm_info(fd, id, &new.info))
		new.info = (struct dbgport_vm_info){ .vm = id, .flags = DBGPORT_VM_GONE };
	vm = make_room(vms, id);
	if (!vm)
		return NULL;
	*vm = new;
	vms->count++;
	return vm;
}

/* VMs whose VMMs did not let their names be read: who is asked again hangs again. */
static __u32 *silent;
static size_t silent_count;

static bool is_silent(__u32 id)
{
	for (size_t i = 0; i < silent_count; i++) {
		if (silent[i] == id)
			return true;
	}
	return false;
}

/* Whose VMM is to be asked: the module does not know the name, and it lives. */
static bool is_to_ask(const struct known_vm *vm)
{
	return !*vm->vmm_name && !*vm->info.name && !is_gone(vm) && vm->info.pid > 0 &&
	       !is_silent(vm->info.vm);
}

static void note_silent(const struct vms *vms)
{
	for (size_t i = 0; i < vms->count; i++) {
		__u32 *more;

		if (!is_to_ask(&vms->vm[i]))
			continue;
		more = reallocarray(silent, silent_count + 1, sizeof(*more));
		if (!more)
			return;
		silent = more;
		silent[silent_count++] = vms->vm[i].info.vm;
	}
}

/* Ask for names from @vm on, as many as can be asked for now; where to go on. */
static struct known_vm *ask(struct known_vm *vm, const struct known_vm *end)
{
	for (; vm < end; vm++) {
		if (is_to_ask(vm) && asker_name(&vm->info) == -EAGAIN)
			break;
	}
	return vm;
}

static bool is_any_to_ask(const struct vms *vms)
{
	for (size_t i = 0; i < vms->count; i++) {
		if (is_to_ask(&vms->vm[i]))
			return true;
	}
	return false;
}

static void take_answers(const struct vms *vms, int fd)
{
	struct answer answer;

	while (asker_answer(&answer)) {
		struct known_vm *vm = vms_of_id(vms, answer.vm);

		if (vm && !*vm->vmm_name)
			vmm_name_settle(fd, &answer, &vm->info, vm->vmm_name);
	}
}

/* What VMMs were told, as far as it can be learnt in time. */
static void learn_names(const struct vms *vms, int fd)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC), end = now + NAMES_MS * NSEC_PER_MSEC;
	struct known_vm *to_ask = vms->vm, *behind = vms->vm + vms->count;
	struct pollfd pfd = { .events = POLLIN };

	if (!is_any_to_ask(vms) || (asker_fd() < 0 && asker_start(device_path)))
		return;
	pfd.fd = asker_fd();
	for (; now < end; now = clock_ns(CLOCK_MONOTONIC)) {
		to_ask = ask(to_ask, behind);
		if (!is_any_to_ask(vms) || poll(&pfd, 1, (end - now) / NSEC_PER_MSEC + 1) < 0 ||
		    pfd.revents & POLLHUP)
			return;
		take_answers(vms, fd);
	}
	note_silent(vms);
}

/* Name those that have none yet, the oldest first. */
static void give_names(const struct vms *vms, int fd)
{
	naming = vms;
	device = fd;
	learn_names(vms, fd);
	for (size_t i = 0; i < vms->count; i++) {
		struct known_vm *vm = &vms->vm[i];

		if (*vm->own)
			continue;
		if (!*vm->vmm_name)
			vmname_make(vm->vmm_name, NULL, vm->info.zero_ns ? &vm->info : NULL,
				    vm->info.vm);
		vmname_number(vm->name, vm->vmm_name, is_taken);
		memcpy(vm->own, vm->name, sizeof(vm->own));
	}
}

struct known_vm *vms_add(struct vms *vms, int fd, __u32 id)
{
	if (!add_nameless(vms, fd, id))
		return NULL;
	give_names(vms, fd);
	return vms_of_id(vms, id);
}

/* Names are their own words, and go to terminals. */
static void take_what_daemon_says(void *arg, const struct daemon_vm *said)
{
	struct known_vm *vm = vms_of_id(arg, said->id);
	const char *name = said->name;

	if (!vm)
		return;
	vm->lost = said->lost;
	vm->boot = said->boot;
	if (*name && vmname_is_safe(name) && strlen(name) < sizeof(vm->name))
		snprintf(vm->name, sizeof(vm->name), "%s", name);
}

int vms_load(struct vms *vms, int fd, __u64 load_id)
{
	__u32 id = 0;
	int err;

	*vms = (struct vms){ 0 };
	while (!(err = dbgport_next_vm(fd, &id))) {
		const struct known_vm *vm = add_nameless(vms, fd, id);

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
	give_names(vms, fd);
	daemons_each_vm(load_id, take_what_daemon_says, vms);
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

		/* Of several that have ended, the last one is meant. */
		if (count == 1 || (count && i >= ways))
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
