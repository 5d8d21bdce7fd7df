// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dbgport.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/loop.h"
#include "dbgportd/options.h"
#include "dbgportd/path.h"
#include "lib/device.h"

const char options_help[] =
	"Usage: dbgportd [OPTION]…\n"
	"Show what the guests of all VMs on this host write to their debug ports.\n"
	"\n"
	"  --console MODE[,iobase=0xPORT]  the debug console, port 0xe9 or PORT [off]\n"
	"  --firmware MODE                 the firmware's console, port 0x402 [stdout]\n"
	"  --post MODE                     POST codes, port 0x80 [log]\n"
	"  --device PATH                   the module's device [" DEVICE_PATH "]\n"
	"  --run-dir DIR                   where links to ptys are made [/run/dbgport;\n"
	"                                  $XDG_RUNTIME_DIR/dbgport if not root]\n"
	"  --engine uring|poll             what to wait with [uring; poll if refused]\n"
	"  -h, --help                      show this and exit\n"
	"  -V, --version                   show version, ABI and engine, and exit\n"
	"\n"
	"MODE is one of\n"
	"  off        nowhere; the writes are not looked at\n"
	"  pty        the exact bytes, on a pseudo-terminal for each VM\n"
	"  tty        lines, on the terminal that standard output is\n"
	"  null       taken and thrown away\n"
	"  stdout     lines, on standard output\n"
	"  log        lines, among the messages on standard error (--post only)\n"
	"  file=PATH  the exact bytes, appended to a file; %v in PATH is the VM's name,\n"
	"             %% a percent sign\n"
	"\n"
	"Lines are assembled per vCPU and shown without control characters; once there\n"
	"is more than one VM, each begins with its VM's name: what its VMM was told\n"
	"(QEMU -name, cloud-hypervisor --api-socket, Firecracker --id, crosvm --name),\n"
	"else the VMM's command and process id.\n"
	"While dbgportd runs, the VMMs do not see what it reads.\n";

/* One MODE option: what cloud-hypervisor's parser would have in its map. */
struct mode {
	bool off;
	bool set[SINK_KINDS];
	const char *path;
	const char *iobase;
};

static bool may_have(const struct sink_ops *kind, enum port_role role)
{
	return role == ROLE_POST || !kind->post_only;
}

/* "off, pty, …, file=PATH", as far as it goes for @role. */
static const char *mode_names(enum port_role role)
{
	static char names[128];
	size_t len = snprintf(names, sizeof(names), "off");

	for (int i = 0; sink_kinds[i]; i++) {
		if (may_have(sink_kinds[i], role))
			len += snprintf(names + len, sizeof(names) - len, ", %s%s",
					sink_kinds[i]->name,
					sink_kinds[i]->takes_path ? "=PATH" : "");
	}
	return names;
}

static char *trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s;
}

/*
 * The next part of a list with commas, in place; commas in "quotes" and
 * [brackets] belong to the part, quotes do not.  NULL: the syntax is wrong.
 */
static char *next_part(char **list)
{
	char *part = *list, *to = part, *from;
	bool quoted = false;
	int depth = 0;

	for (from = part; *from && (*from != ',' || quoted || depth > 0); from++) {
		if (*from == '"') {
			quoted = !quoted;
			continue;
		}
		if (*from == '[')
			depth++;
		if (*from == ']' && --depth < 0)
			return NULL;
		*to++ = *from;
	}
	*list = *from ? from + 1 : NULL;
	*to = '\0';
	return quoted || depth ? NULL : part;
}

static int kind_named(const char *name, enum port_role role)
{
	for (int i = 0; sink_kinds[i]; i++) {
		if (!strcmp(name, sink_kinds[i]->name) && may_have(sink_kinds[i], role))
			return i;
	}
	return -1;
}

static int parse_part(struct mode *mode, char *part, enum port_role role, char *why, size_t size)
{
	char *value = strchr(part, '=');
	int kind;

	if (value)
		*value++ = '\0';
	if (!strcmp(part, "iobase")) {
		if (role != ROLE_CONSOLE) {
			snprintf(why, size, "--%s: only --console takes iobase",
				 role_name[role]);
			return -1;
		}
		if (!value) {
			snprintf(why, size, "--console: iobase needs a port: iobase=0xPORT");
			return -1;
		}
		mode->iobase = trim(value);
		return 0;
	}
	if (!strcmp(part, "off")) {
		mode->off = true;
		return 0;
	}

	kind = kind_named(part, role);
	if (kind < 0) {
		snprintf(why, size, "--%s: unknown mode '%s'; known are %s", role_name[role],
			 part, mode_names(role));
		return -1;
	}
	if (sink_kinds[kind]->takes_path) {
		if (!value) {
			snprintf(why, size, "--%s: %s needs a path: %s=PATH", role_name[role],
				 part, part);
			return -1;
		}
		mode->path = trim(value);
	}
	mode->set[kind] = true;
	return 0;
}

static int parse_iobase(const char *s, __u16 *port)
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

static int check_path(const char *path, enum port_role role, char *why, size_t size)
{
	const char *bad = path_check(path);

	if (!*path) {
		snprintf(why, size, "--%s: file needs a path: file=PATH", role_name[role]);
		return -1;
	}
	if (bad) {
		snprintf(why, size,
			 "--%s file=%s: '%.2s' is not known; %%v is the VM's name, %%%% a percent sign",
			 role_name[role], path, bad);
		return -1;
	}
	return 0;
}

