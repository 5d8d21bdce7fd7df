// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "libdbgport/libdbgport.h"

static int check(int fd, struct dbgport_info *info)
{
	memset(info, 0, sizeof(*info));
	if (ioctl(fd, DBGPORT_GET_INFO, info))
		return -errno;
	return info->abi == DBGPORT_ABI &&
	       info->record_size == sizeof(struct dbgport_record) ? 0 : -EPROTO;
}

int dbgport_open(const char *path, struct dbgport_info *info)
{
	int fd = open(path ?: DBGPORT_DEVICE, O_RDONLY | O_CLOEXEC);
	struct dbgport_info unwanted;
	int err;

	if (fd < 0)
		return -errno;
	err = check(fd, info ?: &unwanted);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int dbgport_subscribe(int fd, __u32 flags)
{
	const struct dbgport_subscribe sub = { .flags = flags };

	return ioctl(fd, DBGPORT_SUBSCRIBE, &sub) ? -errno : 0;
}

int dbgport_seek(int fd, __u32 vm, __u64 seq)
{
	const struct dbgport_seek where = { .vm = vm, .seq = seq };

	return ioctl(fd, DBGPORT_SEEK, &where) ? -errno : 0;
}

int dbgport_next_vm(int fd, __u32 *vm)
{
	struct dbgport_next_vm next = { .vm = *vm };

	if (ioctl(fd, DBGPORT_NEXT_VM, &next))
		return -errno;
	*vm = next.vm;
	return 0;
}

int dbgport_vm_info(int fd, __u32 vm, struct dbgport_vm_info *info)
{
	memset(info, 0, sizeof(*info));
	info->vm = vm;
	return ioctl(fd, DBGPORT_VM_INFO, info) ? -errno : 0;
}

int dbgport_attach(int fd, pid_t pid, int vm_fd, __u32 *vm)
{
	struct dbgport_attach attach = { .pid = pid, .fd = vm_fd };
	int err = ioctl(fd, DBGPORT_ATTACH, &attach) ? -errno : 0;

	if (vm && (!err || err == -EEXIST))
		*vm = attach.vm;
	return err;
}

int dbgport_detach(int fd, __u32 vm)
{
	const struct dbgport_detach detach = { .vm = vm };

	return ioctl(fd, DBGPORT_DETACH, &detach) ? -errno : 0;
}

int dbgport_give_eventfd(int fd, int eventfd)
{
	const struct dbgport_give_eventfd give = { .fd = eventfd };

	return ioctl(fd, DBGPORT_GIVE_EVENTFD, &give) ? -errno : 0;
}

int dbgport_set_ports(int fd, const struct dbgport_set_ports *set)
{
	return ioctl(fd, DBGPORT_SET_PORTS, set) ? -errno : 0;
}

int dbgport_set_claim(int fd, __u32 vm, enum dbgport_claim claim)
{
	const struct dbgport_set_claim set = { .vm = vm, .claim = claim };

	return ioctl(fd, DBGPORT_SET_CLAIM, &set) ? -errno : 0;
}

int dbgport_set_name(int fd, __u32 vm, const char *name)
{
	struct dbgport_set_name set = { .vm = vm };

	if (strlen(name) >= sizeof(set.name))
		return -EINVAL;
	memcpy(set.name, name, strlen(name));
	return ioctl(fd, DBGPORT_SET_NAME, &set) ? -errno : 0;
}

int dbgport_set_restored(int fd, __u32 vm)
{
	const struct dbgport_set_restored set = { .vm = vm };

	return ioctl(fd, DBGPORT_SET_RESTORED, &set) ? -errno : 0;
}
