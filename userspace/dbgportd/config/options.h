/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef DBGPORTD_CONFIG_OPTIONS_H
#define DBGPORTD_CONFIG_OPTIONS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dbgportd/config/config.h"
#include "dbgportd/config/names.h"
#include "dbgportd/config/route.h"

enum action {
	ACTION_RUN,
	ACTION_CHECK_CONFIG,
	ACTION_HELP,
	ACTION_VERSION,
};

/* Options of cloud-hypervisor's kind, for one port each. */
enum role {
	ROLE_CONSOLE,
	ROLE_FIRMWARE,
	ROLE_POST,
	ROLES,
};

/**
 * struct options - what the user wants
 * @action: help and version win over everything else
 * @routes: where each port goes
 * @names: what VMs are called
 * @device: the device node
 * @run_dir: the run directory; NULL: the default
 * @state_dir: the state directory; NULL: the default
 * @engine: the loop's engine; NULL: the best
 * @log_level: one of log_levels[]; NULL: the default
 * @once: end when everything that is there has been written
 * @until_vm_exit: end when the last VM has gone
 * @duration_ms: end after that time; 0: go on
 * @config_path: the config file; NULL: none
 * @config: what stood there; its routes and names are in @routes and @names
 * @given: private: bit per option: it was said
 */
struct options {
	enum action action;
	struct route *routes;
	struct name *names;
	const char *device;
	const char *run_dir;
	const char *state_dir;
	const char *engine;
	const char *log_level;
	bool once;
	bool until_vm_exit;
	unsigned int duration_ms;
	const char *config_path;
	struct config config;
	unsigned int given;
};

/**
 * options_parse() - understand the command line, and the config file with it
 * @opt: filled in
 * @argc, @argv: as of main(); must stay as long as @opt
 * @why: on failure, one line: what is wrong
 * @size: size of @why
 *
 * If the mistakes are in the config file, @opt->config.mistakes has them all.
 *
 * Return: 0 or -1; call options_free() in either case.
 */
int options_parse(struct options *opt, int argc, char *const argv[], char *why, size_t size);
void options_free(struct options *opt);

/* The config file that is read when nothing else says where ports go. */
extern const char *options_default_config;

/* Option number @i, "--console", NULL behind the last one. */
const char *options_name(size_t i);

void options_help(FILE *to);

#endif /* DBGPORTD_CONFIG_OPTIONS_H */
