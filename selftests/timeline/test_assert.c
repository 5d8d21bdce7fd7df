// SPDX-License-Identifier: GPL-2.0
/* Expressions, and what makes them true. */
#include "lib/harness.h"

#include "dbgportctl/boots/assert.h"
#include "timeline/boots.h"

#define MS	1000000LL

static struct boots boots;
static struct figures figures;
static struct baseline baseline, kept;

/* Ten boots: Kernel of boot n takes n ms; the last one has no Userspace. */
static void make_boots(void)
{
	for (int n = 1; n <= 10; n++) {
		struct boot *boot = boots_get(&boots, "", n, 0);

		snprintf(boot->vm, sizeof(boot->vm), "web");
		boot_code(boot, 0, "Kernel", 0x40, 0);
		if (n < 10)
			boot_code(boot, 1, "Userspace", 0x60, n * MS);
		else
			boot_code(boot, 1, "Kernel", 0x41, n * MS);
		boot_finish(boot, -1);
	}
}

FIXTURE(assertion)
{
};

FIXTURE_SETUP(assertion)
{
	make_boots();
	figures_make(&figures, &boots);
	baseline_make(&kept, &figures);
}

FIXTURE_TEARDOWN(assertion)
{
	baseline_free(&kept);
	figures_free(&figures);
	boots_free(&boots);
}

/* 1, 0, -2 if there are too few to tell, or -1 if it is none. */
static int judge(const char *text, const struct judged *judged)
{
	static const int results[] = {
		[ASSERTION_HOLDS] = 1, [ASSERTION_FAILS] = 0, [ASSERTION_UNKNOWN] = -2,
	};
	struct assertion assertion;
	char why[256];
	int ret = -1;

	if (!assertion_parse(&assertion, text, why, sizeof(why)))
		ret = results[assertion_holds(&assertion, judged, why, sizeof(why))];
	assertion_free(&assertion);
	return ret;
}

static int holds(const char *text)
{
	const struct judged judged = {
		.boots = &boots, .now = &kept, .before = &baseline, .alarms = 0.005,
	};

	return judge(text, &judged);
}

/* The same of what was kept of the boots. */
static int kept_holds(const char *text)
{
	const struct judged judged = { .now = &kept, .before = &kept, .alarms = 0.005 };

	return judge(text, &judged);
}

TEST_F(assertion, without_a_statistic_it_is_of_every_boot)
{
	EXPECT_EQ(1, holds("Kernel<=10ms"));
	EXPECT_EQ(0, holds("Kernel<10ms"));
	EXPECT_EQ(1, holds("Kernel>0.9ms"));
	EXPECT_EQ(0, holds("Kernel>1ms"));
	EXPECT_EQ(1, holds("Kernel>=1ms"));
}

TEST_F(assertion, and_each_must_have_it)
{
	EXPECT_EQ(0, holds("Userspace<1min"));
	EXPECT_EQ(0, holds("0x40-0x60<1min"));
	EXPECT_EQ(1, holds("max(0x40-0x60)<1min"));
}

TEST_F(assertion, statistics_are_nearest_ranks)
{
	EXPECT_EQ(1, holds("min(Kernel)<=1ms"));
	EXPECT_EQ(0, holds("min(Kernel)<1ms"));
	EXPECT_EQ(1, holds("median(Kernel)<=5ms"));
	EXPECT_EQ(0, holds("median(Kernel)<5ms"));
	EXPECT_EQ(1, holds("p50(Kernel)<=5ms"));
	EXPECT_EQ(1, holds("p90(Kernel)<=9ms"));
	EXPECT_EQ(1, holds("p91(Kernel)>9ms"));
	EXPECT_EQ(1, holds("p99(total)<=10ms"));
	EXPECT_EQ(1, holds("max(total)>=10ms"));
}

TEST_F(assertion, percentiles_may_have_tenths)
{
	EXPECT_EQ(1, holds("p90.0(Kernel)<=9ms"));
	EXPECT_EQ(1, holds("p90.1(Kernel)>9ms"));
	EXPECT_EQ(1, holds("p99.9(Kernel)>=10ms"));
}

