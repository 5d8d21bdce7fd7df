// SPDX-License-Identifier: GPL-2.0
/* What a rate lets pass, and what it cuts: by the times of the writes alone. */
#include <stdlib.h>
#include <string.h>

#include "lib/harness.h"

#include "words/lines.h"
#include "words/rate.h"

#define LINE		"Found 2 cpu(s) max supported 2 cpu(s)..\n"
#define LINE_LEN	(sizeof(LINE) - 1)

/* In nanoseconds. */
#define MS		1000000ULL
#define S		(1000 * MS)

/**
 * struct flood - a guest that writes, and what came of it
 * @rate: it has
 * @ns: of its next write
 * @seq: likewise
 * @codes: POST codes
 * @cutting: the last one was cut
 * @passed, @cut: bytes
 * @pieces: how often what passes was cut off
 * @torn: how often that was within a line
 */
struct flood {
	struct rate rate;
	__u64 ns;
	__u64 seq;
	bool codes;
	bool cutting;
	__u64 passed, cut;
	unsigned int pieces, torn;
};

static void flood_init(struct flood *f, __u64 per_s, __u64 burst)
{
	*f = (struct flood){ .ns = 1000 * S };
	rate_init(&f->rate, per_s, burst);
}

static void take(struct flood *f, const struct dbgport_record *rec, size_t count)
{
	while (count) {
		bool within = f->rate.within_line, cut;
		size_t n = rate_take(&f->rate, rec, count, !f->codes, &cut);

		if (n < 1 || n > count)
			abort();
		if (cut)
			f->cut += n * rec->width;
		else
			f->passed += n * rec->width;
		if (cut && !f->cutting) {
			f->pieces++;
			f->torn += within;
		}
		f->cutting = cut;
		rec += n;
		count -= n;
	}
}

/* @n bytes of @text again and again, one each @step_ns, in batches of @batch. */
static void flood(struct flood *f, const char *text, __u64 n, __u64 step_ns, size_t batch)
{
	static struct dbgport_record rec[2048];
	size_t len = 0;

	for (__u64 i = 0; i < n; i++) {
		rec[len++] = (struct dbgport_record){
			.type = DBGPORT_WRITE, .port = 0x402, .width = 1, .seq = f->seq++,
			.value = text[i % strlen(text)], .time_ns = f->ns += step_ns,
		};
		if (len == batch || i == n - 1) {
			take(f, rec, len);
			len = 0;
		}
	}
}

TEST(what_is_slower_passes)
{
	struct flood f;

	flood_init(&f, 1024, 4096);
	/* A byte a millisecond, for a minute. */
	flood(&f, LINE, 60000, MS, 1);
	EXPECT_EQ(0, f.cut);
	EXPECT_FALSE(rate_is_due(&f.rate, ~0ULL));
}

TEST(what_was_slow_passes_at_once_when_it_is_read_late)
{
	struct flood f;

	flood_init(&f, 1024, 4096);
	flood(&f, LINE, 60000, MS, 2048);
	EXPECT_EQ(0, f.cut);
}

TEST(a_burst_passes)
{
	struct flood f;

	flood_init(&f, 1024, 65536);
	flood(&f, LINE, 65536, 0, 2048);
	EXPECT_EQ(0, f.cut);
	flood(&f, LINE, 10000, 0, 2048);
	EXPECT_LE(f.passed, 65536 + LINE_LEN);
}

/* A byte each 100 ns, ten million in a second, for ten seconds. */
TEST(a_flood_is_cut_to_the_rate)
{
	struct flood f;

	flood_init(&f, 65536, 65536);
	flood(&f, LINE, 100000000, 100, 2048);
	EXPECT_EQ(100000000, f.passed + f.cut);
	EXPECT_EQ(f.cut, f.rate.total);
	EXPECT_LE(f.passed, 65536 + 10 * 65536 + LINES_MAX);
	EXPECT_GE(f.passed, 10 * 65536);
}

