// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/daemon.h"
#include "dbgportd/loop/loop.h"
#include "lib/choice.h"
#include "lib/device.h"
#include "lib/number.h"
#include "words/begins.h"

#define LEVELS	"error|warning|info|debug"
/* For help and messages, that is DAEMON_METRICS_VMS. */
#define MOST_VMS	"100"

static bool is_log_level(const char *value)
{
	return choice_find(LEVELS, '|', value) >= 0;
}

static bool is_beginning(const char *value)
{
	struct begins_rule rule;
	char why[128];

	return !begins_rule_parse(&rule, value, why, sizeof(why));
}

/* None else: what has that name is replaced, be it /dev/null. */
static bool is_file_of_metrics(const char *value)
{
	size_t len = strlen(value);

	return len > 5 && !strcmp(value + len - 5, ".prom");
}

static int parse_vms(const char *value, __u64 *n)
{
	return number_parse(value, NUMBER_DECIMAL, 0, DAEMON_METRICS_VMS, n);
}

static bool is_number_of_vms(const char *value)
{
	__u64 n;

	return !parse_vms(value, &n);
}

const struct daemon_key daemon_keys[] = {
	{ "device", "PATH", "the module's device [" DEVICE_PATH "]",
	  .offset = offsetof(struct daemon_settings, device) },
	{ "run-dir", "DIR",
	  "for links to ptys, status.json and a restarted daemon's positions [/run/dbgport; $XDG_RUNTIME_DIR/dbgport if not root]",
	  .offset = offsetof(struct daemon_settings, run_dir) },
	{ "engine", "uring|poll", "what to wait with [uring; poll if refused]",
	  "engine", "uring, poll", loop_has_engine,
	  .offset = offsetof(struct daemon_settings, engine) },
	{ "log-level", LEVELS, "what is worth a message [info]",
	  "level", LEVELS, is_log_level, .reloads = true,
	  .offset = offsetof(struct daemon_settings, log_level) },
	{ "boot-begins", "CODE|TEXT",
	  "a boot begins with this POST code, or a line with this in it [recognised]",
	  "beginning", "a POST code or a line's text", is_beginning,
	  .offset = offsetof(struct daemon_settings, boot_begins) },
	{ "metrics", "FILE.prom", "write metrics for Prometheus, as node_exporter collects them",
	  "file of metrics", "those that end in .prom",
	  is_file_of_metrics, .offset = offsetof(struct daemon_settings, metrics) },
	{ "metrics-vms", "N", "how many VMs have metrics of their own [" MOST_VMS "]",
	  "number of VMs", "0 to " MOST_VMS, is_number_of_vms,
	  .offset = offsetof(struct daemon_settings, metrics_vms) },
	{ 0 }
};

const struct daemon_key *daemon_key_find(const char *name)
{
	const struct daemon_key *key = daemon_keys;

	while (key->name && strcmp(key->name, name))
		key++;
	return key->name ? key : NULL;
}

char **daemon_value(const struct daemon_settings *set, const struct daemon_key *key)
{
	return (char **)((char *)set + key->offset);
}

bool daemon_key_takes(const struct daemon_key *key, const char *value)
{
	return !key->knows || key->knows(value);
}

void daemon_settings_add(struct daemon_settings *set, struct daemon_settings *from)
{
	for (const struct daemon_key *key = daemon_keys; key->name; key++) {
		char **to = daemon_value(set, key), **value = daemon_value(from, key);

		if (*to)
			continue;
		*to = *value;
		*value = NULL;
	}
}

unsigned int daemon_metrics_vms(const struct daemon_settings *set)
{
	__u64 n = DAEMON_METRICS_VMS;

	if (set->metrics_vms)
		parse_vms(set->metrics_vms, &n);
	return n;
}

void daemon_settings_free(struct daemon_settings *set)
{
	for (const struct daemon_key *key = daemon_keys; key->name; key++)
		free(*daemon_value(set, key));
	*set = (struct daemon_settings){ 0 };
}
