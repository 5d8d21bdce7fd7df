// SPDX-License-Identifier: GPL-2.0
/* What took Linux so long to initialize, instead of all marks. */
#include <stdio.h>
#include <stdlib.h>

#include "dbgportctl/boot/initcall.h"
#include "dbgportctl/boot/moment.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cli/table.h"
#include "dbgportctl/timeline/text.h"
#include "dbgportctl/timeline/timeline.h"
#include "lib/duration.h"

static int longest_first(const void *a, const void *b)
{
	const struct initcall *x = a, *y = b;

	if (x->took_ns != y->took_ns)
		return x->took_ns > y->took_ns ? -1 : 1;
	return x->end_ns < y->end_ns ? -1 : x->end_ns > y->end_ns;
}

static const char *moment(char text[MOMENT_SIZE], const struct boot *boot,
			  const struct look *look, __s64 ns)
{
	char seconds[DURATION_SIZE];

	if (look->time)
		return moment_text(text, boot, ns, look->time);
	snprintf(text, MOMENT_SIZE, "%s", duration_seconds(seconds, ns));
	return text;
}

static void add_row(struct table *t, const struct boot *boot, const struct look *look,
		    const struct initcall *call)
{
	char took[DURATION_SIZE], end[MOMENT_SIZE];

	table_add(t, "%s s", duration_seconds(took, call->took_ns));
	table_add(t, "%s", moment(end, boot, look, call->end_ns));
	table_add(t, "%d", call->returned);
	table_add(t, "%s%.*s", call->probe ? "probe of " : "", (int)call->n,
		  call->name);
}

static void print_calls(const struct boot *boot, const struct look *look,
			const struct initcall *call, size_t count, int width)
{
	struct table t = { .columns = 4, .right = { true, true, true }, .most = width, .cut = 3 };

	table_add(&t, "TOOK");
	table_add(&t, "ENDED");
	table_add(&t, "RETURNED");
	table_add(&t, "INITCALL");
	for (size_t i = 0; i < count && (!look->top || i < look->top); i++)
		add_row(&t, boot, look, &call[i]);
	table_print(&t);
}

static void print_boot(const struct boot *boot, const struct look *look, int width)
{
	struct initcall *call = must(calloc(boot->marks + 1, sizeof(*call)));
	size_t count = 0;

	for (size_t i = 0; i < boot->marks; i++)
		count += initcall_told(&call[count], &boot->mark[i]);
	qsort(call, count, sizeof(*call), longest_first);
	text_head(boot, look, width);
	putchar('\n');
	if (count)
		print_calls(boot, look, call, count, width);
	else
		puts("no initcalls are told");
	free(call);
}

static bool tells(const struct boot *boot)
{
	struct initcall call;

	for (size_t i = 0; i < boot->marks; i++) {
		if (initcall_told(&call, &boot->mark[i]))
			return true;
	}
	return false;
}

bool timeline_has_initcalls(const struct boots *boots)
{
	for (size_t i = 0; i < boots->count; i++) {
		if (tells(boots->boot[i]))
			return true;
	}
	return false;
}

void timeline_initcalls(const struct boots *boots, const struct look *look)
{
	int width = text_width();

	for (size_t i = 0; i < boots->count; i++) {
		if (i)
			putchar('\n');
		print_boot(boots->boot[i], look, width);
	}
}
