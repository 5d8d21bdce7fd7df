// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/path.h"
#include "dbgportd/config/route.h"
#include "dbgportd/sink/kinds.h"
#include "lib/codes.h"
#include "lib/hash.h"
#include "lib/list.h"
#include "lib/port.h"
#include "words/format.h"

bool route_is_per_vm(const struct route *r)
{
	return r->kind->per_vm || (r->arg && !r->kind->check && path_is_per_vm(r->arg));
}

/* Where messages go, without who sends them. */
static void print_server(char *dst, size_t size, const struct route *r)
{
	const char *subject = r->set.server.subject, *url = r->arg;
	size_t n = 0;

	while (*url && n < size - 1) {
		size_t len = strcspn(url, ","), host = 0;
		const char *scheme = strstr(url, "://");
		const char *at = memrchr(url, '@', len);

		if (scheme && at > scheme)
			host = at + 1 - url;
		n += snprintf(dst + n, size - n, "%.*s%.*s", host ? (int)(scheme + 3 - url) : 0,
			      url, (int)(len - host), url + host);
		url += len;
		if (*url && n < size - 1) {
			n += snprintf(dst + n, size - n, ",");
			url++;
		}
	}
	if (subject && n < size)
		snprintf(dst + n, size - n, ",subject=%s", subject);
}

int route_sink_request(struct sink_request *rq, char path[PATH_MAX], const struct route *r,
		       const struct entry_vm *vm, char *why, size_t size)
{
	*path = '\0';
	if (r->kind->check) {
		print_server(path, PATH_MAX, r);
	} else if (r->arg && path_expand(path, PATH_MAX, r->arg, r->port, vm)) {
		snprintf(why, size, "%s=%s: the path is too long", r->kind->name, r->arg);
		return -1;
	}
	*rq = (struct sink_request){
		.kind = r->kind,
		.path = path,
		.server = {
			.url = r->arg,
			.subject = r->set.server.subject,
			.creds = r->set.server.creds,
			.tls = r->set.server.tls,
		},
		.pattern = r->pattern ?: "",
		.name = r->name,
		.vm = vm ? vm->name : NULL,
		.where = r->where,
		.set = &r->set.sink,
		.raw = r->format && r->format->raw,
		.notice = r->format ? r->format->drop_notice : NULL,
	};
	return 0;
}

/* Whether POST codes can come here. */
static bool can_have_codes(const struct route *r)
{
	if (r->port == PORT_ANY)
		return r->set.data != DATA_BYTES;
	return route_takes_codes(r, r->port);
}

static bool can_have_bytes(const struct route *r)
{
	if (r->port == PORT_ANY)
		return r->set.data != DATA_CODES;
	return !route_takes_codes(r, r->port);
}

struct route *route_new(const char *where)
{
	struct route *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->where = strdup(where);
	if (!r->where) {
		free(r);
		return NULL;
	}
	r->given = true;
	return r;
}

int route_port(struct route *r, const char *text, char *why, size_t size)
{
	return port_parse(&r->port, text, why, size);
}

static int check_path(const struct route *r, const char *value, char *why, size_t size)
{
	const struct sink_ops *kind = r->kind;
	const char *bad = path_check(value), *dir;

	if (bad) {
		snprintf(why, size, "%s=%s: '%.2s' is not known; %s", kind->name, value, bad,
			 PATH_HELP);
		return -1;
	}
	dir = path_shared_dir(value);
	if (!dir)
		return 0;
	snprintf(why, size,
		 "%s=%s: a VM could have the name of what another program has in %s; %%v needs a directory of its own, such as %s/dbgport",
		 kind->name, value, dir, dir);
	return -1;
}

static int check_server(const struct route *r, const char *value, char *why, size_t size)
{
	const char *bad = r->kind->check(value);

	if (!bad)
		return 0;
	snprintf(why, size, "%s=%s: %s", r->kind->name, value, bad);
	return -1;
}

static int set_arg(struct route *r, const char *value, char *why, size_t size)
{
	const struct sink_ops *kind = r->kind;

	if (!kind->arg) {
		if (!value)
			return 0;
		snprintf(why, size, "%s takes nothing behind it: '=%s'", kind->name, value);
		return -1;
	}
	if (!value || !*value) {
		snprintf(why, size, "%s needs a %s: %s=%s", kind->name,
			 kind->check ? "URL" : "path", kind->name, kind->arg);
		return -1;
	}
	if (!list_can_have(value)) {
		snprintf(why, size,
			 "%s=%s: quotes, line ends and single brackets cannot stand in it",
			 kind->name, value);
		return -1;
	}
	if (strlen(value) >= PATH_MAX) {
		snprintf(why, size, "%s: the path is too long", kind->name);
		return -1;
	}
	if (kind->check ? check_server(r, value, why, size) : check_path(r, value, why, size))
		return -1;
	r->arg = strdup(value);
	if (!r->arg) {
		snprintf(why, size, "no memory");
		return -1;
	}
	return 0;
}

int route_mode(struct route *r, const char *text, char *why, size_t size)
{
	const char *value = strchrnul(text, '=');
	size_t len = value - text;
	char modes[256];

	r->kind = sink_kind(text, len);
	if (!r->kind) {
		sink_list_kinds(modes, sizeof(modes), true);
		snprintf(why, size, "unknown mode '%.*s'; known are %s", (int)len, text, modes);
		return -1;
	}
	return set_arg(r, *value ? value + 1 : NULL, why, size);
}

