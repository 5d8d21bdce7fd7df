// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/doctor/finding.h"

static const struct {
	const char *name;
	const char *colour;
} verdicts[] = {
	[GOOD] = { "ok", COLOUR_GREEN },
	[NOTE] = { "note", COLOUR_YELLOW },
	[WRONG] = { "wrong", COLOUR_RED },
};

static bool as_json;
static unsigned int wrong;

void findings_begin(bool json)
{
	as_json = json;
	if (as_json)
		json_open(NULL, '[');
}

unsigned int findings_end(void)
{
	if (as_json)
		json_close(']');
	return wrong;
}

static void print_json(enum verdict verdict, const char *check, const char *fix,
		       const char *text)
{
	json_open(NULL, '{');
	json_text("check", check);
	json_text("verdict", verdicts[verdict].name);
	json_text("text", text);
	json_text("fix", fix);
	json_close('}');
}

void finding(enum verdict verdict, const char *check, const char *fix, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	wrong += verdict == WRONG;
	if (as_json) {
		print_json(verdict, check, fix, text);
		return;
	}
	printf("%s%-5s%s  %-7s %s\n", colour(verdicts[verdict].colour), verdicts[verdict].name,
	       colour(COLOUR_OFF), check, text);
	if (fix)
		printf("%15s-> %s\n", "", fix);
}

bool read_line(char *line, size_t size, const char *path)
{
	FILE *f = fopen(path, "re");
	bool ok = f && fgets(line, size, f);

	if (f)
		fclose(f);
	if (ok)
		line[strcspn(line, "\n")] = '\0';
	return ok;
}
