// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/config/config.h"
#include "dbgportd/config/routes.h"
#include "dbgportd/loop/loop.h"
#include "lib/array.h"
#include "lib/list.h"
#include "lib/log.h"

/* More than anybody writes; mistakes beyond that many are not told. */
#define FILE_MAX	(256 * 1024)
#define MISTAKES_MAX	100

/* What inih cuts names of sections to. */
#define SECTION_MAX	49

/**
 * struct parser - a config file that is being read
 * @c: what it says
 * @path: its name, for messages
 * @text, @end: the file
 * @at: what inih reads next
 * @line: number of the line that it has read last
 * @section_line: of the section's beginning
 * @route: of the [sink NAME] that is being read
 * @sink: its NAME
 * @has_port, @has_mode: it was said
 * @bad: @route has a mistake
 * @bad_lines: the @bad_count lines that inih did not understand
 */
struct parser {
	struct config *c;
	const char *path;
	const char *text, *end;
	const char *at;
	unsigned int line;
	unsigned int section_line;
	struct route *route;
	char sink[SECTION_MAX + 1];
	bool has_port, has_mode;
	bool bad;
	unsigned int bad_lines[MISTAKES_MAX];
	int bad_count;
};

static const struct {
	const char *key;
	size_t offset;
	const char *known;		/* the values that it can have; NULL: any */
} daemon_keys[] = {
	{ "device", offsetof(struct config, device), NULL },
	{ "run-dir", offsetof(struct config, run_dir), NULL },
	{ "state-dir", offsetof(struct config, state_dir), NULL },
	{ "engine", offsetof(struct config, engine), "uring, poll" },
	{ "log-level", offsetof(struct config, log_level), "error|warning|info|debug" },
};

#define DAEMON_KEYS	ARRAY_SIZE(daemon_keys)

static char **daemon_value(struct config *c, size_t i)
{
	return (char **)((char *)c + daemon_keys[i].offset);
}

