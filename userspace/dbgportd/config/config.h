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
 * struct config - what config files say
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
 * config_read() - read a config file, and what adds to it
 * @c: filled in
 * @path: the file; may be missing if there are others
 *
 * Those are PATH.d/NAME.conf, in the order of their names.
 *
 * Return: 0, or -1 if there are mistakes; call config_free() in either case.
 */
int config_read(struct config *c, const char *path);

/**
 * config_parse() - read the text of one file
 * @c: what other files have said, or all 0; this one adds to it, and wins in [daemon]
 * @path: what messages call it
 * @text: the text
 * @len: bytes at @text
 *
 * Return: 0, or -1 if there are mistakes, in others too.
 */
int config_parse(struct config *c, const char *path, const char *text, size_t len);

void config_free(struct config *c);

#endif /* DBGPORTD_CONFIG_CONFIG_H */
