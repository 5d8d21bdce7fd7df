// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cmd/follow_options.h"

struct form follow_form;
struct match follow_match;
bool follow_by_name;
static bool ignore_case;

static int parse_port(const char *value, char *why, size_t size)
{
	return form_add_port(&follow_form, value, why, size);
}

static int parse_code(const char *value, char *why, size_t size)
{
	return match_add_code(&follow_match, value, why, size);
}

static int parse_text(const char *value, char *why, size_t size)
{
	return match_add_text(&follow_match, value, why, size);
}

const struct option port_options[] = {
	{ "--port", 'p', .takes = "PORT", .repeats = true, .parse = parse_port,
	  .help = "only this port: 0x0 to 0xffff, console, firmware, post, serial" },
	{ 0 }
};

const struct option match_options[] = {
	{ "--code", 'c', .takes = "CODE", .repeats = true, .parse = parse_code,
	  .help = "this POST code" },
	{ "--text", 't', .takes = "REGEX", .repeats = true, .parse = parse_text,
	  .help = "a line that this extended regular expression is found in" },
	{ "--ignore-case", 'i', .flag = &ignore_case,
	  .help = "with --text: ignore the case of ASCII letters" },
	{ "--follow-name", 'F', .flag = &follow_by_name,
	  .help = "also of VMs of that name that come later" },
	{ 0 }
};

enum follow_end follow_match_run(struct follow *f, const char *output)
{
	char why[1024];
	bool several = !f->names[0] || f->names[1];
	enum follow_end end;

	if (form_parse(&follow_form, output, several, why, sizeof(why))) {
		fail("%s", why);
		return FOLLOW_FAILED;
	}
	if (ignore_case)
		match_ignore_case(&follow_match);
	/* Each of them may be it. */
	follow_form.style.storm = STORM_SHOW;
	f->by_name = follow_by_name;
	f->go_on = true;
	f->form = &follow_form;
	f->formatter = print_init(&follow_match.print, &follow_form);
	f->emit = match_entry;
	f->turn = match_turn;
	f->is_done = match_is_done;
	f->arg = &follow_match;
	end = follow(f);
	form_free(&follow_form);
	return end;
}
