// SPDX-License-Identifier: GPL-2.0
/* Objects of dbgportd's JSON as entries again, whatever stands in them. */
#include "lib/harness.h"
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/fleet/entry.h"
#include "lib/array.h"
#include "words/format.h"

static char text[64 * 1024], rendered[FORMAT_MAX + 1];
static struct fleet_entry e;

static const char *read_text(const char *host)
{
	struct fleet_message msg = { .text = text, .len = strlen(text), .time_ns = 5000 };

	snprintf(msg.host, sizeof(msg.host), "%s", host);
	return fleet_entry_read(&e, &msg);
}

/* An object of VM web of host alpha; @rest begins with a comma. */
static const char *read_object(const char *type, const char *rest)
{
	snprintf(text, sizeof(text),
		 "{\"type\":\"%s\",\"host\":\"alpha\",\"vm\":\"web\",\"vm_id\":7%s}", type, rest);
	return read_text("alpha");
}

/* What json makes of the entry that was read. */
static const char *render(void)
{
	const void *unfinished = NULL;
	struct stamp_clock clock = { .offset_ns = e.clock_ns };
	struct style style = { 0 };
	struct formatter f = {
		.style = &style,
		.clock = &clock,
		.eol = "\n",
		.unfinished = &unfinished,
		.host = &e.host,
	};

	rendered[format_json.render(rendered, &f, &e.entry)] = '\0';
	return rendered;
}

FIXTURE(entry)
{
};

FIXTURE_SETUP(entry)
{
}

FIXTURE_TEARDOWN(entry)
{
	fleet_entry_free(&e);
}

/* Of each type one, as dbgportd writes it. */
TEST_F(entry, an_object_becomes_the_entry_that_it_was_made_of)
{
	static const char vm[] =
		"\"vm\":\"web\",\"vm_id\":7,\"pid\":42,\"boot\":2,\"host\":\"alpha\"";
	static const char time[] =
		"\"time\":1.000000001,\"time_ns\":1000000001,\"monotonic_ns\":5000000001";
	static const char realtime[] = "\"realtime\":\"2026-11-23T07:19:42.019004123Z\"";
	static const char writer[] =
		"\"port\":233,\"vcpu\":1,\"seq\":9,\"count\":3,\"claimed\":true";
	static const struct {
		const char *type, *rest;
		bool writes;
	} objects[] = {
		{ "line", ",\"text\":\"a\\u001b[31m\\u202eb\",\"begun\":false,\"unfinished\":true",
		  true },
		{ "line", ",\"text\":\"\uFFFD\",\"hex\":\"ff\",\"begun\":true,\"unfinished\":false",
		  true },
		{ "code", ",\"width\":1,\"value\":16,\"component\":\"Firmware\",\"name\":null",
		  true },
		{ "code", ",\"width\":2,\"value\":17,\"component\":\"X\",\"name\":\"a b\"", true },
		{ "write", ",\"width\":4,\"value\":4294967295", true },
		{ "attached", ",\"seq\":0,\"uid\":1000,\"late\":true,\"restored\":false", false },
		{ "attached",
		  ",\"seq\":0,\"uid\":1,\"late\":false,\"restored\":true,\"started_ns\":-3999999999",
		  false },
		{ "attached",
		  ",\"seq\":0,\"uid\":1,\"late\":false,\"restored\":true,\"created_ns\":-1",
		  false },
		{ "gone", ",\"seq\":99,\"lost\":3", false },
		{ "storm", ",\"port\":128,\"seq\":5,\"count\":6,\"duration_ns\":7", false },
		{ "cut", ",\"port\":null,\"seq\":5,\"count\":6,\"bytes\":8,\"duration_ns\":7",
		  false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		char *was;

		snprintf(text, sizeof(text), "{\"type\":\"%s\",%s,%s,%s%s%s%s}\n", objects[i].type,
			 vm, time, realtime, objects[i].writes ? "," : "",
			 objects[i].writes ? writer : "", objects[i].rest);
		was = strdup(text);
		EXPECT_EQ(NULL, read_text("alpha"));
		EXPECT_STREQ(was, render());
		free(was);
	}
}

TEST_F(entry, what_is_lost_has_no_time)
{
	EXPECT_EQ(NULL, read_object("lost", ",\"time_ns\":null,\"monotonic_ns\":null,\"count\":4"));
	EXPECT_EQ(ENTRY_LOST, e.entry.type);
	EXPECT_EQ(4, e.entry.count);
	EXPECT_EQ(0, e.entry.time_ns);
}

TEST_F(entry, a_time_that_is_not_told_is_the_streams)
{
	EXPECT_EQ(NULL, read_object("gone", ",\"time_ns\":10,\"monotonic_ns\":1000"));
	EXPECT_EQ(4000, e.clock_ns);
}

TEST_F(entry, another_host_is_none)
{
	EXPECT_EQ(NULL, read_object("gone", ""));
	snprintf(text, sizeof(text), "{\"type\":\"gone\",\"host\":\"beta\",\"vm\":\"web\"}");
	EXPECT_NE(NULL, read_text("alpha"));
	snprintf(text, sizeof(text), "{\"type\":\"gone\",\"vm\":\"web\"}");
	EXPECT_NE(NULL, read_text("alpha"));
	snprintf(text, sizeof(text), "{\"type\":\"gone\",\"vm\":\"web\"}");
	EXPECT_EQ(NULL, read_text(""));
}

TEST_F(entry, a_type_of_a_newer_dbgportd_is_passed_over)
{
	EXPECT_EQ(NULL, read_object("morse", ""));
	EXPECT_EQ(NULL, e.entry.vm);
	EXPECT_EQ(0, e.dropped);
}

TEST_F(entry, what_was_dropped_needs_no_vm)
{
	snprintf(text, sizeof(text), "{\"type\":\"dropped\",\"bytes\":17}");
	EXPECT_EQ(NULL, read_text("alpha"));
	EXPECT_EQ(17, e.dropped);
	EXPECT_EQ(NULL, e.entry.vm);
}

TEST_F(entry, what_is_none_is_left_out)
{
	static const char *const none[] = { "", "{", "[]", "{}", "{\"type\":1}", "\xff", "null" };

	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		snprintf(text, sizeof(text), "%s", none[i]);
		EXPECT_NE(NULL, read_text("alpha"));
	}
	EXPECT_NE(NULL, read_object("line", ""));
	EXPECT_NE(NULL, read_object("line", ",\"text\":\"a\",\"hex\":\"g0\""));
	EXPECT_NE(NULL, read_object("code", ",\"value\":1"));
}

/* What formats have no room for, or do not look at any more. */
TEST_F(entry, what_would_do_harm_is_left_out)
{
	char long_text[3000];

	snprintf(long_text, sizeof(long_text), ",\"text\":\"%02000d\"", 0);
	EXPECT_NE(NULL, read_object("line", long_text));
	snprintf(long_text, sizeof(long_text), ",\"text\":\"\",\"hex\":\"%02800d\"", 0);
	EXPECT_NE(NULL, read_object("line", long_text));
	EXPECT_NE(NULL, read_object("code", ",\"component\":\"a\\u001b[2J\""));
	EXPECT_NE(NULL, read_object("code", ",\"component\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""));
	EXPECT_EQ(NULL, read_object("code", ",\"component\":\"A\",\"name\":\"a\\u009bb\""));
	EXPECT_EQ(NULL, e.entry.text);
	snprintf(text, sizeof(text), "{\"type\":\"gone\",\"host\":\"alpha\",\"vm\":\"a/../b\"}");
	EXPECT_NE(NULL, read_text("alpha"));
}

TEST_HARNESS_MAIN
