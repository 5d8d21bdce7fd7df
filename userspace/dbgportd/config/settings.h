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

enum data_kind {
	DATA_AUTO,		/* codes on port 0x80, bytes elsewhere */
	DATA_BYTES,
	DATA_CODES,
};

enum time_style {
	TIME_NONE,
	TIME_VM,		/* seconds since the VM's zero */
	TIME_DELTA,		/* seconds since the line before on this output */
	TIME_24H,		/* local time of day, microseconds */
	TIME_ISO8601,		/* local time with its offset, microseconds */
	TIME_EPOCH,		/* seconds since 1970, UTC */
	TIME_MONOTONIC,		/* CLOCK_MONOTONIC, as in the host's dmesg */
};

enum label_style {
	LABEL_AUTO,		/* on a shared sink once there is more than one VM */
	LABEL_YES,
	LABEL_NO,
};

enum json_unit {
	JSON_LINE,		/* an object for each line; for each code on the POST port */
	JSON_WRITE,		/* an object for each write */
};

enum storm_policy {
	STORM_COUNT,		/* what Linux's io_delay writes is counted, not shown */
	STORM_SHOW,
};

enum seconds_style {
	SECONDS_RIGHT,
	SECONDS_ORIGINAL,	/* as cloud-hypervisor prints them: wrong above a second */
};

enum full_policy {
	FULL_DROP_OLDEST,	/* the oldest bytes go, visibly */
	FULL_BLOCK,		/* nothing goes: reading waits, and all VMs with it */
};

/**
 * struct settings - of one route; 0 or NULL: the default of the sink or format
 * @data: what the port carries
 * @time, @label, @json, @storm, @seconds: of the formats
 * @table: POST codes' names: "cloud-hypervisor" (default), "coreboot", "ami",
 *	or the path of a file
 * @vm: shell pattern (fnmatch) that the VM's name must match; NULL: any
 * @name: what the output is called in links and messages; NULL: by its port
 * @queue: bytes that may wait, a power of two
 * @full: what happens when they are more
 * @scrollback: pty, unix: bytes kept for whoever opens it later, a power of two
 * @linger: pty, unix: seconds that the last output stays after the VM's end
 * @clients: unix: how many at a time
 * @mode: file, unix: permission bits (perm=)
 * @size: file: rotated at this many bytes; 0: never
 * @keep: file: how many rotated ones stay
 * @total: file: bytes on disk in all for one path, rotated ones included; 0: no bound
 * @given: bit per key of the table: it was said
 */
struct settings {
	enum data_kind data;
	enum time_style time;
	enum label_style label;
	enum json_unit json;
	enum storm_policy storm;
	enum seconds_style seconds;
	enum full_policy full;
	char *table;
	char *vm;
	char *name;
	__u64 queue;
	__u64 scrollback;
	__u64 linger;
	__u64 clients;
	__u64 mode;
	__u64 size;
	__u64 keep;
	__u64 total;
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

/* Whether two routes can share one sink: what the sink goes by is the same. */
bool settings_same_sink(const struct settings *a, const struct settings *b);

/* Append ",KEY=VALUE" of all that is not the default to the text at @dst. */
void settings_print(char *dst, size_t size, const struct settings *set);

/* The table's part of --help. */
void settings_help(FILE *to);

/* Key number @i of the table, NULL behind the last one. */
const char *settings_key(size_t i);

void settings_free(struct settings *set);

#endif /* DBGPORTD_CONFIG_SETTINGS_H */
