// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/device.h"

static const char *open_advice(int err)
{
	switch (err) {
	case ENOENT:
		return "load the module: modprobe dbgport";
	case EACCES:
	case EPERM:
		return "run as root, or as a member of the group kvm";
	case ENODEV:
	case ENXIO:
		return "the module is being unloaded; load it again: modprobe dbgport";
	default:
		return NULL;
	}
}

int device_open(const char *path, struct dbgport_info *info, char *why, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		int err = errno;
		const char *advice = open_advice(err);

		snprintf(why, size, "%s: %s%s%s", path, strerror(err),
			 advice ? "; " : "", advice ?: "");
		return -err;
	}

	memset(info, 0, sizeof(*info));
	if (ioctl(fd, DBGPORT_GET_INFO, info)) {
		int err = errno;

		snprintf(why, size, "%s: not the device of the module dbgport (%s)",
			 path, strerror(err));
		close(fd);
		return -err;
	}

	if (info->abi != DBGPORT_ABI || info->record_size != sizeof(struct dbgport_record)) {
		bool module_older = info->abi < DBGPORT_ABI;

		snprintf(why, size,
			 "%s: the module speaks ABI %u (records of %u bytes), this program ABI %u (%zu bytes): update the %s, which is older",
			 path, info->abi, info->record_size, DBGPORT_ABI,
			 sizeof(struct dbgport_record),
			 module_older ? "module" : "program");
		close(fd);
		return -EPROTO;
	}
	return fd;
}

int device_subscribe(int fd, __u32 flags)
{
	const struct dbgport_subscribe sub = { .flags = flags };

	return ioctl(fd, DBGPORT_SUBSCRIBE, &sub) ? -errno : 0;
}

int device_vm_info(int fd, __u32 vm, struct dbgport_vm_info *info)
{
	memset(info, 0, sizeof(*info));
	info->vm = vm;
	return ioctl(fd, DBGPORT_VM_INFO, info) ? -errno : 0;
}

bool device_has_port(const struct dbgport_info *info, __u16 port)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (info->ports[i] == port)
			return true;
	}
	return false;
}
