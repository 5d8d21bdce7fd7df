// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "dbgportd/log.h"
#include "dbgportd/loop.h"
#include "dbgportd/router.h"
#include "dbgportd/source.h"
#include "dbgportd/stream.h"
#include "dbgportd/watch.h"
#include "lib/cmdline.h"
#include "lib/device.h"
#include "lib/running.h"
#include "lib/vmname.h"

/* Many records per read beat every other trick: see Documentation/dbgportd.rst. */
#define RECORDS		2048
#define RETRY_MS	1000
#define DRAIN_MS	1000

static void read_done(struct event *ev, int res);
static void ready_done(struct event *ev, int res);
static void retry_done(struct event *ev, int res);
static void node_seen(struct watch *w, __u32 mask);

static struct dbgport_record buf[RECORDS];
static const char *device;
static int fd = -1;
static bool stopping;
static char last_why[512];
static struct event reading = { .done = read_done };
static struct event ready = { .done = ready_done };
static struct event retry = { .done = retry_done };
static struct watch node = { .seen = node_seen };

int source_open(const char *path, struct dbgport_info *info, char *why, size_t size)
{
	int err;

	device = path;
	fd = device_open(path, info, why, size);
	if (fd < 0)
		return fd;
	err = device_subscribe(fd, DBGPORT_SUB_CLAIM);
	if (err) {
		snprintf(why, size, "%s: subscribing: %s", path, strerror(-err));
		close(fd);
		fd = -1;
		return err;
	}
	err = running_attach(fd);
	if (err < 0)
		log_line("/proc: %s: VMs that are running already are not attached",
			 strerror(-err));
	return 0;
}

/*
 * The name that the VMM was told, or NULL.  A process id may soon belong to
 * another process, but not while the VM lives and so its VMM does.
 */
static const char *given_name(const struct dbgport_vm_info *info)
{
	static char args[CMDLINE_SIZE];
	static char name[VMNAME_GIVEN_SIZE];
	struct dbgport_vm_info now;
	size_t len;

	if (info->pid <= 0)
		return NULL;
	len = cmdline_read(args, sizeof(args), info->pid);
	if (device_vm_info(fd, info->vm, &now) || now.flags & DBGPORT_VM_GONE)
		return NULL;
	return cmdline_vm_name(name, sizeof(name), args, len) ? name : NULL;
}

static void take_attached(const struct dbgport_record *rec)
{
	struct dbgport_vm_info info;

	if (device_vm_info(fd, rec->vm, &info))
		router_record(rec, NULL, NULL);
	else
		router_record(rec, &info, given_name(&info));
}

static void take(size_t bytes)
{
	for (size_t i = 0; i < bytes / sizeof(buf[0]); i++) {
		if (buf[i].type == DBGPORT_ATTACHED)
			take_attached(&buf[i]);
		else
			router_record(&buf[i], NULL, NULL);
	}
}

void source_start(void)
{
	loop_read(&reading, fd, buf, sizeof(buf));
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
	if (err)
		log_line("%s: reading: %s; waiting for it to come back", device, strerror(err));
	else
		log_line("%s: the module was unplugged; waiting for it to come back", device);
	close(fd);
	fd = -1;
	router_unplug();
	wait_for_device();
}

static void try_again(void)
{
	struct dbgport_info info;
	char why[sizeof(last_why)];
	int err;

	if (fd >= 0 || stopping)
		return;
	err = source_open(device, &info, why, sizeof(why));
	if (!err) {
		watch_remove(&node);
		log_line("%s: the module is back", device);
		if (router_check_ports(&info, why, sizeof(why)))
			log_line("%s", why);
		source_start();
		return;
	}
	/* Its absence has been told; what else is wrong is told once. */
	if (err != -ENOENT && err != -ENODEV && err != -ENXIO && err != -EACCES &&
	    strcmp(why, last_why)) {
		memcpy(last_why, why, sizeof(why));
		log_line("%s", why);
	}
}

static void read_done(struct event *ev, int res)
{
	(void)ev;
	if (res > 0)
		take(res);
	if (stopping)
		return;
	if (res > 0 || res == -EINTR)
		source_start();
	else if (res == -EAGAIN)
		loop_poll(&ready, fd, POLLIN);
	else
		device_lost(-res);
}

static void ready_done(struct event *ev, int res)
{
	(void)ev;
	(void)res;
	if (!stopping)
		source_start();
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
}

bool source_is_idle(void)
{
	return !reading.busy && !ready.busy && !retry.busy;
}

static __u64 clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

void source_drain(void)
{
	const struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	__u64 deadline = clock_ms() + DRAIN_MS;
	ssize_t n;

	if (fd < 0)
		return;
	while (clock_ms() < deadline && (n = preadv2(fd, &iov, 1, -1, RWF_NOWAIT)) > 0) {
		take(n);
		streams_flush();
	}
	close(fd);
	fd = -1;
}
