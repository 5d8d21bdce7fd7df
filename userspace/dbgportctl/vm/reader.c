// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/vm/reader.h"
#include "lib/device.h"
#include "libdbgport/libdbgport.h"

/* Read at once. */
#define RECORDS		2048
/* Put into the order of time at once: 48 MiB. */
#define TIMED		(1024 * 1024)

/**
 * struct timed - a record that waits to be put into order
 * @ns: when it belongs there
 * @index: the order in which it was read
 * @rec: it
 */
struct timed {
	__u64 ns;
	__u64 index;
	struct dbgport_record rec;
};

/* Whether one that was not named by itself is wanted. */
static bool is_open(const struct reader *r, const struct known_vm *vm)
{
	return !r->wish->living || !(vm->info.flags & DBGPORT_VM_GONE);
}

/* Mark the VMs that are wanted. */
static int choose(struct reader *r, char *why, size_t size)
{
	char *const *names = r->wish->names;

	for (size_t i = 0; i < r->vms.count; i++)
		r->vms.vm[i].chosen = !*names && is_open(r, &r->vms.vm[i]);
	for (; *names; names++) {
		struct known_vm *vm = vms_find(&r->vms, *names, why, size);

		if (vm)
			vm->chosen = !r->wish->by_name || is_open(r, vm);
		else if (!r->wish->by_name)
			return -1;
	}
	return 0;
}

/* Whether one that came while we read is wanted. */
static bool is_wanted(const struct reader *r, const struct known_vm *vm)
{
	for (char *const *name = r->wish->names; *name; name++) {
		if (r->wish->by_name && vms_is_named(vm, *name))
			return true;
	}
	return !*r->wish->names;
}

static void begin(struct reader *r)
{
	for (size_t i = 0; i < r->vms.count; i++) {
		struct known_vm *vm = &r->vms.vm[i];

		/* Nothing new comes of it, and its end has been left out. */
		if (r->wish->newest && vm->info.flags & DBGPORT_VM_GONE) {
			vm->chosen = false;
			continue;
		}
		vm->behind = vm->chosen;
		r->living += vm->chosen;
		r->behind += vm->chosen;
		/* Of the others nothing is wanted. */
		if (!vm->chosen)
			dbgport_seek(r->fd, vm->info.vm, vm->info.written);
		else if (r->wish->last && vm->info.written)
			dbgport_seek(r->fd, vm->info.vm, vm->info.written - 1);
	}
}

int reader_open(struct reader *r, const struct reader_wish *wish, char *why, size_t size)
{
	int err;

	*r = (struct reader){ .wish = wish };
	r->fd = device_open(device_path, &r->module, why, size);
	if (r->fd < 0)
		return -1;
	err = wish->newest ? dbgport_subscribe(r->fd, DBGPORT_SUB_NEWEST) : 0;
	if (!err)
		err = vms_load(&r->vms, r->fd, r->module.load_id);
	if (err)
		snprintf(why, size, "%s: %s", device_path, strerror(-err));
	else
		err = choose(r, why, size);
	if (err) {
		reader_close(r);
		return -1;
	}
	r->buf = must(calloc(RECORDS, sizeof(*r->buf)));
	begin(r);
	return 0;
}

void reader_close(struct reader *r)
{
	vms_free(&r->vms);
	free(r->buf);
	close(r->fd);
	*r = (struct reader){ .fd = -1 };
}

struct known_vm *reader_first(const struct reader *r)
{
	for (size_t i = 0; i < r->vms.count; i++) {
		if (r->vms.vm[i].chosen)
			return &r->vms.vm[i];
	}
	return NULL;
}

/* A VM that is new to us came while we read. */
static struct known_vm *came(struct reader *r, __u32 id)
{
	struct known_vm *vm = must(vms_add(&r->vms, r->fd, id));

	vm->chosen = is_wanted(r, vm);
	r->living += vm->chosen;
	return vm;
}

