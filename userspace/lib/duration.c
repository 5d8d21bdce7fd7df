// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "lib/duration.h"

#define MOST_NS	(10LL * 366 * 24 * 3600 * 1000000000)

/* What begins another one stands before it. */
static const struct {
	const char *name;
	__s64 ns;
} units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "µs", 1000 },
	{ "ms", 1000000 },
	{ "min", 60000000000 },
	{ "s", 1000000000 },
};

const char *duration_text(char text[DURATION_SIZE], __s64 ns)
{
	if (ns < 1000)
		snprintf(text, DURATION_SIZE, "%lld ns", ns);
	else if (ns < 1000000)
		snprintf(text, DURATION_SIZE, "%lld.%03lld µs", ns / 1000, ns % 1000);
	else if (ns < 1000000000)
		snprintf(text, DURATION_SIZE, "%lld.%03lld ms", ns / 1000000, ns / 1000 % 1000);
	else
		snprintf(text, DURATION_SIZE, "%lld.%03lld s", ns / 1000000000,
			 ns / 1000000 % 1000);
	return text;
}

const char *duration_seconds(char text[DURATION_SIZE], __s64 ns)
{
	snprintf(text, DURATION_SIZE, "%lld.%06lld", ns / 1000000000, ns / 1000 % 1000000);
	return text;
}

static int find_unit(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strncmp(text, units[i].name, strlen(units[i].name)))
			return i;
	}
	return -1;
}

int duration_parse(const char *text, const char **end, __s64 *ns)
{
	const char *digits = text, *unit;
	__s64 value = 0, scale;
	int found;

	unit = text + strspn(text, "0123456789.");
	found = find_unit(unit);
	if (!isdigit((unsigned char)*text) || found < 0)
		return -1;
	scale = units[found].ns;
	for (; isdigit((unsigned char)*digits); digits++) {
		value = value * 10 + (*digits - '0') * scale;
		if (value > MOST_NS)
			return -1;
	}
	if (*digits == '.') {
		/* What is below a nanosecond is cut. */
		while (isdigit((unsigned char)*++digits)) {
			scale /= 10;
			value += (*digits - '0') * scale;
		}
	}
	unit += strlen(units[found].name);
	if (digits != unit - strlen(units[found].name) || (!end && *unit))
		return -1;
	if (end)
		*end = unit;
	*ns = value;
	return 0;
}
