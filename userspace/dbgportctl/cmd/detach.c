// SPDX-License-Identifier: GPL-2.0
/* detach: let go of a VM that goes on. */
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/target.h"
#include "libdbgport/libdbgport.h"

static int detach_run(int argc, char *argv[])
{
	struct target t;
	int err;

	(void)argc;
	if (target_open(&t, argv[0]))
		return STATUS_FAILED;
	err = dbgport_detach(t.fd, t.vm.info.vm);
	return err ? target_failed(&t, "detaching it", err) : STATUS_OK;
}

const struct command cmd_detach = {
	.name = "detach",
	.takes = "VM",
	.help = "Let go of a VM: its ports are its VMM's alone again",
	.text = "What it has written can be read as that of a VM that has ended. To have it\n"
		"again, attach it, which gives it a new id.\n",
	.min = 1,
	.max = 1,
	.run = detach_run,
};
