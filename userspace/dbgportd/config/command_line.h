/* SPDX-License-Identifier: GPL-2.0 */
/* The command line: one table of options, which --help goes by too. */
#ifndef DBGPORTD_CONFIG_COMMAND_LINE_H
#define DBGPORTD_CONFIG_COMMAND_LINE_H

#include <stddef.h>
#include <stdio.h>

#include "dbgportd/config/options.h"

/**
 * command_line_parse() - understand the command line, and the config file with it
 * @opt: filled in
 * @argc, @argv: as of main(); must stay as long as @opt
 * @why: on failure, one line: what is wrong first
 * @size: size of @why
 *
 * Options must be named in full.  If the mistakes are in the config file,
 * @opt->config.mistakes has them all.  It uses getopt_long(3), whose state is
 * the process's: not for two threads at a time.
 *
 * Return: 0 or -1; call options_free() in either case.
 */
int command_line_parse(struct options *opt, int argc, char *const argv[], char *why, size_t size);

/* The options' part of --help. */
void command_line_help(FILE *to);

/* Option number @i without its dashes, "console"; NULL behind the last one. */
const char *command_line_option(size_t i);

#endif /* DBGPORTD_CONFIG_COMMAND_LINE_H */
