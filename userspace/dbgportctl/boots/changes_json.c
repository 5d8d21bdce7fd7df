// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/boots/boots.h"
#include "dbgportctl/boots/change_json.h"
#include "dbgportctl/cli/writer.h"

void baseline_figure_json(const struct baseline_figure *figure)
{
	json_number("count", figure->count);
	json_number("median_ns", figure->median_ns);
	json_number("p99_ns", figure->p99_ns);
}

void change_json(const struct change *change)
{
	struct extent longer;

	if (change->verdict == VERDICT_UNKNOWN) {
		json_none("verdict");
		return;
	}
	longer = change_extent(change);
	json_signed("longer_ns", longer.ns);
	json_signed("least_ns", longer.least_ns);
	json_signed("most_ns", longer.most_ns);
	json_double("p", change->p);
	json_text("verdict", verdict_text(change->verdict));
}

static void write_side(const char *key, const struct baseline_figure *figure)
{
	if (!figure) {
		json_none(key);
		return;
	}
	json_open(key, '{');
	baseline_figure_json(figure);
	json_close('}');
}

void changes_json(const struct report *report)
{
	json_open(NULL, '{');
	json_number("before", report->baseline.boots);
	json_number("now", report->now.boots);
	json_open("figures", '[');
	for (size_t i = 0; i < report->changes.count; i++) {
		const struct change *change = &report->changes.change[i];

		json_open(NULL, '{');
		json_text("name", change_name(change));
		write_side("before", change->before);
		write_side("now", change->now);
		change_json(change);
		json_close('}');
	}
	json_close(']');
	json_close('}');
}
