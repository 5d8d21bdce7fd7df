// SPDX-License-Identifier: GPL-2.0
/* How often figures are said to have changed when they have, and when they have not. */
#include "lib/harness.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boots/assert.h"
#include "dbgportctl/boots/rank.h"
#include "dbgportctl/boots/verdict.h"

#define RUNS	1000
#define BOOTS	100
#define PARTS	7

static __u64 state;

/* The same numbers on each machine: 0 to 1, without both. */
static double uniform(void)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((state >> 11) + 0.5) / (1ULL << 53);
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* About a second, with a long tail: one boot of twenty takes up to three times as long. */
static double tailed(void)
{
	return 1e9 * exp(0.04 * normal()) * (uniform() < 0.05 ? 1 + 2 * uniform() : 1);
}

/* A page that was cached, or was not. */
static double two_peaks(void)
{
	return 1e9 * (uniform() < 0.5 ? 1 : 1.3) * exp(0.02 * normal());
}

/* A clock of whole ticks: most values are equal to others. */
static double ticks(void)
{
	return 1e7 * floor(100 + 3 * normal());
}

static const char *const names[1 + PARTS] = {
	FIGURE_TOTAL, "Start", "Firmware", "Bootloader", "Kernel", "Userspace", "0x40-0x60",
	"0x60-0x7f",
};

static int compare(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

/* Each figure of each boot by itself, which alarms more often than parts of one whole. */
static void draw(struct figures *figures, double (*from)(void), double factor)
{
	*figures = (struct figures){
		.figure = calloc(1 + PARTS, sizeof(*figures->figure)),
		.count = 1 + PARTS,
		.boots = BOOTS,
	};
	for (int i = 0; i <= PARTS; i++) {
		struct figure *figure = &figures->figure[i];

		figure->name = strdup(names[i]);
		figure->sample = calloc(BOOTS, sizeof(*figure->sample));
		figure->count = BOOTS;
		for (int n = 0; n < BOOTS; n++)
			figure->sample[n].ns = from() * factor;
		qsort(figure->sample, BOOTS, sizeof(*figure->sample), compare);
	}
}

static void keep(struct baseline *baseline, const struct figures *figures)
{
	*baseline = (struct baseline){
		.figure = calloc(figures->count, sizeof(*baseline->figure)),
		.count = figures->count,
	};
	for (size_t i = 0; i < figures->count; i++) {
		struct baseline_figure *figure = &baseline->figure[i];

		figure->name = strdup(figures->figure[i].name);
		figure->count = figures->figure[i].count;
		figure->sample = calloc(figure->count, sizeof(*figure->sample));
		for (size_t n = 0; n < figure->count; n++)
			figure->sample[n] = figures->figure[i].sample[n].ns;
	}
}

/**
 * struct found - in how many of RUNS runs
 * @any: any figure was said to have changed
 * @slower: the total was said to be slower
 * @failed, @tolerated: median(total)<baseline did not hold, and <baseline+5% held
 */
struct found {
	int any;
	int slower;
	int failed;
	int tolerated;
};

static void look(struct found *found, const struct figures *now, const struct baseline *before)
{
	const struct baseline_figure *total = &before->figure[0];
	bool any = false;

	for (size_t i = 0; i < now->count; i++)
		any |= verdict_of(now, before, &now->figure[i]) != VERDICT_SAME;
	found->any += any;
	found->slower += verdict_of(now, before, &now->figure[0]) == VERDICT_SLOWER;
	found->failed += verdict_chance(total, &now->figure[0], 0, 0) < VERDICT_ALARMS;
	found->tolerated += verdict_chance(total, &now->figure[0], 50, 0) >= VERDICT_ALARMS;
}

static struct found simulate(double (*from)(void), double factor)
{
	struct found found = { 0 };

	state = 1;
	for (int run = 0; run < RUNS; run++) {
		struct figures before, now;
		struct baseline baseline;

		draw(&before, from, 1);
		draw(&now, from, factor);
		keep(&baseline, &before);
		look(&found, &now, &baseline);
		baseline_free(&baseline);
		figures_free(&before);
		figures_free(&now);
	}
	return found;
}

static double (*const kinds[])(void) = { tailed, two_peaks, ticks };

TEST(where_nothing_has_changed_one_run_of_a_hundred_says_so_at_most)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct found found = simulate(kinds[i], 1);

		TH_LOG("kind %zu: %d any, %d failed of %d", i, found.any, found.failed, RUNS);
		EXPECT_LE(found.any, RUNS / 100);
		EXPECT_LE(found.failed, RUNS / 100);
	}
}

/* The table judges all figures at once, and has to be stricter with each. */
TEST(three_percent_more_is_found_in_95_runs_of_a_hundred_and_in_the_table_in_90)
{
	const struct found found = simulate(tailed, 1.03);

	TH_LOG("%d slower, %d failed of %d", found.slower, found.failed, RUNS);
	EXPECT_GE(found.slower, RUNS * 90 / 100);
	EXPECT_GE(found.failed, RUNS * 95 / 100);
}

TEST(and_is_within_a_tolerance_of_five_percent)
{
	EXPECT_GE(simulate(tailed, 1.03).tolerated, RUNS * 99 / 100);
}

TEST(ten_percent_is_beyond_it)
{
	EXPECT_LE(simulate(tailed, 1.1).tolerated, RUNS * 5 / 100);
}

/* By hand: U is 64, its mean 32, its variance 8 * 8 * 17 / 12, less half for continuity. */
TEST(chances_are_those_of_mann_and_whitney)
{
	static const __s64 low[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const __s64 high[] = { 11, 12, 13, 14, 15, 16, 17, 18 };
	static const __s64 same[] = { 5, 5, 5, 5, 5, 5, 5, 5 };
	double chance;

	chance = rank_chance(low, 8, high, 8);
	EXPECT_LT(0.00046955, chance);
	EXPECT_GT(0.00046956, chance);
	EXPECT_GT(rank_chance(high, 8, low, 8), 0.999);
	EXPECT_EQ(0.5, rank_chance(same, 8, same, 8));
	EXPECT_EQ(0.5, rank_chance(low, 8, low, 8));
}

TEST_HARNESS_MAIN
