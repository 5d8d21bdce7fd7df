// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "module.h"
#include "reader.h"

#define BATCH	512

void reader_give_eventfd(int fd)
{
	struct dbgport_give_eventfd give = { 0 };
	int ret;

	if (!(reader_info(fd).features & DBGPORT_F_EVENTFD))
		return;
	give.fd = eventfd(0, EFD_CLOEXEC);
	if (give.fd < 0)
		err(1, "eventfd");
	ret = ioctl(fd, DBGPORT_GIVE_EVENTFD, &give);
	if (ret < 0 && errno != EEXIST && errno != EPERM)
		err(1, "DBGPORT_GIVE_EVENTFD");
	close(give.fd);
}

static bool is_to_be_claimed(int fd, const struct dbgport_vm_info *info)
{
	unsigned int claim = info->claim;

	if (claim == DBGPORT_CLAIM_HOST)
		claim = reader_info(fd).claim;
	return claim != DBGPORT_CLAIM_NEVER && !(info->flags & DBGPORT_VM_GONE);
}

/* Some backends take their time. */
static void await_claims(int fd)
{
	struct dbgport_vm_info info;
	unsigned int vm = 0;

	while ((vm = reader_next_vm(fd, vm))) {
		while (reader_vm_info(fd, vm, &info) == 0 && is_to_be_claimed(fd, &info) &&
		       !(info.flags & DBGPORT_VM_CLAIMED))
			poll(NULL, 0, 1);
	}
}

int reader_open(int oflags, unsigned int sub)
{
	struct dbgport_subscribe subscribe = { .flags = sub };
	int fd = open(DBGPORT_DEVICE, O_RDWR | O_CLOEXEC | oflags);

	if (fd < 0)
		err(1, DBGPORT_DEVICE);
	reader_give_eventfd(fd);
	if (sub && ioctl(fd, DBGPORT_SUBSCRIBE, &subscribe) < 0)
		err(1, "DBGPORT_SUBSCRIBE");
	if (sub & DBGPORT_SUB_CLAIM)
		await_claims(fd);
	return fd;
}

struct dbgport_info reader_info(int fd)
{
	struct dbgport_info info;

	if (ioctl(fd, DBGPORT_GET_INFO, &info) < 0)
		err(1, "DBGPORT_GET_INFO");
	return info;
}

bool fresh_module_has(unsigned long long feature)
{
	bool has;
	int fd;

	module_fresh("");
	fd = reader_open(0, 0);
	has = reader_info(fd).features & feature;
	close(fd);
	return has;
}

int reader_vm_info(int fd, unsigned int vm, struct dbgport_vm_info *info)
{
	memset(info, 0, sizeof(*info));
	info->vm = vm;
	return ioctl(fd, DBGPORT_VM_INFO, info) < 0 ? -errno : 0;
}

struct dbgport_port_info reader_port_info(int fd, unsigned int vm, unsigned short port)
{
	struct dbgport_vm_info info;
	unsigned int i;

	if (reader_vm_info(fd, vm, &info) == 0)
		for (i = 0; i < info.nports; i++)
			if (info.ports[i].port == port)
				return info.ports[i];
	return (struct dbgport_port_info) { 0 };
}

int reader_set_claim(int fd, unsigned int vm, unsigned int claim)
{
	struct dbgport_set_claim set = { .vm = vm, .claim = claim };

	return ioctl(fd, DBGPORT_SET_CLAIM, &set) ? -errno : 0;
}

bool reader_is_claimed(int fd, unsigned int vm)
{
	struct dbgport_vm_info info;

	return reader_vm_info(fd, vm, &info) == 0 && info.flags & DBGPORT_VM_CLAIMED;
}

void reader_await_claimed(int fd, unsigned int vm, bool claimed)
{
	while (reader_is_claimed(fd, vm) != claimed)
		poll(NULL, 0, 1);
}

unsigned int reader_vm_flags(int fd, unsigned int vm)
{
	struct dbgport_vm_info info;

	return reader_vm_info(fd, vm, &info) ? 0 : info.flags;
}

unsigned long long reader_written(int fd, unsigned int vm)
{
	struct dbgport_vm_info info;

	return reader_vm_info(fd, vm, &info) ? 0 : info.written;
}

unsigned int reader_next_vm(int fd, unsigned int vm)
{
	struct dbgport_next_vm next = { .vm = vm };

	if (ioctl(fd, DBGPORT_NEXT_VM, &next) == 0)
		return next.vm;
	if (errno != ENOENT)
		err(1, "DBGPORT_NEXT_VM");
	return 0;
}

int reader_detach(int fd, unsigned int vm)
{
	struct dbgport_detach detach = { .vm = vm };

	return ioctl(fd, DBGPORT_DETACH, &detach) ? -errno : 0;
}

unsigned int reader_my_vm(int fd)
{
	struct dbgport_vm_info info;
	unsigned int vm = 0, mine = 0;

	while ((vm = reader_next_vm(fd, vm))) {
		if (reader_vm_info(fd, vm, &info) == 0 &&
		    !(info.flags & DBGPORT_VM_GONE) && info.pid == getpid())
			mine = vm;
	}
	if (!mine)
		errx(1, "no VM of this process is attached");
	return mine;
}

