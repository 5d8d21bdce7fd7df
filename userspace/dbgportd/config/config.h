/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The config file:
 *
 *	[daemon]
 *	run-dir = /run/dbgport
 *
 *	[sink serial]
 *	port = 0xe9
 *	mode = file=/var/log/dbgport/%v.log
 *	time = iso8601
 *	format = text
 *
 *	[names]
 *	qemu-* = build
 */
#ifndef DBGPORTD_CONFIG_CONFIG_H
#define DBGPORTD_CONFIG_CONFIG_H

#include <stddef.h>

#include "dbgportd/config/daemon.h"
#include "dbgportd/config/names.h"
#include "dbgportd/config/route.h"

#define CONFIG_PATH	"/etc/dbgport/dbgportd.conf"

/**
 * struct config - what a config file says
 * @routes: a route for each [sink NAME]
 * @names: [names]
 * @daemon: [daemon]
 * @mistakes: a line "FILE:LINE: reason" for each mistake; NULL: there is none
 * @mistake_count: how many
 */
struct config {
	struct route *routes;
	struct name *names;
	struct daemon_settings daemon;
	char *mistakes;
	size_t mistake_count;
};

/**
 * config_read() - read a config file
 * @c: filled in
 * @path: the file
 *
 * Return: 0, or -1 if there are mistakes; call config_free() in either case.
 */
int config_read(struct config *c, const char *path);

/* The same with the @len bytes at @text, which messages call @path. */
int config_parse(struct config *c, const char *path, const char *text, size_t len);

void config_free(struct config *c);

#endif /* DBGPORTD_CONFIG_CONFIG_H */
