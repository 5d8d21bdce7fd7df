// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/fleet/entry.h"
#include "lib/array.h"
#include "lib/codes.h"
#include "lib/escape.h"
#include "lib/hash.h"
#include "words/lines.h"
#include "words/stamp.h"

static const struct {
	const char *name;
	enum entry_type type;
} types[] = {
	{ "line", ENTRY_LINE }, { "code", ENTRY_CODE }, { "write", ENTRY_WRITE },
	{ "attached", ENTRY_ATTACHED }, { "gone", ENTRY_GONE }, { "lost", ENTRY_LOST },
	{ "storm", ENTRY_STORM }, { "cut", ENTRY_CUT },
};

/* A number that makes no sense is 0, as one that is not there. */
static __s64 number(const struct fleet_entry *e, const char *key, __s64 max)
{
	__s64 n = object_integer(&e->object, key);

	return n < 0 || n > max ? 0 : n;
}

static bool find_type(struct fleet_entry *e, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(types[i].name, name))
			continue;
		e->entry.type = types[i].type;
		return true;
	}
	return false;
}

/* A word of a table of codes: what is shown of it is not looked at any more. */
static const char *harmless(const struct fleet_entry *e, const char *key, size_t size)
{
	const char *text = object_text(&e->object, key);
	size_t len = text ? strlen(text) : size;
	char shown[ESCAPE_MAX * CODE_NAME_SIZE];

	if (len >= size || escape_all(shown, text, len) != len || memcmp(shown, text, len))
		return NULL;
	return text;
}

static const char *read_code(struct fleet_entry *e)
{
	struct entry *entry = &e->entry;

	entry->component = harmless(e, "component", CODE_COMPONENT_SIZE);
	if (!entry->component)
		return "its code has no component";
	entry->text = harmless(e, "name", CODE_NAME_SIZE);
	entry->len = entry->text ? strlen(entry->text) : 0;
	return NULL;
}

/* Which line a part of one belongs to: only told from others. */
static const void *line_of(const struct fleet_entry *e)
{
	__u64 track = hash(e->host.name, e->host.len);

	track = track * 31 + e->vm.id;
	track = track * 31 + e->entry.port;
	track = track * 31 + e->entry.vcpu;
	return (const void *)(uintptr_t)(track | 1);
}

static const char *read_line(struct fleet_entry *e)
{
	const struct member *text = object_get(&e->object, "text");
	const char *hex = object_text(&e->object, "hex");
	struct entry *entry = &e->entry;

	if (!text || text->type != VALUE_STRING)
		return "its line has no text";
	entry->text = text->text;
	entry->len = text->len;
	if (hex) {
		e->bytes = object_hex(hex, &entry->len);
		if (!e->bytes)
			return "its line's bytes are none";
		entry->text = e->bytes;
	}
	if (entry->len > LINES_MAX)
		return "its line is longer than any";
	entry->begun = object_is_true(&e->object, "begun");
	entry->unfinished = object_is_true(&e->object, "unfinished");
	entry->line = line_of(e);
	return NULL;
}

/* Before the VM's zero; 0: it does not tell, or it makes no sense. */
static __u64 moment_before(const struct fleet_entry *e, const char *key)
{
	__s64 ns = object_integer(&e->object, key);

	return ns < 0 && ns > -(__s64)e->vm.zero_ns ? e->vm.zero_ns + ns : 0;
}

/* Where the object does not tell, it is by when the stream took it. */
static void read_time(struct fleet_entry *e, const struct fleet_message *msg)
{
	const char *realtime = object_text(&e->object, "realtime");
	__s64 time_ns = object_integer(&e->object, "time_ns");
	__u64 real_ns = msg->time_ns;

	e->entry.time_ns = number(e, "monotonic_ns", LLONG_MAX / 2);
	e->entry.end_ns = e->entry.time_ns + number(e, "duration_ns", LLONG_MAX / 2);
	e->vm.zero_ns = e->entry.time_ns - time_ns;
	e->vm.started_ns = moment_before(e, "started_ns");
	e->vm.created_ns = moment_before(e, "created_ns");
	if (realtime)
		stamp_utc_parse(realtime, &real_ns);
	e->clock_ns = real_ns - e->entry.time_ns;
}

static const char *read_vm(struct fleet_entry *e)
{
	const char *name = object_text(&e->object, "vm");

	if (!name || !*name || !vmname_is_safe(name) || strlen(name) >= sizeof(e->vm.name))
		return "that is no name of a VM";
	snprintf(e->vm.name, sizeof(e->vm.name), "%s", name);
	e->vm.id = number(e, "vm_id", UINT_MAX);
	e->vm.pid = number(e, "pid", INT_MAX);
	e->vm.uid = number(e, "uid", UINT_MAX);
	e->vm.boot = number(e, "boot", UINT_MAX);
	e->vm.late = object_is_true(&e->object, "late");
	e->vm.restored = object_is_true(&e->object, "restored");
	e->vm.lost = number(e, "lost", LLONG_MAX);
	return NULL;
}

static const char *read_rest(struct fleet_entry *e)
{
	struct entry *entry = &e->entry;

	entry->vm = &e->vm;
	entry->port = number(e, "port", USHRT_MAX);
	entry->vcpu = number(e, "vcpu", USHRT_MAX);
	entry->width = number(e, "width", 4);
	entry->value = number(e, "value", UINT_MAX);
	entry->claimed = object_is_true(&e->object, "claimed");
	entry->seq = number(e, "seq", LLONG_MAX);
	entry->count = number(e, "count", LLONG_MAX);
	entry->bytes = number(e, "bytes", LLONG_MAX);
	if (entry->type == ENTRY_CODE)
		return read_code(e);
	return entry->type == ENTRY_LINE ? read_line(e) : NULL;
}

const char *fleet_entry_read(struct fleet_entry *e, const struct fleet_message *msg)
{
	const char *type, *host, *wrong;
	size_t at;

	fleet_entry_free(e);
	e->entry = (struct entry){ 0 };
	e->vm = (struct entry_vm){ 0 };
	e->dropped = 0;
	e->host.len = strlen(msg->host);
	memcpy(e->host.name, msg->host, e->host.len + 1);
	if (object_read(&e->object, msg->text, msg->len, &at))
		return "it is no object of JSON";
	type = object_text(&e->object, "type");
	if (!type)
		return "it has no type";
	if (!strcmp(type, "dropped")) {
		e->dropped = number(e, "bytes", LLONG_MAX) ?: 1;
		return NULL;
	}
	if (!find_type(e, type))
		return NULL;
	host = object_text(&e->object, "host") ?: "";
	if (strcmp(host, msg->host))
		return "another host may not say that it is that one";
	wrong = read_vm(e);
	if (wrong)
		return wrong;
	read_time(e, msg);
	return read_rest(e);
}

void fleet_entry_free(struct fleet_entry *e)
{
	free(e->bytes);
	e->bytes = NULL;
}
