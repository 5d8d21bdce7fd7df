// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/command_line.h"
#include "dbgportd/config/options.h"
#include "dbgportd/config/roles.h"
#include "dbgportd/config/routes.h"
#include "lib/array.h"
#include "lib/duration.h"
#include "lib/help.h"

#define OPTIONS_MAX	32
/* What getopt_long() returns for the first option, above any letter. */
#define CODE_FIRST	256

struct parser;

/**
 * struct known - one option
 * @name: without its dashes
 * @letter: the short one; 0: there is none
 * @takes: its value, for help; NULL: none
 * @repeats: may be given more than once; those without a value always may
 * @help: a sentence
 * @parse: takes the value
 * @role, @key, @action: which one, where several have one @parse
 */
struct known {
	const char *name;
	char letter;
	const char *takes;
	bool repeats;
	const char *help;
	int (*parse)(struct parser *p, const struct known *o, const char *value);
	enum role role;
	const struct daemon_key *key;
	enum action action;
};

/**
 * struct parser - a command line that is being read
 * @opt: what it says
 * @known: the options that there are
 * @count: how many
 * @given: bit per option: it was given
 * @why: for the first mistake
 * @size: of @why
 */
struct parser {
	struct options *opt;
	struct known known[OPTIONS_MAX];
	size_t count;
	__u32 given;
	char *why;
	size_t size;
};

__attribute__((format(printf, 2, 3)))
static int refuse(struct parser *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(p->why, p->size, fmt, args);
	va_end(args);
	return -1;
}

static int parse_sink(struct parser *p, const struct known *o, const char *value)
{
	struct route *r = route_parse(value, "--sink", p->why, p->size);

	(void)o;
	if (!r)
		return -1;
	routes_append(&p->opt->routes, r);
	p->opt->sink_given = true;
	return 0;
}

static int parse_role(struct parser *p, const struct known *o, const char *value)
{
	struct route *r;

	if (role_parse(o->role, value, &r, p->why, p->size))
		return -1;
	if (r)
		routes_append(&p->opt->routes, r);
	p->opt->role_given[o->role] = true;
	return 0;
}

static int parse_config(struct parser *p, const struct known *o, const char *value)
{
	if (!*value)
		return refuse(p, "--%s is empty", o->name);
	p->opt->config_path = value;
	return 0;
}

static int parse_name(struct parser *p, const struct known *o, const char *value)
{
	const char *equals = strchrnul(value, '=');
	char *pattern = strndup(value, equals - value);
	char reason[256] = "no memory";
	int err = -1;

	if (pattern)
		err = names_append(&p->opt->names, pattern, *equals ? equals + 1 : "", reason,
				   sizeof(reason));
	free(pattern);
	return err ? refuse(p, "--%s %s: %s", o->name, value, reason) : 0;
}

static int parse_duration(struct parser *p, const struct known *o, const char *value)
{
	__u64 seconds;

	if (duration_parse_seconds(value, 1, &seconds) || !seconds || seconds > UINT_MAX / 1000)
		return refuse(p,
			      "--%s %s: it takes %s, of 1s to 49d in whole seconds; a number alone is seconds",
			      o->name, value, DURATION_TAKES);
	p->opt->duration_ms = seconds * 1000;
	return 0;
}

static int parse_once(struct parser *p, const struct known *o, const char *value)
{
	(void)o;
	(void)value;
	p->opt->once = true;
	return 0;
}

static int parse_until_vm_exit(struct parser *p, const struct known *o, const char *value)
{
	(void)o;
	(void)value;
	p->opt->until_vm_exit = true;
	return 0;
}

static int parse_action(struct parser *p, const struct known *o, const char *value)
{
	(void)value;
	p->opt->action = o->action;
	return 0;
}

static int parse_daemon(struct parser *p, const struct known *o, const char *value)
{
	char **at = daemon_value(&p->opt->daemon, o->key);

	if (!daemon_key_takes(o->key, value))
		return refuse(p, "--%s: unknown %s '%s'; known are %s", o->name, o->key->kind,
			      value, o->key->known);
	if (!*value)
		return refuse(p, "--%s is empty", o->name);
	*at = strdup(value);
	return *at ? 0 : refuse(p, "no memory");
}

static const struct known sink = {
	.name = "sink", .takes = "PORT:MODE[,KEY=VALUE]…", .repeats = true, .parse = parse_sink,
	.help = "one more place that a port goes to; repeatable",
};

static const struct known general[] = {
	{ .name = "config", .takes = "FILE", .parse = parse_config,
	  .help = "a file that says the same and more ["
		  CONFIG_PATH ", if no port is said to go anywhere]" },
	{ .name = "check-config", .action = ACTION_CHECK_CONFIG, .parse = parse_action,
	  .help = "show what goes where, or all mistakes, and exit" },
	{ .name = "name", .takes = "PATTERN=NAME", .repeats = true, .parse = parse_name,
	  .help = "call VMs NAME whose own name matches; repeatable" },
	{ .name = "once", .parse = parse_once,
	  .help = "write what is there, and exit" },
	{ .name = "duration", .takes = "TIME", .parse = parse_duration,
	  .help = "exit after that time: 30s, 5min, 2h" },
	{ .name = "until-vm-exit", .parse = parse_until_vm_exit,
	  .help = "exit when a VM was there and none is left" },
};

