// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportd/config/command_line.h"
#include "dbgportd/reload.h"
#include "dbgportd/router/router.h"
#include "dbgportd/service/notify.h"
#include "dbgportd/sink/sink.h"
#include "dbgportd/sink/std.h"
#include "dbgportd/source/source.h"
#include "lib/log.h"

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void warn_of_changes(const struct options *running, const struct options *next)
{
	for (const struct daemon_key *key = daemon_keys; key->name; key++) {
		if (!key->reloads && !is_same(*daemon_value(&running->daemon, key),
					      *daemon_value(&next->daemon, key)))
			log_warning("%s: another %s takes a restart of dbgportd",
				    next->config_path, key->name);
	}
}

static int take_options(const struct options *running, struct options *next, char *why,
			size_t size)
{
	if (running->config_path && !next->config_path) {
		snprintf(why, size, "%s is not there any more", running->config_path);
		return -1;
	}
	if (router_check_ports(next->routes, source_info(), why, size) ||
	    router_reload(next->routes, why, size))
		return -1;
	next->routes = NULL;
	router_set_names(next->names);
	next->names = NULL;
	return 0;
}

void reload(const struct options *running, int argc, char *const argv[])
{
	struct options next;
	char why[1024];

	notify_reloading();
	std_check_hangup();
	sinks_reopen();
	if (command_line_parse(&next, argc, argv, why, sizeof(why)) ||
	    take_options(running, &next, why, sizeof(why))) {
		log_error("%s; all stays as it was", why);
	} else if (next.config_path) {
		log_set_level(next.daemon.log_level);
		log_line("%s: read again", next.config_path);
		warn_of_changes(running, &next);
	}
	options_free(&next);
	notify_ready();
}
