// SPDX-License-Identifier: GPL-2.0
/* wait: until a VM writes a POST code or a text. */
#include <limits.h>
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/cmd/follow_options.h"
#include "lib/clock.h"
#include "lib/duration.h"

#define STATUS_ENDED	3
/* As of timeout(1). */
#define STATUS_TIMEOUT	124

static bool newest, as_json;
static int timeout_ms = -1;

static int parse_timeout(const char *value, char *why, size_t size)
{
	__s64 ns;

	if (duration_parse(value, NULL, &ns) || ns < 0 || ns / (__s64)NSEC_PER_MSEC > INT_MAX) {
		snprintf(why, size, "--timeout %s: it takes %s, as in 2min, up to 24d", value,
			 DURATION_TAKES);
		return -1;
	}
	timeout_ms = ns / (__s64)NSEC_PER_MSEC;
	return 0;
}

static const struct option options[] = {
	{ "--timeout", .takes = "TIME", .parse = parse_timeout,
	  .help = "no longer than that, as in 10s, 2min, 1h [for ever]" },
	{ "--new", .flag = &newest, .help = "not what has been written already" },
	{ "--json", .flag = &as_json, .help = "show what was found as an object" },
	{ 0 }
};

static int wait_run(int argc, char *argv[])
{
	struct follow f = {
		.names = argv, .living = true, .newest = newest, .timeout_ms = timeout_ms,
	};
	enum follow_end end;

	if (!match_is_set(&follow_match))
		return fail_usage("wait: say what for, by --code or --text");
	if (follow_by_name && !argc)
		return fail_usage("wait: --follow-name needs names");
	end = follow_match_run(&f, as_json ? "json" : NULL);
	/* What VMs had begun to write at the end may have been it. */
	if (follow_match.done)
		return output_flush();
	if (end == FOLLOW_TIMEOUT) {
		fail("it did not come in time");
		return STATUS_TIMEOUT;
	}
	if (end == FOLLOW_FAILED)
		return STATUS_FAILED;
	fail("it did not come, and the VM has ended");
	return STATUS_ENDED;
}

const struct command cmd_wait = {
	.name = "wait",
	.takes = "[VM…]",
	.help = "Wait until a VM writes a POST code or a text",
	.text = "What has been written already counts. Of several codes and texts the first that\n"
		"comes is shown. Exit status: 0 it came, 1 failed, 2 usage error, 3 the VMs ended\n"
		"before it came, 124 it did not come in time.\n",
	.options = { match_options, options, port_options },
	.max = -1,
	.run = wait_run,
};
