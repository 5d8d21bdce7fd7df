// SPDX-License-Identifier: GPL-2.0
/* doctor: whether this host can show what its guests write, from KVM to the console. */
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/doctor/doctor.h"
#include "lib/default_dir.h"

static bool as_json;
static const char *run_dir;

static const struct option options[] = {
	{ "--run-dir", .takes = "PATH", .value = &run_dir,
	  .help = "dbgportd's run directory [its default, then " ROOT_RUN_DIR "]" },
	{ "--json", .flag = &as_json, .help = "print an array of objects" },
	{ 0 }
};

static int doctor_run(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	return doctor(as_json, run_dir);
}

const struct command cmd_doctor = {
	.name = "doctor",
	.help = "Check this host from KVM to the console, and say how to fix it",
	.text = "It changes nothing. Exit status: 1 if something is wrong.\n",
	.options = { options },
	.run = doctor_run,
};
