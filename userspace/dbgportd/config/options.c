// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <ctype.h>
#include <dbgport.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/config/options.h"
#include "dbgportd/config/path.h"
#include "dbgportd/config/routes.h"
#include "dbgportd/sink/kinds.h"
#include "lib/array.h"
#include "lib/device.h"
#include "lib/help.h"
#include "lib/list.h"
#include "words/format.h"

const char *options_default_config = CONFIG_PATH;

static const struct {
	const char *option;
	const char *name;
	__u16 port;
	const struct sink_ops *kind;	/* where it goes if nobody says */
} roles[ROLES] = {
	[ROLE_CONSOLE] = { "--console", "console", DBGPORT_CONSOLE_PORT, NULL },
	[ROLE_FIRMWARE] = { "--firmware", "firmware", DBGPORT_FIRMWARE_PORT, &sink_stdout },
	[ROLE_POST] = { "--post", "post", DBGPORT_POST_PORT, &sink_log },
};

/**
 * struct option - one option
 * @name: with its dashes
 * @letter: the short one; 0: there is none
 * @takes: its value, for help; NULL: none
 * @repeats: may be given more than once
 * @parse: takes the value
 * @help: a sentence
 */
struct option {
	const char *name;
	char letter;
	const char *takes;
	bool repeats;
	int (*parse)(struct options *opt, const struct option *o, const char *value,
		     char *why, size_t size);
	const char *help;
};

/* One MODE option: what cloud-hypervisor's parser would have in its map. */
struct mode {
	bool off;
	const struct sink_ops *kind;
	const char *arg;
	const char *iobase;
};

static bool may_have(const struct sink_ops *kind, enum role role)
{
	return role == ROLE_POST || !kind->codes_only;
}

/* "off, pty, …, file=PATH", as far as it goes for @role. */
static const char *mode_names(enum role role)
{
	static char names[256] = "off, ";
	size_t len = strlen("off, ");

	sink_list_kinds(names + len, sizeof(names) - len, role == ROLE_POST);
	return names;
}

static int kind_named(const char *name, enum role role)
{
	for (int i = 0; sink_kinds[i]; i++) {
		if (!strcmp(name, sink_kinds[i]->name) && may_have(sink_kinds[i], role))
			return i;
	}
	return -1;
}

static int precedence(const struct sink_ops *kind)
{
	int i = 0;

	while (sink_kinds[i] && sink_kinds[i] != kind)
		i++;
	return i;
}

static int parse_part(struct mode *mode, char *part, enum role role, char *why, size_t size)
{
	const char *option = roles[role].option;
	char *value = strchr(part, '=');
	int i;

	if (value)
		*value++ = '\0';
	if (!strcmp(part, "iobase")) {
		if (role != ROLE_CONSOLE) {
			snprintf(why, size, "%s: only --console takes iobase", option);
			return -1;
		}
		if (!value) {
			snprintf(why, size, "%s: iobase needs a port: iobase=0xPORT", option);
			return -1;
		}
		mode->iobase = list_trim(value);
		return 0;
	}
	if (!strcmp(part, "off")) {
		mode->off = true;
		return 0;
	}

	i = kind_named(part, role);
	if (i < 0) {
		snprintf(why, size, "%s: unknown mode '%s'; known are %s", option, part,
			 mode_names(role));
		return -1;
	}
	if (sink_kinds[i]->arg && !value) {
		snprintf(why, size, "%s: %s needs a path: %s=%s", option, part, part,
			 sink_kinds[i]->arg);
		return -1;
	}
	/* The first kind in order of precedence wins, as in cloud-hypervisor. */
	if (i > precedence(mode->kind) && mode->kind)
		return 0;
	mode->kind = sink_kinds[i];
	mode->arg = sink_kinds[i]->arg ? list_trim(value) : NULL;
	return 0;
}

static int parse_iobase(const char *s, __u32 *port)
{
	unsigned long value;
	char *end;

	if (strncmp(s, "0x", 2) || !isxdigit((unsigned char)s[2]))
		return -1;
	value = strtoul(s + 2, &end, 16);
	if (*end || value > 0xffff)
		return -1;
	*port = value;
	return 0;
}

