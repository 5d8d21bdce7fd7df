// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boots/assert.h"
#include "dbgportctl/boots/rank.h"
#include "dbgportctl/cli/memory.h"
#include "lib/array.h"
#include "lib/duration.h"
#include "lib/number.h"

#define SPACES	" \t"
#define BASELINE	"baseline"
#define MEDIAN		500

static int reject(const char *text, const char *what, char *why, size_t size)
{
	snprintf(why, size, "'%s': %s; it takes such as 'Firmware<200ms' or 'p99(total)<=1s'", text,
		 what);
	return -1;
}

/* "99" or "99.9", in tenths; what follows, or NULL. */
static const char *scan_tenths(const char *word, __s64 *tenths)
{
	__u64 whole;
	const char *rest = number_scan(word, NUMBER_DECIMAL, &whole);

	if (!rest || whole > INT_MAX)
		return NULL;
	*tenths = 10 * whole;
	if (rest[0] != '.' || rest[1] < '0' || rest[1] > '9')
		return rest;
	*tenths += rest[1] - '0';
	return rest + 2;
}

static bool parse_percentile(const char *word, const char *end, int *statistic)
{
	__s64 tenths;

	if (scan_tenths(word, &tenths) != end || tenths < 10 || tenths > 1000)
		return false;
	*statistic = tenths;
	return true;
}

