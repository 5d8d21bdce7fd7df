/* SPDX-License-Identifier: GPL-2.0 */
/* Boots for the tests of what is made of them. */
#ifndef TIMELINE_BOOTS_H
#define TIMELINE_BOOTS_H

#include "dbgportctl/boot/finish.h"
#include "dbgportctl/boot/label.h"

/* @boot writes POST code @value of @component as its write number @seq, at @ns. */
static inline void boot_code(struct boot *boot, __u64 seq, const char *component, __u32 value,
			     __s64 ns)
{
	const struct mark mark = {
		.type = MARK_CODE,
		.port = DBGPORT_POST_PORT,
		.value = value,
		.seq = seq,
		.count = 1,
		.time_ns = ns,
		.component = (char *)component,
	};

	boot_add(boot, &mark);
}

/* What is made of one boot that is in order; a host without tables of its own. */
static inline void boot_complete(struct boot *boot, __s64 until)
{
	struct tables tables;
	char why[256];

	if (tables_load(&tables, "/nonexistent", NULL, why, sizeof(why)))
		ksft_exit_fail_msg("%s\n", why);
	boot_label(boot, &tables);
	tables_free(&tables);
	boot_end(boot, until);
}

/* @boot is all that a VM wrote in its only boot. */
static inline int boot_finish(struct boot *boot, __s64 until)
{
	if (boot_order(boot))
		return -1;
	boot_complete(boot, until);
	return 0;
}

#endif /* TIMELINE_BOOTS_H */
