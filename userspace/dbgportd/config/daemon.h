/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is asked of the daemon as a whole: keys of the config file's [daemon],
 * and options of the same names.
 */
#ifndef DBGPORTD_CONFIG_DAEMON_H
#define DBGPORTD_CONFIG_DAEMON_H

#include <stdbool.h>
#include <stddef.h>

/* The most VMs that can have metrics of their own, and how many do by default. */
#define DAEMON_METRICS_VMS	100

/**
 * struct daemon_settings - the values; allocated, NULL: not said
 * @device: the device node
 * @run_dir: the run directory
 * @engine: the loop's engine
 * @log_level: one of log_levels[]
 * @metrics: the file of metrics
 * @metrics_vms: how many VMs have metrics of their own, a number
 * @boot_begins: as begins_rule_parse() takes it
 */
struct daemon_settings {
	char *device;
	char *run_dir;
	char *engine;
	char *log_level;
	char *metrics;
	char *metrics_vms;
	char *boot_begins;
};

/**
 * struct daemon_key - one of them
 * @name: as the config file has it; the option has two dashes in front
 * @takes: its value, for help
 * @help: a sentence
 * @kind: what its values are called, where only some are known; NULL: any will do
 * @known: these, for messages
 * @knows: whether a value is one of them
 * @reloads: another one is taken without a restart
 * @offset: of its value in struct daemon_settings
 */
struct daemon_key {
	const char *name;
	const char *takes;
	const char *help;
	const char *kind;
	const char *known;
	bool (*knows)(const char *value);
	bool reloads;
	size_t offset;
};

/* All keys; behind the last one, one without a name. */
extern const struct daemon_key daemon_keys[];

/* The key called @name; NULL: there is none. */
const struct daemon_key *daemon_key_find(const char *name);

/* Where the value of @key is. */
char **daemon_value(const struct daemon_settings *set, const struct daemon_key *key);

/* Whether a value can be @value; empty ones are the caller's to refuse. */
bool daemon_key_takes(const struct daemon_key *key, const char *value);

/* Move to @set what it has not, and @from has. */
void daemon_settings_add(struct daemon_settings *set, struct daemon_settings *from);

/* The number that @set has of VMs with metrics of their own. */
unsigned int daemon_metrics_vms(const struct daemon_settings *set);

void daemon_settings_free(struct daemon_settings *set);

#endif /* DBGPORTD_CONFIG_DAEMON_H */
