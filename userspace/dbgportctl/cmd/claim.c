// SPDX-License-Identifier: GPL-2.0
/* claim: when accesses are answered in the kernel. */
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/claim.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/target.h"

static bool of_host;

static const struct option options[] = {
	{ "--host", .flag = &of_host, .help = "for all VMs that have no mode of their own" },
	{ 0 }
};

static int claim_run(int argc, char *argv[])
{
	const char *name = of_host ? NULL : argv[0];
	const char *mode = of_host ? argv[0] : argc > 1 ? argv[1] : NULL;
	int number = mode ? describe_claim_number(mode) : 0;
	struct target t;

	if (!of_host && !argc)
		return fail_usage("claim: it takes a VM, or --host");
	if (argc > (of_host ? 1 : 2))
		return fail_usage("claim: unexpected argument '%s'", argv[argc - 1]);
	if (number < 0 || (of_host && number == DBGPORT_CLAIM_HOST))
		return fail_usage("claim: '%s' is no mode; it is listening, always%s", mode,
				  of_host ? " or never" : ", never or host");
	if (target_open(&t, name))
		return STATUS_FAILED;
	if (mode)
		return claim_set(&t, of_host, number);
	puts(describe_claim(of_host ? t.module.claim : t.vm.info.claim));
	return output_flush();
}

const struct command cmd_claim = {
	.name = "claim",
	.takes = "VM [MODE] | --host [MODE]",
	.words = "listening|always|never|host",
	.without_vm = "--host",
	.help = "Show or change when the VMM does not see its VM's accesses",
	.text = "MODE is listening (while a dbgportd listens), always, never (tee: the VMM gets\n"
		"all of it too) or, of one VM, host (as the host's; each VM's at first). Changing\n"
		"the host's takes root.\n",
	.options = { options },
	.max = 2,
	.run = claim_run,
};
