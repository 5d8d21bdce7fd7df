// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/vm/attach.h"
#include "lib/device.h"
#include "lib/running.h"
#include "libdbgport/libdbgport.h"

static const char *reason(int err)
{
	switch (err) {
	case -ESRCH:
		return "there is no such process";
	case -EBADF:
		return "it has no such file descriptor";
	case -EINVAL:
		return "that is no VM: KVM_CREATE_VM gives them, as /proc/PID/fd shows";
	case -EPERM:
		return "it is another user's; run as that user, or as root";
	case -EIO:
		return "another process made that VM: give the id of that one";
	case -EACCES:
		return "the rules of this host leave it out: module parameters only= and except=";
	case -ENOSPC:
		return "its bus is full: it has too many devices in the kernel";
	case -EOPNOTSUPP:
		return "it has no directory in KVM's debugfs, which this backend needs";
	case -ETIMEDOUT:
		return "its CPU waits for memory; it will be attached when that comes";
	case -EAGAIN:
		return "too many requests wait for stuck VMs: end those first";
	default:
		return strerror(-err);
	}
}

static int attach_fd(int device, int pid, int fd)
{
	__u32 vm;
	int err = dbgport_attach(device, pid, fd, &vm);

	if (!err)
		printf("%d:%d: attached as VM %u\n", pid, fd, vm);
	else if (err == -EEXIST)
		printf("%d:%d: is attached already, as VM %u\n", pid, fd, vm);
	else
		return fail("%d:%d: %s", pid, fd, reason(err));
	return STATUS_OK;
}

static int attach_all_of(int device, int pid)
{
	int status = STATUS_OK;
	int fd = running_next_fd(pid, -1);

	if (fd == -ENOENT)
		return fail("%d: the process has no VM", pid);
	if (fd < 0)
		return fail("%d: %s", pid, reason(fd == -EACCES ? -EPERM : fd));
	for (; fd >= 0; fd = running_next_fd(pid, fd)) {
		if (attach_fd(device, pid, fd))
			status = STATUS_FAILED;
	}
	return status;
}

int attach_one(int device, int pid, int fd)
{
	return fd < 0 ? attach_all_of(device, pid) : attach_fd(device, pid, fd);
}

int attach_all(int device)
{
	int count = running_attach(device);

	if (count < 0)
		return fail("/proc: %s", strerror(-count));
	printf("VMs attached: %d\n", count);
	return STATUS_OK;
}