/* @word: @len characters. */
static bool parse_statistic(const char *word, size_t len, int *statistic)
{
	static const struct {
		const char *name;
		int statistic;
	} known[] = {
		{ "min", 0 }, { "median", MEDIAN }, { "mean", ASSERT_MEAN }, { "max", 1000 },
		{ "count", ASSERT_COUNT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		*statistic = known[i].statistic;
		if (strlen(known[i].name) == len && !strncmp(known[i].name, word, len))
			return true;
	}
	return word[0] == 'p' && parse_percentile(word + 1, word + len, statistic);
}

/* "Firmware", "0x40-0x60" or "p99(total)", with @len characters. */
static int parse_left(struct assertion *a, const char *left, size_t len, char *why, size_t size)
{
	const char *bracket = memchr(left, '(', len);

	a->statistic = ASSERT_EVERY;
	if (bracket) {
		if (left[len - 1] != ')')
			return reject(a->text, "there is no closing bracket", why, size);
		if (!parse_statistic(left, bracket - left, &a->statistic))
			return reject(a->text,
				      "known are min, median, mean, max, count, p1 to p100", why,
				      size);
		len -= bracket + 1 - left + 1;
		left = bracket + 1;
	}
	if (!len || strcspn(left, "()" SPACES) < len)
		return reject(a->text, "that is no name of a phase, total, or two codes", why,
			      size);
	a->figure = must(strndup(left, len));
	return 0;
}

/* What stands behind the word. */
static int parse_baseline(struct assertion *a, const char *more, char *why, size_t size)
{
	__s64 sign = *more == '-' ? -1 : 1;
	const char *rest;

	if (a->statistic != MEDIAN)
		return reject(a->text, "only a median is compared to the baseline", why, size);
	a->to_baseline = true;
	if (!*more)
		return 0;
	if (*more != '+' && *more != '-')
		return reject(a->text, "behind baseline there is + or -", why, size);
	rest = scan_tenths(++more, &a->per_mille);
	if (rest && !strcmp(rest, "%")) {
		a->per_mille *= sign;
		return 0;
	}
	a->per_mille = 0;
	if (duration_parse(more, NULL, &a->limit))
		return reject(a->text, "behind baseline there is such as +5% or +10ms", why, size);
	a->limit *= sign;
	return 0;
}

static int parse_limit(struct assertion *a, const char *right, char *why, size_t size)
{
	__u64 count;

	if (!strncmp(right, BASELINE, strlen(BASELINE)))
		return parse_baseline(a, right + strlen(BASELINE), why, size);
	if (a->statistic != ASSERT_COUNT) {
		if (!duration_parse(right, NULL, &a->limit))
			return 0;
		return reject(a->text, "a time needs a number and ns, us, ms, s or min", why, size);
	}
	if (number_parse(right, NUMBER_DECIMAL, 0, LLONG_MAX, &count))
		return reject(a->text, "a count is compared to a number", why, size);
	a->limit = count;
	return 0;
}

int assertion_parse(struct assertion *a, const char *text, char *why, size_t size)
{
	const char *left = text + strspn(text, SPACES);
	size_t len = strcspn(left, "<>");
	const char *right = left + len;

	*a = (struct assertion){ .text = text };
	if (!*right)
		return reject(text, "there is no <, <=, > or >=", why, size);
	a->less = *right++ == '<';
	a->equal = *right == '=';
	right += a->equal;
	while (len && strchr(SPACES, left[len - 1]))
		len--;
	if (parse_left(a, left, len, why, size))
		return -1;
	return parse_limit(a, right + strspn(right, SPACES), why, size);
}

void assertion_free(struct assertion *a)
{
	free(a->figure);
}

static bool compares(const struct assertion *a, __s64 value)
{
	if (value == a->limit)
		return a->equal;
	return (value < a->limit) == a->less;
}

/* @figure has a sample at least. */
static bool holds_of_every(const struct assertion *a, const struct figure *figure,
			   size_t boots, char *reason, size_t size)
{
	/* The one that is nearest to the limit, or beyond it. */
	const struct sample *worst = &figure->sample[a->less ? figure->count - 1 : 0];
	char text[DURATION_SIZE];

	if (figure->count < boots) {
		snprintf(reason, size, "%zu of %zu boots have it", figure->count, boots);
		return false;
	}
	if (worst->boot)
		snprintf(reason, size, "%s, of %s (id %u)", duration_text(text, worst->ns),
			 worst->boot->label, worst->boot->id);
	else
		snprintf(reason, size, "%s", duration_text(text, worst->ns));
	return compares(a, worst->ns);
}

static __s64 statistic_of(const struct assertion *a, const struct figure *figure)
{
	if (a->statistic == ASSERT_MEAN)
		return figure_mean(figure);
	return a->statistic ? figure_per_mille(figure, a->statistic) : figure->sample[0].ns;
}

static bool holds_of(const struct assertion *a, const struct figure *figure, size_t boots,
		     char *reason, size_t size)
{
	char text[DURATION_SIZE];
	__s64 value;

	if (a->statistic == ASSERT_COUNT) {
		snprintf(reason, size, "%zu", figure->count);
		return compares(a, figure->count);
	}
	if (!figure->count) {
		snprintf(reason, size, "no boot has it");
		return false;
	}
	if (a->statistic == ASSERT_EVERY)
		return holds_of_every(a, figure, boots, reason, size);
	value = statistic_of(a, figure);
	snprintf(reason, size, "%s", duration_text(text, value));
	return compares(a, value);
}

/* What @a allows where it took @ns before. */
static __s64 limit_of(const struct assertion *a, __s64 ns)
{
	__int128 limit = ns + (__int128)ns * a->per_mille / 1000 + a->limit;

	return limit > LLONG_MAX ? LLONG_MAX : limit < LLONG_MIN ? LLONG_MIN : limit;
}

/* How probable it is that @figure is beyond what @a allows only by chance. */
static double chance_against(const struct assertion *a, const struct figure *figure,
			     const struct baseline_figure *before)
{
	__s64 *limit = must(calloc(before->count, sizeof(*limit)));
	__s64 *ns = must(calloc(figure->count, sizeof(*ns)));
	const struct lengths limits = { limit, before->count }, now = { ns, figure->count };
	double chance;

	for (size_t i = 0; i < before->count; i++)
		limit[i] = limit_of(a, before->sample[i]);
	for (size_t i = 0; i < figure->count; i++)
		ns[i] = figure->sample[i].ns;
	chance = a->less ? rank_chance(&limits, &now) : rank_chance(&now, &limits);
	free(limit);
	free(ns);
	return chance;
}

static enum holding holds_against(const struct assertion *a, const struct judged *judged,
				  const struct figure *figure, char *reason, size_t size)
{
	const struct baseline_figure *before = baseline_of(judged->before, a->figure);
	char is[DURATION_SIZE], was[DURATION_SIZE];

	if (!figure->count) {
		snprintf(reason, size, "no boot has it");
		return ASSERTION_FAILS;
	}
	if (!before || !before->count) {
		snprintf(reason, size, "the baseline %s",
			 before ? "was kept without what each boot took" : "has no such figure");
		return ASSERTION_UNKNOWN;
	}
	if (!rank_can(before->count, figure->count, judged->alarms)) {
		snprintf(reason, size, "too few boots to tell: %zu before and %zu now have it",
			 before->count, figure->count);
		return ASSERTION_UNKNOWN;
	}
	snprintf(reason, size, "%s, and %s before",
		 duration_text(is, figure_percentile(figure, 50)),
		 duration_text(was, before->median_ns));
	return chance_against(a, figure, before) < judged->alarms ? ASSERTION_FAILS :
								    ASSERTION_HOLDS;
}

enum holding assertion_holds(const struct assertion *a, const struct judged *judged,
			     char *reason, size_t size)
{
	size_t boots = judged->boots ? judged->boots->count : judged->now->boots;
	enum holding holding;
	struct figure figure;

	if (judged->boots)
		figure_make(&figure, judged->boots, a->figure);
	else
		baseline_figure(judged->now, a->figure, &figure);
	if (a->to_baseline)
		holding = holds_against(a, judged, &figure, reason, size);
	else
		holding = holds_of(a, &figure, boots, reason, size) ? ASSERTION_HOLDS :
								      ASSERTION_FAILS;
	figure_free(&figure);
	return holding;
}
