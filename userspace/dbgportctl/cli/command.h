/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subcommand: a file cmd_*.c with its table of options, and one line in
 * commands.c.  Parsing, --help and completion all go by these tables.
 */
#ifndef DBGPORTCTL_CLI_COMMAND_H
#define DBGPORTCTL_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct option - one option; of @flag, @value and @parse one is set
 * @name: with its dashes; NULL ends a table
 * @letter: the short one; 0: there is none
 * @takes: its value, for help; NULL: none.  Words with | between are all that
 *	there are, for completion
 * @repeats: may be given more than once; for those with @parse
 * @flag: becomes true
 * @value: becomes what was given, which is not empty
 * @parse: takes what was given, NULL if @takes is; 0, or -1 and one line in @why
 * @help: a sentence
 */
struct option {
	const char *name;
	char letter;
	const char *takes;
	bool repeats;
	bool *flag;
	const char **value;
	int (*parse)(const char *value, char *why, size_t size);
	const char *help;
};

/**
 * struct command - one subcommand
 * @name: as it is called
 * @takes: its arguments, for help; NULL: none
 * @words: what its arguments can be besides VMs, with | between; NULL: nothing
 * @help: what it does, a sentence without its dot
 * @text: more of that, lines with their ends; NULL: nothing
 * @options: its own, besides common_options[]; NULL: none
 * @min, @max: how many arguments; @max -1: any number
 * @run: does it; arguments are @argv[0] to @argv[@argc - 1], NULL behind them.
 *	Return: the exit status
 */
struct command {
	const char *name;
	const char *takes;
	const char *words;
	const char *help;
	const char *text;
	const struct option *options;
	int min, max;
	int (*run)(int argc, char *argv[]);
};

/* All of them, in the order of --help, ending with NULL. */
extern const struct command *const commands[];

extern const struct command cmd_attach, cmd_boots, cmd_claim, cmd_complete, cmd_detach,
	cmd_doctor, cmd_list, cmd_on, cmd_ports, cmd_show, cmd_tail, cmd_timeline, cmd_wait;

/* The one of that name; NULL: none. */
const struct command *command_named(const char *name);

/* Options that each subcommand has. */
extern const struct option common_options[];

/* What they say: the module's device. */
extern const char *device_path;

/**
 * command_run() - understand a command line and do what it says
 * @argc, @argv: as of main(); changed
 *
 * Return: the exit status.
 */
int command_run(int argc, char *argv[]);

#endif /* DBGPORTCTL_CLI_COMMAND_H */