static int set_format(struct route *r, const char *name, char *why, size_t size)
{
	if (r->format) {
		snprintf(why, size, "format= is said twice");
		return -1;
	}
	r->format = format_find(name, why, size);
	return r->format ? 0 : -1;
}

int route_set(struct route *r, const char *key, const char *value, char *why, size_t size)
{
	if (!strcmp(key, "format"))
		return set_format(r, value, why, size);
	return settings_parse(&r->set, key, value, why, size);
}

static int choose_format(struct route *r, char *why, size_t size)
{
	if (r->kind->put_entry) {
		if (!r->format)
			return 0;
		snprintf(why, size, "%s has fields of its own: leave format= out", r->kind->name);
		return -1;
	}
	if (r->kind->json && r->format && r->format != &format_json) {
		snprintf(why, size, "%s has format json alone: leave format= out", r->kind->name);
		return -1;
	}
	if (r->kind->json)
		r->format = &format_json;
	if (r->format)
		return 0;
	if (can_have_bytes(r))
		r->format = r->kind->raw ? &format_raw : &format_text;
	else
		r->format = r->kind->raw_codes ? &format_raw : &format_post;
	return 0;
}

static char *canonical(const struct route *r)
{
	char text[6 * PATH_MAX], before[32];

	port_text(text, r->port);
	snprintf(text + strlen(text), sizeof(text) - strlen(text), ":");
	if (r->arg) {
		snprintf(before, sizeof(before), "%s=", r->kind->name);
		list_print(text, sizeof(text), before, r->arg);
	} else {
		list_print(text, sizeof(text), "", r->kind->name);
	}
	if (r->format)
		list_print(text, sizeof(text), ",format=", r->format->name);
	settings_print(text, sizeof(text), &r->set);
	return strdup(text);
}

/* Tells logins apart. */
static __u64 login(const struct route *r)
{
	const char *creds = r->set.server.creds ?: "", *tls = r->set.server.tls ?: "";

	if (!r->kind->check)
		return 0;
	return hash(r->arg, strlen(r->arg)) ^ hash(creds, strlen(creds)) * 3 ^
	       hash(tls, strlen(tls)) * 5;
}

int route_finish(struct route *r, char *why, size_t size)
{
	char number[PORT_TEXT_SIZE];
	const char *name;

	if (choose_format(r, why, size))
		return -1;
	if (r->kind->codes_only && can_have_bytes(r)) {
		snprintf(why, size, "%s is for POST codes only: port 0x80, or data=codes",
			 r->kind->name);
		return -1;
	}
	if (settings_check(&r->set, r->kind->name, r->format ? r->format->name : r->kind->name,
			   can_have_codes(r), why, size))
		return -1;
	if ((r->set.sink.size || r->set.sink.total) && !path_can_be_numbered(r->arg)) {
		snprintf(why, size,
			 "%s: PATH.1 could be the file of a VM called NAME.1: say %%v.log, or the like",
			 r->arg);
		return -1;
	}
	r->codes = codes_load(r->set.table, why, size);
	if (!r->codes)
		return -1;

	port_text(number, r->port);
	name = port_name(r->port) ?: number;
	if (r->set.name && !strcmp(r->set.name, name)) {
		free(r->set.name);
		r->set.name = NULL;
	}
	r->name = strdup(r->set.name ?: name);
	r->text = canonical(r);
	r->pattern = path_pattern(r->arg && !r->kind->check ? r->arg : "", r->port);
	r->set.sink.login = login(r);
	if (!r->name || !r->text || !r->pattern) {
		snprintf(why, size, "no memory");
		return -1;
	}
	return 0;
}

static int parse_parts(struct route *r, char *list, char *why, size_t size)
{
	char *part = list_next(&list);

	if (!part || route_mode(r, list_trim(part), why, size))
		return -1;
	while (list) {
		char *value;

		part = list_next(&list);
		if (!part)
			return -1;
		value = strchr(part, '=');
		if (!value) {
			snprintf(why, size, "'%s' is no KEY=VALUE", part);
			return -1;
		}
		*value++ = '\0';
		if (route_set(r, list_trim(part), list_trim(value), why, size))
			return -1;
	}
	return route_finish(r, why, size);
}

struct route *route_parse(const char *text, const char *where, char *why, size_t size)
{
	struct route *r = route_new(where);
	char *copy = strdup(text);
	char reason[512] = "quotes or brackets do not match";
	char *mode;
	int err = -1;

	if (!r || !copy) {
		snprintf(reason, sizeof(reason), "no memory");
		goto out;
	}
	mode = strchr(copy, ':');
	if (!mode) {
		snprintf(reason, sizeof(reason), "it takes PORT:MODE, as in 0xe9:pty");
		goto out;
	}
	*mode++ = '\0';
	err = route_port(r, list_trim(copy), reason, sizeof(reason));
	if (!err)
		err = parse_parts(r, mode, reason, sizeof(reason));
out:
	free(copy);
	if (!err)
		return r;
	snprintf(why, size, "%s %s: %s", where, text, reason);
	if (r)
		route_free(r);
	return NULL;
}

void route_free(struct route *r)
{
	settings_free(&r->set);
	codes_free(r->codes);
	free(r->arg);
	free(r->pattern);
	free(r->name);
	free(r->text);
	free(r->where);
	free(r);
}
