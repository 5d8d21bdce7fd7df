// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/follow/match.h"
#include "dbgportctl/follow/print.h"
#include "dbgportctl/follow/show.h"
#include "dbgportd/router/router.h"
#include "lib/number.h"
#include "words/format.h"

/**
 * struct begun - a line that has not come to its end
 * @next: in a list
 * @first: the first part of it, with its time
 * @matched: it was found already
 * @len: bytes at @text
 * @text: the last that came
 */
struct begun {
	struct begun *next;
	struct entry first;
	bool matched;
	size_t len;
	char text[LINES_MAX];
};

static __u32 *codes;
static size_t code_count;
static regex_t *texts;
static size_t text_count;

static const struct format_ops *shown;
static bool (*found)(const struct entry *entry);
static bool done;
static struct begun *lines;

int match_code(const char *value, char *why, size_t size)
{
	__u64 code;

	if (number_parse(value, NUMBER_ANY, 0, UINT_MAX, &code)) {
		snprintf(why, size, "--code %s: it takes a number, 0x0 to 0xffffffff", value);
		return -1;
	}
	codes = must(reallocarray(codes, code_count + 1, sizeof(*codes)));
	codes[code_count++] = code;
	return 0;
}

int match_text(const char *value, char *why, size_t size)
{
	char reason[256];
	int err;

	texts = must(reallocarray(texts, text_count + 1, sizeof(*texts)));
	err = regcomp(&texts[text_count], value, REG_EXTENDED | REG_NOSUB);
	if (err) {
		regerror(err, &texts[text_count], reason, sizeof(reason));
		snprintf(why, size, "--text %s: %s", value, reason);
		return -1;
	}
	text_count++;
	return 0;
}

bool match_is_set(void)
{
	return code_count || text_count;
}

bool match_is_done(void)
{
	return done;
}

static bool has_code(__u32 value)
{
	for (size_t i = 0; i < code_count; i++) {
		if (codes[i] == value)
			return true;
	}
	return false;
}

static bool has_text(const char *text, size_t len)
{
	for (size_t i = 0; i < text_count; i++) {
		regmatch_t range = { .rm_so = 0, .rm_eo = len };

		/* With its NULs, and without one behind it. */
		if (!regexec(&texts[i], text, 0, &range, REG_STARTEND))
			return true;
	}
	return false;
}

static void show(struct formatter *f, const struct entry *entry)
{
	static char text[FORMAT_MAX];

	sink_printed.put(NULL, text, shown->render(text, f, entry));
	done = found(entry);
}

static struct begun *line_of(const struct entry *e)
{
	struct begun *line = lines;

	while (line && line->first.line != e->line)
		line = line->next;
	if (line)
		return line;
	line = must(calloc(1, sizeof(*line)));
	line->first = *e;
	line->next = lines;
	lines = line;
	return line;
}

static void end_line(struct begun *line)
{
	struct begun **p = &lines;

	while (*p != line)
		p = &(*p)->next;
	*p = line->next;
	free(line);
}

/* One more part; of a line that is too long, the beginning is let go. */
static void append(struct begun *line, const char *text, size_t len)
{
	size_t much = line->len + len > LINES_MAX ? line->len + len - LINES_MAX : 0;

	memmove(line->text, line->text + much, line->len - much);
	line->len -= much;
	memcpy(line->text + line->len, text, len);
	line->len += len;
}

static void look_at_part(struct formatter *f, const struct entry *part)
{
	struct begun *line = line_of(part);
	struct entry whole = line->first;

	append(line, part->text, part->len);
	whole.begun = false;
	whole.unfinished = false;
	whole.text = line->text;
	whole.len = line->len;
	if (!line->matched && has_text(line->text, line->len)) {
		line->matched = true;
		show(f, &whole);
	}
	if (!part->unfinished)
		end_line(line);
}

/* Shows what is found before it is reported, and so leaves nothing to be put on a sink. */
static size_t match_render(char *dst, struct formatter *f, const struct entry *entry)
{
	__u64 count = entry->count;

	(void)dst;
	if (done)
		return 0;
	switch (entry->type) {
	case ENTRY_LINE:
		if (entry->begun || entry->unfinished)
			look_at_part(f, entry);
		else if (has_text(entry->text, entry->len))
			show(f, entry);
		break;
	case ENTRY_CODE:
		if (has_code(entry->value))
			show(f, entry);
		break;
	case ENTRY_LOST:
		fail("%s: %llu writes were lost before they could be looked at", entry->vm->name,
		     count);
		break;
	default:
		break;
	}
	return 0;
}

static const struct format_ops format_match = {
	.name = "match",
	.render = match_render,
};

int match_open(const char *output, bool labels, bool (*call)(const struct entry *entry),
	       char *why, size_t size)
{
	struct route *routes = shown_routes(output, labels, why, size);

	if (!routes)
		return -1;
	shown = routes->format;
	if (!shown->render) {
		snprintf(why, size, "--output %s has no lines that could be shown alone",
			 shown->name);
		routes_free(routes);
		return -1;
	}
	found = call;
	for (struct route *r = routes; r; r = r->next) {
		r->format = &format_match;
		r->set.style.storm = STORM_SHOW;
	}
	return router_init(routes, why, size);
}
