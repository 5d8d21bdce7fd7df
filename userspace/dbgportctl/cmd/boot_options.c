// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cmd/boot_begins.h"
#include "dbgportctl/cmd/boot_options.h"
#include "lib/choice.h"

struct boot_options boot_options;

static int parse_begins(const char *value, char *why, size_t size)
{
	return boot_begins_parse(&boot_options.load.begins, value, why, size);
}

const struct option boot_option_table[] = {
	{ "--json", .flag = &boot_options.as_json, .help = "the same as --format json" },
	{ "--output", 'o', .takes = "FILE", .value = &boot_options.output,
	  .help = "write to FILE instead of standard output" },
	{ "--until", .takes = "CODE", .value = &boot_options.load.until,
	  .help = "a boot ends at this POST code [with the last that was written]" },
	{ "--boot-begins", .takes = "CODE|TEXT", .parse = parse_begins,
	  .help = BOOT_BEGINS_HELP },
	{ "--vm", .takes = "PATTERN", .value = &boot_options.load.pattern,
	  .help = "only VMs whose name matches" },
	{ "--table", .takes = "TABLE", .value = &boot_options.load.table,
	  .help = "POST codes: cloud-hypervisor, ami, coreboot, edk2, u-boot, or a file" },
	{ 0 }
};

int boot_options_format(const char *command, const char *formats, size_t *index)
{
	const char *wanted = boot_options.format ?: boot_options.as_json ? "json" : "text";
	int i;

	if (boot_options.as_json && boot_options.format)
		return fail_usage("%s: --json and --format exclude each other", command);
	i = choice_find(formats, '|', wanted);
	if (i < 0)
		return fail_usage("%s: unknown format '%s'; known are %s", command, wanted,
				  formats);
	*index = i;
	return STATUS_OK;
}
