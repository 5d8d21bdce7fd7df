/* SPDX-License-Identifier: GPL-2.0 */
/* A boot of its own for each test of the program that includes this, and what is written in it. */
#ifndef TIMELINE_ONE_BOOT_H
#define TIMELINE_ONE_BOOT_H

#include "lib/harness.h"
#include <string.h>

#include "timeline/boots.h"

static struct boots boots;
static struct boot *boot;
static __u64 seq;

FIXTURE(boot)
{
};

FIXTURE_SETUP(boot)
{
	boot = boots_get(&boots, "", 1, 1000000);
	seq = 0;
}

FIXTURE_TEARDOWN(boot)
{
	boots_free(&boots);
}

static void code(const char *component, __u32 value, __s64 ns)
{
	boot_code(boot, seq++, component, value, ns);
}

static void text(__u16 port, __u16 vcpu, __s64 ns, const char *bytes)
{
	const struct mark first = { .port = port, .vcpu = vcpu, .seq = seq++, .time_ns = ns };

	boot_add_bytes(boot, &first, bytes, strlen(bytes));
}

static void firmware(__s64 ns, const char *bytes)
{
	text(DBGPORT_FIRMWARE_PORT, 0, ns, bytes);
}

static void serial(__s64 ns, const char *bytes)
{
	text(0x3f8, 0, ns, bytes);
}

#endif /* TIMELINE_ONE_BOOT_H */
