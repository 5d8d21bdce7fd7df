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
	case EMFILE:
		return "end some readers: this user, or this process, has too many";
	case ENODEV:
	case ENXIO:
		return "the module is being unloaded; load it again: modprobe dbgport";
	default:
		return NULL;
	}
}

bool device_fits(const struct dbgport_info *info, const char *path, char *why, size_t size)
{
	const __u32 ours = sizeof(struct dbgport_record);
	bool older;

	if (info->abi == DBGPORT_ABI && info->record_size == ours)
		return true;
	/* Records grow only with the ABI; should one not have kept to that, size tells. */
	older = info->abi < DBGPORT_ABI ||
		(info->abi == DBGPORT_ABI && info->record_size < ours);
	snprintf(why, size,
		 "%s: the module speaks ABI %u (records of %u bytes), this program ABI %u (%u bytes): the %s is older: install the one that came with the %s%s",
		 path, info->abi, info->record_size, DBGPORT_ABI, ours,
		 older ? "module" : "program", older ? "program" : "module",
		 older ? ", then modprobe -r dbgport && modprobe dbgport" : "");
	return false;
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

		snprintf(why, size,
			 "%s: not the device of the module dbgport, or one too old or too new to say what it is (%s)",
			 path, strerror(err));
		close(fd);
		return -err;
	}

	if (!device_fits(info, path, why, size)) {
		close(fd);
		return -EPROTO;
	}
	return fd;
}

const char *device_features(const struct dbgport_info *info)
{
	static const char *const names[64] = {
		"claim", "seek", "unplug", "attach", "eventfd", "set", "name", "uart",
		"restored",
	};
	static char text[512];
	size_t len = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < 64; i++) {
		if (!(info->features >> i & 1))
			continue;
		len += snprintf(text + len, sizeof(text) - len, "%s", len ? ", " : "");
		if (names[i])
			len += snprintf(text + len, sizeof(text) - len, "%s", names[i]);
		else
			len += snprintf(text + len, sizeof(text) - len, "%u", i);
	}
	return text;
}

/* @uart: DBGPORT_PORT_UART for UARTs, 0 for the others */
static const char *list_ports(char text[DEVICE_PORTS_SIZE], const struct dbgport_info *info,
			      __u16 uart)
{
	size_t len = 0;

	text[0] = '\0';
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if ((info->port_flags[i] & DBGPORT_PORT_UART) != uart)
			continue;
		len += snprintf(text + len, DEVICE_PORTS_SIZE - len, "%s0x%x%s", len ? "," : "",
				info->ports[i],
				info->port_flags[i] & DBGPORT_PORT_TEE ? "/tee" : "");
	}
	return text;
}

const char *device_ports(char text[DEVICE_PORTS_SIZE], const struct dbgport_info *info)
{
	return list_ports(text, info, 0);
}

const char *device_uarts(char text[DEVICE_PORTS_SIZE], const struct dbgport_info *info)
{
	return list_ports(text, info, DBGPORT_PORT_UART);
}

bool device_has_port(const struct dbgport_info *info, __u16 port, __u16 *flags)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (info->ports[i] == port) {
			*flags = info->port_flags[i];
			return true;
		}
	}
	return false;
}
