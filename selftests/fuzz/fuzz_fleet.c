// SPDX-License-Identifier: GPL-2.0
/* A message of a stream, as anybody may have published who may publish there. */
#include <string.h>

#include "checks.h"
#include "dbgportctl/fleet/entry.h"
#include "fuzz.h"
#include "lib/vmname.h"
#include "words/lines.h"

static void check_text(const struct entry *entry)
{
	if (entry->type == ENTRY_LINE) {
		CHECK(entry->text && entry->len <= LINES_MAX, "%zu bytes", entry->len);
		CHECK(entry->line, "it is a part of none");
	}
	if (entry->type != ENTRY_CODE)
		return;
	CHECK(entry->component, "a code of none");
	CHECK(is_harmless(entry->component, strlen(entry->component)), "'%s'", entry->component);
	if (entry->text)
		CHECK(is_harmless(entry->text, entry->len), "'%s'", entry->text);
}

static void check(const struct fleet_entry *e, const struct fleet_message *msg)
{
	const struct entry *entry = &e->entry;

	CHECK(!strcmp(e->host.name, msg->host) && e->host.len == strlen(msg->host),
	      "'%s' speaks for '%s'", msg->host, e->host.name);
	CHECK(!e->dropped || !entry->vm, "it is no entry");
	if (!entry->vm)
		return;
	CHECK(entry->vm == &e->vm, "another VM");
	CHECK(vmname_is_safe(e->vm.name), "'%s'", e->vm.name);
	CHECK(entry->end_ns >= entry->time_ns, "%llu ends at %llu", entry->time_ns, entry->end_ns);
	CHECK(entry->width <= 4, "%u", entry->width);
	check_text(entry);
}

/*
 * The host's name ends with a NUL; behind it is the object.  Of two that are read, the
 * second takes the place of what was kept of the first.
 */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	char *host = take_string_until(&in, '\0');
	struct fleet_message msg = { .time_ns = 1, .len = in.end - in.at };
	struct fleet_entry e = { 0 };

	if (*host && hostname_is_safe(host))
		memcpy(msg.host, host, strlen(host) + 1);
	free(host);
	for (int i = 0; i < 2; i++) {
		msg.text = malloc(msg.len + 1);
		CHECK(msg.text, "no memory");
		memcpy(msg.text, in.at, msg.len);
		msg.text[msg.len] = '\0';
		if (!fleet_entry_read(&e, &msg))
			check(&e, &msg);
		free(msg.text);
	}
	fleet_entry_free(&e);
	return 0;
}