static const struct known last[] = {
	{ .name = "help", .letter = 'h', .action = ACTION_HELP, .parse = parse_action,
	  .help = "show this and exit" },
	{ .name = "version", .letter = 'V', .action = ACTION_VERSION, .parse = parse_action,
	  .help = "show version, engine and module, and exit" },
};

static struct known role_option(enum role role)
{
	return (struct known){
		.name = role_name(role),
		.takes = role_takes(role),
		.parse = parse_role,
		.help = role_help(role),
		.role = role,
	};
}

static struct known daemon_option(const struct daemon_key *key)
{
	return (struct known){
		.name = key->name,
		.takes = key->takes,
		.parse = parse_daemon,
		.help = key->help,
		.key = key,
	};
}

/* All options, in the order of --help.  Return: how many. */
static size_t list_options(struct known list[OPTIONS_MAX])
{
	size_t n = 0;

	list[n++] = sink;
	for (enum role role = 0; role < ROLES; role++)
		list[n++] = role_option(role);
	for (size_t i = 0; i < ARRAY_SIZE(general); i++)
		list[n++] = general[i];
	for (const struct daemon_key *key = daemon_keys; key->name; key++)
		list[n++] = daemon_option(key);
	for (size_t i = 0; i < ARRAY_SIZE(last); i++)
		list[n++] = last[i];
	return n;
}

const char *command_line_option(size_t i)
{
	struct known list[OPTIONS_MAX];

	return i < list_options(list) ? list[i].name : NULL;
}

void command_line_help(FILE *to)
{
	struct known list[OPTIONS_MAX];
	size_t count = list_options(list);

	for (const struct known *o = list; o < list + count; o++) {
		char head[64];

		if (o->letter)
			snprintf(head, sizeof(head), "-%c, --%s", o->letter, o->name);
		else
			snprintf(head, sizeof(head), "--%s%s%s", o->name, o->takes ? " " : "",
				 o->takes ?: "");
		help_entry(to, head, 34, o->help);
	}
}

/* The option that getopt_long() means by @code; NULL: none. */
static const struct known *option_of(const struct parser *p, int code)
{
	if (code >= CODE_FIRST)
		return &p->known[code - CODE_FIRST];
	for (const struct known *o = p->known; o < p->known + p->count; o++) {
		if (o->letter && o->letter == code)
			return o;
	}
	return NULL;
}

/* Whether @arg is the option's whole name, and no letters that are joined. */
static bool is_in_full(const char *arg, const struct known *o)
{
	if (strncmp(arg, "--", 2))
		return !arg[2];
	return strcspn(arg + 2, "=") == strlen(o->name);
}

/* @code: what getopt_long() returned for the argument @arg. */
static int take(struct parser *p, int code, const char *arg, const struct known *o)
{
	__u32 bit;

	if (!o) {
		if (*arg != '-')
			return refuse(p, "unexpected argument '%s'", arg);
		return refuse(p, "unknown option '%.*s'", (int)strcspn(arg, "="), arg);
	}
	if (code == '?')
		return refuse(p, "--%s takes no value", o->name);
	if (code == ':')
		return refuse(p, "--%s needs a value", o->name);
	bit = 1U << (o - p->known);
	if (p->given & bit && !o->repeats && o->takes)
		return refuse(p, "--%s is given twice", o->name);
	p->given |= bit;
	return o->parse(p, o, optarg);
}

static void list_for_getopt(const struct parser *p, struct option list[OPTIONS_MAX + 1])
{
	memset(list, 0, (OPTIONS_MAX + 1) * sizeof(*list));
	for (size_t i = 0; i < p->count; i++) {
		list[i].name = p->known[i].name;
		list[i].has_arg = p->known[i].takes ? required_argument : no_argument;
		list[i].val = CODE_FIRST + i;
	}
}

/* Whatever is wrong with the rest, these are shown. */
static bool wins(const struct known *o)
{
	return o->action == ACTION_HELP || o->action == ACTION_VERSION;
}

static int parse_args(struct parser *p, int argc, char *const argv[])
{
	struct option list[OPTIONS_MAX + 1];
	int err = 0;

	list_for_getopt(p, list);
	opterr = 0;
	/* Begin anew: a reload reads them again. */
	optind = 0;
	for (int at = 1; at < argc; at = optind) {
		int code = getopt_long(argc, argv, "-:hV", list, NULL);
		bool wrong = code == '?' || code == ':';
		const struct known *o = option_of(p, wrong ? optopt : code);

		if (o && !is_in_full(argv[at], o))
			o = NULL;
		if (o && !wrong && wins(o))
			return take(p, code, argv[at], o);
		if (!err)
			err = take(p, code, argv[at], o);
	}
	return err;
}

int command_line_parse(struct options *opt, int argc, char *const argv[], char *why, size_t size)
{
	struct parser p = { .opt = opt, .why = why, .size = size };

	*opt = (struct options){ 0 };
	p.count = list_options(p.known);
	if (parse_args(&p, argc, argv))
		return -1;
	if (opt->action == ACTION_HELP || opt->action == ACTION_VERSION)
		return 0;
	return options_complete(opt, why, size);
}
