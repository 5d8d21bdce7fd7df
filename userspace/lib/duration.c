// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "lib/clock.h"
#include "lib/duration.h"
#include "lib/number.h"

#define MOST_S	(100LL * 366 * 24 * 3600)
#define MOST_NS	(MOST_S * 1000000000)

/**
 * struct unit - a unit of time
 * @name: as it is read and written
 * @ns: how long it is
 * @shown: it is written, not only read
 */
struct unit {
	const char *name;
	__s64 ns;
	bool shown;
};

/* The longest first; no name begins with another one. */
static const struct unit units[] = {
	{ "d", 24 * 3600 * NSEC_PER_SEC, false },
	{ "h", 3600 * NSEC_PER_SEC, false },
	{ "min", 60 * NSEC_PER_SEC, false },
	{ "s", NSEC_PER_SEC, true },
	{ "ms", NSEC_PER_MSEC, true },
	{ "µs", NSEC_PER_USEC, true },
	{ "us", NSEC_PER_USEC, false },
	{ "ns", 1, true },
};

static const struct unit *unit_to_show(__s64 ns)
{
	const struct unit *u = units;

	while (u->ns > 1 && (!u->shown || ns < u->ns))
		u++;
	return u;
}

const char *duration_in(char text[DURATION_SIZE], __s64 ns, __s64 unit_ns, int places)
{
	__u64 n = ns < 0 ? -(__u64)ns : (__u64)ns, scale = unit_ns;
	const char *sign = ns < 0 ? "-" : "";

	for (int i = 0; i < places; i++)
		scale /= 10;
	if (places)
		snprintf(text, DURATION_SIZE, "%s%llu.%0*llu", sign, n / unit_ns, places,
			 n % unit_ns / scale);
	else
		snprintf(text, DURATION_SIZE, "%s%llu", sign, n / unit_ns);
	return text;
}

const char *duration_seconds(char text[DURATION_SIZE], __s64 ns)
{
	return duration_in(text, ns, NSEC_PER_SEC, 6);
}

static const char *in_unit(char text[DURATION_SIZE], __s64 ns, const struct unit *unit, int places)
{
	size_t len = strlen(duration_in(text, ns, unit->ns, places));

	snprintf(text + len, DURATION_SIZE - len, " %s", unit->name);
	return text;
}

const char *duration_text(char text[DURATION_SIZE], __s64 ns)
{
	const struct unit *unit = unit_to_show(ns);

	return in_unit(text, ns, unit, unit->ns > 1 ? 3 : 0);
}

const char *duration_on_scale(char text[DURATION_SIZE], __s64 ns, __s64 scale)
{
	return in_unit(text, ns, unit_to_show(scale), 0);
}

const char *duration_age(char text[DURATION_SIZE], __s64 ns)
{
	__s64 s = ns / (__s64)NSEC_PER_SEC;

	if (s < 60)
		snprintf(text, DURATION_SIZE, "%llds", s);
	else if (s < 3600)
		snprintf(text, DURATION_SIZE, "%lldmin%02llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(text, DURATION_SIZE, "%lldh%02lldmin", s / 3600, s / 60 % 60);
	else
		snprintf(text, DURATION_SIZE, "%lldd%02lldh", s / 86400, s / 3600 % 24);
	return text;
}

const char *duration_whole(char text[DURATION_SIZE], __u64 s)
{
	const struct unit *u = units;

	while (s % (u->ns / NSEC_PER_SEC))
		u++;
	snprintf(text, DURATION_SIZE, "%llu%s", s / (u->ns / NSEC_PER_SEC), u->name);
	return text;
}

static const struct unit *unit_at(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strncmp(text, units[i].name, strlen(units[i].name)))
			return &units[i];
	}
	return NULL;
}

/* A number and its unit; what follows them, or NULL if there are none. */
static const char *scan_part(const char *text, const struct unit **found, __s64 *ns)
{
	const char *rest, *fraction;
	const struct unit *unit;
	__s64 value, scale;
	__u64 whole;

	rest = number_scan(text, NUMBER_DECIMAL, &whole);
	if (!rest)
		return NULL;
	fraction = rest;
	if (*fraction == '.') {
		fraction++;
		rest = fraction + strspn(fraction, "0123456789");
	}
	unit = unit_at(rest);
	if (!unit || whole > (__u64)(MOST_NS / unit->ns))
		return NULL;
	value = whole * unit->ns;
	scale = unit->ns;
	for (; fraction < rest; fraction++) {
		scale /= 10;
		value += (*fraction - '0') * scale;
	}
	*found = unit;
	*ns = value;
	return rest + strlen(unit->name);
}

int duration_parse(const char *text, const char **end, __s64 *ns)
{
	const struct unit *unit, *before;
	const char *rest, *next;
	__s64 sum, part;

	rest = scan_part(text, &before, &sum);
	if (!rest)
		return -1;
	while ((next = scan_part(rest, &unit, &part)) && unit->ns < before->ns) {
		sum += part;
		if (sum > MOST_NS)
			return -1;
		rest = next;
		before = unit;
	}
	if (!end && *rest)
		return -1;
	if (end)
		*end = rest;
	*ns = sum;
	return 0;
}

int duration_parse_seconds(const char *text, __u64 unit_s, __u64 *s)
{
	__u64 n;
	__s64 ns;

	if (!number_parse(text, NUMBER_DECIMAL, 0, MOST_S / unit_s, &n)) {
		*s = n * unit_s;
		return 0;
	}
	if (duration_parse(text, NULL, &ns) || ns % (__s64)NSEC_PER_SEC)
		return -1;
	*s = ns / NSEC_PER_SEC;
	return 0;
}
