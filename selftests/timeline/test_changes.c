// SPDX-License-Identifier: GPL-2.0
/* How often figures are said to have changed when they have, and when they have not. */
#include "lib/harness.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boots/assert.h"
#include "dbgportctl/boots/changes.h"
#include "dbgportctl/boots/rank.h"
#include "lib/array.h"

#define RUNS	1000
#define BOOTS	100
#define PARTS	7

static __u64 state;

/* The same numbers on each machine: 0 to 1, without both (splitmix64). */
static double uniform(void)
{
	__u64 z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (((z ^ z >> 31) >> 11) + 0.5) / (1ULL << 53);
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

/* About a second, of which chance makes 2.5 %, and now and then a host that is busy. */
static double usual(void)
{
	return 1e9 * exp(0.025 * normal()) * (uniform() < 0.02 ? 1.1 + 0.4 * uniform() : 1);
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
	const __s64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Each figure of each boot by itself, which alarms more often than parts of one whole. */
static void draw(struct baseline *baseline, double (*from)(void), double factor)
{
	*baseline = (struct baseline){
		.boots = BOOTS,
		.figure = calloc(1 + PARTS, sizeof(*baseline->figure)),
		.count = 1 + PARTS,
	};
	for (int i = 0; i <= PARTS; i++) {
		struct baseline_figure *figure = &baseline->figure[i];

		figure->name = strdup(names[i]);
		figure->sample = calloc(BOOTS, sizeof(*figure->sample));
		figure->count = BOOTS;
		for (int n = 0; n < BOOTS; n++)
			figure->sample[n] = from() * factor;
		qsort(figure->sample, BOOTS, sizeof(*figure->sample), compare);
		figure->median_ns = figure->sample[BOOTS / 2 - 1];
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

static bool holds(const char *text, const struct baseline *before, const struct baseline *now)
{
	const struct judged judged = { .now = now, .before = before, .alarms = CHANGES_ALARMS };
	struct assertion assertion;
	char why[256];
	bool ret;

	assertion_parse(&assertion, text, why, sizeof(why));
	ret = assertion_holds(&assertion, &judged, why, sizeof(why)) == ASSERTION_HOLDS;
	assertion_free(&assertion);
	return ret;
}

static void look(struct found *found, const struct baseline *before, const struct baseline *now)
{
	struct changes changes;
	bool any = false;

	changes_make(&changes, before, now);
	for (size_t i = 0; i < changes.count; i++)
		any |= changes.change[i].verdict != VERDICT_SAME;
	found->any += any;
	found->slower += changes.change[0].verdict == VERDICT_SLOWER;
	found->failed += !holds("median(total)<baseline", before, now);
	found->tolerated += holds("median(total)<baseline+5%", before, now);
	changes_free(&changes);
}

static struct found simulate(double (*from)(void), double factor)
{
	struct found found = { 0 };

	state = 1;
	for (int run = 0; run < RUNS; run++) {
		struct baseline before, now;

		draw(&before, from, 1);
		draw(&now, from, factor);
		look(&found, &before, &now);
		baseline_free(&before);
		baseline_free(&now);
	}
	return found;
}

static double (*const kinds[])(void) = { usual, tailed, two_peaks, ticks };

TEST(where_nothing_has_changed_one_run_of_a_hundred_says_so_at_most)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct found found = simulate(kinds[i], 1);

		TH_LOG("kind %zu: %d any, %d failed of %d", i, found.any, found.failed, RUNS);
		EXPECT_LE(found.any, RUNS / 100);
		EXPECT_LE(found.failed, RUNS / 100);
	}
}

TEST(three_percent_more_is_found_in_95_runs_of_a_hundred)
{
	const struct found found = simulate(usual, 1.03);

	TH_LOG("%d slower, %d failed of %d", found.slower, found.failed, RUNS);
	EXPECT_GE(found.slower, RUNS * 95 / 100);
	EXPECT_GE(found.failed, RUNS * 95 / 100);
	/* And is within a tolerance. */
	EXPECT_GE(found.tolerated, RUNS * 99 / 100);
}

/* The table judges all figures at once, and has to be stricter with each. */
TEST(it_is_found_in_what_is_spread_much_too_by_an_expression_and_in_90_by_the_table)
{
	const struct found found = simulate(tailed, 1.03);

	TH_LOG("%d slower, %d failed of %d", found.slower, found.failed, RUNS);
	EXPECT_GE(found.slower, RUNS * 90 / 100);
	EXPECT_GE(found.failed, RUNS * 95 / 100);
	EXPECT_GE(found.tolerated, RUNS * 99 / 100);
}

TEST(ten_percent_is_beyond_a_tolerance_of_five)
{
	EXPECT_LE(simulate(tailed, 1.1).tolerated, RUNS * 5 / 100);
}

TEST(how_much_longer_is_said_right_but_in_one_run_of_a_hundred)
{
	const __s64 longer = 30000000;
	int wrong = 0;

	state = 1;
	for (int run = 0; run < RUNS; run++) {
		struct baseline before, now;
		struct changes changes;
		struct extent extent;

		draw(&before, tailed, 1);
		draw(&now, tailed, 1);
		for (int n = 0; n < BOOTS; n++)
			now.figure[0].sample[n] += longer;
		changes_make(&changes, &before, &now);
		extent = change_extent(&changes.change[0]);
		wrong += extent.least_ns >= longer || extent.most_ns <= longer;
		EXPECT_LT(extent.least_ns, extent.ns);
		EXPECT_GT(extent.most_ns, extent.ns);
		/* A verdict and the extent never contradict each other. */
		EXPECT_EQ(extent.least_ns >= 0, changes.change[0].verdict == VERDICT_SLOWER);
		changes_free(&changes);
		baseline_free(&before);
		baseline_free(&now);
	}
	TH_LOG("%d wrong of %d", wrong, RUNS);
	EXPECT_LE(wrong, RUNS / 100);
}

static double chance(const __s64 *before, size_t befores, const __s64 *now, size_t nows)
{
	return rank_chance(&(struct lengths){ before, befores }, &(struct lengths){ now, nows });
}

/* In whole and half ranks, which are exact. */
static double rank_sum(const __s64 *all, size_t count, unsigned int set)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; set >> i & 1 && k < count; k++)
			sum += all[k] < all[i] ? 1 : all[k] == all[i] ? 0.5 : 0;
	}
	return sum;
}

