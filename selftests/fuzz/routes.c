// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportd/sink/sink.h"
#include "fuzz.h"
#include "routes.h"

void check_why(const char *why)
{
	CHECK(*why && !strchr(why, '\n'), "'%s'", why);
}

static bool same_text(const char *a, const char *b)
{
	return a ? b && !strcmp(a, b) : !b;
}

static bool same_style(const struct style *a, const struct style *b)
{
	return a->time == b->time && a->label == b->label && a->json == b->json &&
	       a->storm == b->storm && a->seconds == b->seconds;
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
	return a->data == b->data && same_style(&a->style, &b->style) &&
	       same_text(a->table, b->table) && same_text(a->vm, b->vm) &&
	       same_text(a->uid, b->uid) && same_text(a->name, b->name) &&
	       a->rate == b->rate && a->burst == b->burst &&
	       sink_settings_equal(&a->sink, &b->sink);
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
		CHECK(same_settings(&again->set, &r->set), "'%s'", r->text);
		route_free(again);
	}
}
