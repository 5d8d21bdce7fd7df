// SPDX-License-Identifier: GPL-2.0
/* A line of a file of JSON, which may be anybody's. */
#include <string.h>

#include "checks.h"
#include "dbgportctl/boot/object.h"
#include "fuzz.h"

static void check_member(const struct object *object, const struct member *member)
{
	const char *name = member->name;

	CHECK(is_utf8(name, strlen(name)), "'%s'", name);
	CHECK(object_get(object, name) == member, "'%s' is there twice", name);
	CHECK(!object_text(object, name) == (member->type != VALUE_STRING), "'%s'", name);
	CHECK(member->type == VALUE_INTEGER || !object_integer(object, name), "'%s'", name);
	if (member->type != VALUE_STRING)
		return;
	CHECK(is_utf8(member->text, member->len), "'%s': '%s'", name, member->text);
	CHECK(!member->text[member->len], "'%s': no NUL behind '%s'", name, member->text);
}

/* All bytes are the line, which is changed as it is read. */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	struct object object;
	char *text = malloc(size);
	size_t at;

	CHECK(text || !size, "no memory");
	memcpy(text, take_bytes(&in, &size), size);
	if (object_read(&object, text, size, &at)) {
		CHECK(at >= 1 && at <= size + 1, "byte %zu of %zu", at, size);
	} else {
		CHECK(is_json((const char *)data, size), "it is no JSON");
		CHECK(object.count <= OBJECT_MEMBERS, "%zu", object.count);
		for (size_t i = 0; i < object.count; i++)
			check_member(&object, &object.member[i]);
	}
	free(text);
	return 0;
}
