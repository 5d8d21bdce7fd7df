// SPDX-License-Identifier: GPL-2.0
/* Lines of text, by a table. */
#include <ctype.h>
#include <string.h>

#include "lib/codes.h"
#include "lib/codes_table.h"

/* Behind "[   12.345678] " or "[   12.345678][    T1] ", with which Linux begins its lines. */
static const char *skip_stamp(const char *line)
{
	const char *s = line + 1;

	if (*line != '[')
		return line;
	s += strspn(s, " ");
	if (!isdigit((unsigned char)*s))
		return line;
	s += strspn(s, "0123456789.");
	if (!strncmp(s, "][", 2))
		s += 2 + strcspn(s + 2, "]");
	if (strncmp(s, "] ", 2))
		return line;
	return s + 2;
}

const char *text_begin(const char *line)
{
	line = skip_stamp(line + strspn(line, " \t"));
	return line + strspn(line, " \t");
}

static bool matches(const struct code_text *text, const char *line)
{
	if (text->anywhere)
		return strstr(line, text->text);
	return *line == *text->text && !strncmp(line, text->text, text->len);
}

const char *text_component(const struct codes *codes, const char *line, size_t *len)
{
	const char *component = NULL;

	*len = 0;
	for (size_t i = 0; i < codes->lines; i++) {
		const struct code_text *text = &codes->line[i];

		if (text->len <= *len || !matches(text, line))
			continue;
		*len = text->len;
		component = text->component;
	}
	return component;
}

bool codes_know_text(const struct codes *codes, const char *line)
{
	for (size_t i = 0; i < codes->clues; i++) {
		const struct code_text *text = &codes->clue[i].text;

		if (text->text && matches(text, line))
			return true;
	}
	return false;
}

bool codes_know(const struct codes *codes, const __u32 *code, size_t count)
{
	for (size_t i = 0; i < codes->clues; i++) {
		const struct code_clue *clue = &codes->clue[i];

		if (clue->count && clue->count <= count &&
		    !memcmp(clue->code, code, clue->count * sizeof(*code)))
			return true;
	}
	return false;
}

const char *codes_part(const struct codes *codes, const char *component)
{
	for (size_t i = 0; i < codes->parts; i++) {
		if (!strcmp(codes->part[i].component, component))
			return codes->part[i].part;
	}
	return NULL;
}

const char *codes_own_part(const struct codes *codes)
{
	return codes->parts ? codes->part[0].part : NULL;
}
