// SPDX-License-Identifier: GPL-2.0
#include <dbgport.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/roles.h"
#include "dbgportd/sink/kinds.h"
#include "lib/list.h"
#include "lib/log.h"
#include "lib/number.h"
#include "lib/port.h"

/**
 * struct role_option - one of the options
 * @option: with its dashes; behind them stands the role's name
 * @takes: its value, for help
 * @help: a sentence
 * @port: which port it is for
 * @kind: where that goes by default; NULL: nowhere
 */
static const struct role_option {
	const char *option;
	const char *takes;
	const char *help;
	__u16 port;
	const struct sink_ops *kind;
} roles[ROLES] = {
	[ROLE_CONSOLE] = { "--console", "MODE[,iobase=0xPORT]",
			   "the debug console, port 0xe9 or PORT [off]",
			   DBGPORT_CONSOLE_PORT, NULL },
	[ROLE_FIRMWARE] = { "--firmware", "MODE",
			    "the firmware's console, port 0x402 [stdout]",
			    DBGPORT_FIRMWARE_PORT, &sink_stdout },
	[ROLE_POST] = { "--post", "MODE",
			"POST codes, port 0x80 [log]",
			DBGPORT_POST_PORT, &sink_log },
	[ROLE_SERIAL] = { "--serial", "MODE",
			  "what guests send on COM1, port 0x3f8 [off]",
			  PORT_SERIAL, NULL },
};

/* One MODE option: what cloud-hypervisor's parser would have in its map. */
struct mode {
	bool off;
	const struct sink_ops *kind;
	const char *arg;
	const char *iobase;
};

const char *role_name(enum role role)
{
	return roles[role].option + strlen("--");
}

const char *role_takes(enum role role)
{
	return roles[role].takes;
}

const char *role_help(enum role role)
{
	return roles[role].help;
}

static bool may_have(const struct sink_ops *kind, enum role role)
{
	return role == ROLE_POST || !kind->codes_only;
}

/* "off, pty, …, file=PATH", as far as it goes for @role. */
static const char *mode_names(enum role role)
{
	static char names[256] = "off, ";
	size_t len = strlen("off, ");

	sink_list_kinds(names + len, sizeof(names) - len, role == ROLE_POST);
	return names;
}

static int precedence(const struct sink_ops *kind)
{
	int i = 0;

	while (sink_kinds[i] && sink_kinds[i] != kind)
		i++;
	return i;
}

static int parse_part(struct mode *mode, char *part, enum role role, char *why, size_t size)
{
	const char *option = roles[role].option;
	char *value = strchr(part, '=');
	const struct sink_ops *kind;

	if (value)
		*value++ = '\0';
	if (!strcmp(part, "iobase")) {
		if (role != ROLE_CONSOLE) {
			snprintf(why, size, "%s: only --console takes iobase", option);
			return -1;
		}
		if (!value) {
			snprintf(why, size, "%s: iobase needs a port: iobase=0xPORT", option);
			return -1;
		}
		mode->iobase = list_trim(value);
		return 0;
	}
	if (!strcmp(part, "off")) {
		mode->off = true;
		return 0;
	}

	kind = sink_kind(part, strlen(part));
	if (!kind || !may_have(kind, role)) {
		snprintf(why, size, "%s: unknown mode '%s'; known are %s", option, part,
			 mode_names(role));
		return -1;
	}
	if (kind->arg && !value) {
		snprintf(why, size, "%s: %s needs a path: %s=%s", option, part, part, kind->arg);
		return -1;
	}
	/* The first kind in order of precedence wins, as in cloud-hypervisor. */
	if (mode->kind && precedence(kind) > precedence(mode->kind))
		return 0;
	mode->kind = kind;
	mode->arg = kind->arg ? list_trim(value) : NULL;
	return 0;
}

