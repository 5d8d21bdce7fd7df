// SPDX-License-Identifier: GPL-2.0
/*
 * POST codes in the words of cloud-hypervisor's log, alone or as its whole lines,
 * which boot-time tools take apart.
 */
#include <assert.h>
#include <string.h>

#include "lib/codes.h"
#include "words/digits.h"
#include "words/format.h"

static_assert(FORMAT_BEGIN_MAX + 256 + CODE_COMPONENT_SIZE <= FORMAT_MAX, "a code fits in");

static inline char *put_seconds(char *d, __u64 ns, enum seconds_style style)
{
	__u64 us = ns / 1000;

	d = digits(d, us / 1000000);
	*d++ = '.';
	/* The original puts all microseconds here, not those of the last second. */
	if (style == SECONDS_ORIGINAL && us > 999999)
		return digits(d, us);
	return digits_fixed(d, us % 1000000, 6);
}

static inline __u64 since_zero(const struct entry *entry)
{
	__u64 zero_ns = entry->vm->zero_ns;

	return entry->time_ns > zero_ns ? entry->time_ns - zero_ns : 0;
}

static inline char *put_code(char *d, const struct formatter *f, const struct entry *entry)
{
	d = put_const(d, "[Debug I/O port: ");
	d = stpcpy(d, entry->component);
	d = put_const(d, " code 0x");
	d = digits_hex(d, entry->value);
	d = put_const(d, "] ");
	d = put_seconds(d, since_zero(entry), f->style->seconds);
	d = put_const(d, " seconds");
	return format_end(d, f);
}

static size_t post_render(char *dst, struct formatter *f, const struct entry *entry)
{
	if (entry->type != ENTRY_CODE)
		return format_text_entry(dst, f, entry, STAMP_NONE);
	return put_code(format_text_begin(dst, f, entry, STAMP_NONE), f, entry) - dst;
}

/*
 * Its tools split a line at "--", and want two parts; what it has there is the level,
 * which it prints codes with, and the place in its source.
 */
static size_t cloud_hypervisor_render(char *dst, struct formatter *f, const struct entry *entry)
{
	char *d;

	if (entry->type != ENTRY_CODE)
		return format_text_entry(dst, f, entry, STAMP_NONE);
	d = format_text_begin(dst, f, entry, STAMP_NONE);
	d = put_const(d, "cloud-hypervisor: ");
	d = put_seconds(d, since_zero(entry), SECONDS_RIGHT);
	d = put_const(d, "s: <vcpu");
	d = digits(d, entry->vcpu);
	d = put_const(d, "> WARN:dbgport -- ");
	return put_code(d, f, entry) - dst;
}

const struct format_ops format_post = {
	.name = "post",
	.help = "POST codes with their times; everything else as text",
	.render = post_render,
};

const struct format_ops format_cloud_hypervisor = {
	.name = "cloud-hypervisor",
	.help = "the same as lines of cloud-hypervisor's log, for its boot-time tools",
	.render = cloud_hypervisor_render,
};
