// SPDX-License-Identifier: GPL-2.0
/* A table's lines. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/codes.h"
#include "lib/codes_table.h"
#include "lib/number.h"
#include "lib/part.h"
#include "lib/utf8.h"

#define CLUE	"recognise"

static char *trim(char *s)
{
	size_t len;

	s += strspn(s, " \t\r");
	len = strlen(s);
	while (len && strchr(" \t\r", s[len - 1]))
		len--;
	s[len] = '\0';
	return s;
}

/* Behind the quoted text on this line, or its beginning. */
static char *skip_quoted(char *s)
{
	char *quote = s + strcspn(s, "\"=");
	char *end;

	if (*quote == '=' && strncmp(s, CLUE, strlen(CLUE)))
		return s;
	quote = strchr(quote, '"');
	end = quote ? strchr(quote + 1, '"') : NULL;
	return end ? end + 1 : s;
}

/* A # begins a comment at the line's beginning and behind a blank: "C#" has none. */
static void drop_comment(char *line)
{
	char *c = skip_quoted(line);

	while ((c = strchr(c, '#')) && c != line && !strchr(" \t", c[-1]))
		c++;
	if (c)
		*c = '\0';
}

/* A number at *@s, which is moved behind it. */
static bool parse_number(char **s, __u32 *number)
{
	__u64 n;
	const char *end = number_scan(*s, NUMBER_ANY, &n);

	if (!end || n > 0xffffffff)
		return false;
	*s += end - *s;
	*number = n;
	return true;
}

static const char *parse_codes(char *s, struct code_range *r)
{
	if (!parse_number(&s, &r->first))
		return "a code is a number up to 0xffffffff, as in 0x10";
	r->last = r->first;
	s = trim(s);
	if (*s == '-') {
		s = trim(s + 1);
		if (!parse_number(&s, &r->last))
			return "a range is two numbers, as in 0x20-0x2f";
	}
	if (*trim(s))
		return "a code or a range stands before the =, as in 0x20-0x2f";
	if (r->last < r->first)
		return "the range ends before it begins";
	return NULL;
}

static bool is_shown(const char *s)
{
	while (*s) {
		size_t len = utf8_char(s, strlen(s));

		if (!len || utf8_is_control(s))
			return false;
		s += len;
	}
	return true;
}

/* "PEI: core started": either may be missing; @component and @name are set to what is there. */
static const char *parse_meaning(char *s, const char **component, const char **name)
{
	size_t word = strcspn(s, " \t:");

	if (!is_shown(s))
		return "control characters, or what is no UTF-8, cannot stand in a name";
	if (word && s[word] == ':' && (!s[word + 1] || strchr(" \t", s[word + 1]))) {
		s[word] = '\0';
		if (word >= CODE_COMPONENT_SIZE)
			return "the component is longer than 31 bytes";
		*component = s;
		s = trim(s + word + 1);
	}
	if (strlen(s) >= CODE_NAME_SIZE)
		return "the name is longer than 127 bytes";
	if (*s)
		*name = s;
	return *component || *name ? NULL : "the name is missing";
}

/* A text such as "SeaBIOS (", or *"login: "; @rest is set to what follows. */
static const char *parse_quoted(char *s, struct code_text *text, char **rest)
{
	char *end;

	text->anywhere = *s == '*';
	s += text->anywhere;
	end = *s == '"' ? strchr(s + 1, '"') : NULL;
	if (!end)
		return "a text stands in quotation marks, as in \"Linux version\"";
	*end = '\0';
	text->text = s + 1;
	text->len = end - text->text;
	*rest = end + 1;
	return text->len ? NULL : "the text is empty";
}

/* What stands behind "recognise =". */
static const char *parse_clue(char *s, struct code_clue *clue)
{
	const char *wrong;
	char *rest;

	if (*s == '"' || *s == '*') {
		wrong = parse_quoted(s, &clue->text, &rest);
		return wrong ?: *trim(rest) ? "nothing stands behind the text" : NULL;
	}
	for (; *s; s = trim(s)) {
		if (clue->count == CLUE_CODES)
			return "a firmware is recognised by 8 codes at most";
		if (!parse_number(&s, &clue->code[clue->count++]) || !strchr(" \t", *s))
			return "a firmware is recognised by codes or a text, as in 0x1e 0x1f";
	}
	return clue->count ? NULL : "the codes, or the text, are missing";
}

