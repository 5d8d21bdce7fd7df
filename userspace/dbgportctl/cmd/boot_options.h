/* SPDX-License-Identifier: GPL-2.0 */
/* What timeline and boots can be asked alike: which boots, and where to show them. */
#ifndef DBGPORTCTL_CMD_BOOT_OPTIONS_H
#define DBGPORTCTL_CMD_BOOT_OPTIONS_H

#include "dbgportctl/boot/load.h"
#include "dbgportctl/cli/args.h"

/**
 * struct boot_options - what was said
 * @load: which boots
 * @format: how to show them; NULL: not said
 * @as_json: the same as "json" there
 * @output: the file to show them in; NULL: standard output
 */
struct boot_options {
	struct load load;
	const char *format;
	bool as_json;
	const char *output;
};

extern struct boot_options boot_options;

/* For struct command; --format has its words for each command in a row of its own. */
extern const struct option boot_option_table[];

/**
 * boot_options_format() - which format was chosen
 * @command: the subcommand's name, for messages
 * @formats: "text|svg|…": those that it has, of which "text" is the default
 * @index: set to its place among these
 *
 * Return: STATUS_OK, or STATUS_USAGE after it has been told.
 */
int boot_options_format(const char *command, const char *formats, size_t *index);

#endif /* DBGPORTCTL_CMD_BOOT_OPTIONS_H */
