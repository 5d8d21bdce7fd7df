// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/boots/boots.h"
#include "dbgportctl/boots/change_json.h"
#include "dbgportctl/cli/writer.h"

static void write_histogram(const struct figure *figure)
{
	struct histogram h;

	figure_histogram(figure, &h);
	json_open("histogram", '[');
	for (int i = 0; i < FIGURE_BINS; i++)
		json_number(NULL, h.bin[i]);
	json_close(']');
}

static void write_outliers(const struct figure *figure)
{
	json_open("outliers", '[');
	for (size_t i = 0; i < figure->count; i++) {
		const struct sample *sample = &figure->sample[i];

		if (!figure_is_outlier(figure, sample))
			continue;
		json_open(NULL, '{');
		json_text("vm", sample->boot->vm);
		json_number("vm_id", sample->boot->id);
		json_number("boot", sample->boot->number);
		json_number("ns", sample->ns);
		json_close('}');
	}
	json_close(']');
}

static void write_samples(const struct figure *figure)
{
	json_open("samples_ns", '[');
	for (size_t i = 0; i < figure->count; i++)
		json_number(NULL, figure->sample[i].ns);
	json_close(']');
}

static void write_figure(const struct report *report, const struct figure *figure, bool samples)
{
	const struct change *change = changes_of(&report->changes, figure->name);

	json_open(NULL, '{');
	json_text("name", figure->name);
	json_number("count", figure->count);
	if (figure->count) {
		json_number("min_ns", figure->sample[0].ns);
		json_number("median_ns", figure_percentile(figure, 50));
		json_number("mean_ns", figure_mean(figure));
		json_number("p90_ns", figure_percentile(figure, 90));
		json_number("p99_ns", figure_percentile(figure, 99));
		json_number("p999_ns", figure_per_mille(figure, 999));
		json_number("max_ns", figure_percentile(figure, 100));
		write_histogram(figure);
		write_outliers(figure);
	}
	if (samples)
		write_samples(figure);
	if (change && change->before) {
		json_open("baseline", '{');
		baseline_figure_json(change->before);
		change_json(change);
		json_close('}');
	}
	json_close('}');
}

static void write_incomplete(const struct boots *boots)
{
	json_open("incomplete", '[');
	for (size_t i = 0; i < boots->count; i++) {
		if (boots->boot[i]->complete)
			continue;
		json_open(NULL, '{');
		json_text("vm", boots->boot[i]->vm);
		json_number("vm_id", boots->boot[i]->id);
		json_number("boot", boots->boot[i]->number);
		json_close('}');
	}
	json_close(']');
}

static void write_report(const struct report *report, bool samples)
{
	json_open(NULL, '{');
	json_number("boots", report->figures.boots);
	json_open("figures", '[');
	for (size_t i = 0; i < report->figures.count; i++)
		write_figure(report, &report->figures.figure[i], samples);
	json_close(']');
	write_incomplete(report->boots);
	json_close('}');
}

void boots_json(const struct report *report)
{
	write_report(report, false);
}

void boots_save(const struct report *report)
{
	write_report(report, true);
}
