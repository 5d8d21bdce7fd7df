// SPDX-License-Identifier: GPL-2.0
/* Objects that are read where they stand, as another reader of JSON sees them. */
#include "lib/harness.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/object.h"
#include "lib/array.h"

/* In memory of its own size, so that what is read beyond its end is seen. */
static int read_bytes(struct object *object, const char *text, size_t n, size_t *at, char **copy)
{
	*copy = malloc(n ?: 1);
	memcpy(*copy, text, n);
	return object_read(object, *copy, n, at);
}

/* Whether @text is an object; its members are forgotten. */
static bool is_object(const char *text)
{
	struct object object;
	size_t at;
	char *copy;
	int err = read_bytes(&object, text, strlen(text), &at, &copy);

	free(copy);
	return !err;
}

TEST(members_are_found_by_their_names)
{
	char text[] = " { \"type\" : \"line\",\"n\":-12,\"t\":true,\"f\":false,\"0\":0} ";
	struct object object;
	size_t at;

	ASSERT_EQ(0, object_read(&object, text, strlen(text), &at));
	EXPECT_EQ(5, object.count);
	EXPECT_STREQ("line", object_text(&object, "type"));
	EXPECT_EQ(-12, object_integer(&object, "n"));
	EXPECT_EQ(VALUE_INTEGER, object_get(&object, "0")->type);
	EXPECT_TRUE(object_is_true(&object, "t"));
	EXPECT_FALSE(object_is_true(&object, "f"));
	EXPECT_FALSE(object_is_true(&object, "missing"));
	EXPECT_EQ(NULL, object_get(&object, "missing"));
	EXPECT_EQ(NULL, object_text(&object, "n"));
}

TEST(integers_are_exact)
{
	char text[] = "{\"most\":9223372036854775807,\"least\":-9223372036854775808}";
	struct object object;
	size_t at;

	ASSERT_EQ(0, object_read(&object, text, strlen(text), &at));
	EXPECT_EQ(9223372036854775807LL, object_integer(&object, "most"));
	EXPECT_EQ(-9223372036854775807LL - 1, object_integer(&object, "least"));
}

TEST(what_nobody_asks_for_is_passed_over)
{
	char text[] = "{\"a\":[1,{\"t\":2},[]],\"o\":{\"t\":3},\"r\":1.5,\"e\":1e2,\"z\":null}";
	struct object object;
	size_t at;

	ASSERT_EQ(0, object_read(&object, text, strlen(text), &at));
	EXPECT_EQ(5, object.count);
	for (size_t i = 0; i < object.count; i++)
		EXPECT_EQ(VALUE_OTHER, object.member[i].type);
	EXPECT_EQ(0, object_integer(&object, "r"));
	EXPECT_EQ(NULL, object_get(&object, "t"));
}

