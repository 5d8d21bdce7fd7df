// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/config/config.h"
#include "dbgportd/config/drop_ins.h"
#include "dbgportd/config/ini.h"
#include "dbgportd/config/routes.h"
#include "lib/list.h"

/* More than a user makes; mistakes beyond that many are not told. */
#define FILE_MAX	(256 * 1024)
#define MISTAKES_MAX	100

enum section {
	SECTION_NONE,		/* before the first one */
	SECTION_DAEMON,
	SECTION_SINK,
	SECTION_NAMES,
	SECTION_BAD,		/* what stands in it is passed over */
};

/**
 * struct parser - a config file that is being read
 * @c: what it says
 * @path: its name, for messages
 * @ini: its lines
 * @daemon: its [daemon]
 * @section: which one is being read
 * @section_line: where it begins
 * @route: of the [sink NAME] that is being read; NULL: its name is taken
 * @sink: its NAME
 * @has_port, @has_mode: it was said
 * @bad: @route has a mistake
 */
struct parser {
	struct config *c;
	const char *path;
	struct ini ini;
	struct daemon_settings daemon;
	enum section section;
	unsigned int section_line;
	struct route *route;
	char sink[INI_SECTION_MAX + 1];
	bool has_port, has_mode;
	bool bad;
};

__attribute__((format(printf, 4, 5)))
static void mistake(struct config *c, const char *path, unsigned int line, const char *fmt, ...)
{
	char reason[1024];
	va_list args;
	char *all;
	int n;

	if (c->mistake_count++ >= MISTAKES_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	if (line)
		n = asprintf(&all, "%s%s:%u: %s\n", c->mistakes ?: "", path, line, reason);
	else
		n = asprintf(&all, "%s%s: %s\n", c->mistakes ?: "", path, reason);
	if (n < 0)
		return;
	free(c->mistakes);
	c->mistakes = all;
}

/* In the line that was read last, and in the one that begins the section. */
#define mistake_here(p, ...) \
	mistake((p)->c, (p)->path, (p)->ini.line, __VA_ARGS__)
#define mistake_in_section(p, ...) \
	mistake((p)->c, (p)->path, (p)->section_line, __VA_ARGS__)

static void finish_sink(struct parser *p)
{
	struct route *r = p->route;
	char why[1024];

	p->route = NULL;
	if (!r)
		return;
	if (!p->has_port || !p->has_mode) {
		mistake_in_section(p, "[sink %s] needs a line %s", p->sink,
				   p->has_port ? "mode = MODE" : "port = PORT");
	} else if (!p->bad) {
		if (!route_finish(r, why, sizeof(why)) &&
		    !routes_check(p->c->routes, r, why, sizeof(why))) {
			routes_append(&p->c->routes, r);
			return;
		}
		mistake_in_section(p, "[sink %s]: %s", p->sink, why);
	}
	route_free(r);
}

static void begin_sink(struct parser *p, const char *name)
{
	char where[4096], why[1024];

	for (const struct route *r = p->c->routes; r; r = r->next) {
		if (!strcmp(r->name, name)) {
			mistake_here(p, "[sink %s] is there already: %s", name, r->where);
			return;
		}
	}
	snprintf(p->sink, sizeof(p->sink), "%s", name);
	snprintf(where, sizeof(where), "%s:%u", p->path, p->section_line);
	p->has_port = false;
	p->has_mode = false;
	p->bad = false;
	p->route = route_new(where);
	if (!p->route) {
		mistake_here(p, "no memory");
		return;
	}
	if (route_set(p->route, "name", name, why, sizeof(why))) {
		mistake_here(p, "[sink %s]: %s", name, why);
		p->bad = true;
	}
}

static void take_sink(struct parser *p, const char *key, const char *value)
{
	bool *has = !strcmp(key, "port") ? &p->has_port :
		    !strcmp(key, "mode") ? &p->has_mode : NULL;
	char why[1024];
	int err;

	if (!p->route)
		return;
	if (has && *has) {
		snprintf(why, sizeof(why), "%s is said twice", key);
		err = -1;
	} else if (has == &p->has_port) {
		err = route_port(p->route, value, why, sizeof(why));
	} else if (has == &p->has_mode) {
		err = route_mode(p->route, value, why, sizeof(why));
	} else {
		err = route_set(p->route, key, value, why, sizeof(why));
	}
	if (has)
		*has = true;
	if (err) {
		mistake_here(p, "%s", why);
		p->bad = true;
	}
}

static void name_daemon_keys(struct parser *p, const char *name)
{
	char known[256] = "";
	size_t len = 0;

	for (const struct daemon_key *key = daemon_keys; key->name; key++)
		len += snprintf(known + len, sizeof(known) - len, "%s%s", len ? ", " : "",
				key->name);
	mistake_here(p, "%s is not known in [daemon]; known are %s", name, known);
}

static void take_daemon(struct parser *p, const char *name, const char *value)
{
	const struct daemon_key *key = daemon_key_find(name);
	char **at;

	if (!key) {
		name_daemon_keys(p, name);
		return;
	}
	at = daemon_value(&p->daemon, key);
	if (*at) {
		mistake_here(p, "%s is said twice", name);
	} else if (!*value) {
		mistake_here(p, "%s is empty", name);
	} else if (!daemon_key_takes(key, value)) {
		mistake_here(p, "%s: '%s' is not known; known are %s", name, value, key->known);
	} else {
		*at = strdup(value);
		if (!*at)
			mistake_here(p, "no memory");
	}
}

static void take_name(struct parser *p, const char *pattern, const char *name)
{
	char why[1024];

	if (names_append(&p->c->names, pattern, name, why, sizeof(why)))
		mistake_here(p, "%s", why);
}

static void begin_section(struct parser *p)
{
	char *name = p->ini.name;

	p->section_line = p->ini.line;
	if (!strcmp(name, "daemon")) {
		p->section = SECTION_DAEMON;
	} else if (!strcmp(name, "names")) {
		p->section = SECTION_NAMES;
	} else if (!strncmp(name, "sink ", 5)) {
		p->section = SECTION_SINK;
		begin_sink(p, list_trim(name + 5));
	} else {
		p->section = SECTION_BAD;
		mistake_here(p, "[%s] is not known; known are [daemon], [sink NAME], [names]",
			     name);
	}
}

static void take_value(struct parser *p)
{
	const char *key = p->ini.name, *value = p->ini.value;

	switch (p->section) {
	case SECTION_NONE:
		mistake_here(p, "'%s' stands before the first [section]", key);
		break;
	case SECTION_DAEMON:
		take_daemon(p, key, value);
		break;
	case SECTION_SINK:
		take_sink(p, key, value);
		break;
	case SECTION_NAMES:
		take_name(p, key, value);
		break;
	case SECTION_BAD:
		break;
	}
}

int config_parse(struct config *c, const char *path, const char *text, size_t len)
{
	struct parser p = { .c = c, .path = path, .ini = { .at = text, .end = text + len } };
	enum ini_type type;

	while ((type = ini_next(&p.ini)) != INI_END) {
		if (p.ini.is_section) {
			finish_sink(&p);
			p.section = SECTION_BAD;
		}
		if (type == INI_SECTION)
			begin_section(&p);
		else if (type == INI_VALUE)
			take_value(&p);
		else
			mistake_here(&p, "%s", p.ini.wrong);
	}
	finish_sink(&p);
	daemon_settings_add(&p.daemon, &c->daemon);
	daemon_settings_free(&c->daemon);
	c->daemon = p.daemon;
	return c->mistake_count ? -1 : 0;
}

void config_free(struct config *c)
{
	daemon_settings_free(&c->daemon);
	routes_free(c->routes);
	names_free(c->names);
	free(c->mistakes);
	*c = (struct config){ 0 };
}

/* All of a file, or NULL with errno. */
static char *read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text = NULL;
	ssize_t n = -1;

	if (fd < 0)
		return NULL;
	text = malloc(FILE_MAX + 1);
	*len = 0;
	while (text && *len <= FILE_MAX &&
	       (n = read(fd, text + *len, FILE_MAX + 1 - *len)) > 0)
		*len += n;
	if (text && !n)
		errno = 0;
	else if (n > 0)
		errno = EFBIG;
	close(fd);
	if (!errno)
		return text;
	free(text);
	return NULL;
}

static void read_one(struct config *c, const char *path, bool may_be_missing)
{
	size_t len;
	char *text = read_file(path, &len);

	if (!text) {
		if (errno != ENOENT || !may_be_missing)
			mistake(c, path, 0, "%s", strerror(errno));
		return;
	}
	config_parse(c, path, text, len);
	free(text);
}

int config_read(struct config *c, const char *path)
{
	struct drop_ins others;
	int err = drop_ins_find(&others, path);

	*c = (struct config){ 0 };
	read_one(c, path, others.count);
	if (err)
		mistake(c, path, 0, "the files in %s.d: %s", path, strerror(-err));
	for (size_t i = 0; i < others.count; i++)
		read_one(c, others.paths[i], false);
	drop_ins_free(&others);
	return c->mistake_count ? -1 : 0;
}
