// SPDX-License-Identifier: GPL-2.0
/* wait: until a VM writes a POST code or a text. */
#include <limits.h>
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/follow/follow.h"
#include "dbgportctl/follow/match.h"
#include "dbgportctl/follow/show.h"
#include "dbgportd/router/router.h"
#include "lib/duration.h"
#include "lib/log.h"

/* As of timeout(1). */
#define STATUS_TIMEOUT	124

static bool by_name, newest, as_json;
static int timeout_ms = -1;

static int parse_timeout(const char *value, char *why, size_t size)
{
	__s64 ns;

	if (duration_parse(value, NULL, &ns) || ns < 0 || ns / 1000000 > INT_MAX) {
		snprintf(why, size, "--timeout %s: it takes a time such as 500ms, 10s or 2min",
			 value);
		return -1;
	}
	timeout_ms = ns / 1000000;
	return 0;
}

static const struct option options[] = {
	{ "--code", 'c', .takes = "CODE", .repeats = true, .parse = match_code,
	  .help = "this POST code" },
	{ "--text", 't', .takes = "REGEX", .repeats = true, .parse = match_text,
	  .help = "a line that this extended regular expression is found in" },
	{ "--timeout", .takes = "TIME", .parse = parse_timeout,
	  .help = "no longer than that, as in 500ms, 10s, 2min [for ever]" },
	{ "--new", .flag = &newest, .help = "not what has been written already" },
	{ "--follow-name", 'F', .flag = &by_name,
	  .help = "also of VMs of that name that come later" },
	{ "--port", 'p', .takes = "PORT", .repeats = true, .parse = shown_port,
	  .help = "only on this port: 0x0 to 0xffff, console, firmware, post" },
	{ "--json", .flag = &as_json, .help = "show what was found as an object" },
	{ 0 }
};

static bool enough(const struct entry *entry)
{
	(void)entry;
	return true;
}

static int wait_run(int argc, char *argv[])
{
	const struct follow f = {
		.names = argv,
		.by_name = by_name,
		.newest = newest,
		.go_on = true,
		.timeout_ms = timeout_ms,
		.is_done = match_is_done,
	};
	char why[1024];
	enum follow_end end;

	if (!match_is_set())
		return fail_usage("wait: say what for, by --code or --text");
	if (by_name && !argc)
		return fail_usage("wait: --follow-name needs names");
	log_as("dbgportctl");
	log_set_level("error");
	if (match_open(as_json ? "json" : NULL, argc != 1, enough, why, sizeof(why)))
		return fail("%s", why);
	end = follow(&f);
	/* What VMs have begun to write may be it. */
	router_exit();
	if (match_is_done())
		return output_flush();
	if (end == FOLLOW_TIMEOUT) {
		fail("it did not come in time");
		return STATUS_TIMEOUT;
	}
	return end == FOLLOW_FAILED ? STATUS_FAILED : fail("it did not come, and the VM has ended");
}

const struct command cmd_wait = {
	.name = "wait",
	.takes = "[VM…]",
	.help = "Wait until a VM writes a POST code or a text",
	.text = "What has been written already counts. Of several codes and texts the first that\n"
		"comes is shown. Exit status: 0 it came, 1 the VMs ended before, 124 it did not\n"
		"come in time.\n",
	.options = { options },
	.max = -1,
	.run = wait_run,
};
