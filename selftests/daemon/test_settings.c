// SPDX-License-Identifier: GPL-2.0
/* KEY=VALUE: what each key takes, what it refuses, and how it is written again. */
#include "lib/harness.h"

#include "dbgportd/config/settings.h"

FIXTURE(settings)
{
	struct settings set;
	char why[512];
	char text[1024];
};

FIXTURE_SETUP(settings)
{
	memset(&self->set, 0, sizeof(self->set));
}

FIXTURE_TEARDOWN(settings)
{
	settings_free(&self->set);
}

#define SET(key, value) \
	settings_parse(&self->set, key, value, self->why, sizeof(self->why))

#define EXPECT_BAD(message, key, value) do {				\
	EXPECT_EQ(-1, SET(key, value));					\
	EXPECT_STREQ(message, self->why);				\
	self->set.given = 0;						\
} while (0)

#define EXPECT_TEXT(expected) do {					\
	self->text[0] = '\0';						\
	settings_print(self->text, sizeof(self->text), &self->set);	\
	EXPECT_STREQ(expected, self->text);				\
} while (0)

#define CHECK(mode, format, codes) \
	settings_check(&self->set, mode, format, codes, self->why, sizeof(self->why))

TEST_F(settings, nothing_said_is_nothing_written)
{
	EXPECT_TEXT("");
	EXPECT_EQ(0, CHECK("file", "raw", true));
}