/* All sets of 8 out of 16, one by one. */
TEST(chances_of_few_are_the_part_of_all_orders)
{
	state = 3;
	for (int run = 0; run < 20; run++) {
		int spread = run < 10 ? 8 : 1000, beyond = 0, any = 0;
		__s64 all[16];
		double is;

		for (int i = 0; i < 16; i++)
			all[i] = spread * uniform();
		qsort(all, 8, sizeof(*all), compare);
		qsort(all + 8, 8, sizeof(*all), compare);
		is = rank_sum(all, 16, 0xff00);
		for (unsigned int set = 0; set < 1 << 16; set++) {
			if (__builtin_popcount(set) != 8)
				continue;
			any++;
			beyond += rank_sum(all, 16, set) >= is;
		}
		EXPECT_LT(fabs(chance(all, 8, all + 8, 8) - (double)beyond / any), 1 / 1e9);
	}
}

TEST(chances_at_the_ends)
{
	static const __s64 low[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const __s64 high[] = { 11, 12, 13, 14, 15, 16, 17, 18 };
	static const __s64 same[] = { 5, 5, 5, 5, 5, 5, 5, 5 };

	EXPECT_LT(fabs(chance(low, 8, high, 8) - 1.0 / 12870), 1 / 1e12);
	EXPECT_EQ(1, chance(high, 8, low, 8));
	EXPECT_EQ(1, chance(same, 8, same, 8));
}

/* By hand: U is 900, its mean 450, its variance 900 * 61 / 12, less half for continuity. */
TEST(chances_of_many_are_those_of_the_normal_distribution)
{
	__s64 low[30], high[30];

	for (int i = 0; i < 30; i++) {
		low[i] = i;
		high[i] = 100 + i;
	}
	EXPECT_GT(chance(low, 30, high, 30), 1.509 / 1e11);
	EXPECT_LT(chance(low, 30, high, 30), 1.511 / 1e11);
	EXPECT_EQ(0.5, chance(low, 30, low, 30));
}

TEST(it_takes_eight_of_each_and_more_where_the_chance_must_be_small)
{
	EXPECT_FALSE(rank_can(7, 100, 0.5));
	EXPECT_FALSE(rank_can(100, 7, 0.5));
	EXPECT_TRUE(rank_can(8, 8, 1.0 / 12869));
	EXPECT_FALSE(rank_can(8, 8, 1.0 / 12871));
	EXPECT_TRUE(rank_can(100, 100, 1 / 1e30));
	EXPECT_FALSE(rank_can(100, 8, 1 / 1e30));
}

/* Nine values each, of which those of now are 7 more, and then as many more. */
TEST(how_much_longer_is_the_middle_of_all_differences)
{
	__s64 low[9], high[9];
	struct baseline_figure before = { .sample = low, .count = 9 };
	struct baseline_figure now = { .sample = high, .count = 9 };
	const struct change change = {
		.before = &before, .now = &now, .verdict = VERDICT_SAME, .share = 0.005,
	};

	for (int i = 0; i < 9; i++) {
		low[i] = 100 * i * i;
		high[i] = low[i] + 7;
	}
	EXPECT_EQ(7, change_extent(&change).ns);
}

static struct baseline_figure figure(char *name, __s64 *sample, size_t count)
{
	return (struct baseline_figure){ .name = name, .sample = sample, .count = count };
}

TEST(figures_of_one_side_and_those_of_few_boots_have_no_verdict)
{
	static __s64 low[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static __s64 high[] = { 11, 12, 13, 14, 15, 16, 17, 18 };
	struct baseline_figure were[] = {
		figure("total", low, 8), figure("Kernel", low, 7), figure("Start", low, 8),
	};
	struct baseline_figure are[] = {
		figure("total", high, 8), figure("Kernel", high, 8), figure("Firmware", high, 8),
	};
	const struct baseline before = { .figure = were, .count = 3 };
	const struct baseline now = { .figure = are, .count = 3 };
	struct changes changes;

	changes_make(&changes, &before, &now);
	ASSERT_EQ(4, changes.count);
	EXPECT_EQ(VERDICT_SLOWER, changes_of(&changes, "total")->verdict);
	EXPECT_EQ(VERDICT_UNKNOWN, changes_of(&changes, "Kernel")->verdict);
	EXPECT_EQ(VERDICT_UNKNOWN, changes_of(&changes, "Firmware")->verdict);
	EXPECT_EQ(NULL, changes_of(&changes, "Firmware")->before);
	EXPECT_EQ(NULL, changes_of(&changes, "Start")->now);
	changes_free(&changes);
}

TEST_HARNESS_MAIN
