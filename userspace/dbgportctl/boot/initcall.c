// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <string.h>

#include "dbgportctl/boot/initcall.h"
#include "lib/clock.h"
#include "lib/number.h"

#define RETURNED	" returned "
#define AFTER		" after "
#define USECS		" usecs"

/* What follows @prefix at the beginning of @text; NULL: it begins otherwise. */
static const char *behind(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) ? NULL : text + n;
}

/* The kernel's time, and who says it, stand in brackets in front. */
static const char *message(const char *text)
{
	while (*text == '[') {
		text = strstr(text, "] ");
		if (!text)
			return "";
		text += 2;
	}
	return text;
}

/* Of "name+0x0/0x1f0" the name; where a module stands behind it, all of it. */
static size_t name_length(const char *name, const char *end)
{
	const char *plus = memchr(name, '+', end - name);

	return (plus && !memchr(plus, ' ', end - plus) ? plus : end) - name;
}

/* "0 after 1234 usecs" */
static bool parse_result(struct initcall *call, const char *text)
{
	bool error = *text == '-';
	__u64 returned, us;

	text = number_scan(text + error, NUMBER_DECIMAL, &returned);
	if (!text || returned > INT_MAX)
		return false;
	text = behind(text, AFTER);
	if (text)
		text = number_scan(text, NUMBER_DECIMAL, &us);
	if (!text || us > LLONG_MAX / NSEC_PER_USEC || !behind(text, USECS))
		return false;
	call->returned = error ? -(int)returned : (int)returned;
	call->took_ns = us * NSEC_PER_USEC;
	return true;
}

bool initcall_told(struct initcall *call, const struct mark *mark)
{
	const char *text, *name, *end;

	if (mark->type != MARK_LINE)
		return false;
	text = message(mark->text);
	name = behind(text, "initcall ");
	call->probe = !name;
	if (!name)
		name = behind(text, "probe of ");
	end = name ? strstr(name, RETURNED) : NULL;
	if (!end || !parse_result(call, end + strlen(RETURNED)))
		return false;
	call->name = name;
	call->n = call->probe ? (size_t)(end - name) : name_length(name, end);
	call->end_ns = mark->time_ns;
	return true;
}
