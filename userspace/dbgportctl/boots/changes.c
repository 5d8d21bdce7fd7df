// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boots/changes.h"
#include "dbgportctl/boots/rank.h"
#include "dbgportctl/cli/memory.h"

static void add(struct changes *changes, const struct baseline_figure *before,
		const struct baseline_figure *now)
{
	changes->change = grow(changes->change, changes->count, sizeof(*changes->change));
	changes->change[changes->count++] = (struct change){ .before = before, .now = now };
}

static bool can_be_judged(const struct change *change, double chance)
{
	return change->before && change->now &&
	       rank_can(change->before->count, change->now->count, chance);
}

static bool is_total(const struct change *change)
{
	return !strcmp(change->now->name, FIGURE_TOTAL);
}

/* @others: besides the total */
static double share_of(const struct change *change, size_t others)
{
	double half = CHANGES_ALARMS / 2;

	return is_total(change) ? half : half / others;
}

static struct lengths lengths_of(const struct baseline_figure *figure)
{
	return (struct lengths){ figure->sample, figure->count };
}

static void judge(struct change *change)
{
	const struct lengths before = lengths_of(change->before), now = lengths_of(change->now);
	double slower = rank_chance(&before, &now), faster = rank_chance(&now, &before);
	double either = 2 * fmin(slower, faster);

	change->verdict = VERDICT_SAME;
	if (either < change->share)
		change->verdict = slower < faster ? VERDICT_SLOWER : VERDICT_FASTER;
	change->p = fmin(either * CHANGES_ALARMS / change->share, 1);
}

void changes_make(struct changes *changes, const struct baseline *before,
		  const struct baseline *now)
{
	size_t others = 0;

	*changes = (struct changes){ 0 };
	for (size_t i = 0; i < now->count; i++)
		add(changes, baseline_of(before, now->figure[i].name), &now->figure[i]);
	for (size_t i = 0; i < before->count; i++) {
		if (!baseline_of(now, before->figure[i].name))
			add(changes, &before->figure[i], NULL);
	}
	for (size_t i = 0; i < changes->count; i++)
		others += can_be_judged(&changes->change[i], 1) && !is_total(&changes->change[i]);
	for (size_t i = 0; i < changes->count; i++) {
		struct change *change = &changes->change[i];

		if (!can_be_judged(change, 1))
			continue;
		change->share = share_of(change, others);
		if (can_be_judged(change, change->share / 2))
			judge(change);
	}
}

void changes_free(struct changes *changes)
{
	free(changes->change);
}

struct extent change_extent(const struct change *change)
{
	const struct lengths before = lengths_of(change->before), now = lengths_of(change->now);
	double side = change->share / 2;

	return (struct extent){
		/* From both sides, so that it is the same with both sets exchanged. */
		.ns = (rank_longer(&before, &now, 0.5) - rank_longer(&now, &before, 0.5)) / 2,
		.least_ns = rank_longer(&before, &now, side),
		.most_ns = -rank_longer(&now, &before, side),
	};
}

const char *change_name(const struct change *change)
{
	return (change->now ?: change->before)->name;
}

const struct change *changes_of(const struct changes *changes, const char *name)
{
	for (size_t i = 0; i < changes->count; i++) {
		if (!strcmp(change_name(&changes->change[i]), name))
			return &changes->change[i];
	}
	return NULL;
}

const char *verdict_text(enum verdict verdict)
{
	static const char *const texts[] = {
		[VERDICT_UNKNOWN] = "too few",
		[VERDICT_SAME] = "same",
		[VERDICT_SLOWER] = "slower",
		[VERDICT_FASTER] = "faster",
	};

	return texts[verdict];
}
