/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What can be said of a route besides PORT:MODE, as KEY=VALUE.
 *
 * One table (settings.c) says of each key what it takes, which modes and
 * formats know it, and one line of help; the option parser, the config file,
 * --check-config and --help all go by it.
 */
#ifndef DBGPORTD_CONFIG_SETTINGS_H
#define DBGPORTD_CONFIG_SETTINGS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dbgportd/sink/settings.h"
#include "words/style.h"

enum data_kind {
	DATA_AUTO,		/* codes on port 0x80, bytes elsewhere */
	DATA_BYTES,
	DATA_CODES,
};

/**
 * struct settings - of one route; 0 or NULL: the default of the sink or format
 * @data: what the port carries
 * @style: what its format goes by
 * @sink: what its sink goes by
 * @rate: bytes a second that a VM may write there; 0: any
 * @burst: bytes that it may write at once, for settings_burst(); 0: not said
 * @table: POST codes' names: "cloud-hypervisor" (default), "coreboot", "ami", "edk2", "u-boot",
 *	or the path of a file
 * @vm: for condition_has_name() with the VM's name; NULL: any
 * @uid: for condition_has_user() with its VMM's user; NULL: any
 * @name: what the output is called in links and messages; NULL: by its port
 * @server: nats: see struct sink_server
 * @given: bit per key of the table: it was said
 */
struct settings {
	enum data_kind data;
	struct style style;
	struct sink_settings sink;
	__u64 rate;
	__u64 burst;
	char *table;
	char *vm;
	char *uid;
	char *name;
	struct {
		char *subject;
		char *creds;
		char *tls;
	} server;
	__u64 given;
};

/**
 * settings_parse() - take one KEY=VALUE
 * @set: of the route
 * @key, @value: both without white space at their ends
 * @why: on failure, one line for the user, beginning with the key
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int settings_parse(struct settings *set, const char *key, const char *value,
		   char *why, size_t size);

/**
 * settings_check() - whether mode and format know all that was said
 * @set: of the route
 * @mode: name of the kind of sink
 * @format: name of the format; of sinks with a format of their own, @mode
 * @codes: whether POST codes can come
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int settings_check(const struct settings *set, const char *mode, const char *format,
		   bool codes, char *why, size_t size);

/* The bytes that may come at once, of settings with a @rate. */
__u64 settings_burst(const struct settings *set);

/* Append ",KEY=VALUE" of all that is not the default to the text at @dst. */
void settings_print(char *dst, size_t size, const struct settings *set);

/* The table's part of --help. */
void settings_help(FILE *to);

/* Key number @i of the table, NULL behind the last one. */
const char *settings_key(size_t i);

void settings_free(struct settings *set);

#endif /* DBGPORTD_CONFIG_SETTINGS_H */
