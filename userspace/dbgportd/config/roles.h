/* SPDX-License-Identifier: GPL-2.0 */
/*
 * --console, --firmware, --post and --serial: a MODE for one port each, as cloud-hypervisor's
 * --debug-console takes it.
 */
#ifndef DBGPORTD_CONFIG_ROLES_H
#define DBGPORTD_CONFIG_ROLES_H

#include <stddef.h>

#include "dbgportd/config/route.h"

enum role {
	ROLE_CONSOLE,
	ROLE_FIRMWARE,
	ROLE_POST,
	ROLE_SERIAL,
	ROLES,
};

/* "console": the option without its dashes, and what links and messages call the output. */
const char *role_name(enum role role);

/* For --help: what the option takes, and a sentence. */
const char *role_takes(enum role role);
const char *role_help(enum role role);

/**
 * role_parse() - understand what stands behind the option
 * @role: which one
 * @value: MODE, or a list of several of which one wins, with iobase=0xPORT for the
 *	console
 * @r: set to the route, which is the caller's; to NULL if it is switched off
 * @why: on failure, one line for the user, beginning with the option
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int role_parse(enum role role, const char *value, struct route **r, char *why, size_t size);

/* The same for an option that is not given: where its port goes by default. */
int role_default(enum role role, struct route **r, char *why, size_t size);

#endif /* DBGPORTD_CONFIG_ROLES_H */