static int parse_list(struct mode *mode, char *list, enum role role, const char *value,
		      char *why, size_t size)
{
	list = list_trim(list);
	while (list && *list) {
		char *part = list_next(&list);

		if (!part) {
			snprintf(why, size, "%s %s: quotes or brackets do not match",
				 roles[role].option, value);
			return -1;
		}
		if (parse_part(mode, part, role, why, size))
			return -1;
		/* A comma at the end: an empty mode, which does not exist. */
		if (list && !*list)
			return parse_part(mode, list, role, why, size);
	}
	return 0;
}

/* A route of one role; the caller says whether the user asked for it. */
static struct route *role_route(enum role role, __u32 port, const struct sink_ops *kind,
				const char *arg, char *why, size_t size)
{
	struct route *r = route_new(roles[role].option);
	char mode[PATH_MAX + 32], reason[512] = "no memory";

	snprintf(mode, sizeof(mode), "%s%s%s", kind->name, arg ? "=" : "", arg ?: "");
	if (r && !route_mode(r, mode, reason, sizeof(reason)) &&
	    !route_set(r, "name", roles[role].name, reason, sizeof(reason))) {
		r->port = port;
		if (!route_finish(r, reason, sizeof(reason)))
			return r;
	}
	if (r)
		route_free(r);
	snprintf(why, size, "%s %s", roles[role].option, reason);
	return NULL;
}

static int choose(struct options *opt, const struct mode *mode, enum role role, __u32 port,
		  char *why, size_t size)
{
	const char *option = roles[role].option;
	struct route *r;

	if (mode->off)
		return 0;
	if (!mode->kind) {
		snprintf(why, size, "%s: no mode given; one of %s", option, mode_names(role));
		return -1;
	}
	if (mode->arg && !*mode->arg) {
		snprintf(why, size, "%s: %s needs a path: %s=%s", option, mode->kind->name,
			 mode->kind->name, mode->kind->arg);
		return -1;
	}
	for (int i = ROLE_CONSOLE + 1; role == ROLE_CONSOLE && i < ROLES; i++) {
		if (port == roles[i].port) {
			snprintf(why, size, "%s: iobase=0x%x is the port of %s", option, port,
				 roles[i].option);
			return -1;
		}
	}
	r = role_route(role, port, mode->kind, mode->arg, why, size);
	if (!r)
		return -1;
	routes_append(&opt->routes, r);
	return 0;
}

static int parse_role(struct options *opt, const struct option *o, const char *value,
		      char *why, size_t size)
{
	struct mode mode = { 0 };
	enum role role = 0;
	__u32 port;
	char *list;
	int err;

	while (strcmp(roles[role].option, o->name))
		role++;
	list = strdup(value);
	if (!list) {
		snprintf(why, size, "no memory");
		return -1;
	}
	port = roles[role].port;
	err = parse_list(&mode, list, role, value, why, size);
	if (!err && mode.iobase && *mode.iobase && parse_iobase(mode.iobase, &port)) {
		snprintf(why, size, "%s: iobase=%s is no port; it is 0x0 to 0xffff, with the 0x",
			 o->name, mode.iobase);
		err = -1;
	}
	if (!err)
		err = choose(opt, &mode, role, port, why, size);
	free(list);
	return err;
}

static int parse_sink(struct options *opt, const struct option *o, const char *value,
		      char *why, size_t size)
{
	struct route *r = route_parse(value, o->name, why, size);

	if (!r)
		return -1;
	routes_append(&opt->routes, r);
	return 0;
}

static int parse_name(struct options *opt, const struct option *o, const char *value,
		      char *why, size_t size)
{
	const char *equals = strchrnul(value, '=');
	char *pattern = strndup(value, equals - value);
	char reason[256] = "no memory";
	int err = -1;

	if (pattern)
		err = names_append(&opt->names, pattern, *equals ? equals + 1 : "", reason,
				   sizeof(reason));
	if (err)
		snprintf(why, size, "%s %s: %s", o->name, value, reason);
	free(pattern);
	return err;
}

static int set_string(const char **where, const struct option *o, const char *value,
		      char *why, size_t size)
{
	if (!*value) {
		snprintf(why, size, "%s is empty", o->name);
		return -1;
	}
	*where = value;
	return 0;
}

static int parse_config(struct options *opt, const struct option *o, const char *value,
			char *why, size_t size)
{
	return set_string(&opt->config_path, o, value, why, size);
}

