// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/boot/device.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/vm/vms.h"
#include "lib/device.h"
#include "words/storm.h"

#define RECORDS		2048

/**
 * struct taken - a VM whose boot is read
 * @boot: where to
 * @written: writes that it had made when reading began
 * @done: all of these have been met; a guest can write faster than we read
 * @storm: its POST codes
 */
struct taken {
	struct boot *boot;
	__u64 written;
	bool done;
	struct storm storm;
};

/* All of them. */
struct reader {
	struct taken *taken;
	size_t count;
	size_t left;
	const struct codes *codes;
};

static void take(struct reader *r, struct boots *boots, const struct known_vm *vm)
{
	const struct dbgport_vm_info *info = &vm->info;
	struct taken t = { .written = info->written, .done = !info->written };

	t.boot = boots_get(boots, info->vm, info->zero_ns);
	snprintf(t.boot->vm, sizeof(t.boot->vm), "%s", vm->name);
	t.boot->pid = info->pid;
	t.boot->late = info->flags & DBGPORT_VM_LATE;
	storm_init(&t.storm);
	r->taken = grow(r->taken, r->count, sizeof(t));
	r->taken[r->count++] = t;
	r->left += !t.done;
}

static int take_named(struct reader *r, struct boots *boots, const struct vms *vms,
		      char *const names[], int count, char *why, size_t size)
{
	for (int i = 0; i < count; i++) {
		const struct known_vm *vm = vms_find(vms, names[i], why, size);
		bool twice = false;

		if (!vm)
			return -1;
		for (size_t t = 0; t < r->count; t++)
			twice = twice || r->taken[t].boot->id == vm->info.vm;
		if (!twice)
			take(r, boots, vm);
	}
	for (size_t i = 0; !count && i < vms->count; i++)
		take(r, boots, &vms->vm[i]);
	return 0;
}

static struct taken *taken_of(const struct reader *r, __u32 vm)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->taken[i].boot->id == vm)
			return &r->taken[i];
	}
	return NULL;
}

static void is_done(struct reader *r, struct taken *t)
{
	r->left -= !t->done;
	t->done = true;
}

static void put_storm(struct taken *t)
{
	struct storm *s = &t->storm;
	const struct mark mark = {
		.type = MARK_STORM,
		.port = DBGPORT_POST_PORT,
		.seq = s->seq,
		.count = s->count,
		.time_ns = s->begin_ns - t->boot->zero_ns,
	};

	if (s->count)
		boot_add(t->boot, &mark);
	s->count = 0;
}

static void put_code(const struct reader *r, struct taken *t, const struct dbgport_record *rec)
{
	const struct mark mark = {
		.type = MARK_CODE,
		.port = rec->port,
		.vcpu = rec->vcpu,
		.value = rec->value,
		.seq = rec->seq,
		.count = 1,
		.time_ns = rec->time_ns - t->boot->zero_ns,
		.component = (char *)code_component(r->codes, rec->value),
		.text = (char *)code_name(r->codes, rec->value),
	};

	if (storm_takes(&t->storm, rec->seq, rec->time_ns))
		return;
	put_storm(t);
	boot_add(t->boot, &mark);
}

static void put_write(struct reader *r, struct taken *t, const struct dbgport_record *rec)
{
	char data[sizeof(rec->value)];

	if (rec->port == DBGPORT_POST_PORT) {
		put_code(r, t, rec);
	} else {
		/* The first byte is the lowest one. */
		memcpy(data, &rec->value, sizeof(data));
		boot_add_bytes(t->boot, rec->port, rec->vcpu, rec->seq,
			       rec->time_ns - t->boot->zero_ns, data, rec->width);
	}
	if (rec->seq + 1 >= t->written)
		is_done(r, t);
}

static void put_lost(struct reader *r, struct taken *t, const struct dbgport_record *rec)
{
	const struct mark mark = { .type = MARK_LOST, .seq = rec->seq, .count = rec->count };

	boot_add(t->boot, &mark);
	if (rec->seq + rec->count >= t->written)
		is_done(r, t);
}

static void put_record(struct reader *r, const struct dbgport_record *rec)
{
	struct taken *t = taken_of(r, rec->vm);

	if (!t || t->done)
		return;
	if (rec->type == DBGPORT_WRITE && rec->width <= sizeof(rec->value))
		put_write(r, t, rec);
	else if (rec->type == DBGPORT_LOST)
		put_lost(r, t, rec);
	else if (rec->type == DBGPORT_GONE)
		is_done(r, t);
}

static int read_all(struct reader *r, int fd)
{
	static struct dbgport_record buf[RECORDS];

	while (r->left) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -errno;
		if (n <= 0)
			break;
		for (size_t i = 0; i < n / sizeof(*buf); i++)
			put_record(r, &buf[i]);
	}
	for (size_t i = 0; i < r->count; i++)
		put_storm(&r->taken[i]);
	return 0;
}

int boots_read_device(struct boots *boots, char *const names[], int count,
		      const struct codes *codes, char *why, size_t size)
{
	struct reader r = { .codes = codes };
	struct dbgport_info info;
	struct vms vms;
	int fd = device_open(device_path, &info, why, size);
	int err;

	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	err = vms_load(&vms, fd, info.load_id);
	if (err) {
		snprintf(why, size, "%s: %s", device_path, strerror(-err));
		close(fd);
		return -1;
	}
	err = take_named(&r, boots, &vms, names, count, why, size);
	vms_free(&vms);
	if (!err) {
		err = read_all(&r, fd);
		if (err)
			snprintf(why, size, "%s: %s", device_path, strerror(-err));
	}
	free(r.taken);
	close(fd);
	return err ? -1 : 0;
}
