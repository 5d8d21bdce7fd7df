// SPDX-License-Identifier: GPL-2.0
/* A user's table of POST codes. */
#include <string.h>

#include "checks.h"
#include "fuzz.h"
#include "lib/codes.h"

static void check_code(const struct codes *codes, __u32 code)
{
	const char *component = code_component(codes, code), *name = code_name(codes, code);

	CHECK(component && *component && strlen(component) < CODE_COMPONENT_SIZE, "0x%x", code);
	CHECK(is_harmless(component, strlen(component)), "0x%x: '%s'", code, component);
	if (!name)
		return;
	CHECK(*name && strlen(name) < CODE_NAME_SIZE, "0x%x: '%s'", code, name);
	CHECK(is_harmless(name, strlen(name)), "0x%x: '%s'", code, name);
}

/* What the table says of @line. */
static void check_line(const struct codes *codes, const char *line)
{
	size_t len;
	const char *component;

	line = text_begin(line);
	component = text_component(codes, line, &len);

	CHECK(!component == !len, "'%s': %zu bytes fit", line, len);
	CHECK(!component || is_harmless(component, strlen(component)), "'%s'", component);
	if (component)
		codes_part(codes, component);
	codes_know_text(codes, line);
}

/* Bytes: some codes to look up; the rest is the table. */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	__u32 some[4];
	struct codes *codes;
	char why[256] = "";

	for (int i = 0; i < 4; i++)
		some[i] = take_number(&in, 4);
	set_file(in.at, in.end - in.at);
	codes = codes_load("./table", why, sizeof(why));
	set_file(NULL, 0);
	if (!codes) {
		CHECK(!strncmp(why, "./table:", 8) && !strchr(why, '\n'), "'%s'", why);
		return 0;
	}
	for (__u32 code = 0; code < 0x100; code++)
		check_code(codes, code);
	for (int i = 0; i < 4; i++)
		check_code(codes, some[i]);
	check_code(codes, 0xffffffff);
	codes_know(codes, some, 4);
	check_line(codes, "[    0.000000][    T0] Linux version 6.12");
	check_line(codes, why);
	codes_free(codes);
	return 0;
}