TEST(it_does_not_matter_how_it_was_read)
{
	struct flood one, many;

	flood_init(&one, 4096, 16384);
	flood(&one, LINE, 1000000, 1000, 1);
	flood_init(&many, 4096, 16384);
	flood(&many, LINE, 1000000, 1000, 2048);
	EXPECT_EQ(one.cut, many.cut);
	EXPECT_EQ(one.pieces, many.pieces);
}

TEST(lines_are_cut_whole_and_in_long_pieces)
{
	struct flood f;

	flood_init(&f, 65536, 65536);
	flood(&f, LINE, 100000000, 100, 2048);
	EXPECT_EQ(0, f.torn);
	/* Half of the burst in each, for ten seconds. */
	EXPECT_GE(f.pieces, 15);
	EXPECT_LE(f.pieces, 21);
}

TEST(a_line_that_never_ends_is_cut_too)
{
	struct flood f;

	flood_init(&f, 65536, 65536);
	flood(&f, "x", 10000000, 1000, 2048);
	EXPECT_LE(f.passed, 65536 + 10 * 65536 + 10 * LINES_MAX);
	EXPECT_GE(f.passed, 8 * 65536);
	EXPECT_GE(f.pieces, 5);
}

TEST(codes_are_cut_one_by_one)
{
	struct flood f;

	flood_init(&f, 1024, 4096);
	f.codes = true;
	flood(&f, "x", 100000, 10000, 2048);
	EXPECT_LE(f.passed, 4096 + 1024);
	EXPECT_GE(f.passed, 4096);
}

TEST(wide_writes_count_their_bytes)
{
	struct dbgport_record rec[1000] = { 0 };
	struct flood f;

	flood_init(&f, 1024, 4096);
	for (int i = 0; i < 1000; i++)
		rec[i] = (struct dbgport_record){ .width = 4, .time_ns = 1, .value = '\n' << 24 };
	take(&f, rec, 1000);
	EXPECT_EQ(4000, f.passed);
	take(&f, rec, 1000);
	EXPECT_EQ(4096, f.passed);
	EXPECT_EQ(8000 - 4096, f.cut);
}

TEST(what_was_cut_is_reported_once)
{
	const struct entry_vm vm = { .name = "web" };
	struct flood f;
	struct entry e;

	flood_init(&f, 1024, 4096);
	flood(&f, "\n", 5000, 1000, 2048);
	ASSERT_TRUE(f.rate.count);
	EXPECT_FALSE(rate_is_due(&f.rate, f.ns + 1));
	EXPECT_TRUE(rate_is_due(&f.rate, f.ns + RATE_QUIET_NS));
	e = rate_report(&f.rate, &vm, 0x402);
	EXPECT_EQ(ENTRY_CUT, e.type);
	EXPECT_EQ(f.cut, e.bytes);
	EXPECT_EQ(f.cut, e.count);
	EXPECT_EQ(f.seq, e.seq + e.count);
	EXPECT_EQ(f.ns, e.end_ns);
	EXPECT_EQ(f.ns - (e.count - 1) * 1000, e.time_ns);
	EXPECT_FALSE(rate_is_due(&f.rate, ~0ULL));
	EXPECT_EQ(f.cut, f.rate.total);
}

/* Whatever stands in records. */
TEST(times_and_widths_that_cannot_be_do_no_harm)
{
	struct dbgport_record rec = { .width = 255, .time_ns = ~0ULL };
	struct flood f;

	flood_init(&f, 1 << 30, RATE_BURST_MAX);
	take(&f, &rec, 1);
	rec.time_ns = 0;
	for (int i = 0; i < 10000000; i++)
		take(&f, &rec, 1);
	EXPECT_LE(f.passed, RATE_BURST_MAX + LINES_MAX + 255);
	rec.width = 0;
	take(&f, &rec, 1);
}

TEST_HARNESS_MAIN