TEST(escapes_are_undone)
{
	static const struct {
		const char *json;
		const char *is;
		size_t len;
	} strings[] = {
		{ "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t", 8 },
		{ "a\\u0000b", "a\0b", 3 },
		{ "\\u0041\\u00e4\\u20aC", "A\xc3\xa4\xe2\x82\xac", 6 },
		{ "\\ud83d\\ude42", "\xf0\x9f\x99\x82", 4 },
		{ "\xc3\xa4.\x7f", "\xc3\xa4.\x7f", 4 },
		{ "", "", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		const struct member *member;
		struct object object;
		char text[100];
		size_t at;

		snprintf(text, sizeof(text), "{\"t\":\"%s\"}", strings[i].json);
		ASSERT_EQ(0, object_read(&object, text, strlen(text), &at));
		member = object_get(&object, "t");
		ASSERT_EQ(strings[i].len, member->len);
		EXPECT_EQ(0, memcmp(strings[i].is, member->text, member->len + 1));
	}
}

TEST(what_is_no_object)
{
	static const char *const none[] = {
		"", "{", "}", "[]", "1", "{}x", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
		"{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":01}", "{\"a\":-}", "{\"a\":1.}",
		"{\"a\":.5}", "{\"a\":+1}", "{\"a\":1e}", "{\"a\":tru}", "{\"a\":nul}",
		"{\"a\":\"}",
		"{\"a\":\"\\\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}",
		"{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\udc00\"}",
		"{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\xc3\"}", "{\"a\":\"\xc0\xaf\"}",
		"{\"a\":9223372036854775808}", "{\"a\":-9223372036854775809}",
		"{\"a\":1,\"a\":2}", "{\"a\":[1}", "{\"a\":[1,]}", "{\"a\":{\"b\"}}",
		"{\"a\":{\"b\":1]}", "{\"a\\u0000\":1}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		EXPECT_FALSE(is_object(none[i]))
			TH_LOG("%s", none[i]);
	}
}

TEST(where_it_is_none_is_told)
{
	struct object object;
	char *copy;
	size_t at;

	EXPECT_EQ(-1, read_bytes(&object, "{\"a\":x}", 7, &at, &copy));
	EXPECT_EQ(6, at);
	free(copy);
}

TEST(there_are_bounds)
{
	char text[2000];

	for (int depth = OBJECT_DEPTH + 1; depth <= OBJECT_DEPTH + 2; depth++) {
		int n = snprintf(text, sizeof(text), "{\"a\":");

		memset(text + n, '[', depth);
		memset(text + n + depth, ']', depth);
		snprintf(text + n + 2 * depth, 2, "}");
		EXPECT_EQ(depth == OBJECT_DEPTH + 1, is_object(text));
	}
	for (int members = OBJECT_MEMBERS; members <= OBJECT_MEMBERS + 1; members++) {
		int n = snprintf(text, sizeof(text), "{");

		for (int i = 0; i < members; i++)
			n += snprintf(text + n, sizeof(text) - n, "\"m%d\":%d,", i, i);
		text[n - 1] = '}';
		EXPECT_EQ(members == OBJECT_MEMBERS, is_object(text));
	}
}

static __u64 state = 1;

static unsigned int any(unsigned int below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (state >> 33) % below;
}

/* Whether jansson has the same value for it. */
static bool agrees(const struct member *member, const json_t *value)
{
	switch (member->type) {
	case VALUE_STRING:
		return json_is_string(value) && json_string_length(value) == member->len &&
		       !memcmp(json_string_value(value), member->text, member->len + 1);
	case VALUE_INTEGER:
		return json_is_integer(value) && json_integer_value(value) == member->integer;
	case VALUE_TRUE:
		return json_is_true(value);
	case VALUE_OTHER:
		return json_is_false(value) || json_is_null(value) || json_is_real(value) ||
		       json_is_array(value) || json_is_object(value);
	}
	return false;
}

static bool all_agree(const struct object *object, const json_t *root)
{
	if (!json_is_object(root) || json_object_size(root) != object->count)
		return false;
	for (size_t i = 0; i < object->count; i++) {
		const struct member *member = &object->member[i];

		if (!agrees(member, json_object_get(root, member->name)))
			return false;
	}
	return true;
}

/* Objects like dbgportd's with some bytes changed, taken out or put twice. */
TEST(jansson_sees_the_same)
{
	static const char *const seeds[] = {
		"{\"type\":\"line\",\"vm_id\":1,\"pid\":null,\"time\":-0.5,\"begun\":false}",
		"{\"text\":\"a\\u00e4\\n\\\"\xc3\xa4\xf0\x9f\x99\x82\",\"unfinished\":true}",
		"{\"a\":[1,2.5e-3,{\"b\":[]},\"\\ud83d\\ude42\"],\"c\":{\"d\":{}},\"e\":-10}",
	};
	static const char bytes[] = "{}[]\",:\\u0123456789aAeEnrtfd+-. \t\xc3\xa4\x80\xff\x01\x7f";
	int same = 0, right = 0;

	for (int run = 0; run < 200000; run++) {
		const char *seed = seeds[any(ARRAY_SIZE(seeds))];
		size_t n = strlen(seed), at;
		struct object object;
		json_error_t error;
		char text[512], *copy;
		json_t *root;
		int err;

		memcpy(text, seed, n);
		for (unsigned int changes = any(4); changes; changes--) {
			size_t where = any(n - 1);

			if (any(3)) {
				text[where] = bytes[any(sizeof(bytes) - 1)];
			} else if (any(2)) {
				memmove(text + where, text + where + 1, n - where - 1);
				n--;
			} else {
				memmove(text + where + 1, text + where, n - where);
				n++;
			}
		}
		root = json_loadb(text, n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
		err = read_bytes(&object, text, n, &at, &copy);
		right += !err;
		/* A number such as 1e999, which nobody asks for, is none to jansson. */
		if (err ? !json_is_object(root) : all_agree(&object, root) ||
		    json_error_code(&error) == json_error_numeric_overflow)
			same++;
		else
			TH_LOG("%.*s", (int)n, text);
		json_decref(root);
		free(copy);
	}
	EXPECT_EQ(200000, same);
	/* It is no test if hardly any is one. */
	EXPECT_GT(right, 50000);
}

TEST_HARNESS_MAIN
