/* SPDX-License-Identifier: GPL-2.0 */
/* What the host did for a boot before its zero, which is no part of it. */
#ifndef DBGPORTCTL_BOOT_BEFORE_H
#define DBGPORTCTL_BOOT_BEFORE_H

#include "dbgportctl/boot/boot.h"

enum before {
	BEFORE_VMM,		/* the VMM's process began, KVM made the VM */
	BEFORE_VM,		/* from there to the first vCPU, which is the zero */
	BEFORES,
};

/* What it is called, as a phase or a figure is. */
extern const char *const before_name[BEFORES];

/* Which part is called @name; BEFORES: none. */
enum before before_named(const char *name);

/**
 * struct span - a part of the time before the zero
 * @begin_ns, @end_ns: since the zero, so neither is above 0
 */
struct span {
	__s64 begin_ns;
	__s64 end_ns;
};

/**
 * boot_before() - when a part of that was
 * @boot: the boot
 * @before: which part
 * @span: set to it
 *
 * A boot has all of them or none: none after a reset, nor if its VM was attached late or
 * was read from what knows nothing of it.
 *
 * Return: whether it has it.
 */
bool boot_before(const struct boot *boot, enum before before, struct span *span);

/* How long it took, in nanoseconds; -1: @boot has none. */
__s64 boot_before_ns(const struct boot *boot, enum before before);

/* Whether any of @boots has it. */
bool boots_have_before(const struct boots *boots);

/* @boot began with a reset: what was before is not its own. */
void boot_forget_before(struct boot *boot);

#endif /* DBGPORTCTL_BOOT_BEFORE_H */