__attribute__((format(printf, 3, 4)))
static void mistake(struct parser *p, unsigned int line, const char *fmt, ...)
{
	char reason[1024];
	va_list args;
	char *all;
	int n;

	if (p->c->mistake_count++ >= MISTAKES_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	if (line)
		n = asprintf(&all, "%s%s:%u: %s\n", p->c->mistakes ?: "", p->path, line, reason);
	else
		n = asprintf(&all, "%s%s: %s\n", p->c->mistakes ?: "", p->path, reason);
	if (n < 0)
		return;
	free(p->c->mistakes);
	p->c->mistakes = all;
}

static void finish_sink(struct parser *p)
{
	struct route *r = p->route;
	char why[1024];

	p->route = NULL;
	if (!r)
		return;
	if (!p->has_port || !p->has_mode) {
		mistake(p, p->section_line, "[sink %s] needs a line %s", p->sink,
			p->has_port ? "mode = MODE" : "port = PORT");
	} else if (!p->bad) {
		if (!route_finish(r, why, sizeof(why)) &&
		    !routes_check(p->c->routes, r, why, sizeof(why))) {
			routes_append(&p->c->routes, r);
			return;
		}
		mistake(p, p->section_line, "[sink %s]: %s", p->sink, why);
	}
	route_free(r);
}

static void begin_sink(struct parser *p, const char *name)
{
	char where[4096], why[1024];

	for (const struct route *r = p->c->routes; r; r = r->next) {
		if (!strcmp(r->name, name)) {
			mistake(p, p->section_line, "[sink %s] is there already: %s", name,
				r->where);
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
		mistake(p, p->section_line, "no memory");
		return;
	}
	if (route_set(p->route, "name", name, why, sizeof(why))) {
		mistake(p, p->section_line, "[sink %s]: %s", name, why);
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
		mistake(p, p->line, "%s", why);
		p->bad = true;
	}
}

bool config_knows(const char *key, const char *value)
{
	if (!strcmp(key, "engine"))
		return loop_has_engine(value);
	if (strcmp(key, "log-level"))
		return true;
	for (int i = 0; log_levels[i]; i++) {
		if (!strcmp(log_levels[i], value))
			return true;
	}
	return false;
}

static void take_daemon(struct parser *p, const char *key, const char *value)
{
	char **member;
	size_t i = 0;

	while (i < DAEMON_KEYS && strcmp(key, daemon_keys[i].key))
		i++;
	if (i == DAEMON_KEYS) {
		mistake(p, p->line,
			"%s is not known in [daemon]; known are device, run-dir, state-dir, engine, log-level",
			key);
		return;
	}
	member = daemon_value(p->c, i);
	if (*member) {
		mistake(p, p->line, "%s is said twice", key);
	} else if (!*value) {
		mistake(p, p->line, "%s is empty", key);
	} else if (!config_knows(key, value)) {
		mistake(p, p->line, "%s: '%s' is not known; known are %s", key, value,
			daemon_keys[i].known);
	} else {
		*member = strdup(value);
		if (!*member)
			mistake(p, p->line, "no memory");
	}
}

static void take_name(struct parser *p, const char *pattern, const char *name)
{
	char why[1024];

	if (names_append(&p->c->names, pattern, name, why, sizeof(why)))
		mistake(p, p->line, "%s", why);
}

static int take(void *user, const char *section, const char *key, const char *value)
{
	struct parser *p = user;

	if (!strcmp(section, "daemon"))
		take_daemon(p, key, value);
	else if (!strcmp(section, "names"))
		take_name(p, key, value);
	else if (!strncmp(section, "sink ", 5))
		take_sink(p, key, value);
	else if (!*section)
		mistake(p, p->line, "'%s' stands before the first [section]", key);
	return 1;
}

/* inih only tells of sections that have something in them. */
static void begin_section(struct parser *p, const char *line, size_t len)
{
	const char *end = memchr(line, ']', len);
	char name[SECTION_MAX + 1];

	finish_sink(p);
	p->section_line = p->line;
	if (!end)
		return;
	len = end - line - 1;
	if (len > SECTION_MAX) {
		mistake(p, p->line, "the section's name is longer than %d characters",
			SECTION_MAX);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)len, line + 1);
	if (!strncmp(name, "sink ", 5))
		begin_sink(p, list_trim(name + 5));
	else if (strcmp(name, "daemon") && strcmp(name, "names"))
		mistake(p, p->line,
			"[%s] is not known; known are [daemon], [sink NAME], [names]", name);
}

static bool is_bad_line(const struct parser *p, unsigned int line)
{
	for (int i = 0; i < p->bad_count; i++) {
		if (p->bad_lines[i] == line)
			return true;
	}
	return false;
}

/*
 * A line for inih.  Without the white space in front, which would make it go
 * on with the line before, and without what it did not understand last time.
 */
static char *read_line(char *dst, int size, void *user)
{
	struct parser *p = user;
	const char *end, *from = p->at;
	size_t len;

	if (p->at == p->end)
		return NULL;
	end = memchr(p->at, '\n', p->end - p->at) ?: p->end;
	p->at = end < p->end ? end + 1 : end;
	if (!p->line++ && end - from >= 3 && !memcmp(from, "\xef\xbb\xbf", 3))
		from += 3;
	while (from < end && (*from == ' ' || *from == '\t'))
		from++;
	len = end - from;
	if (memchr(from, '\0', len)) {
		mistake(p, p->line, "there is a NUL in the line");
		len = 0;
	} else if (len > (size_t)size - 2) {
		mistake(p, p->line, "the line is longer than %d bytes", size - 2);
		len = 0;
	}
	if (len && *from == '[')
		begin_section(p, from, len);
	if (is_bad_line(p, p->line)) {
		mistake(p, p->line, "is neither [SECTION] nor KEY = VALUE nor # comment");
		/* What follows a bad section does not belong to the one before. */
		snprintf(dst, size, len && *from == '[' ? "[?]\n" : "\n");
		return dst;
	}
	memcpy(dst, from, len);
	dst[len] = '\n';
	dst[len + 1] = '\0';
	return dst;
}

void config_free(struct config *c)
{
	for (size_t i = 0; i < DAEMON_KEYS; i++)
		free(*daemon_value(c, i));
	routes_free(c->routes);
	names_free(c->names);
	free(c->mistakes);
	*c = (struct config){ 0 };
}

/* inih tells of the first bad line only: go round again without it. */
static void parse(struct parser *p)
{
	int bad;

	for (;;) {
		config_free(p->c);
		p->at = p->text;
		p->line = 0;
		bad = ini_parse_stream(read_line, p, take, p);
		finish_sink(p);
		if (bad <= 0 || p->bad_count == MISTAKES_MAX)
			break;
		p->bad_lines[p->bad_count++] = bad;
	}
	if (bad < 0)
		mistake(p, 0, "no memory");
}

int config_parse(struct config *c, const char *path, const char *text, size_t len)
{
	struct parser p = { .c = c, .path = path, .text = text, .end = text + len };

	*c = (struct config){ 0 };
	parse(&p);
	return c->mistake_count ? -1 : 0;
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

int config_read(struct config *c, const char *path)
{
	struct parser p = { .c = c, .path = path };
	char *text;
	size_t len;
	int err;

	*c = (struct config){ 0 };
	text = read_file(path, &len);
	if (!text) {
		mistake(&p, 0, "%s", strerror(errno));
		return -1;
	}
	err = config_parse(c, path, text, len);
	free(text);
	return err;
}
