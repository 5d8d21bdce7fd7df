// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/args.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "lib/device.h"
#include "lib/help.h"

const struct command *const *command_list;
const char *device_path;
static bool wants_help, wants_version;

const struct option common_options[] = {
	{ "--device", .takes = "PATH", .value = &device_path,
	  .help = "the module's device [" DEVICE_PATH "]" },
	{ "--help", 'h', .flag = &wants_help, .help = "show this and exit" },
	{ "--version", 'V', .flag = &wants_version, .help = "show the version and exit" },
	{ 0 }
};

const struct command *command_named(const char *name)
{
	for (int i = 0; command_list[i]; i++) {
		if (!strcmp(command_list[i]->name, name))
			return command_list[i];
	}
	return NULL;
}

static int show_help(void)
{
	puts("Usage: dbgportctl COMMAND [OPTION]… [ARGUMENT]…\n"
	     "See and control what the guests of this host's VMs write to their debug ports.\n"
	     "\n"
	     "COMMAND is one of");
	for (int i = 0; command_list[i]; i++)
		help_entry(stdout, command_list[i]->name, 16, command_list[i]->help);
	puts("\n"
	     "Each has");
	args_help(stdout, common_options);
	puts("\n"
	     "A VM is named by its name, its id, or the process id of its VMM, as list shows\n"
	     "them; id:N or pid:N where a number could mean several.\n"
	     "Exit status: 0 done, 1 failed, 2 usage error.");
	return output_flush();
}

static int show_command_help(const struct command *cmd)
{
	printf("Usage: dbgportctl %s [OPTION]…%s%s\n%s.\n\n", cmd->name, cmd->takes ? " " : "",
	       cmd->takes ?: "", cmd->help);
	for (int i = 0; cmd->options[i]; i++)
		args_help(stdout, cmd->options[i]);
	args_help(stdout, common_options);
	if (cmd->text)
		printf("\n%s", cmd->text);
	return output_flush();
}

static int unknown_command(const char *name)
{
	return fail_usage("unknown command '%s'; see dbgportctl --help", name);
}

int command_help(const char *name)
{
	const struct command *cmd = name ? command_named(name) : NULL;

	if (!name)
		return show_help();
	return cmd ? show_command_help(cmd) : unknown_command(name);
}

static int show_version(void)
{
	puts("dbgportctl " DBGPORTD_VERSION);
	return output_flush();
}

static int run_command(const struct command *cmd, int argc, char *argv[])
{
	const struct option *tables[COMMAND_TABLES + 2] = { common_options };
	char why[512];

	memcpy(tables + 1, cmd->options, sizeof(cmd->options));
	if (args_parse(tables, &argc, argv, false, why, sizeof(why)))
		return fail_usage("%s: %s; see dbgportctl %s --help", cmd->name, why, cmd->name);
	if (wants_help)
		return show_command_help(cmd);
	if (wants_version)
		return show_version();
	if (argc < cmd->min)
		return fail_usage("%s: it takes %s; see dbgportctl %s --help", cmd->name,
				  cmd->takes, cmd->name);
	if (cmd->max >= 0 && argc > cmd->max)
		return fail_usage("%s: unexpected argument '%s'; see dbgportctl %s --help",
				  cmd->name, argv[cmd->max], cmd->name);
	device_path = device_path ?: DEVICE_PATH;
	return cmd->run(argc, argv);
}

int command_run(const struct command *const list[], int argc, char *argv[])
{
	const struct option *const tables[] = { common_options, NULL };
	const struct command *cmd;
	char why[512];

	command_list = list;
	argc--;
	argv++;
	if (args_parse(tables, &argc, argv, true, why, sizeof(why)))
		return fail_usage("%s; see dbgportctl --help", why);
	if (!argc && wants_version)
		return show_version();
	if (!argc && wants_help)
		return show_help();
	if (!argc)
		return fail_usage("it takes a command; see dbgportctl --help");
	cmd = command_named(argv[0]);
	if (!cmd)
		return unknown_command(argv[0]);
	return run_command(cmd, argc - 1, argv + 1);
}
