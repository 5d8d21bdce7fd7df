// SPDX-License-Identifier: GPL-2.0
/* The command line, with the config file that it leads to. */
#include <string.h>

#include "dbgportd/config/command_line.h"
#include "fuzz.h"
#include "lib/vmname.h"
#include "routes.h"

#define ARGS_MAX	32

static void check_options(const struct options *opt)
{
	if (opt->action == ACTION_HELP || opt->action == ACTION_VERSION)
		return;
	CHECK(opt->routes, "nothing to do");
	check_routes(opt->routes);
	CHECK(opt->daemon.device && *opt->daemon.device, "no device");
	for (const struct name *n = opt->names; n; n = n->next)
		CHECK(*n->name && vmname_is_safe(n->name), "'%s'", n->name);
}

/* Bytes: whether there is a config file; arguments, one a line; after an empty one, the file. */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	bool has_file = take_byte(&in) & 1;
	char *argv[ARGS_MAX + 2] = { "dbgportd" }, why[1024] = "";
	struct options opt;
	int argc = 1, err;

	while (argc <= ARGS_MAX && in.at < in.end && *in.at != '\n')
		argv[argc++] = take_string_until(&in, '\n');
	take_byte(&in);
	if (has_file)
		set_file(in.at, in.end - in.at);
	err = command_line_parse(&opt, argc, argv, why, sizeof(why));
	set_file("0x10 = ten\n", 11);
	if (err)
		CHECK(*why, "%d", argc);
	else
		check_options(&opt);
	options_free(&opt);
	while (--argc)
		free(argv[argc]);
	set_file(NULL, 0);
	return 0;
}
