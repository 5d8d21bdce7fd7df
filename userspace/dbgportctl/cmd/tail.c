// SPDX-License-Identifier: GPL-2.0
/* tail: what VMs have written, and what they write. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/boot_begins.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/cmd/fleet_options.h"
#include "dbgportctl/cmd/follow_options.h"
#include "dbgportctl/cmd/line_count.h"
#include "dbgportctl/fleet/tail.h"
#include "dbgportctl/follow/each.h"
#include "dbgportctl/follow/print.h"
#include "lib/clock.h"
#include "lib/duration.h"
#include "lib/hostname.h"

#define DEFAULT_LINES	10

static bool go_on, by_name, as_json, all_lines, some_lines, of_each, since_boot;
static const struct begins_rule *begins;
static __u64 lines = DEFAULT_LINES;
static const char *output;
/* 0: from the beginning */
static __s64 since;

static int parse_lines(const char *value, char *why, size_t size)
{
	int err = line_count_parse(&lines, &all_lines, value, why, size);

	some_lines = !all_lines;
	return err;
}

static int parse_since(const char *value, char *why, size_t size)
{
	return fleet_parse_since(value, why, size) ?: duration_parse(value, NULL, &since);
}

static int parse_begins(const char *value, char *why, size_t size)
{
	return boot_begins_parse(&begins, value, why, size);
}

/* CLOCK_MONOTONIC */
static __u64 time_since(void)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	return since && (__u64)since < now ? now - since : 0;
}

static const struct option options[] = {
	{ "--lines", 'n', .takes = "N", .parse = parse_lines,
	  .help = "the last N lines, or all [10]" },
	{ "--each", .flag = &of_each,
	  .help = "the last lines of each VM, instead of all together" },
	{ "--since", .takes = "TIME", .parse = parse_since,
	  .help = "only what came in the last TIME, as in 10s, 5min, 2h; all unless -n" },
	{ "--since-boot", .flag = &since_boot,
	  .help = "only what came since the VM's last boot began; all unless -n" },
	{ "--boot-begins", .takes = "CODE|TEXT", .parse = parse_begins,
	  .help = BOOT_BEGINS_HELP },
	{ "--follow", 'f', .flag = &go_on, .help = "go on with what comes" },
	{ "--follow-name", 'F', .flag = &by_name,
	  .help = "the same, also of VMs of that name that come later; for ever" },
	{ "--output", 'o', .takes = "FORMAT", .value = &output,
	  .help = "FORMAT[,KEY=VALUE]… as dbgportd has them [text,time=vm]" },
	{ "--json", .flag = &as_json, .help = "the same as --output json" },
	{ 0 }
};

/* In whatever order it was said. */
static bool wants_all(void)
{
	return all_lines || ((since || since_boot) && !some_lines);
}

static enum follow_end tail_together(struct follow *f)
{
	struct print print;
	enum follow_end end;

	f->formatter = print_init(&print, &follow_form);
	f->emit = print_entry;
	f->turn = print_turn;
	f->caught_up = f->go_on ? print_kept : NULL;
	f->arg = &print;
	if (!wants_all())
		print_keep(&print, lines);
	end = follow(f);
	print_kept(&print);
	return end;
}

static enum follow_end tail_each(struct follow *f)
{
	struct each each;
	enum follow_end end;

	f->formatter = each_init(&each, &follow_form, wants_all() ? SIZE_MAX : lines);
	f->emit = each_entry;
	f->turn = each_turn;
	f->caught_up = f->go_on ? each_kept : NULL;
	f->arg = &each;
	end = follow(f);
	each_kept(&each);
	return end;
}

static enum follow_end tail(char *const names[])
{
	struct follow f = {
		.names = names,
		.by_name = by_name,
		.reports = by_name,
		.newest = !wants_all() && !lines,
		.go_on = go_on || by_name,
		.since_boot = since_boot,
		.begins = begins,
		.since_ns = time_since(),
		.timeout_ms = -1,
		.form = &follow_form,
	};

	return of_each ? tail_each(&f) : tail_together(&f);
}

/* Of a fleet's messages. */
static int tail_fleet(const struct fleet *fleet, char *const names[])
{
	const struct fleet_tail t = {
		.fleet = fleet,
		.names = names,
		.form = &follow_form,
		.lines = lines,
		.all = wants_all(),
		.go_on = go_on || by_name,
		.waits = by_name,
	};

	if (of_each || since_boot || begins)
		return fail_usage("tail: --nats goes without --each, --since-boot, --boot-begins");
	if (follow_form.format->raw)
		return fail_usage("tail: --nats has lines, no exact bytes: say another --output");
	return fleet_tail(&t);
}

static int tail_host(char *names[])
{
	return tail(names) == FOLLOW_FAILED ? STATUS_FAILED : output_flush();
}

static int tail_run(int argc, char *argv[])
{
	const struct fleet *fleet;
	int status = fleet_options_check("tail", &fleet);
	bool several = argc != 1 || (fleet && !(fleet->host && hostname_is_safe(fleet->host)));
	char why[1024];

	if (status)
		return status;
	if (by_name && !argc && !fleet)
		return fail_usage("tail: --follow-name needs names");
	if (as_json && output)
		return fail_usage("tail: --json is one --output, and another one is given");
	if (form_parse(&follow_form, as_json ? "json" : output, several, why, sizeof(why)) ||
	    form_check_terminal(&follow_form, why, sizeof(why)))
		return fail_usage("tail: %s", why);
	status = fleet ? tail_fleet(fleet, argv) : tail_host(argv);
	form_free(&follow_form);
	return status;
}

const struct command cmd_tail = {
	.name = "tail",
	.takes = "[VM…]",
	.help = "Show what VMs have written last, and with -f what they write",
	.text = "Without VM: all of them. With --nats, VM is one of any host's, --follow goes on\n"
		"until it is interrupted, --follow-name also when the server goes and is back.\n",
	.options = { options, port_options, fleet_option_table },
	.max = -1,
	.run = tail_run,
};
