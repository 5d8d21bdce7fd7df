// SPDX-License-Identifier: GPL-2.0
/* POST codes in the words of cloud-hypervisor's log, which boot-time tools parse. */
#include <assert.h>
#include <string.h>

#include "lib/codes.h"
#include "words/digits.h"
#include "words/format.h"

static_assert(FORMAT_BEGIN_MAX + 128 + CODE_COMPONENT_SIZE <= FORMAT_MAX, "a code fits in");

static char *put_seconds(char *d, __u64 ns, enum seconds_style style)
{
	__u64 us = ns / 1000;

	d = digits(d, us / 1000000);
	*d++ = '.';
	/* The original puts all microseconds here, not those of the last second. */
	if (style == SECONDS_ORIGINAL && us > 999999)
		return digits(d, us);
	return digits_fixed(d, us % 1000000, 6);
}

static size_t cloud_hypervisor_render(char *dst, struct formatter *f, const struct entry *entry)
{
	__u64 zero_ns = entry->vm->zero_ns;
	__u64 ns = entry->time_ns > zero_ns ? entry->time_ns - zero_ns : 0;
	char *d;

	if (entry->type != ENTRY_CODE)
		return format_text_entry(dst, f, entry, TIME_NONE);
	d = format_text_begin(dst, f, entry, TIME_NONE);
	d = put_const(d, "[Debug I/O port: ");
	d = stpcpy(d, entry->component);
	d = put_const(d, " code 0x");
	d = digits_hex(d, entry->value);
	d = put_const(d, "] ");
	d = put_seconds(d, ns, f->style->seconds);
	d = put_const(d, " seconds");
	d = format_end(d, f);
	return d - dst;
}

const struct format_ops format_cloud_hypervisor = {
	.name = "cloud-hypervisor",
	.help = "POST codes as in cloud-hypervisor's log; everything else as text",
	.render = cloud_hypervisor_render,
};
