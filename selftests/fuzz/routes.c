// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportd/sink.h"
#include "fuzz.h"
#include "routes.h"

void check_why(const char *why)
{
	CHECK(*why && !strchr(why, '\n'), "'%s'", why);
}

void check_routes(const struct route *list)
{
	for (const struct route *r = list; r; r = r->next) {
		char why[512] = "";
		struct route *again;

		CHECK(r->kind && r->name && r->text && r->where && r->codes, "incomplete");
		CHECK(!r->kind->arg == !r->arg, "'%s'", r->text);
		CHECK(!r->kind->put_entry == !!r->format, "'%s'", r->text);
		CHECK(!strchr(r->text, '\n'), "'%s'", r->text);
		again = route_parse(r->text, "again", why, sizeof(why));
		CHECK(again, "'%s': %s", r->text, why);
		CHECK(!strcmp(again->text, r->text), "'%s', '%s'", r->text, again->text);
		CHECK(!strcmp(again->name, r->name), "'%s': '%s', '%s'", r->text, r->name,
		      again->name);
		CHECK(again->port == r->port && again->kind == r->kind &&
		      again->format == r->format, "'%s'", r->text);
		CHECK(settings_same_sink(&again->set, &r->set), "'%s'", r->text);
		route_free(again);
	}
}
