// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/uio.h>
#include <unistd.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/loop/watch.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/router.h"
#include "dbgportd/source/attach.h"
#include "dbgportd/source/naming.h"
#include "dbgportd/source/resume.h"
#include "dbgportd/source/source.h"
#include "dbgportd/source/take.h"
#include "dbgportd/stream/stream.h"
#include "lib/clock.h"
#include "lib/device.h"
#include "lib/log.h"
#include "libdbgport/libdbgport.h"

/* Many records per read beat every other trick: see Documentation/dbgportd.rst. */
#define RECORDS		2048
#define RETRY_MS	1000
/*
 * Reads that follow each other faster than this wait so long, and bring together
 * what guests write meanwhile: or each byte of a flood would wake us.  Where for HURRY_MS
 * all has gone to files, whose bytes wait for more anyway, reads wait longer.  Rings of
 * GATHER_RING records for each millisecond are not filled in that time.
 */
#define GATHER_MS	1
#define GATHER_FILES_MS	4
#define HURRY_MS	1000
#define GATHER_RING	8192
#define DRAIN_MS	1000
/* How long VMs that came last may wait for their names. */
#define NAMES_MS	500

static void read_done(struct event *ev, int res);
static void ready_done(struct event *ev, int res);
static void retry_done(struct event *ev, int res);
static void again_done(struct event *ev, int res);
static void duration_done(struct event *ev, int res);
static void node_seen(struct watch *w, __u32 mask);

static struct dbgport_record buf[RECORDS];
static const char *device;
static int fd = -1;
static struct dbgport_info module;
static bool stopping;
static char last_why[512];

/* When to end. */
static bool once, until_vm_exit, all_read, over, failed;
static unsigned int duration_ms;

/* The next read may be started; and the one before, then, had all that there was. */
static bool due, caught_up;
static __u64 read_at;

static struct event reading = { .done = read_done };
static struct event ready = { .done = ready_done };
static struct event retry = { .done = retry_done };
static struct event again = { .done = again_done };
static struct event duration = { .done = duration_done };
static struct watch node = { .seen = node_seen };

void source_set_limits(bool to_the_end, unsigned int ms, bool to_vm_exit)
{
	once = to_the_end;
	duration_ms = ms;
	until_vm_exit = to_vm_exit;
	if (once)
		streams_block_all();
}

bool source_is_over(void)
{
	return over;
}

bool source_has_failed(void)
{
	return failed;
}

bool source_has_vm(__u32 vm)
{
	struct dbgport_vm_info info;

	return fd < 0 || dbgport_vm_info(fd, vm, &info) != -ENOENT;
}

const struct dbgport_info *source_info(void)
{
	return &module;
}

int source_open(const char *path, char *why, size_t size)
{
	int err;

	device = path;
	fd = device_open(path, &module, why, size);
	if (fd < 0)
		return fd;
	err = attach_vms(fd, path, &module, !once, why, size);
	if (err) {
		close(fd);
		fd = -1;
	}
	return err;
}

static void take(size_t bytes)
{
	take_records(buf, bytes / sizeof(*buf));
	caught_up = bytes < sizeof(buf);
}

static void begin(void)
{
	/* Of the same VMs, before the module was unplugged. */
	streams_flush();
	positions_keep();

	take_from(fd);
	resume_vms(fd);
	due = true;
}

void source_start(void)
{
	take_start();
	begin();
	if (duration_ms)
		loop_timeout(&duration, duration_ms);
}

/* One batch a turn, so that sinks come to write; and the loop must not wait. */
static void read_at_once(void)
{
	const struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	ssize_t n = preadv2(fd, &iov, 1, -1, RWF_NOWAIT);

	if (n > 0) {
		take(n);
		due = true;
		if (!again.busy)
			loop_timeout(&again, 0);
		return;
	}
	if (n < 0 && errno != EAGAIN) {
		log_error("%s: reading: %s", device, strerror(errno));
		failed = true;
	}
	all_read = true;
	over = !naming_waits();
}

void source_go_on(void)
{
	if (stopping || over)
		return;
	if (all_read) {
		over = !naming_waits();
		return;
	}
	if (until_vm_exit && caught_up && take_has_seen_all_end()) {
		over = true;
		return;
	}
	if (!due || fd < 0 || streams_blocked())
		return;
	due = false;
	if (once)
		read_at_once();
	else
		loop_read(&reading, fd, buf, sizeof(buf));
}

