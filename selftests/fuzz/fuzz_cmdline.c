// SPDX-License-Identifier: GPL-2.0
/* A VMM's command line, and the name that it gives its VM. */
#include <string.h>

#include "fuzz.h"
#include "lib/cmdline.h"
#include "lib/vmname.h"

/* How often the name is taken already. */
static unsigned int others;

static bool is_taken(const char *name)
{
	CHECK(vmname_is_safe(name) && *name, "'%s'", name);
	CHECK(strlen(name) < VMNAME_SIZE, "'%s'", name);
	return others && others--;
}

/*
 * Bytes: room for the name, other VMs of that name, whether the VMM is known,
 * its command; the rest is its arguments.
 */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	size_t room = take_byte(&in) + 1;
	char *given = malloc(room), own[VMNAME_OWN_SIZE], name[VMNAME_SIZE];
	struct dbgport_vm_info info = { 0 };
	bool known, named;
	size_t len;
	char *args;

	if (!given)
		abort();
	others = take_byte(&in);
	known = take_byte(&in) & 1;
	info.pid = take_byte(&in);
	for (size_t i = 0; i < sizeof(info.comm); i++)
		info.comm[i] = take_byte(&in);
	len = in.end - in.at;
	args = take_string(&in);

	named = cmdline_vm_name(given, room, args, len);
	CHECK(strlen(given) < room, "%zu bytes in %zu", strlen(given), room);
	CHECK(named == !!*given, "'%s'", given);
	cmdline_is_restored(args, len);
	vmname_make(own, named ? given : NULL, known ? &info : NULL, 1);
	CHECK(*own && strlen(own) < sizeof(own) && vmname_is_safe(own), "'%s'", own);
	CHECK(!named || vmname_means(own, given), "'%s' is '%s'", given, own);
	vmname_matches(own, given);
	vmname_number(name, own, is_taken);
	CHECK(*name && strlen(name) < VMNAME_SIZE && vmname_is_safe(name), "'%s'", name);

	free(args);
	free(given);
	return 0;
}