/* The first kind in order of precedence wins, as in cloud-hypervisor. */
static int choose(struct route *route, const struct mode *mode, enum port_role role,
		  char *why, size_t size)
{
	route->kind = NULL;
	if (mode->off)
		return 0;
	for (int i = 0; sink_kinds[i]; i++) {
		if (!mode->set[i])
			continue;
		route->kind = sink_kinds[i];
		if (!route->kind->takes_path)
			return 0;
		route->path = mode->path;
		return check_path(route->path, role, why, size);
	}
	snprintf(why, size, "--%s: no mode given; one of %s", role_name[role],
		 mode_names(role));
	return -1;
}

static int parse_mode(struct options *opt, enum port_role role, const char *value,
		      char *why, size_t size)
{
	struct route *route = &opt->route[role];
	struct mode mode = { 0 };
	char *list;

	if (route->given) {
		snprintf(why, size, "--%s is given twice", role_name[role]);
		return -1;
	}
	route->given = true;
	opt->text[role] = strdup(value);
	if (!opt->text[role]) {
		snprintf(why, size, "no memory");
		return -1;
	}

	list = trim(opt->text[role]);
	while (*list) {
		char *part = next_part(&list);

		if (!part) {
			snprintf(why, size, "--%s %s: quotes or brackets do not match",
				 role_name[role], value);
			return -1;
		}
		if (parse_part(&mode, part, role, why, size))
			return -1;
		if (!list)
			break;
		if (!*list) {
			/* A comma at the end: an empty mode, which does not exist. */
			return parse_part(&mode, list, role, why, size);
		}
	}
	if (mode.iobase && *mode.iobase && parse_iobase(mode.iobase, &route->port)) {
		snprintf(why, size, "--%s: iobase=%s is no port; it is 0x0 to 0xffff, with the 0x",
			 role_name[role], mode.iobase);
		return -1;
	}
	return choose(route, &mode, role, why, size);
}

static int parse_string(const char **where, const char *name, const char *value,
			char *why, size_t size)
{
	if (*where) {
		snprintf(why, size, "%s is given twice", name);
		return -1;
	}
	if (!*value) {
		snprintf(why, size, "%s is empty", name);
		return -1;
	}
	*where = value;
	return 0;
}

static int parse_engine(struct options *opt, const char *name, const char *value,
			char *why, size_t size)
{
	if (parse_string(&opt->engine, name, value, why, size))
		return -1;
	if (loop_has_engine(value))
		return 0;
	snprintf(why, size, "--engine: unknown engine '%s'; known are uring, poll", value);
	return -1;
}

static int parse_option(struct options *opt, const char *name, const char *value,
			char *why, size_t size)
{
	for (int i = 0; i < ROLES; i++) {
		if (!strcmp(name + 2, role_name[i]))
			return parse_mode(opt, i, value, why, size);
	}
	if (!strcmp(name, "--device"))
		return parse_string(&opt->device, name, value, why, size);
	if (!strcmp(name, "--run-dir"))
		return parse_string(&opt->run_dir, name, value, why, size);
	return parse_engine(opt, name, value, why, size);
}

static bool takes_value(const char *name)
{
	for (int i = 0; i < ROLES; i++) {
		if (!strcmp(name + 2, role_name[i]))
			return true;
	}
	return !strcmp(name, "--device") || !strcmp(name, "--run-dir") ||
	       !strcmp(name, "--engine");
}

static int check(const struct options *opt, char *why, size_t size)
{
	const struct route *r = opt->route;

	for (int i = 1; i < ROLES; i++) {
		if (r[ROLE_CONSOLE].kind && r[ROLE_CONSOLE].port == r[i].port) {
			snprintf(why, size, "--console: iobase=0x%x is the port of --%s",
				 r[i].port, role_name[i]);
			return -1;
		}
	}
	for (int i = 0; i < ROLES; i++) {
		if (r[i].kind)
			return 0;
	}
	snprintf(why, size, "nothing to do: --console, --firmware and --post are all off");
	return -1;
}

int options_parse(struct options *opt, int argc, char *const argv[], char *why, size_t size)
{
	*opt = (struct options){
		.route = {
			[ROLE_CONSOLE] = { .port = DBGPORT_CONSOLE_PORT },
			[ROLE_FIRMWARE] = { .port = DBGPORT_FIRMWARE_PORT, .kind = &sink_stdout },
			[ROLE_POST] = { .port = DBGPORT_POST_PORT, .kind = &sink_log },
		},
	};

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			opt->action = ACTION_HELP;
			return 0;
		}
		if (!strcmp(argv[i], "--version") || !strcmp(argv[i], "-V")) {
			opt->action = ACTION_VERSION;
			return 0;
		}
	}

	for (int i = 1; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');
		size_t len = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
		char name[16];

		if (argv[i][0] != '-') {
			snprintf(why, size, "unexpected argument '%s'", argv[i]);
			return -1;
		}
		snprintf(name, sizeof(name), "%.*s", (int)len, argv[i]);
		if (len < 3 || len >= sizeof(name) || !takes_value(name)) {
			snprintf(why, size, "unknown option '%.*s'", (int)len, argv[i]);
			return -1;
		}
		if (!equals && i + 1 == argc) {
			snprintf(why, size, "%s needs a value", name);
			return -1;
		}
		if (parse_option(opt, name, equals ? equals + 1 : argv[++i], why, size))
			return -1;
	}
	if (!opt->device)
		opt->device = DEVICE_PATH;
	return check(opt, why, size);
}

void options_free(struct options *opt)
{
	for (int i = 0; i < ROLES; i++) {
		free(opt->text[i]);
		opt->text[i] = NULL;
	}
}

const char *options_default_run_dir(void)
{
	static char dir[4096];
	const char *base = getenv("XDG_RUNTIME_DIR");

	if (!geteuid())
		return "/run/dbgport";
	if (!base || !*base)
		return NULL;
	snprintf(dir, sizeof(dir), "%s/dbgport", base);
	return dir;
}