static void again_done(struct event *ev, int res)
{
	(void)ev;
	(void)res;
	due = true;
}

static void duration_done(struct event *ev, int res)
{
	(void)ev;
	if (res != -ECANCELED)
		over = true;
}

/* Look again when something happens to the node's directory, or in a second. */
static void wait_for_device(void)
{
	char *copy = strdup(device);

	if (copy)
		watch_add(&node, dirname(copy), IN_CREATE | IN_MOVED_TO | IN_ATTRIB);
	free(copy);
	last_why[0] = '\0';
	if (!retry.busy)
		loop_timeout(&retry, RETRY_MS);
}

static void device_lost(int err)
{
	/* VMs that wait for a name are of before, in the log as well. */
	naming_finish(0);
	if (err)
		log_error("%s: reading: %s; waiting for it to come back", device, strerror(err));
	else
		log_warning("%s: the module was unplugged; waiting for it to come back", device);
	close(fd);
	fd = -1;
	take_from(fd);
	caught_up = true;
	router_unplug();
	wait_for_device();
}

static void try_again(void)
{
	char why[sizeof(last_why)];
	int err;

	if (fd >= 0 || stopping)
		return;
	err = source_open(device, why, sizeof(why));
	if (!err) {
		watch_remove(&node);
		log_line("%s: the module is back", device);
		if (router_check_ports(NULL, &module, why, sizeof(why)))
			log_error("%s", why);
		positions_reload(module.load_id);
		begin();
		return;
	}
	/* Its absence has been logged; what else is wrong is logged once. */
	if (err != -ENOENT && err != -ENODEV && err != -ENXIO && err != -EACCES &&
	    strcmp(why, last_why)) {
		memcpy(last_why, why, sizeof(why));
		log_error("%s", why);
	}
}

static unsigned int gather_ms(void)
{
	bool hurries = loop_now() - streams_hurried_at() < HURRY_MS;
	unsigned int ms = hurries ? GATHER_MS : GATHER_FILES_MS;
	unsigned int most = module.ring / GATHER_RING;

	return ms < most ? ms : most;
}

/* What comes after a rest is read at once; a wait may be told a millisecond longer. */
static void read_soon(void)
{
	unsigned int ms = gather_ms();
	bool rested = loop_now() - read_at > ms + 1;

	read_at = loop_now();
	if (rested || !caught_up || !ms)
		due = true;
	else
		loop_timeout(&again, ms);
}

static void read_done(struct event *ev, int res)
{
	(void)ev;
	if (res > 0)
		take(res);
	if (stopping)
		return;
	if (res > 0)
		read_soon();
	else if (res == -EINTR)
		due = true;
	else if (res == -EAGAIN)
		loop_poll(&ready, fd, POLLIN);
	else
		device_lost(-res);
}

static void ready_done(struct event *ev, int res)
{
	(void)ev;
	(void)res;
	due = true;
}

static void retry_done(struct event *ev, int res)
{
	(void)res;
	if (fd >= 0 || stopping)
		return;
	try_again();
	if (fd < 0)
		loop_timeout(ev, RETRY_MS);
}

static void node_seen(struct watch *w, __u32 mask)
{
	(void)w;
	(void)mask;
	try_again();
}

void source_stop(void)
{
	stopping = true;
	loop_cancel(&reading);
	loop_cancel(&ready);
	loop_cancel(&retry);
	loop_cancel(&again);
	loop_cancel(&duration);
	naming_stop();
}

bool source_is_idle(void)
{
	return !reading.busy && !ready.busy && !retry.busy && !again.busy && !duration.busy &&
	       naming_is_idle();
}

void source_drain(void)
{
	const struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	__u64 deadline = clock_ns(CLOCK_MONOTONIC) + DRAIN_MS * NSEC_PER_MSEC;
	ssize_t n;

	if (fd < 0)
		return;
	while (clock_ns(CLOCK_MONOTONIC) < deadline && !streams_blocked() &&
	       (n = preadv2(fd, &iov, 1, -1, RWF_NOWAIT)) > 0) {
		take(n);
		streams_flush();
		positions_keep();
	}
	naming_finish(NAMES_MS);
	streams_flush();
	positions_keep();
	close(fd);
	fd = -1;
}