/**
 * struct reading - how far a table is read
 * @codes: the table
 * @part: which part of the stack it is about; NULL: it has not said so
 */
struct reading {
	struct codes *codes;
	const char *part;
};

static void put_part(struct reading *r, const char *component)
{
	if (component && r->part && !codes_part(r->codes, component))
		r->codes->part[r->codes->parts++] = (struct code_part){ component, r->part };
}

static const char *parse_section(struct reading *r, char *s)
{
	char *end = strchr(s, ']');
	int rank = -1;

	if (end && !end[1]) {
		*end = '\0';
		rank = part_rank(s + 1);
	}
	if (rank < 0)
		return "parts are [Firmware], [Bootloader], [Kernel] and [Userspace]";
	r->part = part_name(rank);
	return NULL;
}

static const char *parse_line_of_text(struct reading *r, char *s)
{
	struct code_text *text = &r->codes->line[r->codes->lines];
	const char *name = NULL, *wrong;
	char *rest;

	wrong = parse_quoted(s, text, &rest);
	if (wrong)
		return wrong;
	rest = trim(rest);
	if (*rest != '=')
		return "lines are \"TEXT\" = COMPONENT:";
	wrong = parse_meaning(trim(rest + 1), &text->component, &name);
	if (wrong)
		return wrong;
	if (!text->component || name)
		return "behind a text there is one word with a colon, as in Loader:";
	put_part(r, text->component);
	r->codes->lines++;
	return NULL;
}

static const char *parse_range(struct reading *r, char *s, char *meaning, unsigned int number)
{
	struct code_range *range = &r->codes->range[r->codes->count];
	const char *wrong = parse_codes(trim(s), range);

	if (!wrong)
		wrong = parse_meaning(trim(meaning), &range->component, &range->name);
	if (wrong)
		return wrong;
	range->line = number;
	put_part(r, range->component);
	r->codes->count++;
	return NULL;
}

static const char *parse_line(struct reading *r, char *s, unsigned int number)
{
	char *equals;

	if (*s == '[')
		return parse_section(r, s);
	if (*s == '"' || *s == '*')
		return parse_line_of_text(r, s);
	equals = strchr(s, '=');
	if (!equals)
		return "lines are CODE = NAME or FIRST-LAST = NAME";
	*equals++ = '\0';
	if (!strcmp(trim(s), CLUE))
		return parse_clue(trim(equals), &r->codes->clue[r->codes->clues++]);
	return parse_range(r, s, equals, number);
}

/* No line says more than one thing. */
static int make_room(struct codes *codes)
{
	size_t lines = 1;

	for (const char *p = codes->text; (p = strchr(p, '\n')); p++)
		lines++;
	codes->range = calloc(lines, sizeof(*codes->range));
	codes->line = calloc(lines, sizeof(*codes->line));
	codes->clue = calloc(lines, sizeof(*codes->clue));
	codes->part = calloc(lines, sizeof(*codes->part));
	return codes->range && codes->line && codes->clue && codes->part ? 0 : -1;
}

int codes_parse(struct codes *codes, const char *where, char *why, size_t size)
{
	struct reading r = { .codes = codes };
	char *rest = codes->text, *line;
	unsigned int number = 0;

	if (make_room(codes)) {
		snprintf(why, size, "%s: no memory", where);
		return -1;
	}
	while ((line = strsep(&rest, "\n"))) {
		const char *wrong;

		number++;
		line = trim(line);
		drop_comment(line);
		line = trim(line);
		wrong = *line ? parse_line(&r, line, number) : NULL;
		if (wrong) {
			snprintf(why, size, "%s:%u: %s", where, number, wrong);
			return -1;
		}
	}
	return 0;
}
