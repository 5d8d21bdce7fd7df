// SPDX-License-Identifier: GPL-2.0
/* complete: what may come next in a command line; the shells ask. */
#include <unistd.h>

#include "dbgportctl/cli/complete.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/vms.h"
#include "lib/device.h"

static void offer_vms(const char *begin)
{
	struct dbgport_info info;
	struct vms vms;
	char why[512];
	int fd = device_open(DEVICE_PATH, &info, why, sizeof(why));

	if (fd < 0 || vms_load(&vms, fd, info.load_id))
		return;
	for (size_t i = 0; i < vms.count; i++)
		complete_offer(vms.vm[i].name, begin, "");
	vms_free(&vms);
	close(fd);
}

static int complete_run(int argc, char *argv[])
{
	complete(argc, argv, offer_vms);
	return output_flush();
}

const struct command cmd_complete = {
	.name = "complete",
	.takes = "-- [WORD…]",
	.help = "Show what may come next in a command line, for shells",
	.text = "The last WORD is the one being typed. Each line has a word and, after a tab,\n"
		"what it means. No line: the shell's own completion, of files, fits.\n",
	.max = -1,
	.run = complete_run,
};
