/* SPDX-License-Identifier: GPL-2.0 */
/* Options and arguments of a command line, by tables. */
#ifndef DBGPORTCTL_CLI_ARGS_H
#define DBGPORTCTL_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

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
 * args_parse() - take the options out of a command line
 * @tables: of options, ending with NULL
 * @argc: how many there are at @argv; becomes how many are left
 * @argv: what was given, without the program; options are taken out, NULL
 *	follows what is left
 * @first_only: stop at the first argument that is no option
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * As getopt_long(3) does it: "--" ends options, they may stand behind arguments,
 * letters may be joined ("-fn5"), and long names need not be whole as long as
 * they are unique.
 *
 * Return: 0 or -1.
 */
int args_parse(const struct option *const tables[], int *argc, char *argv[], bool first_only,
	       char *why, size_t size);

/* The options of a table, as --help lists them. */
void args_help(FILE *to, const struct option *table);

#endif /* DBGPORTCTL_CLI_ARGS_H */
