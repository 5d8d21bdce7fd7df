// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/writer.h"
#include "lib/json.h"

static int depth;
/* Something stands before in the same brackets. */
static bool more;

static void begin(const char *key)
{
	if (more)
		putchar(',');
	if (depth)
		printf("\n%*s", 2 * depth, "");
	if (key)
		printf("\"%s\": ", key);
	more = true;
}

void json_open(const char *key, char bracket)
{
	begin(key);
	putchar(bracket);
	depth++;
	more = false;
}

void json_close(char bracket)
{
	depth--;
	if (more)
		printf("\n%*s", 2 * depth, "");
	putchar(bracket);
	more = depth;
	if (!depth)
		putchar('\n');
}

void json_number(const char *key, __u64 n)
{
	begin(key);
	printf("%llu", n);
}

void json_signed(const char *key, __s64 n)
{
	begin(key);
	printf("%lld", n);
}

void json_double(const char *key, double n)
{
	begin(key);
	printf("%.6g", n);
}

void json_seconds(const char *key, __u64 ns)
{
	begin(key);
	printf("%llu.%09llu", ns / 1000000000, ns % 1000000000);
}

void json_microseconds(const char *key, __u64 ns)
{
	begin(key);
	printf("%llu.%03llu", ns / 1000, ns % 1000);
}

void json_bool(const char *key, bool b)
{
	begin(key);
	fputs(b ? "true" : "false", stdout);
}

void json_none(const char *key)
{
	begin(key);
	fputs("null", stdout);
}

void json_number_or_none(const char *key, __u64 n)
{
	if (n)
		json_number(key, n);
	else
		json_none(key);
}

void json_text_n(const char *key, const char *text, size_t n)
{
	char *dst = text ? malloc(JSON_STRING_MAX(n)) : NULL;

	if (!dst) {
		json_none(key);
		return;
	}
	begin(key);
	fwrite(dst, 1, json_quote(dst, text, n), stdout);
	free(dst);
}

void json_text(const char *key, const char *text)
{
	json_text_n(key, text, text ? strlen(text) : 0);
}
