// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boots/boots.h"
#include "dbgportctl/cli/csv.h"

void boots_csv(const struct report *report)
{
	puts("figure,count,min_ns,median_ns,mean_ns,p90_ns,p99_ns,p999_ns,max_ns");
	for (size_t i = 0; i < report->figures.count; i++) {
		const struct figure *figure = &report->figures.figure[i];

		csv_text(figure->name);
		printf(",%zu", figure->count);
		if (figure->count)
			printf(",%lld,%lld,%lld,%lld,%lld,%lld,%lld\n", figure->sample[0].ns,
			       figure_percentile(figure, 50), figure_mean(figure),
			       figure_percentile(figure, 90), figure_percentile(figure, 99),
			       figure_per_mille(figure, 999), figure_percentile(figure, 100));
		else
			puts(",,,,,,,");
	}
}
