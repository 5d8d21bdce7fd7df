// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "dbgportd/config/command_line.h"
#include "dbgportd/config/help.h"
#include "dbgportd/config/path.h"
#include "dbgportd/config/settings.h"
#include "dbgportd/sink/kinds.h"
#include "lib/help.h"
#include "words/format.h"

static void help_modes(FILE *to)
{
	fputs("\n"
	      "MODE is one of\n", to);
	help_entry(to, "off", 21, "nowhere; not for --sink, where it is enough to say nothing");
	for (int i = 0; sink_kinds[i]; i++) {
		const struct sink_ops *kind = sink_kinds[i];
		char head[32];

		snprintf(head, sizeof(head), "%s%s%s", kind->name, kind->arg ? "=" : "",
			 kind->arg ?: "");
		help_entry(to, head, 21, kind->help);
	}
	fputs("PATH can have\n", to);
	help_entry(to, "", 21, PATH_HELP);
}

static void help_formats(FILE *to)
{
	fputs("\n"
	      "format=FORMAT, with --sink, is one of\n", to);
	for (int i = 0; formats[i]; i++)
		help_entry(to, formats[i]->name, 21, formats[i]->help);
	fputs("By default it is post for POST codes, text where terminals can be,\n"
	      "and raw elsewhere.\n", to);
}

void help_print(FILE *to)
{
	fputs("Usage: dbgportd [OPTION]…\n"
	      "Show what the guests of all VMs on this host write to their debug ports.\n"
	      "\n", to);
	command_line_help(to);
	fputs("\n"
	      "PORT is 0x0 to 0xffff, console (0xe9), firmware (0x402), post (0x80),\n"
	      "serial (0x3f8), serial2 (0x2f8) or any.\n", to);
	help_modes(to);
	help_formats(to);
	fputs("\n"
	      "The other KEY=VALUE, with --sink, and the modes or formats that know them\n", to);
	settings_help(to);
	fputs("\n"
	      "Lines are assembled per vCPU and shown without control characters.  Where VMs\n"
	      "share a sink, each begins with its VM's name: what its VMM was told (QEMU -name,\n"
	      "cloud-hypervisor --api-socket, Firecracker --id, crosvm --name), else the VMM's\n"
	      "command and process id.\n"
	      "While dbgportd runs, the VMMs do not see what it reads.\n", to);
}
