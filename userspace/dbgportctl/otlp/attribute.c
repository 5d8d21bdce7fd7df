// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/otlp/attribute.h"
#include "lib/utf8.h"

static void add(json_t *list, const char *key, json_t *value)
{
	json_array_append_new(list, must(json_pack("{s:s, s:o}", "key", key, "value",
						   must(value))));
}

/* No more than ATTRIBUTE_TEXT bytes of it, and whole characters. */
static size_t length(const char *text)
{
	size_t n = strnlen(text, ATTRIBUTE_TEXT + 1);

	if (n <= ATTRIBUTE_TEXT)
		return n;
	return ATTRIBUTE_TEXT - utf8_cut(text, ATTRIBUTE_TEXT);
}

void attribute_text(json_t *list, const char *key, const char *text)
{
	if (text && *text)
		add(list, key, json_pack("{s:s%}", "stringValue", text, length(text)));
}

void attribute_number(json_t *list, const char *key, __u64 number)
{
	char text[24];

	/* Numbers of 64 bits are texts in the JSON of protobuf. */
	snprintf(text, sizeof(text), "%llu", number);
	add(list, key, json_pack("{s:s}", "intValue", text));
}

void attribute_bool(json_t *list, const char *key, bool value)
{
	add(list, key, json_pack("{s:b}", "boolValue", value));
}
