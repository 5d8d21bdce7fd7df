// SPDX-License-Identifier: GPL-2.0
/* POST codes in the words of cloud-hypervisor's log, which boot-time tools parse. */
#include <string.h>

#include "dbgportd/router/output.h"
#include "lib/codes.h"
#include "words/digits.h"
#include "words/format.h"

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

static void cloud_hypervisor_render(struct output *out, const struct entry *entry)
{
	char buf[FORMAT_BEGIN_MAX + 128 + CODE_COMPONENT_SIZE], *d = buf;
	__u64 zero_ns = entry->vm->zero_ns;
	__u64 ns = entry->time_ns > zero_ns ? entry->time_ns - zero_ns : 0;

	if (entry->type != ENTRY_CODE) {
		format_text_entry(out, entry, TIME_NONE);
		return;
	}
	d = format_text_begin(d, out, entry, TIME_NONE);
	d = put_const(d, "[Debug I/O port: ");
	d = stpcpy(d, entry->component);
	d = put_const(d, " code 0x");
	d = digits_hex(d, entry->value);
	d = put_const(d, "] ");
	d = put_seconds(d, ns, out->route->set.style.seconds);
	d = put_const(d, " seconds");
	d = stpcpy(d, out->sink->eol);
	out->sink->ops->put(out->sink, buf, d - buf);
}

const struct format_ops format_cloud_hypervisor = {
	.name = "cloud-hypervisor",
	.help = "POST codes as in cloud-hypervisor's log; everything else as text",
	.render = cloud_hypervisor_render,
};
