// SPDX-License-Identifier: GPL-2.0
/* A table's lines. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/codes.h"
#include "lib/codes_table.h"
#include "lib/number.h"
#include "lib/utf8.h"

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

/* A # begins a comment at the line's beginning and behind a blank: "C#" has none. */
static void drop_comment(char *s)
{
	char *c = s;

	while ((c = strchr(c, '#')) && c != s && !strchr(" \t", c[-1]))
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

static const char *parse_text(char *s, struct code_range *r)
{
	size_t word = strcspn(s, " \t:");

	if (!is_shown(s))
		return "control characters, or what is no UTF-8, cannot stand in a name";
	if (word && s[word] == ':' && (!s[word + 1] || strchr(" \t", s[word + 1]))) {
		s[word] = '\0';
		if (word >= CODE_COMPONENT_SIZE)
			return "the component is longer than 31 bytes";
		r->component = s;
		s = trim(s + word + 1);
	}
	if (strlen(s) >= CODE_NAME_SIZE)
		return "the name is longer than 127 bytes";
	if (*s)
		r->name = s;
	return r->component || r->name ? NULL : "the name is missing";
}

static const char *parse_line(char *s, struct code_range *r)
{
	char *text = strchr(s, '=');
	const char *wrong;

	if (!text)
		return "lines are CODE = NAME or FIRST-LAST = NAME";
	*text++ = '\0';
	wrong = parse_codes(trim(s), r);
	return wrong ? wrong : parse_text(trim(text), r);
}

int codes_parse(struct codes *codes, const char *where, char *why, size_t size)
{
	char *rest = codes->text, *line;
	unsigned int number = 0;
	size_t lines = 1;

	for (const char *p = rest; (p = strchr(p, '\n')); p++)
		lines++;
	codes->range = calloc(lines, sizeof(*codes->range));
	if (!codes->range) {
		snprintf(why, size, "%s: no memory", where);
		return -1;
	}
	while ((line = strsep(&rest, "\n"))) {
		const char *wrong;

		number++;
		drop_comment(line);
		line = trim(line);
		if (!*line)
			continue;
		wrong = parse_line(line, &codes->range[codes->count]);
		if (wrong) {
			snprintf(why, size, "%s:%u: %s", where, number, wrong);
			return -1;
		}
		codes->range[codes->count++].line = number;
	}
	return 0;
}
