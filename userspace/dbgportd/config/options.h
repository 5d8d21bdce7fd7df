/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that the user asked for, on the command line and in the config file.
 *
 * This folder is about understanding that, and refusing it: nothing is opened
 * here but the files that say it, and nothing runs.  A route names its kind of
 * sink and its format; what these do is for others.
 */
#ifndef DBGPORTD_CONFIG_OPTIONS_H
#define DBGPORTD_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/config/config.h"
#include "dbgportd/config/daemon.h"
#include "dbgportd/config/names.h"
#include "dbgportd/config/roles.h"
#include "dbgportd/config/route.h"

enum action {
	ACTION_RUN,
	ACTION_CHECK_CONFIG,
	ACTION_HELP,
	ACTION_VERSION,
};

/**
 * struct options - what the user wants
 * @action: help and version win over everything else
 * @routes: where each port goes
 * @names: what VMs are called
 * @daemon: NULL stands for the default, but @daemon.device is always there
 * @once: end when everything that is there has been written
 * @until_vm_exit: end when the last VM that a route is for has gone
 * @duration_ms: end after that time; 0: go on
 * @sink_given, @role_given: the command line says where ports go
 * @config_path: the config file; NULL: none
 * @config: its mistakes; what stood there has been moved to the above
 */
struct options {
	enum action action;
	struct route *routes;
	struct name *names;
	struct daemon_settings daemon;
	bool once;
	bool until_vm_exit;
	unsigned int duration_ms;
	bool sink_given;
	bool role_given[ROLES];
	const char *config_path;
	struct config config;
};

/**
 * options_complete() - add what the config file says, and the defaults
 * @opt: what the command line says
 * @why: on failure, one line: what is wrong
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int options_complete(struct options *opt, char *why, size_t size);

void options_free(struct options *opt);

/* The config file that is read when nothing else says where ports go. */
extern const char *options_default_config;

#endif /* DBGPORTD_CONFIG_OPTIONS_H */
