// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded to dbgportd, makes a device of any file of records (records.c), so
 * that the daemon can be measured where there is no module: it answers the
 * ioctls of /dev/dbgport, and of a file, however little of it is cached, every read
 * finds something.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "uapi/dbgport.h"

static int get_info(struct dbgport_info *info)
{
	*info = (struct dbgport_info){
		.abi = DBGPORT_ABI,
		.record_size = sizeof(struct dbgport_record),
		.features = DBGPORT_F_ALL,
		.load_id = 1,
		.nports = 3,
		.ports = { DBGPORT_POST_PORT, DBGPORT_CONSOLE_PORT, DBGPORT_FIRMWARE_PORT },
	};
	return 0;
}

/* Its VMM has no process here, so there is nothing to look up. */
static int get_vm(struct dbgport_vm_info *info)
{
	snprintf(info->comm, sizeof(info->comm), "bench");
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch (request) {
	case DBGPORT_GET_INFO:
		return get_info(arg);
	case DBGPORT_SUBSCRIBE:
	case DBGPORT_SEEK:
		return 0;
	case DBGPORT_VM_INFO:
		return get_vm(arg);
	}
	if (_IOC_TYPE(request) != DBGPORT_IOC)
		return syscall(SYS_ioctl, fd, request, arg);
	errno = ENOENT;
	return -1;
}

ssize_t preadv2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	(void)offset;
	if (flags & RWF_NOWAIT && !poll(&ready, 1, 0)) {
		errno = EAGAIN;
		return -1;
	}
	return readv(fd, iov, count);
}

/* One of usual length: what is in each object of JSON must not cost more elsewhere. */
int gethostname(char *name, size_t size)
{
	snprintf(name, size, "host-1.example.org");
	return 0;
}

/* Looking for VMs in /proc costs more or less, by what else runs. */
DIR *opendir(const char *name)
{
	(void)name;
	errno = ENOENT;
	return NULL;
}
