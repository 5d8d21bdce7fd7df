// SPDX-License-Identifier: GPL-2.0
#include <dbgport.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/follow/follow.h"
#include "dbgportctl/vm/vms.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/router.h"
#include "lib/device.h"

#define RECORDS		2048
/* Records that are put into the order of time at once: 48 MiB. */
#define SORTED		(1024 * 1024)
#define RETRY_MS	1000

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

static void wake(struct event *ev, int res);
static void timeout_done(struct event *ev, int res);

static const struct follow *what;
static int fd = -1;
static struct vms vms;
static struct dbgport_record buf[RECORDS];
static unsigned int living;
static bool timed_out;
static struct event ready = { .done = wake };
static struct event again = { .done = wake };
static struct event timeout = { .done = timeout_done };

static struct timed *waiting;
static size_t waiting_count;

static void wake(struct event *ev, int res)
{
	(void)ev;
	(void)res;
}

static void timeout_done(struct event *ev, int res)
{
	(void)ev;
	(void)res;
	timed_out = true;
}

static bool is_named(const struct known_vm *vm)
{
	for (char *const *name = what->names; *name; name++) {
		if (vms_is_named(vm, *name))
			return true;
	}
	return !*what->names;
}

/* Mark the VMs that are meant. */
static int choose(void)
{
	char why[512];

	for (size_t i = 0; i < vms.count; i++)
		vms.vm[i].chosen = !*what->names;
	for (char *const *name = what->names; *name; name++) {
		struct known_vm *vm = vms_find(&vms, *name, why, sizeof(why));

		if (vm) {
			vm->chosen = true;
		} else if (!what->by_name) {
			fail("%s", why);
			return -1;
		}
	}
	for (size_t i = 0; i < vms.count; i++)
		living += vms.vm[i].chosen;
	return 0;
}

static int start_reading(__u64 load_id)
{
	int err = what->newest ? device_subscribe(fd, DBGPORT_SUB_NEWEST) : 0;

	if (!err)
		err = vms_load(&vms, fd, load_id);
	if (err) {
		fail("%s: %s", device_path, strerror(-err));
		return -1;
	}
	return choose();
}

static int open_device(void)
{
	struct dbgport_info info;
	char why[512];

	fd = device_open(device_path, &info, why, sizeof(why));
	if (fd < 0) {
		fail("%s", why);
		return -1;
	}
	return start_reading(info.load_id);
}

static void stop_reading(void)
{
	router_unplug();
	vms_free(&vms);
	living = 0;
	if (fd >= 0)
		close(fd);
	fd = -1;
}

/* A VM that is new to us came while we read. */
static struct known_vm *came(__u32 id)
{
	struct known_vm *vm = must(vms_add(&vms, fd, id));

	vm->chosen = !*what->names || (what->by_name && is_named(vm));
	living += vm->chosen;
	return vm;
}

static void hand_over(const struct dbgport_record *rec)
{
	const struct known_vm *vm = vms_of_id(&vms, rec->vm);

	if (rec->type == DBGPORT_GONE)
		living--;
	router_record(rec, &vm->info, vm->name);
}

