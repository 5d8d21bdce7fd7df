// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/follow/match.h"
#include "lib/number.h"
#include "lib/sgr.h"
#include "words/lines.h"

/* Of the locale "C", as this program never sets another one: letters are ASCII's. */
#define TEXT_FLAGS	(REG_EXTENDED | REG_NOSUB)

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

int match_add_code(struct match *m, const char *value, char *why, size_t size)
{
	__u64 code;

	if (number_parse(value, NUMBER_ANY, 0, UINT_MAX, &code)) {
		snprintf(why, size, "--code %s: it takes a number, 0x0 to 0xffffffff", value);
		return -1;
	}
	m->code = grow(m->code, m->codes, sizeof(*m->code));
	m->code[m->codes++] = code;
	return 0;
}

int match_add_text(struct match *m, const char *value, char *why, size_t size)
{
	char reason[256];
	int err;

	m->text = grow(m->text, m->texts, sizeof(*m->text));
	m->pattern = grow(m->pattern, m->texts, sizeof(*m->pattern));
	m->pattern[m->texts] = value;
	err = regcomp(&m->text[m->texts], value, TEXT_FLAGS);
	if (err) {
		regerror(err, &m->text[m->texts], reason, sizeof(reason));
		snprintf(why, size, "--text %s: %s", value, reason);
		return -1;
	}
	m->texts++;
	return 0;
}

void match_ignore_case(struct match *m)
{
	for (size_t i = 0; i < m->texts; i++) {
		regfree(&m->text[i]);
		/* It was understood before, so only memory can be missing. */
		if (regcomp(&m->text[i], m->pattern[i], TEXT_FLAGS | REG_ICASE))
			exit(fail("no memory"));
	}
}

bool match_is_set(const struct match *m)
{
	return m->codes || m->texts;
}

static bool has_code(const struct match *m, __u32 value)
{
	for (size_t i = 0; i < m->codes; i++) {
		if (m->code[i] == value)
			return true;
	}
	return false;
}

/* @text has a NUL behind it, which sanitizers want whatever REG_STARTEND says. */
static bool has_any(const struct match *m, const char *text, size_t len)
{
	for (size_t i = 0; i < m->texts; i++) {
		regmatch_t range = { .rm_so = 0, .rm_eo = len };

		if (!regexec(&m->text[i], text, 0, &range, REG_STARTEND))
			return true;
	}
	return false;
}

/* As it is, or as it is seen; @text may have NULs in it, and be of LINES_MAX bytes. */
static bool has_text(const struct match *m, const char *text, size_t len)
{
	char copy[LINES_MAX + 1];
	size_t seen;

	memcpy(copy, text, len);
	copy[len] = '\0';
	if (has_any(m, copy, len))
		return true;
	seen = sgr_drop(copy, len);
	copy[seen] = '\0';
	return seen != len && has_any(m, copy, seen);
}

static void find(struct match *m, struct formatter *f, const struct entry *entry)
{
	print_entry(&m->print, f, entry);
	m->done = !m->found || m->found(m->arg, entry);
}

static struct begun *line_of(struct match *m, const struct entry *e)
{
	struct begun *line = m->begun;

	while (line && line->first.line != e->line)
		line = line->next;
	if (line)
		return line;
	line = must(calloc(1, sizeof(*line)));
	line->first = *e;
	line->next = m->begun;
	m->begun = line;
	return line;
}

static void end_line(struct match *m, struct begun *line)
{
	struct begun **p = &m->begun;

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

static void look_at_part(struct match *m, struct formatter *f, const struct entry *part)
{
	struct begun *line = line_of(m, part);
	struct entry whole = line->first;

	append(line, part->text, part->len);
	whole.begun = false;
	whole.unfinished = false;
	whole.text = line->text;
	whole.len = line->len;
	if (!line->matched && has_text(m, line->text, line->len)) {
		line->matched = true;
		find(m, f, &whole);
	}
	if (!part->unfinished)
		end_line(m, line);
}

void match_entry(void *arg, struct formatter *f, const struct entry *entry)
{
	__u64 count = entry->count;
	struct match *m = arg;

	if (m->done)
		return;
	switch (entry->type) {
	case ENTRY_LINE:
		if (entry->begun || entry->unfinished)
			look_at_part(m, f, entry);
		else if (has_text(m, entry->text, entry->len))
			find(m, f, entry);
		break;
	case ENTRY_CODE:
		if (has_code(m, entry->value))
			find(m, f, entry);
		break;
	case ENTRY_LOST:
		fail("%s: %llu writes were lost before they could be looked at", entry->vm->name,
		     count);
		break;
	default:
		break;
	}
}

void match_turn(void *arg)
{
	struct match *m = arg;

	print_turn(&m->print);
}

bool match_is_done(void *arg)
{
	const struct match *m = arg;

	return m->done;
}
