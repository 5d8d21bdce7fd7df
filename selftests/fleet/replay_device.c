// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded to dbgportd, makes a device of a file of records that grows: a module that
 * has kept all of them, so that a daemon that was killed can have them read again.
 *
 * $RECORDS is the file: of each VM its ATTACHED, and its writes in order.  What is opened
 * as the device is a FIFO; a byte in it says that there are more.  Only --engine poll
 * reads by what is here.  $HOST_NAME is what the host is called, if it is set.
 */
#include <dbgport.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MAX_VMS	1024

/* Where the daemon wants each VM to be read from. */
static __u64 wanted[MAX_VMS];
/* Up to where its VMs are known. */
static __u32 vms;
static int records = -1;
static int device = -1;

static int fail(int err)
{
	errno = err;
	return -1;
}

/* Each host's module has drawn its own. */
static __u64 load_id(void)
{
	__u64 id = 0x10ad;

	for (const char *c = getenv("HOST_NAME") ?: ""; *c; c++)
		id = id << 5 ^ *c;
	return id;
}

static int get_info(int fd, struct dbgport_info *info)
{
	struct dbgport_record rec;
	off_t at = 0;

	device = fd;
	records = open(getenv("RECORDS"), O_RDONLY | O_CLOEXEC);
	for (; pread(records, &rec, sizeof(rec), at) == sizeof(rec); at += sizeof(rec)) {
		if (rec.type == DBGPORT_ATTACHED)
			vms = rec.vm;
	}
	*info = (struct dbgport_info){
		.abi = DBGPORT_ABI,
		.record_size = sizeof(struct dbgport_record),
		.features = DBGPORT_F_ALL,
		.load_id = load_id(),
		.ring = 1 << 20,
		.nports = 3,
		.ports = { DBGPORT_POST_PORT, DBGPORT_CONSOLE_PORT, DBGPORT_FIRMWARE_PORT },
	};
	return 0;
}

static int get_vm(struct dbgport_vm_info *info)
{
	*info = (struct dbgport_vm_info){ .vm = info->vm };
	snprintf(info->name, sizeof(info->name), "vm.%u", info->vm);
	return 0;
}

int gethostname(char *name, size_t size)
{
	const char *given = getenv("HOST_NAME");

	struct utsname uts;

	if (!given && uname(&uts))
		return -1;
	snprintf(name, size, "%s", given ?: uts.nodename);
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	struct dbgport_next_vm *next;
	struct dbgport_seek *seek;
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch (request) {
	case DBGPORT_GET_INFO:
		return get_info(fd, arg);
	case DBGPORT_SUBSCRIBE:
		return 0;
	case DBGPORT_SEEK:
		seek = arg;
		wanted[seek->vm] = seek->seq;
		return 0;
	case DBGPORT_NEXT_VM:
		next = arg;
		return next->vm++ < vms ? 0 : fail(ENOENT);
	case DBGPORT_VM_INFO:
		return get_vm(arg);
	}
	if (_IOC_TYPE(request) != DBGPORT_IOC)
		return syscall(SYS_ioctl, fd, request, arg);
	return fail(ENOENT);
}

/* Whether the reader is to have it. */
static bool is_new(struct dbgport_record *rec)
{
	if (rec->type == DBGPORT_ATTACHED)
		rec->seq = wanted[rec->vm];
	return rec->type != DBGPORT_WRITE || rec->seq >= wanted[rec->vm];
}

static size_t read_records(struct dbgport_record *to, size_t room)
{
	size_t n = 0;

	while (n < room && read(records, &to[n], sizeof(*to)) == sizeof(*to))
		n += is_new(&to[n]);
	return n;
}

ssize_t preadv2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	size_t room = iov->iov_len / sizeof(struct dbgport_record), n;
	struct pollfd more = { .fd = fd, .events = POLLIN };
	char bytes[4096];

	if (fd != device)
		return syscall(SYS_preadv2, fd, iov, count, offset, offset >> 63, flags);
	/* What comes behind this read has its byte behind it, too. */
	while (poll(&more, 1, 0) > 0 && read(fd, bytes, sizeof(bytes)) > 0)
		;
	n = read_records(iov->iov_base, room);
	return n ? (ssize_t)(n * sizeof(struct dbgport_record)) : fail(EAGAIN);
}

ssize_t preadv64v2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	return preadv2(fd, iov, count, offset, flags);
}