static int parse_device(struct options *opt, const struct option *o, const char *value,
			char *why, size_t size)
{
	return set_string(&opt->device, o, value, why, size);
}

static int parse_run_dir(struct options *opt, const struct option *o, const char *value,
			 char *why, size_t size)
{
	return set_string(&opt->run_dir, o, value, why, size);
}

static int parse_state_dir(struct options *opt, const struct option *o, const char *value,
			   char *why, size_t size)
{
	return set_string(&opt->state_dir, o, value, why, size);
}

static int parse_engine(struct options *opt, const struct option *o, const char *value,
			char *why, size_t size)
{
	opt->engine = value;
	if (config_knows("engine", value))
		return 0;
	snprintf(why, size, "%s: unknown engine '%s'; known are uring, poll", o->name, value);
	return -1;
}

static int parse_log_level(struct options *opt, const struct option *o, const char *value,
			   char *why, size_t size)
{
	opt->log_level = value;
	if (config_knows("log-level", value))
		return 0;
	snprintf(why, size, "%s: unknown level '%s'; known are %s", o->name, value, o->takes);
	return -1;
}

static int parse_duration(struct options *opt, const struct option *o, const char *value,
			  char *why, size_t size)
{
	unsigned long seconds;
	char *end;

	errno = 0;
	seconds = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno || !seconds ||
	    seconds > UINT_MAX / 1000) {
		snprintf(why, size, "%s %s: it takes whole seconds from 1 to %u", o->name, value,
			 UINT_MAX / 1000);
		return -1;
	}
	opt->duration_ms = seconds * 1000;
	return 0;
}

static int parse_flag(struct options *opt, const struct option *o, const char *value,
		      char *why, size_t size)
{
	(void)value;
	(void)why;
	(void)size;
	if (!strcmp(o->name, "--once"))
		opt->once = true;
	else if (!strcmp(o->name, "--until-vm-exit"))
		opt->until_vm_exit = true;
	else if (!strcmp(o->name, "--check-config"))
		opt->action = ACTION_CHECK_CONFIG;
	else if (!strcmp(o->name, "--help"))
		opt->action = ACTION_HELP;
	else
		opt->action = ACTION_VERSION;
	return 0;
}

static const struct option options[] = {
	{ "--sink", 0, "PORT:MODE[,KEY=VALUE]…", true, parse_sink,
	  "one more place that a port goes to; repeatable" },
	{ "--console", 0, "MODE[,iobase=0xPORT]", false, parse_role,
	  "the debug console, port 0xe9 or PORT [off]" },
	{ "--firmware", 0, "MODE", false, parse_role,
	  "the firmware's console, port 0x402 [stdout]" },
	{ "--post", 0, "MODE", false, parse_role,
	  "POST codes, port 0x80 [log]" },
	{ "--config", 0, "FILE", false, parse_config,
	  "a file that says the same and more [" CONFIG_PATH ", if no port is said to go anywhere]"
	},
	{ "--check-config", 0, NULL, false, parse_flag,
	  "show what goes where, or all mistakes, and exit" },
	{ "--name", 0, "PATTERN=NAME", true, parse_name,
	  "call VMs NAME whose own name matches; repeatable" },
	{ "--once", 0, NULL, false, parse_flag,
	  "write what is there, and exit" },
	{ "--duration", 0, "SECONDS", false, parse_duration,
	  "exit after that time" },
	{ "--until-vm-exit", 0, NULL, false, parse_flag,
	  "exit when a VM was there and none is left" },
	{ "--device", 0, "PATH", false, parse_device,
	  "the module's device [" DEVICE_PATH "]" },
	{ "--run-dir", 0, "DIR", false, parse_run_dir,
	  "for links to ptys, and status.json [/run/dbgport; $XDG_RUNTIME_DIR/dbgport if not root]"
	},
	{ "--state-dir", 0, "DIR", false, parse_state_dir,
	  "for the positions of a restarted daemon [/var/lib/dbgport; $XDG_STATE_HOME/dbgport if not root]"
	},
	{ "--engine", 0, "uring|poll", false, parse_engine,
	  "what to wait with [uring; poll if refused]" },
	{ "--log-level", 0, "error|warning|info|debug", false, parse_log_level,
	  "what is worth a message [info]" },
	{ "--help", 'h', NULL, true, parse_flag, "show this and exit" },
	{ "--version", 'V', NULL, true, parse_flag,
	  "show version, engine and module, and exit" },
};

