// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boots/boots.h"
#include "dbgportctl/cli/table.h"
#include "lib/array.h"
#include "lib/duration.h"

static void add_count(struct table *t, const struct baseline_figure *figure)
{
	table_add(t, "%zu", figure ? figure->count : 0);
}

static void add_median(struct table *t, const struct baseline_figure *figure)
{
	char text[DURATION_SIZE];

	table_add(t, "%s", figure ? ms_text(text, figure->median_ns) : "-");
}

/* @ns more than it was. */
static void add_percent(struct table *t, const struct change *change, __s64 ns)
{
	__s64 median_ns = change->before->median_ns;

	if (median_ns)
		table_add(t, "%+.1f%%", 100.0 * ns / median_ns);
	else
		table_add(t, "-");
}

static void add_p(struct table *t, double p)
{
	if (p < 0.0001)
		table_add(t, "<0.0001");
	else
		table_add(t, "%.4f", p);
}

static const char *remark_of(const struct change *change)
{
	if (!change->now)
		return "only before";
	return change->before ? verdict_text(change->verdict) : "only now";
}

static void add_extent(struct table *t, const struct change *change)
{
	const struct extent longer = change_extent(change);

	table_add(t, "%+.3f", longer.ns / 1e6);
	add_percent(t, change, longer.ns);
	add_percent(t, change, longer.least_ns);
	add_percent(t, change, longer.most_ns);
	add_p(t, change->p);
}

static void add_verdict(struct table *t, const struct change *change)
{
	if (change->verdict != VERDICT_UNKNOWN)
		add_extent(t, change);
	for (int i = 0; change->verdict == VERDICT_UNKNOWN && i < 5; i++)
		table_add(t, "-");
	table_add(t, "%s", remark_of(change));
}

/* Those with that verdict, in one line; nothing if there are none. */
static void print_all(const struct changes *changes, enum verdict verdict, const char *begin)
{
	const char *between = begin;

	for (size_t i = 0; i < changes->count; i++) {
		if (changes->change[i].verdict != verdict)
			continue;
		printf("%s%s", between, change_name(&changes->change[i]));
		between = ", ";
	}
	if (between != begin)
		putchar('\n');
}

static bool has(const struct changes *changes, enum verdict verdict)
{
	for (size_t i = 0; i < changes->count; i++) {
		if (changes->change[i].verdict == verdict)
			return true;
	}
	return false;
}

static void print_verdict(const struct changes *changes)
{
	const struct change *total = changes_of(changes, FIGURE_TOTAL);

	print_all(changes, VERDICT_SLOWER, "slower than before: ");
	print_all(changes, VERDICT_FASTER, "faster than before: ");
	if (!total || total->verdict == VERDICT_UNKNOWN)
		puts("too few boots to tell whether the total has changed");
	else if (!has(changes, VERDICT_SLOWER) && !has(changes, VERDICT_FASTER))
		puts("no change that chance does not explain");
}

void changes_text(const struct report *report)
{
	static const char *const head[] = {
		"", "BOOTS", "BEFORE", "BOOTS", "NOW", "LONGER", "", "AT LEAST", "AT MOST", "P", "",
	};
	struct table t = { .columns = ARRAY_SIZE(head) };

	for (size_t i = 1; i < t.columns - 1; i++)
		t.right[i] = true;
	for (size_t i = 0; i < t.columns; i++)
		table_add(&t, "%s", head[i]);
	for (size_t i = 0; i < report->changes.count; i++) {
		const struct change *change = &report->changes.change[i];

		table_add(&t, "%s", change_name(change));
		add_count(&t, change->before);
		add_median(&t, change->before);
		add_count(&t, change->now);
		add_median(&t, change->now);
		add_verdict(&t, change);
	}
	printf("%zu boots before, %zu now; medians in milliseconds\n\n", report->baseline.boots,
	       report->now.boots);
	table_print(&t);
	putchar('\n');
	print_verdict(&report->changes);
}
