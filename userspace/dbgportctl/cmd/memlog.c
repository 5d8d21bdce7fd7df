// SPDX-License-Identifier: GPL-2.0
/* memlog: the debug log that firmware keeps in its memory. */
#include <stdint.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/cmd/line_count.h"
#include "dbgportctl/memlog/memlog.h"
#include "dbgportctl/vm/vmm.h"

static struct memlog memlog = { .lines = SIZE_MAX };

static int parse_lines(const char *value, char *why, size_t size)
{
	__u64 lines = SIZE_MAX;
	bool all;

	if (line_count_parse(&lines, &all, value, why, size))
		return -1;
	memlog.lines = lines;
	return 0;
}

static const struct option options[] = {
	{ "--lines", 'n', .takes = "N", .parse = parse_lines,
	  .help = "the last N lines, or all [all]" },
	{ "--follow", 'f', .flag = &memlog.follow,
	  .help = "go on with what comes, until the VM ends" },
	{ "--raw", .flag = &memlog.raw, .help = "exact bytes; not to a terminal" },
	{ 0 }
};

static int memlog_run(int argc, char *argv[])
{
	struct vmm vmm;

	(void)argc;
	if (memlog.raw && isatty(STDOUT_FILENO))
		return fail_usage("memlog: --raw: guests' bytes can do anything to a terminal");
	if (vmm_find(&vmm, argv[0]))
		return STATUS_FAILED;
	memlog.pid = vmm.pid;
	memlog.name = vmm.name;
	return memlog_print(&memlog);
}

const struct command cmd_memlog = {
	.name = "memlog",
	.takes = "VM",
	.help = "Show the debug log that UEFI firmware keeps in its memory",
	.text = "OVMF has such a log if it was built with DEBUG_TO_MEM. It is read in the memory\n"
		"of the VMM's process, which goes on meanwhile; that takes the right to trace it.\n"
		"pid:N is any process: the module need not be loaded.\n",
	.options = { options },
	.min = 1,
	.max = 1,
	.run = memlog_run,
};