#define OPTIONS	ARRAY_SIZE(options)
static_assert(OPTIONS <= 32, "struct options' given has a bit for each option");

const char *options_name(size_t i)
{
	return i < OPTIONS ? options[i].name : NULL;
}

/* The first @len characters of @arg are an option's name; NULL: of none. */
static const struct option *find(const char *arg, size_t len)
{
	for (const struct option *o = options; o < options + OPTIONS; o++) {
		if (strlen(o->name) == len && !strncmp(o->name, arg, len))
			return o;
		if (o->letter && len == 2 && arg[0] == '-' && arg[1] == o->letter)
			return o;
	}
	return NULL;
}

static bool is_given(const struct options *opt, const char *name)
{
	return opt->given & 1U << (find(name, strlen(name)) - options);
}

/* Help and version are given, whatever is wrong with the rest. */
static bool wants_help(struct options *opt, int argc, char *const argv[])
{
	for (int i = 1; i < argc; i++) {
		const struct option *o = find(argv[i], strlen(argv[i]));

		if (o && o->parse == parse_flag)
			parse_flag(opt, o, NULL, NULL, 0);
		if (opt->action == ACTION_HELP || opt->action == ACTION_VERSION)
			return true;
	}
	return false;
}

static int parse_args(struct options *opt, int argc, char *const argv[], char *why, size_t size)
{
	for (int i = 1; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');
		size_t len = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
		const struct option *o = find(argv[i], len);
		const char *value = equals ? equals + 1 : NULL;
		unsigned int bit;

		if (argv[i][0] != '-') {
			snprintf(why, size, "unexpected argument '%s'", argv[i]);
			return -1;
		}
		if (!o) {
			snprintf(why, size, "unknown option '%.*s'", (int)len, argv[i]);
			return -1;
		}
		if (!o->takes && equals) {
			snprintf(why, size, "%s takes no value", o->name);
			return -1;
		}
		if (o->takes && !equals) {
			if (i + 1 == argc) {
				snprintf(why, size, "%s needs a value", o->name);
				return -1;
			}
			value = argv[++i];
		}
		bit = 1U << (o - options);
		if (opt->given & bit && !o->repeats && o->takes) {
			snprintf(why, size, "%s is given twice", o->name);
			return -1;
		}
		opt->given |= bit;
		if (o->parse(opt, o, value, why, size))
			return -1;
	}
	return 0;
}

