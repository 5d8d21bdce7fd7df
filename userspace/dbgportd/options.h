/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef DBGPORTD_OPTIONS_H
#define DBGPORTD_OPTIONS_H

#include <stddef.h>

#include "dbgportd/router.h"

enum action {
	ACTION_RUN,
	ACTION_HELP,
	ACTION_VERSION,
};

/**
 * struct options - what the user wants
 * @action: help and version win over everything else
 * @route: where each port goes
 * @device: the device node
 * @run_dir: the run directory; NULL: the default
 * @engine: the loop's engine; NULL: the best
 * @text: private: what @route points into
 */
struct options {
	enum action action;
	struct route route[ROLES];
	const char *device;
	const char *run_dir;
	const char *engine;
	char *text[ROLES];
};

/**
 * options_parse() - understand the command line
 * @opt: filled in
 * @argc, @argv: as of main(); must stay as long as @opt
 * @why: on failure, one line: what is wrong
 * @size: size of @why
 *
 * Return: 0 or -1; call options_free() in either case.
 */
int options_parse(struct options *opt, int argc, char *const argv[], char *why, size_t size);
void options_free(struct options *opt);

/* The default run directory; NULL where there is none for this user. */
const char *options_default_run_dir(void);

extern const char options_help[];

#endif /* DBGPORTD_OPTIONS_H */
