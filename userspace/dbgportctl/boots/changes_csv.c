// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boots/boots.h"
#include "dbgportctl/cli/csv.h"

/* How many boots have it, and their median. */
static void print_side(const struct baseline_figure *figure)
{
	if (figure)
		printf(",%zu,%lld", figure->count, figure->median_ns);
	else
		fputs(",0,", stdout);
}

static void print_change(const struct change *change)
{
	const struct extent longer = change_extent(change);

	printf(",%lld,%lld,%lld,%.6g,%s\n", longer.ns, longer.least_ns, longer.most_ns,
	       change->p, verdict_text(change->verdict));
}

void changes_csv(const struct report *report)
{
	fputs("figure,before_count,before_median_ns,count,median_ns,", stdout);
	puts("longer_ns,least_ns,most_ns,p,verdict");
	for (size_t i = 0; i < report->changes.count; i++) {
		const struct change *change = &report->changes.change[i];

		csv_text(change_name(change));
		print_side(change->before);
		print_side(change->now);
		if (change->verdict == VERDICT_UNKNOWN)
			puts(",,,,,");
		else
			print_change(change);
	}
}