TEST_F(assertion, the_mean_is_that_of_all_values)
{
	EXPECT_EQ(1, holds("mean(Kernel)<=5.5ms"));
	EXPECT_EQ(0, holds("mean(Kernel)<5.5ms"));
}

TEST_F(assertion, counts_are_numbers_of_boots)
{
	EXPECT_EQ(1, holds("count(total)>=10"));
	EXPECT_EQ(1, holds("count(Userspace)>=9"));
	EXPECT_EQ(0, holds("count(Userspace)>9"));
	EXPECT_EQ(1, holds("count(Bootloader)<1"));
	EXPECT_EQ(-1, holds("count(total)>1s"));
}

TEST_F(assertion, what_nobody_has_is_not_true)
{
	EXPECT_EQ(0, holds("Firmwrae<1min"));
	EXPECT_EQ(0, holds("p99(Bootloader)<1min"));
	EXPECT_EQ(0, holds("Bootloader>0s"));
}

TEST_F(assertion, to_a_baseline_it_takes_eight_boots_of_each)
{
	EXPECT_EQ(-2, holds("median(total)<baseline"));
	baseline_make(&baseline, &figures);
	EXPECT_EQ(1, holds("median(total)<baseline"));
	EXPECT_EQ(1, holds("median(total)<baseline+5%"));
	EXPECT_EQ(1, holds("median(total)<=baseline+1.5%"));
	EXPECT_EQ(0, holds("median(total)<baseline-99%"));
	EXPECT_EQ(0, holds("median(total)<baseline-1s"));
	EXPECT_EQ(0, holds("median(total)>baseline+1s"));
	EXPECT_EQ(1, holds("median(total)>baseline-1s"));
	EXPECT_EQ(1, holds("median(total)<baseline+2147483647%"));
	EXPECT_EQ(0, holds("median(Bootloader)<baseline"));
	baseline.figure[0].count = 7;
	EXPECT_EQ(-2, holds("median(total)<baseline"));
	baseline_free(&baseline);
	baseline = (struct baseline){ 0 };
}

TEST_F(assertion, what_was_kept_of_boots_does_as_well)
{
	EXPECT_EQ(1, kept_holds("Kernel<=10ms"));
	EXPECT_EQ(0, kept_holds("Kernel<10ms"));
	EXPECT_EQ(0, kept_holds("Userspace<1min"));
	EXPECT_EQ(1, kept_holds("p99(total)<=10ms"));
	EXPECT_EQ(1, kept_holds("median(total)<baseline"));
	EXPECT_EQ(0, kept_holds("median(total)<baseline-99%"));
	EXPECT_EQ(0, kept_holds("0x40-0x41<1min"));
}

TEST_F(assertion, spaces_do_no_harm)
{
	EXPECT_EQ(1, holds(" p99(total) <= 10ms"));
}

TEST_F(assertion, what_is_none)
{
	static const char *const none[] = {
		"", "<", "total", "total<", "<1s", "total=1s", "total<1", "total<s", "p0(total)<1s",
		"p101(total)<1s", "p(total)<1s", "p1000(total)<1s", "p9x(total)<1s",
		"p99.(total)<1s", "p99.95(total)<1s", "p0.9(total)<1s", "p100.1(total)<1s",
		"average(total)<1s", "total<baseline", "p99(total)<baseline",
		"count(total)<baseline",
		"median(total)<baseline5%", "median(total)<baseline+", "median(total)<baseline+5",
		"median(total)<baseline+5%x", "median(total)<baseline+%", "median(total)<base",
		"(total)<1s", "p99(total<1s", "p99()<1s", "p99(total)x<1s", "total<1s<2s",
		"to tal<1s", "total<<1s", "count(total)<", "count(total)<-1",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		EXPECT_EQ(-1, holds(none[i]))
			TH_LOG("'%s'", none[i]);
	}
}

TEST_HARNESS_MAIN
