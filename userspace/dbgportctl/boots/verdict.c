// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boots/rank.h"
#include "dbgportctl/boots/verdict.h"
#include "dbgportctl/cli/memory.h"

bool verdict_can(const struct baseline_figure *before, const struct figure *figure)
{
	return before && before->count >= RANK_LEAST && figure->count >= RANK_LEAST;
}

double verdict_chance(const struct baseline_figure *before, const struct figure *figure,
		      __s64 per_mille, __s64 ns)
{
	__s64 *was = must(calloc(before->count, sizeof(*was)));
	__s64 *is = must(calloc(figure->count, sizeof(*is)));
	double chance;

	for (size_t i = 0; i < before->count; i++)
		was[i] = before->sample[i] + (__int128)before->sample[i] * per_mille / 1000 + ns;
	for (size_t i = 0; i < figure->count; i++)
		is[i] = figure->sample[i].ns;
	chance = rank_chance(was, before->count, is, figure->count);
	free(was);
	free(is);
	return chance;
}

/* The part of VERDICT_ALARMS that is its own. */
static double share_of(const struct figures *figures, const struct figure *figure)
{
	double half = VERDICT_ALARMS / 2;

	if (!strcmp(figure->name, FIGURE_TOTAL) || figures->count < 2)
		return half;
	return half / (figures->count - 1);
}

enum verdict verdict_of(const struct figures *figures, const struct baseline *baseline,
			const struct figure *figure)
{
	const struct baseline_figure *before = baseline_of(baseline, figure->name);
	/* Of both sides. */
	double share = share_of(figures, figure) / 2, chance;

	if (!verdict_can(before, figure))
		return VERDICT_UNKNOWN;
	chance = verdict_chance(before, figure, 0, 0);
	if (chance < share)
		return VERDICT_SLOWER;
	return 1 - chance < share ? VERDICT_FASTER : VERDICT_SAME;
}

const char *verdict_text(enum verdict verdict)
{
	static const char *const texts[] = {
		[VERDICT_UNKNOWN] = "",
		[VERDICT_SAME] = "same",
		[VERDICT_SLOWER] = "slower",
		[VERDICT_FASTER] = "faster",
	};

	return texts[verdict];
}
