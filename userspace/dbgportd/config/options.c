// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/config/drop_ins.h"
#include "dbgportd/config/options.h"
#include "dbgportd/config/routes.h"
#include "lib/device.h"

const char *options_default_config = CONFIG_PATH;

/* One that may not be read, or not even looked for, is a mistake, and so is there. */
static bool has_default_config(void)
{
	struct drop_ins others;
	bool has;

	if (!access(options_default_config, F_OK) || (errno != ENOENT && errno != ENOTDIR))
		return true;
	has = drop_ins_find(&others, options_default_config) || others.count;
	drop_ins_free(&others);
	return has;
}

static const char *config_to_read(const struct options *opt)
{
	if (opt->config_path)
		return opt->config_path;
	if (opt->sink_given)
		return NULL;
	for (enum role role = 0; role < ROLES; role++) {
		if (opt->role_given[role])
			return NULL;
	}
	return has_default_config() ? options_default_config : NULL;
}

static int read_config(struct options *opt, char *why, size_t size)
{
	struct config *c = &opt->config;
	const char *text;
	int len;

	opt->config_path = config_to_read(opt);
	if (!opt->config_path || !config_read(c, opt->config_path))
		return 0;
	text = c->mistakes ?: "no memory";
	len = strchrnul(text, '\n') - text;
	if (c->mistake_count > 1)
		snprintf(why, size, "%.*s (the first of %zu; --check-config shows all)", len, text,
			 c->mistake_count);
	else
		snprintf(why, size, "%.*s", len, text);
	return -1;
}

/* Firmware's output and POST codes are shown unless something else is said. */
static int add_defaults(struct options *opt, char *why, size_t size)
{
	if (opt->sink_given || opt->config.routes)
		return 0;
	for (enum role role = 0; role < ROLES; role++) {
		struct route *r;

		if (opt->role_given[role])
			continue;
		if (role_default(role, &r, why, size))
			return -1;
		if (r)
			routes_append(&opt->routes, r);
	}
	return 0;
}

/* What the command line says wins, or comes first. */
static int add_config(struct options *opt, char *why, size_t size)
{
	struct config *c = &opt->config;
	struct route **last_route = &opt->routes;
	struct name **last_name = &opt->names;

	while (*last_route)
		last_route = &(*last_route)->next;
	*last_route = c->routes;
	c->routes = NULL;
	while (*last_name)
		last_name = &(*last_name)->next;
	*last_name = c->names;
	c->names = NULL;
	daemon_settings_add(&opt->daemon, &c->daemon);
	if (!opt->daemon.device)
		opt->daemon.device = strdup(DEVICE_PATH);
	if (opt->daemon.device)
		return 0;
	snprintf(why, size, "no memory");
	return -1;
}

static int check_routes(const struct options *opt, char *why, size_t size)
{
	char reason[1024];

	if (!opt->routes) {
		snprintf(why, size,
			 "nothing to do: --console, --firmware, --post and --serial are all off");
		return -1;
	}
	for (struct route *r = opt->routes; r; r = r->next) {
		if (routes_check(opt->routes, r, reason, sizeof(reason))) {
			snprintf(why, size, "%s: %s", r->where, reason);
			return -1;
		}
	}
	if (opt->action != ACTION_RUN)
		return 0;
	return routes_check_terminal(opt->routes, why, size) ?:
	       routes_check_owners(opt->routes, why, size);
}

int options_complete(struct options *opt, char *why, size_t size)
{
	if (read_config(opt, why, size) || add_defaults(opt, why, size) ||
	    add_config(opt, why, size))
		return -1;
	return check_routes(opt, why, size);
}

void options_free(struct options *opt)
{
	routes_free(opt->routes);
	names_free(opt->names);
	daemon_settings_free(&opt->daemon);
	config_free(&opt->config);
	opt->routes = NULL;
	opt->names = NULL;
}
