/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs of the benchmark say of the times that they have measured. */
#ifndef SELFTESTS_BENCH_FIGURES_H
#define SELFTESTS_BENCH_FIGURES_H

#include <stdlib.h>
#include <string.h>

/* Where a virtual nanosecond is one instruction, that is what it is called. */
static inline const char *unit_of_time(void)
{
	const char *unit = getenv("DBGPORT_BENCH_UNIT");

	return unit && !strcmp(unit, "instructions") ? unit : "ns";
}

static inline int compare_ns(const void *a, const void *b)
{
	const unsigned long long *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Ascending. */
static inline void sort_ns(unsigned long long *ns, size_t n)
{
	qsort(ns, n, sizeof(*ns), compare_ns);
}

#endif /* SELFTESTS_BENCH_FIGURES_H */
