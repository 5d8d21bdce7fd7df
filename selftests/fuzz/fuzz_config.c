// SPDX-License-Identifier: GPL-2.0
/* The config file. */
#include <string.h>

#include "dbgportd/config/config.h"
#include "fuzz.h"
#include "lib/vmname.h"
#include "routes.h"

static void check_mistakes(const struct config *c)
{
	const char *line = c->mistakes;

	CHECK(line && *line, "there are %zu", c->mistake_count);
	for (; *line; line = strchr(line, '\n') + 1) {
		CHECK(!strncmp(line, "conf:", 5), "'%s'", line);
		CHECK(strchr(line, '\n'), "'%s'", line);
	}
}

static void check_names(const struct config *c)
{
	for (const struct name *n = c->names; n; n = n->next) {
		CHECK(*n->pattern && *n->name && vmname_is_safe(n->name), "'%s'", n->name);
		CHECK(strlen(n->name) < VMNAME_OWN_SIZE, "'%s'", n->name);
	}
	names_find(c->names, "qemu-system-x86-4711");
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct config c = { 0 };
	int err;

	/* Any table=PATH is found, and wrong. */
	set_file("no table", 8);
	err = config_parse(&c, "conf", (const char *)data, size);
	set_file("0x10 = ten\n", 11);
	CHECK(!err == !c.mistake_count, "%d, %zu", err, c.mistake_count);
	if (err)
		check_mistakes(&c);
	check_routes(c.routes);
	check_names(&c);
	config_free(&c);
	set_file(NULL, 0);
	return 0;
}