TEST_F(settings, choices_are_as_their_enums)
{
	static const struct {
		const char *key, *value;
		size_t offset;
		unsigned int expected;
	} choices[] = {
#define CHOICE(member, value, expected) \
		{ #member, value, offsetof(struct settings, member), expected }
#define STYLE(member, value, expected) \
		{ #member, value, offsetof(struct settings, style.member), expected }
#define SINK(member, value, expected) \
		{ #member, value, offsetof(struct settings, sink.member), expected }
		CHOICE(data, "auto", DATA_AUTO), CHOICE(data, "bytes", DATA_BYTES),
		CHOICE(data, "codes", DATA_CODES),
		STYLE(time, "none", STAMP_NONE), STYLE(time, "vm", STAMP_VM),
		STYLE(time, "delta", STAMP_DELTA), STYLE(time, "24h", STAMP_24H),
		STYLE(time, "iso8601", STAMP_ISO8601), STYLE(time, "epoch", STAMP_EPOCH),
		STYLE(time, "monotonic", STAMP_MONOTONIC),
		STYLE(label, "auto", LABEL_AUTO), STYLE(label, "yes", LABEL_YES),
		STYLE(label, "no", LABEL_NO),
		STYLE(json, "line", JSON_LINE), STYLE(json, "write", JSON_WRITE),
		STYLE(storm, "count", STORM_COUNT), STYLE(storm, "show", STORM_SHOW),
		STYLE(seconds, "right", SECONDS_RIGHT),
		STYLE(seconds, "original", SECONDS_ORIGINAL),
		SINK(full, "drop-oldest", FULL_DROP_OLDEST),
		SINK(full, "block", FULL_BLOCK),
	};

	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		char expected[64] = "";

		self->set.given = 0;
		EXPECT_EQ(0, SET(choices[i].key, choices[i].value));
		EXPECT_EQ(choices[i].expected,
			  *(unsigned int *)((char *)&self->set + choices[i].offset));
		/* The default is not written. */
		if (choices[i].expected)
			snprintf(expected, sizeof(expected), ",%s=%s", choices[i].key,
				 choices[i].value);
		EXPECT_TEXT(expected);
		self->set.given = 0;
		EXPECT_EQ(-1, SET(choices[i].key, "x"));
		memset(&self->set, 0, sizeof(self->set));
	}
}

TEST_F(settings, what_is_not_known_is_named)
{
	EXPECT_BAD("time=now is not known; it is none|vm|delta|24h|iso8601|epoch|monotonic",
		   "time", "now");
	EXPECT_BAD("time= is not known; it is none|vm|delta|24h|iso8601|epoch|monotonic",
		   "time", "");
	EXPECT_EQ(-1, SET("colour", "red"));
	EXPECT_EQ(0, strncmp(self->why, "colour= is not known; known are format, vm, ", 44));
	for (int i = 0; settings_key(i); i++)
		EXPECT_NE(NULL, strstr(self->why, settings_key(i)));
	/* A part of a value is none. */
	EXPECT_BAD("json=lin is not known; it is line|write", "json", "lin");
	EXPECT_BAD("json=line|write is not known; it is line|write", "json", "line|write");
}

TEST_F(settings, a_key_is_said_once)
{
	EXPECT_EQ(0, SET("time", "none"));
	EXPECT_BAD("time= is said twice", "time", "vm");
	EXPECT_EQ(0, SET("vm", "a"));
	EXPECT_BAD("vm= is said twice", "vm", "b");
	EXPECT_STREQ("a", self->set.vm);
}

TEST_F(settings, lists_of_vms_and_users_are_checked)
{
	EXPECT_EQ(0, SET("vm", "web*,!web-test*"));
	EXPECT_EQ(0, SET("uid", "root,!1000"));
	EXPECT_STREQ("0,!1000", self->set.uid);
	EXPECT_TEXT(",vm=\"web*,!web-test*\",uid=\"0,!1000\"");
	self->set.given = 0;
	EXPECT_BAD("vm=a,,b: a pattern is empty", "vm", "a,,b");
	self->set.given = 0;
	EXPECT_BAD("uid=0,no-such-user: there is no user 'no-such-user'",
		   "uid", "0,no-such-user");
	self->set.given = 0;
	EXPECT_BAD("uid= is empty; it takes USER[,USER]…", "uid", "");
}

/* What was said without units stays the same text: positions go by it. */
TEST_F(settings, times_have_units_or_are_in_that_of_the_key)
{
	static const struct {
		const char *key, *value;
		__u64 seconds;
		const char *text;
	} times[] = {
		{ "linger", "10", 10, ",linger=10" }, { "linger", "10s", 10, ",linger=10" },
		{ "linger", "2min", 120, ",linger=120" },
		{ "linger", "1d", 86400, ",linger=86400" },
		{ "max-age", "30", 30 * 86400, ",max-age=30" },
		{ "max-age", "30d", 30 * 86400, ",max-age=30" },
		{ "max-age", "48h", 2 * 86400, ",max-age=2" },
		{ "max-age", "36h", 36 * 3600, ",max-age=36h" },
		{ "max-age", "1h30min", 5400, ",max-age=90min" },
		{ "max-age", "36500", 36500 * 86400ULL, ",max-age=36500" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		memset(&self->set, 0, sizeof(self->set));
		EXPECT_EQ(0, SET(times[i].key, times[i].value));
		EXPECT_EQ(times[i].seconds, self->set.sink.linger + self->set.sink.max_age);
		EXPECT_TEXT(times[i].text);
	}
}

TEST_F(settings, what_is_no_such_time_is_told)
{
#define LINGER(value)	"linger=" value ": it takes a number and ns, us, ms, s, min, h or d," \
			" from 1s to 1d; a number alone is seconds"
#define AGE(value)	"max-age=" value ": it takes a number and ns, us, ms, s, min, h or d," \
			" from 1h to 36500d; a number alone is days"
	EXPECT_BAD(LINGER("0"), "linger", "0");
	EXPECT_BAD(LINGER("1K"), "linger", "1K");
	EXPECT_BAD(LINGER("500ms"), "linger", "500ms");
	EXPECT_BAD(LINGER("25h"), "linger", "25h");
	EXPECT_BAD(LINGER(""), "linger", "");
	EXPECT_BAD(AGE("59min"), "max-age", "59min");
	EXPECT_BAD(AGE("1w"), "max-age", "1w");
	EXPECT_BAD(AGE("36501"), "max-age", "36501");
}

TEST_F(settings, bytes_have_units)
{
	EXPECT_EQ(0, SET("size", "16384"));
	EXPECT_EQ(16384, self->set.sink.size);
	EXPECT_TEXT(",size=16K");
	self->set.given = 0;
	EXPECT_EQ(0, SET("size", "20000"));
	EXPECT_TEXT(",size=20000");
	self->set.given = 0;
	EXPECT_EQ(0, SET("size", "10M"));
	EXPECT_EQ(10 << 20, self->set.sink.size);
	EXPECT_TEXT(",size=10M");
	self->set.given = 0;
	EXPECT_EQ(0, SET("size", "3G"));
	EXPECT_EQ(3ULL << 30, self->set.sink.size);
	EXPECT_TEXT(",size=3G");
	self->set.given = 0;
	EXPECT_EQ(0, SET("total", "1024T"));
	EXPECT_TEXT(",size=3G,total=1024T");
}

TEST_F(settings, rates_are_bytes_a_second)
{
	ASSERT_EQ(0, SET("rate", "64K/s"));
	EXPECT_EQ(65536, self->set.rate);
	EXPECT_TEXT(",rate=64K/s");
	EXPECT_EQ(10 * 65536, settings_burst(&self->set));
	self->set.given = 0;
	ASSERT_EQ(0, SET("rate", "1025"));
	EXPECT_TEXT(",rate=1025/s");
	ASSERT_EQ(0, SET("burst", "1M"));
	EXPECT_EQ(1 << 20, settings_burst(&self->set));
	EXPECT_TEXT(",rate=1025/s,burst=1M");
	EXPECT_EQ(0, CHECK("null", "raw", true));
	self->set.given = 0;
	ASSERT_EQ(0, SET("rate", "1G"));
	self->set.burst = 0;
	EXPECT_EQ(1 << 30, settings_burst(&self->set));
	self->set.given = 0;
#define RATE(value)	"rate=" value ": it takes BYTES/s from 1K/s to 1G/s, with K, M, G or T"
	EXPECT_BAD(RATE("0"), "rate", "0");
	EXPECT_BAD(RATE("1023/s"), "rate", "1023/s");
	EXPECT_BAD(RATE("2G/s"), "rate", "2G/s");
	EXPECT_BAD(RATE("64K/min"), "rate", "64K/min");
	EXPECT_BAD(RATE("64K/s/s"), "rate", "64K/s/s");
	EXPECT_BAD(RATE("/s"), "rate", "/s");
	EXPECT_BAD("burst=4M/s: it takes BYTES from 4K to 1G, with K, M, G or T", "burst", "4M/s");
}

TEST_F(settings, a_burst_is_of_a_rate)
{
	ASSERT_EQ(0, SET("burst", "1M"));
	EXPECT_EQ(-1, CHECK("null", "raw", true));
	EXPECT_STREQ("burst= is what may come before rate= cuts: say rate=, too", self->why);
}

TEST_F(settings, queues_are_rounded_up_to_powers_of_two)
{
	EXPECT_EQ(0, SET("queue", "100000"));
	EXPECT_EQ(131072, self->set.sink.queue);
	EXPECT_EQ(0, SET("scrollback", "64K"));
	EXPECT_EQ(65536, self->set.sink.scrollback);
	EXPECT_TEXT(",queue=128K,scrollback=64K");
}

TEST_F(settings, numbers_have_bounds)
{
	static const char *const bad[] = {
		"", "0", "16383", "-1", "+1", " 20000", "20000 ", "0x10000", "1e9", "20000k",
		"20000B", "1.5G", "18446744073709551616", "18446744073709551615T", "1025T", "K",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char message[128];

		snprintf(message, sizeof(message),
			 "size=%s: it takes BYTES from 16K to 1024T, with K, M, G or T", bad[i]);
		EXPECT_BAD(message, "size", bad[i]);
	}
	EXPECT_EQ(0, self->set.sink.size);
	EXPECT_BAD("keep=1000: it takes N from 1 to 999", "keep", "1000");
	EXPECT_BAD("clients=0: it takes N from 1 to 256", "clients", "0");
	EXPECT_BAD("queue=2G: it takes BYTES from 16K to 1G, with K, M, G or T", "queue", "2G");
}

TEST_F(settings, permissions_are_octal)
{
	EXPECT_EQ(0, SET("perm", "0600"));
	EXPECT_EQ(0600, self->set.sink.mode);
	EXPECT_TEXT(",perm=0600");
	self->set.given = 0;
	EXPECT_EQ(0, SET("perm", "66"));
	EXPECT_TEXT(",perm=0066");
	self->set.given = 0;
	EXPECT_BAD("perm=0800: it takes OCTAL from 0001 to 0777", "perm", "0800");
	EXPECT_BAD("perm=4755: it takes OCTAL from 0001 to 0777", "perm", "4755");
}

TEST_F(settings, owners_have_names_and_numbers)
{
	EXPECT_EQ(0, SET("owner", "root"));
	EXPECT_EQ(1, self->set.sink.owner);
	EXPECT_EQ(0, SET("group", "4294967294"));
	EXPECT_EQ(4294967295ULL, self->set.sink.group);
	EXPECT_TEXT(",owner=0,group=4294967294");
	self->set.given = 0;
	EXPECT_BAD("owner=no-such: there is no user 'no-such'", "owner", "no-such");
	EXPECT_BAD("group=no-such: there is no group 'no-such'", "group", "no-such");
	self->set.given = 0;
	EXPECT_BAD("owner=: there is no user ''", "owner", "");
	EXPECT_BAD("group=-1: there is no group '-1'", "group", "-1");
	self->set.given = 0;
	EXPECT_EQ(0, SET("owner", "1024"));
	EXPECT_TEXT(",owner=1024,group=4294967294");
}

TEST_F(settings, nothing_may_be_kept_for_who_comes_later)
{
	EXPECT_EQ(0, SET("scrollback", "0"));
	EXPECT_TRUE(self->set.sink.scrollback == SINK_NO_SCROLLBACK);
	EXPECT_TEXT(",scrollback=0");
	self->set.given = 0;
	EXPECT_BAD("scrollback=1: it takes BYTES from 16K to 1G, with K, M, G or T, or 0",
		   "scrollback", "1");
	self->set.given = 0;
	EXPECT_BAD("queue=0: it takes BYTES from 16K to 1G, with K, M, G or T", "queue", "0");
}

TEST_F(settings, texts_can_be_written_again)
{
	EXPECT_EQ(0, SET("vm", "a[0-9]*,b"));
	EXPECT_EQ(0, SET("table", "/etc/my codes"));
	EXPECT_TEXT(",vm=\"a[0-9]*,b\",table=/etc/my codes");
	EXPECT_BAD("name= is empty; it takes NAME", "name", "");
	self->set.given = 0;
	EXPECT_BAD("name=a\"b: quotes, line ends and single brackets cannot stand in it",
		   "name", "a\"b");
	EXPECT_BAD("name=a[: quotes, line ends and single brackets cannot stand in it",
		   "name", "a[");
}

TEST_F(settings, names_are_safe_in_file_names)
{
	static const char *const bad[] = {
		".", "..", ".x", "-x", "a/b", "a b", "a%b", "ä",
		"123456789012345678901234567890123",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char message[128];

		snprintf(message, sizeof(message),
			 "name=%s: up to 32 of A-Z a-z 0-9 . _ - and no dot or dash in front",
			 bad[i]);
		EXPECT_BAD(message, "name", bad[i]);
	}
	EXPECT_EQ(NULL, self->set.name);
	EXPECT_EQ(0, SET("name", "12345678901234567890123456789.-_"));
}

TEST_F(settings, keys_are_for_certain_modes)
{
	EXPECT_EQ(0, SET("size", "1M"));
	EXPECT_EQ(0, CHECK("file", "raw", false));
	EXPECT_EQ(-1, CHECK("pty", "raw", false));
	EXPECT_STREQ("size= is not for mode pty, but for: file", self->why);
	/* Nor where only the beginning of its name is the same. */
	EXPECT_EQ(-1, CHECK("fil", "raw", false));
}

TEST_F(settings, keys_are_for_certain_formats)
{
	EXPECT_EQ(0, SET("time", "none"));
	EXPECT_EQ(0, CHECK("file", "text", false));
	EXPECT_EQ(-1, CHECK("file", "raw", false));
	EXPECT_STREQ("time= is not for format raw, but for: text", self->why);
}

TEST_F(settings, keys_of_codes_want_codes)
{
	EXPECT_EQ(0, SET("table", "ami"));
	EXPECT_EQ(0, CHECK("file", "text", true));
	EXPECT_EQ(-1, CHECK("file", "text", false));
	EXPECT_STREQ("table= is for POST codes, and none come here: port 0x80, or data=codes",
		     self->why);
}

TEST_F(settings, keep_wants_to_know_when_to_rotate)
{
	EXPECT_EQ(0, SET("keep", "3"));
	EXPECT_EQ(-1, CHECK("file", "raw", false));
	EXPECT_STREQ("keep= needs to be told when to rename: by size= or total=", self->why);
	EXPECT_EQ(0, SET("total", "1M"));
	EXPECT_EQ(0, CHECK("file", "raw", false));
}

TEST_F(settings, a_sink_is_shared_only_with_the_same_settings)
{
	struct settings other = { 0 };

	EXPECT_TRUE(sink_settings_equal(&self->set.sink, &other.sink));
	other.style.time = STAMP_VM;
	other.vm = "x";
	EXPECT_TRUE(sink_settings_equal(&self->set.sink, &other.sink));
	other.sink.queue = 4096;
	EXPECT_FALSE(sink_settings_equal(&self->set.sink, &other.sink));
	self->set.sink.queue = 4096;
	EXPECT_TRUE(sink_settings_equal(&self->set.sink, &other.sink));
	other.sink.full = FULL_BLOCK;
	EXPECT_FALSE(sink_settings_equal(&self->set.sink, &other.sink));
}

TEST_HARNESS_MAIN