static const char *config_to_read(const struct options *opt)
{
	if (opt->config_path)
		return opt->config_path;
	if (is_given(opt, "--sink"))
		return NULL;
	for (int i = 0; i < ROLES; i++) {
		if (is_given(opt, roles[i].option))
			return NULL;
	}
	/* One that may not be read, or not even looked for, is a mistake. */
	if (access(options_default_config, F_OK) && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	return options_default_config;
}

static int read_config(struct options *opt, char *why, size_t size)
{
	struct config *c = &opt->config;

	opt->config_path = config_to_read(opt);
	if (!opt->config_path)
		return 0;
	if (config_read(c, opt->config_path)) {
		const char *text = c->mistakes ?: "no memory";
		int len = strchrnul(text, '\n') - text;

		if (c->mistake_count > 1)
			snprintf(why, size, "%.*s (the first of %zu; --check-config shows all)",
				 len, text, c->mistake_count);
		else
			snprintf(why, size, "%.*s", len, text);
		return -1;
	}

	opt->device = opt->device ?: c->device;
	opt->run_dir = opt->run_dir ?: c->run_dir;
	opt->state_dir = opt->state_dir ?: c->state_dir;
	opt->engine = opt->engine ?: c->engine;
	opt->log_level = opt->log_level ?: c->log_level;
	return 0;
}

/* Firmware's output and POST codes are shown unless something else is said. */
static int add_defaults(struct options *opt, char *why, size_t size)
{
	if (is_given(opt, "--sink") || opt->config.routes)
		return 0;
	for (int i = 0; i < ROLES; i++) {
		struct route *r;

		if (!roles[i].kind || is_given(opt, roles[i].option))
			continue;
		r = role_route(i, roles[i].port, roles[i].kind, NULL, why, size);
		if (!r)
			return -1;
		r->given = false;
		routes_append(&opt->routes, r);
	}
	return 0;
}

/* The command line's come first. */
static void add_config(struct options *opt)
{
	struct route **last_route = &opt->routes;
	struct name **last_name = &opt->names;

	while (*last_route)
		last_route = &(*last_route)->next;
	*last_route = opt->config.routes;
	opt->config.routes = NULL;
	while (*last_name)
		last_name = &(*last_name)->next;
	*last_name = opt->config.names;
	opt->config.names = NULL;
}

static int check_routes(const struct options *opt, char *why, size_t size)
{
	char reason[1024];

	if (!opt->routes) {
		snprintf(why, size, "nothing to do: --console, --firmware and --post are all off");
		return -1;
	}
	for (struct route *r = opt->routes; r; r = r->next) {
		if (routes_check(opt->routes, r, reason, sizeof(reason))) {
			snprintf(why, size, "%s: %s", r->where, reason);
			return -1;
		}
	}
	return opt->action == ACTION_RUN ? routes_check_terminal(opt->routes, why, size) : 0;
}

int options_parse(struct options *opt, int argc, char *const argv[], char *why, size_t size)
{
	*opt = (struct options){ 0 };
	if (wants_help(opt, argc, argv))
		return 0;
	if (parse_args(opt, argc, argv, why, size) || read_config(opt, why, size) ||
	    add_defaults(opt, why, size))
		return -1;
	add_config(opt);
	if (!opt->device)
		opt->device = DEVICE_PATH;
	return check_routes(opt, why, size);
}

void options_free(struct options *opt)
{
	routes_free(opt->routes);
	names_free(opt->names);
	opt->routes = NULL;
	opt->names = NULL;
	config_free(&opt->config);
}

static void help_options(FILE *to)
{
	for (const struct option *o = options; o < options + OPTIONS; o++) {
		char head[64];

		if (o->letter)
			snprintf(head, sizeof(head), "-%c, %s", o->letter, o->name);
		else
			snprintf(head, sizeof(head), "%s%s%s", o->name, o->takes ? " " : "",
				 o->takes ?: "");
		help_entry(to, head, 34, o->help);
	}
	fputs("\n"
	      "PORT is 0x0 to 0xffff, console (0xe9), firmware (0x402), post (0x80) or any.\n", to);
}

static void help_modes(FILE *to)
{
	fputs("\n"
	      "MODE is one of\n", to);
	help_entry(to, "off", 21, "nowhere; not for --sink, where it is enough to say nothing");
	for (int i = 0; sink_kinds[i]; i++) {
		const struct sink_ops *kind = sink_kinds[i];
		char head[32];

		snprintf(head, sizeof(head), "%s%s%s", kind->name, kind->arg ? "=" : "",
			 kind->arg ?: "");
		help_entry(to, head, 21, kind->help);
	}
	fputs("PATH can have\n", to);
	help_entry(to, "", 21, PATH_HELP);
}

static void help_formats(FILE *to)
{
	fputs("\n"
	      "format=FORMAT, with --sink, is one of\n", to);
	for (int i = 0; formats[i]; i++)
		help_entry(to, formats[i]->name, 21, formats[i]->help);
	fputs("By default it is cloud-hypervisor for POST codes, text where terminals can be,\n"
	      "and raw elsewhere.\n", to);
}

void options_help(FILE *to)
{
	fputs("Usage: dbgportd [OPTION]…\n"
	      "Show what the guests of all VMs on this host write to their debug ports.\n"
	      "\n", to);
	help_options(to);
	help_modes(to);
	help_formats(to);
	fputs("\n"
	      "The other KEY=VALUE, with --sink, and the modes or formats that know them\n", to);
	settings_help(to);
	fputs("\n"
	      "Lines are assembled per vCPU and shown without control characters; once there\n"
	      "is more than one VM, each begins with its VM's name: what its VMM was told\n"
	      "(QEMU -name, cloud-hypervisor --api-socket, Firecracker --id, crosvm --name),\n"
	      "else the VMM's command and process id.\n"
	      "While dbgportd runs, the VMMs do not see what it reads.\n", to);
}
