// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/boot/said.h"
#include "lib/array.h"

/**
 * struct banner - a line that tells
 * @what: which of them it tells of
 * @name: what that is called
 * @line: how the line begins; the version follows
 * @end: where the version ends, as it does at a blank; NULL: the line has none
 */
static const struct banner {
	enum said what;
	const char *name;
	const char *line;
	const char *end;
} banners[] = {
	{ SAID_FIRMWARE, "SeaBIOS", "SeaBIOS (version ", ")" },
	{ SAID_FIRMWARE, "OVMF", "SecCoreStartupWithStack(", NULL },
	{ SAID_FIRMWARE, "U-Boot", "U-Boot ", "" },
	{ SAID_FIRMWARE, "coreboot", "coreboot-", "" },
	{ SAID_KERNEL, "Linux", "Linux version ", "" },
};

/* Without what stands before it in brackets, as the time does. */
static const char *skip_brackets(const char *line)
{
	const char *close;

	line += strspn(line, " \t");
	while (*line == '[' && (close = strchr(line, ']'))) {
		line = close + 1;
		line += strspn(line, " \t");
	}
	return line;
}

/* How long the version at @text is; 0: that is none, as in "U-Boot SPL". */
static size_t version_length(const char *text, const char *end)
{
	size_t n = 0;
	bool digit = false;

	for (; text[n] > ' ' && text[n] <= '~' && !strchr(end, text[n]); n++)
		digit |= text[n] >= '0' && text[n] <= '9';
	return digit ? n : 0;
}

static bool tells(char text[SAID_SIZE], const struct banner *banner, const char *line)
{
	size_t len = strlen(banner->line), n;

	if (strncmp(line, banner->line, len))
		return false;
	if (!banner->end) {
		snprintf(text, SAID_SIZE, "%s", banner->name);
		return true;
	}
	n = version_length(line + len, banner->end);
	if (n)
		snprintf(text, SAID_SIZE, "%s %.*s", banner->name, (int)n, line + len);
	return n;
}

const char *boot_said(char text[SAID_SIZE], const struct boot *boot, enum said what)
{
	for (size_t i = 0; i < boot->marks; i++) {
		if (boot->mark[i].type != MARK_LINE)
			continue;
		for (size_t b = 0; b < ARRAY_SIZE(banners); b++) {
			if (banners[b].what == what &&
			    tells(text, &banners[b], skip_brackets(boot->mark[i].text)))
				return text;
		}
	}
	return NULL;
}
