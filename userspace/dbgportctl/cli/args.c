// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/cli/args.h"
#include "lib/help.h"

/* Where the text of --help begins. */
#define HELP_COLUMN	28

/* The one that @len characters at @name are the name of, or begin it; NULL: none. */
static const struct option *find_long(const struct option *const tables[], const char *name,
				      size_t len, char *why, size_t size)
{
	const struct option *found = NULL;

	for (; *tables; tables++) {
		for (const struct option *o = *tables; o->name; o++) {
			if (strncmp(o->name, name, len))
				continue;
			if (!o->name[len])
				return o;
			if (found) {
				snprintf(why, size, "'%.*s' may be %s or %s", (int)len, name,
					 found->name, o->name);
				return NULL;
			}
			found = o;
		}
	}
	if (!found)
		snprintf(why, size, "unknown option '%.*s'", (int)len, name);
	return found;
}

static const struct option *find_letter(const struct option *const tables[], char letter,
					char *why, size_t size)
{
	for (; *tables; tables++) {
		for (const struct option *o = *tables; o->name; o++) {
			if (o->letter == letter)
				return o;
		}
	}
	snprintf(why, size, "unknown option '-%c'", letter);
	return NULL;
}

static int take(const struct option *o, const char *value, char *why, size_t size)
{
	if (o->flag) {
		*o->flag = true;
		return 0;
	}
	if (o->takes && !*value) {
		snprintf(why, size, "%s is empty; it takes %s", o->name, o->takes);
		return -1;
	}
	if (!o->value)
		return o->parse(value, why, size);
	if (*o->value) {
		snprintf(why, size, "%s is given twice", o->name);
		return -1;
	}
	*o->value = value;
	return 0;
}

/* What is left of a command line. */
struct rest {
	int argc;
	char **argv;
};

static const char *next(struct rest *rest)
{
	if (!rest->argc)
		return NULL;
	rest->argc--;
	return *rest->argv++;
}

/* @value: what is joined to the option; NULL: nothing is */
static int take_value(const struct option *o, const char *value, struct rest *rest,
		      char *why, size_t size)
{
	value = value ?: next(rest);
	if (!value) {
		snprintf(why, size, "%s needs a value: %s", o->name, o->takes);
		return -1;
	}
	return take(o, value, why, size);
}

static int take_long(const struct option *const tables[], const char *arg, struct rest *rest,
		     char *why, size_t size)
{
	const char *equals = strchrnul(arg, '=');
	const struct option *o = find_long(tables, arg, equals - arg, why, size);

	if (!o)
		return -1;
	if (o->takes)
		return take_value(o, *equals ? equals + 1 : NULL, rest, why, size);
	if (!*equals)
		return take(o, NULL, why, size);
	snprintf(why, size, "%s takes no value", o->name);
	return -1;
}

static int take_letters(const struct option *const tables[], const char *letters,
			struct rest *rest, char *why, size_t size)
{
	while (*letters) {
		const struct option *o = find_letter(tables, *letters++, why, size);

		if (!o)
			return -1;
		if (o->takes)
			return take_value(o, *letters ? letters : NULL, rest, why, size);
		if (take(o, NULL, why, size))
			return -1;
	}
	return 0;
}

int args_parse(const struct option *const tables[], int *argc, char *argv[], bool first_only,
	       char *why, size_t size)
{
	struct rest rest = { *argc, argv };
	int kept = 0;

	while (rest.argc) {
		char *arg = *rest.argv;
		int err;

		if (arg[0] != '-' || !arg[1]) {
			if (first_only)
				break;
			argv[kept++] = arg;
			next(&rest);
			continue;
		}
		next(&rest);
		if (!strcmp(arg, "--"))
			break;
		if (arg[1] == '-')
			err = take_long(tables, arg, &rest, why, size);
		else
			err = take_letters(tables, arg + 1, &rest, why, size);
		if (err)
			return -1;
	}
	while (rest.argc)
		argv[kept++] = (char *)next(&rest);
	argv[kept] = NULL;
	*argc = kept;
	return 0;
}

void args_help(FILE *to, const struct option *table)
{
	for (const struct option *o = table; o->name; o++) {
		char head[160];

		snprintf(head, sizeof(head), "%s%s%s%s%s",
			 o->letter ? (char[]){ '-', o->letter, ',', ' ', '\0' } : "", o->name,
			 o->takes ? " " : "", o->takes ?: "", o->repeats ? "…" : "");
		help_entry(to, head, HELP_COLUMN, o->help);
	}
}
