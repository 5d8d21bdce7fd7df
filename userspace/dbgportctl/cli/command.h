/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line and the terminal: what every subcommand is understood, fails
 * and prints with.  Nothing of VMs, records and boots may enter here.
 *
 * A subcommand is a file of cmd/ with its options, and one line in
 * cmd/commands.c.  Parsing, --help and completion all go by these.
 */
#ifndef DBGPORTCTL_CLI_COMMAND_H
#define DBGPORTCTL_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/cli/args.h"

/* Tables of options that a subcommand can have. */
#define COMMAND_TABLES	5

/**
 * struct command - one subcommand
 * @name: as it is called
 * @takes: its arguments, for help; NULL: none
 * @words: what can stand behind the VM, with | between; NULL: not known
 * @without_vm: the option with which there is no VM before @words; NULL: none
 * @help: what it does, a sentence without its dot
 * @text: more of that, lines with their ends; NULL: nothing
 * @options: tables of its own and of those that it shares with others, NULL behind
 *	them; common_options[] it has anyway
 * @min, @max: how many arguments; @max -1: any number
 * @run: does it; arguments are @argv[0] to @argv[@argc - 1], NULL behind them.
 *	Return: the exit status
 */
struct command {
	const char *name;
	const char *takes;
	const char *words;
	const char *without_vm;
	const char *help;
	const char *text;
	const struct option *options[COMMAND_TABLES + 1];
	int min, max;
	int (*run)(int argc, char *argv[]);
};

/* What command_run() was given, and the one of that name among them; NULL: none. */
extern const struct command *const *command_list;
const struct command *command_named(const char *name);

/* Options that each subcommand has. */
extern const struct option common_options[];

/* What they say: the module's device. */
extern const char *device_path;

/**
 * command_help() - print what there is to be known
 * @name: of a command; NULL: of all of them
 *
 * Return: the exit status.
 */
int command_help(const char *name);

/**
 * command_run() - understand a command line and do what it says
 * @list: all that there are, in the order of --help, ending with NULL
 * @argc, @argv: as of main(); changed
 *
 * Return: the exit status.
 */
int command_run(const struct command *const list[], int argc, char *argv[]);

#endif /* DBGPORTCTL_CLI_COMMAND_H */