static int parse_list(struct mode *mode, char *list, enum role role, const char *value,
		      char *why, size_t size)
{
	list = list_trim(list);
	while (list && *list) {
		char *part = list_next(&list);

		if (!part) {
			snprintf(why, size, "%s %s: quotes or brackets do not match",
				 roles[role].option, value);
			return -1;
		}
		if (parse_part(mode, part, role, why, size))
			return -1;
		/* A comma at the end: an empty mode, which does not exist. */
		if (list && !*list)
			return parse_part(mode, list, role, why, size);
	}
	return 0;
}

static struct route *make_route(enum role role, __u16 port, const struct sink_ops *kind,
				const char *arg, char *why, size_t size)
{
	struct route *r = route_new(roles[role].option);
	char mode[PATH_MAX + 32], reason[512] = "no memory";

	snprintf(mode, sizeof(mode), "%s%s%s", kind->name, arg ? "=" : "", arg ?: "");
	if (r && !route_mode(r, mode, reason, sizeof(reason)) &&
	    !route_set(r, "name", role_name(role), reason, sizeof(reason))) {
		r->port = port;
		if (!route_finish(r, reason, sizeof(reason)))
			return r;
	}
	if (r)
		route_free(r);
	snprintf(why, size, "%s %s", roles[role].option, reason);
	return NULL;
}

static int parse_iobase(const char *iobase, __u16 *port, char *why, size_t size)
{
	__u64 number;

	/* Empty, it is the default; so it is in cloud-hypervisor. */
	if (!iobase || !*iobase)
		return 0;
	if (number_parse(iobase, NUMBER_0X, 0, 0xffff, &number)) {
		snprintf(why, size,
			 "--console: iobase=%s is no port; it is 0x0 to 0xffff, with the 0x",
			 iobase);
		return -1;
	}
	*port = number;
	return 0;
}

/* That port goes somewhere else, unless that is switched off. */
static int refuse_port(__u16 port, char *why, size_t size)
{
	for (enum role other = ROLE_CONSOLE + 1; other < ROLES; other++) {
		if (roles[other].kind && port == roles[other].port) {
			snprintf(why, size, "--console: iobase=0x%x is the port of %s", port,
				 roles[other].option);
			return -1;
		}
	}
	return 0;
}

static int choose(const struct mode *mode, enum role role, struct route **r,
		  char *why, size_t size)
{
	const char *option = roles[role].option;
	__u16 port = roles[role].port;

	if (parse_iobase(mode->iobase, &port, why, size))
		return -1;
	if (mode->off)
		return 0;
	if (!mode->kind) {
		snprintf(why, size, "%s: no mode given; one of %s", option, mode_names(role));
		return -1;
	}
	if (mode->arg && !*mode->arg) {
		snprintf(why, size, "%s: %s needs a path: %s=%s", option, mode->kind->name,
			 mode->kind->name, mode->kind->arg);
		return -1;
	}
	if (role == ROLE_CONSOLE && refuse_port(port, why, size))
		return -1;
	*r = make_route(role, port, mode->kind, mode->arg, why, size);
	return *r ? 0 : -1;
}

int role_parse(enum role role, const char *value, struct route **r, char *why, size_t size)
{
	struct mode mode = { 0 };
	char *list = strdup(value);
	int err;

	*r = NULL;
	if (!list) {
		snprintf(why, size, "no memory");
		return -1;
	}
	err = parse_list(&mode, list, role, value, why, size);
	if (!err)
		err = choose(&mode, role, r, why, size);
	free(list);
	return err;
}

int role_default(enum role role, struct route **r, char *why, size_t size)
{
	const struct sink_ops *kind = roles[role].kind;

	*r = NULL;
	if (!kind)
		return 0;
	/* What would get there as plain lines comes with fields to search by. */
	if (log_is_journal(kind->fd))
		kind = &sink_journal;
	*r = make_route(role, roles[role].port, kind, NULL, why, size);
	if (!*r)
		return -1;
	(*r)->given = false;
	return 0;
}