/* Room for BATCH more at the end. */
static struct dbgport_record *stream_room(struct stream *stream)
{
	stream->rec = reallocarray(stream->rec, stream->len + BATCH,
				   sizeof(*stream->rec));
	if (!stream->rec)
		err(1, "stream");
	return stream->rec + stream->len;
}

/* Number of records; 0 at the end; -1 if none is there and @flags say so. */
static ssize_t read_batch(int fd, struct stream *stream, int flags)
{
	struct iovec iov = {
		.iov_base = stream_room(stream),
		.iov_len = BATCH * sizeof(struct dbgport_record),
	};
	ssize_t len = preadv2(fd, &iov, 1, -1, flags);

	if (len < 0 && errno == EAGAIN)
		return -1;
	if (len < 0)
		err(1, "read of " DBGPORT_DEVICE);
	if (len % sizeof(struct dbgport_record))
		errx(1, "read of " DBGPORT_DEVICE " gave part of a record");
	stream->len += len / sizeof(struct dbgport_record);
	return len / sizeof(struct dbgport_record);
}

void reader_drain(int fd, struct stream *stream)
{
	while (read_batch(fd, stream, RWF_NOWAIT) > 0)
		;
}

void reader_until(int fd, struct stream *stream, unsigned int vm,
		  enum dbgport_type type)
{
	size_t seen = stream->len;

	for (;;) {
		if (read_batch(fd, stream, 0) <= 0)
			errx(1, DBGPORT_DEVICE " ended too early");
		for (; seen < stream->len; seen++) {
			if (stream->rec[seen].vm == vm &&
			    stream->rec[seen].type == type)
				return;
		}
	}
}

void stream_free(struct stream *stream)
{
	free(stream->rec);
	*stream = (struct stream){ 0 };
}

const struct dbgport_record *stream_write(const struct stream *stream,
					  unsigned int vm, size_t n)
{
	size_t i;

	for (i = 0; i < stream->len; i++) {
		const struct dbgport_record *rec = &stream->rec[i];

		if (rec->vm == vm && rec->type == DBGPORT_WRITE && n-- == 0)
			return rec;
	}
	return NULL;
}

size_t stream_count(const struct stream *stream, unsigned int vm,
		    enum dbgport_type type)
{
	size_t i, count = 0;

	for (i = 0; i < stream->len; i++)
		count += stream->rec[i].vm == vm && stream->rec[i].type == type;
	return count;
}

unsigned long long stream_lost(const struct stream *stream, unsigned int vm)
{
	unsigned long long lost = 0;
	size_t i;

	for (i = 0; i < stream->len; i++) {
		const struct dbgport_record *rec = &stream->rec[i];

		if (rec->vm == vm && rec->type == DBGPORT_LOST)
			lost += rec->count;
	}
	return lost;
}

static const char *write_fault(const struct dbgport_record *rec)
{
	if (rec->width != 1 && rec->width != 2 && rec->width != 4)
		return "a width is not 1, 2 or 4";
	if (rec->width < 4 && rec->value >> (8 * rec->width))
		return "a value is wider than its width";
	if (rec->flags & ~DBGPORT_CLAIMED)
		return "an unknown flag is set";
	return NULL;
}

const char *stream_fault(const struct stream *stream, unsigned int vm)
{
	unsigned long long seq = 0, time = 0;
	bool attached = false, gone = false;
	static char text[128];
	const char *fault = NULL;
	size_t i;

	for (i = 0; i < stream->len && !fault; i++) {
		const struct dbgport_record *rec = &stream->rec[i];

		if (rec->vm != vm)
			continue;
		if (gone)
			fault = "a record after GONE";
		else if (!attached && rec->type != DBGPORT_ATTACHED)
			fault = "a record before ATTACHED";
		else if (attached && rec->type == DBGPORT_ATTACHED)
			fault = "ATTACHED twice";
		else if (attached && rec->seq != seq)
			fault = "a gap in the numbers";
		else if (rec->type == DBGPORT_LOST && rec->time_ns)
			fault = "LOST with a time";
		else if (rec->type != DBGPORT_LOST && rec->time_ns < time)
			fault = "time goes back";
		else if (rec->type == DBGPORT_WRITE)
			fault = write_fault(rec);
		else if (rec->port || rec->width)
			fault = "an event with a port or a width";

		if (rec->type != DBGPORT_LOST)
			time = rec->time_ns;
		if (rec->type == DBGPORT_ATTACHED) {
			attached = true;
			seq = rec->seq;
		} else if (rec->type == DBGPORT_WRITE) {
			seq = rec->seq + 1;
		} else if (rec->type == DBGPORT_LOST) {
			seq = rec->seq + rec->count;
		} else if (rec->type == DBGPORT_GONE) {
			gone = true;
		}
		if (fault)
			snprintf(text, sizeof(text), "record %zu, seq %llu: %s",
				 i, (unsigned long long)rec->seq, fault);
	}
	return fault ? text : NULL;
}