/* Rings that were kept are no more, perhaps those of VMs that are waited for. */
static void forget_dropped(struct reader *r)
{
	r->living = 0;
	for (size_t i = 0; i < r->vms.count; i++) {
		struct known_vm *vm = &r->vms.vm[i];
		struct dbgport_vm_info info;

		if (dbgport_vm_info(r->fd, vm->info.vm, &info)) {
			r->behind -= vm->behind;
			vm->behind = false;
			vm->chosen = false;
		}
		r->living += vm->chosen;
	}
}

/* Whether nothing that @vm had written at first comes behind @rec. */
static bool is_last(const struct known_vm *vm, const struct dbgport_record *rec)
{
	__u64 written = vm->info.written;

	if (rec->type == DBGPORT_GONE)
		return true;
	/* Its end is there to be read, too. */
	if (vm->info.flags & DBGPORT_VM_GONE)
		return false;
	switch (rec->type) {
	case DBGPORT_WRITE:
		return rec->seq + 1 >= written;
	case DBGPORT_LOST:
		return rec->seq + rec->count >= written;
	default:
		return !written;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct timed *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static void give_timed(struct reader *r)
{
	if (r->timed_count)
		qsort(r->timed, r->timed_count, sizeof(*r->timed), by_time);
	for (size_t i = 0; i < r->timed_count; i++) {
		const struct dbgport_record *rec = &r->timed[i].rec;

		r->take(r->arg, vms_of_id(&r->vms, rec->vm), rec);
	}
	free(r->timed);
	r->timed = NULL;
	r->timed_count = 0;
}

/* Events without a time belong behind what was before them. */
static void put_in_order(struct reader *r, struct known_vm *vm, const struct dbgport_record *rec)
{
	if (!r->timed)
		r->timed = must(malloc(TIMED * sizeof(*r->timed)));
	if (rec->time_ns > vm->last_ns)
		vm->last_ns = rec->time_ns;
	r->timed[r->timed_count] = (struct timed){
		.ns = vm->last_ns, .index = r->timed_count, .rec = *rec,
	};
	if (++r->timed_count == TIMED)
		give_timed(r);
}

static void put_record(struct reader *r, const struct dbgport_record *rec, bool sort)
{
	struct known_vm *vm = vms_of_id(&r->vms, rec->vm);

	if (!vm && rec->type == DBGPORT_ATTACHED)
		vm = came(r, rec->vm);
	if (!rec->vm)
		forget_dropped(r);
	else if (!vm || !vm->chosen)
		return;
	if (vm && vm->behind && is_last(vm, rec)) {
		vm->behind = false;
		r->behind--;
	}
	if (vm && rec->type == DBGPORT_GONE)
		r->living--;
	if (vm && sort)
		put_in_order(r, vm, rec);
	else
		r->take(r->arg, vm, rec);
}

/* As reader_read(); @sort: what comes waits to be put into order */
static int read_batch(struct reader *r, bool sort)
{
	const struct iovec iov = { .iov_base = r->buf, .iov_len = RECORDS * sizeof(*r->buf) };
	ssize_t n;

	do {
		n = preadv2(r->fd, &iov, 1, -1, RWF_NOWAIT);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	if (!n)
		return -ENODEV;
	n /= sizeof(*r->buf);
	for (ssize_t i = 0; i < n; i++)
		put_record(r, &r->buf[i], sort);
	return n;
}

int reader_read_kept(struct reader *r, reader_take *take, void *arg)
{
	bool sort = r->wish->by_time && r->living > 1;
	int n = 1;

	r->take = take;
	r->arg = arg;
	while (r->behind && n > 0)
		n = read_batch(r, sort);
	give_timed(r);
	return n < 0 && n != -ENODEV ? n : 0;
}

int reader_read(struct reader *r, reader_take *take, void *arg)
{
	r->take = take;
	r->arg = arg;
	return read_batch(r, false);
}
