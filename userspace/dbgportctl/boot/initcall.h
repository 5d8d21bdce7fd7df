/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Linux says of its own initialization, call by call, when it was booted with
 * initcall_debug; the lines are those of init/main.c and drivers/base/dd.c.
 */
#ifndef DBGPORTCTL_BOOT_INITCALL_H
#define DBGPORTCTL_BOOT_INITCALL_H

#include "dbgportctl/boot/boot.h"

/**
 * struct initcall - an initcall, or the probe of a device, that has returned
 * @name: of the function, as the kernel writes it where that is a module's, or of the device;
 *	@n bytes in the mark's text
 * @n: see there
 * @probe: it is a device's
 * @returned: 0, or an error as the kernel has them
 * @took_ns: as the kernel measured it, in microseconds
 * @end_ns: when it said so, since the boot's zero
 */
struct initcall {
	const char *name;
	size_t n;
	bool probe;
	int returned;
	__s64 took_ns;
	__s64 end_ns;
};

/* Whether @mark is a line that tells of one; then it is in @call, as long as the mark lives. */
bool initcall_told(struct initcall *call, const struct mark *mark);

#endif /* DBGPORTCTL_BOOT_INITCALL_H */