static int by_time(const void *a, const void *b)
{
	const struct timed *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static void hand_over_waiting(void)
{
	qsort(waiting, waiting_count, sizeof(*waiting), by_time);
	for (size_t i = 0; i < waiting_count; i++)
		hand_over(&waiting[i].rec);
	free(waiting);
	waiting = NULL;
	waiting_count = 0;
}

/* Events without a time belong behind what was before them. */
static void put_in_order(const struct dbgport_record *rec, struct known_vm *vm)
{
	if (!waiting)
		waiting = must(malloc(SORTED * sizeof(*waiting)));
	if (rec->time_ns > vm->last_ns)
		vm->last_ns = rec->time_ns;
	waiting[waiting_count] = (struct timed){
		.ns = vm->last_ns, .index = waiting_count, .rec = *rec,
	};
	if (++waiting_count == SORTED)
		hand_over_waiting();
}

/* Rings that were kept are no more, perhaps those of VMs that we wait for. */
static void lost_vms(const struct dbgport_record *rec)
{
	__u64 count = rec->seq, writes = rec->count;

	fail("%llu VMs with %llu writes came and went before they were read", count, writes);
	living = 0;
	for (size_t i = 0; i < vms.count; i++) {
		struct dbgport_vm_info info;

		if (device_vm_info(fd, vms.vm[i].info.vm, &info))
			vms.vm[i].chosen = false;
		living += vms.vm[i].chosen;
	}
}

/* Whether it is one of those that are wanted, or an event of them. */
static bool is_wanted(const struct dbgport_record *rec, const struct known_vm *vm)
{
	return vm && vm->chosen &&
	       (rec->type != DBGPORT_WRITE || rec->time_ns >= what->since_ns);
}

static void take(size_t bytes, bool sort)
{
	for (size_t i = 0; i < bytes / sizeof(buf[0]); i++) {
		const struct dbgport_record *rec = &buf[i];
		struct known_vm *vm = vms_of_id(&vms, rec->vm);

		if (rec->type == DBGPORT_ATTACHED && !vm)
			vm = came(rec->vm);
		if (!rec->vm)
			lost_vms(rec);
		if (!is_wanted(rec, vm))
			continue;
		if (sort)
			put_in_order(rec, vm);
		else
			hand_over(rec);
	}
}

/* Without waiting: bytes, 0: the module was unplugged, or a negative errno. */
static ssize_t read_some(void)
{
	const struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	ssize_t n = preadv2(fd, &iov, 1, -1, RWF_NOWAIT);

	return n < 0 ? -errno : n;
}

/* How many records there are by now; a guest can always write more. */
static __u64 written_already(void)
{
	__u64 count = 0;

	for (size_t i = 0; i < vms.count; i++)
		count += vms.vm[i].info.written - vms.vm[i].info.oldest + 2;
	return count;
}

static void read_already(void)
{
	__u64 left = written_already();
	bool sort = living > 1;
	ssize_t n;

	if (sort)
		router_show_labels();
	while (left && (n = read_some()) > 0) {
		__u64 records = n / sizeof(buf[0]);

		take(n, sort);
		left -= records < left ? records : left;
	}
	hand_over_waiting();
	if (what->caught_up)
		what->caught_up();
}

/* One batch a turn; the loop waits if there was none.  0 or a negative errno. */
static int read_on(void)
{
	ssize_t n;

	if (again.busy || ready.busy)
		return 0;
	n = read_some();
	if (n > 0) {
		take(n, false);
		loop_timeout(&again, 0);
	} else if (n == -EAGAIN) {
		loop_poll(&ready, fd, POLLIN);
	} else {
		return n ? (int)n : -ENODEV;
	}
	return 0;
}

static void wait_for_device(void)
{
	struct dbgport_info info;
	char why[512];

	if (again.busy)
		return;
	fd = device_open(device_path, &info, why, sizeof(why));
	if (fd >= 0 && !start_reading(info.load_id)) {
		loop_timeout(&again, 0);
		return;
	}
	stop_reading();
	loop_timeout(&again, RETRY_MS);
}

static bool is_over(enum follow_end *end)
{
	*end = FOLLOW_READ;
	if (what->is_done && what->is_done())
		*end = FOLLOW_DONE;
	else if (timed_out)
		*end = FOLLOW_TIMEOUT;
	else if (ferror(stdout))
		*end = FOLLOW_FAILED;
	else if (what->by_name || living || !*what->names)
		return false;
	return true;
}

static enum follow_end go_on(void)
{
	enum follow_end end;

	if (what->timeout_ms >= 0)
		loop_timeout(&timeout, what->timeout_ms);
	while (!is_over(&end)) {
		int err = fd < 0 ? 0 : read_on();

		if (err && !what->by_name) {
			fail("%s: %s", device_path,
			     err == -ENODEV ? "the module was unplugged" : strerror(-err));
			return FOLLOW_FAILED;
		}
		if (err)
			stop_reading();
		if (fd < 0)
			wait_for_device();
		fflush(stdout);
		positions_keep();
		loop_turn();
	}
	return end;
}

enum follow_end follow(const struct follow *f)
{
	enum follow_end end = FOLLOW_READ;

	what = f;
	loop_init("poll");
	if (open_device())
		return FOLLOW_FAILED;
	read_already();
	if (f->go_on)
		end = go_on();
	else if (f->is_done && f->is_done())
		end = FOLLOW_DONE;
	return end;
}
