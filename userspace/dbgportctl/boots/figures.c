// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/before.h"
#include "dbgportctl/boots/figures.h"
#include "dbgportctl/cli/memory.h"
#include "lib/number.h"

/* Of fewer boots none is an outlier. */
#define FEW	5

static const struct mark *first_code(const struct boot *boot, __u32 value)
{
	for (size_t i = 0; i < boot->marks; i++) {
		if (boot->mark[i].type == MARK_CODE && boot->mark[i].value == value)
			return &boot->mark[i];
	}
	return NULL;
}

static bool parse_interval(const char *name, __u32 *from, __u32 *to)
{
	__u64 a, b;
	const char *dash = number_scan(name, NUMBER_ANY, &a);

	if (!dash || *dash != '-' || a > UINT_MAX ||
	    number_parse(dash + 1, NUMBER_ANY, 0, UINT_MAX, &b))
		return false;
	*from = a;
	*to = b;
	return true;
}

static bool interval_of(const struct boot *boot, __u32 from, __u32 to, __s64 *ns)
{
	const struct mark *a = first_code(boot, from), *b = first_code(boot, to);

	if (!a || !b || b->time_ns < a->time_ns)
		return false;
	*ns = b->time_ns - a->time_ns;
	return true;
}

/* The phase called @name, or all phases of the part called so. */
static bool phases_of(const struct boot *boot, const char *name, __s64 *ns)
{
	bool any = false;

	*ns = 0;
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];

		if (strcmp(phase->name, name) && (!phase->part || strcmp(phase->part, name)))
			continue;
		*ns += phase->end_ns - phase->begin_ns;
		any = true;
	}
	return any;
}

static bool before_of(const struct boot *boot, const char *name, __s64 *ns)
{
	enum before before = before_named(name);

	*ns = before < BEFORES ? boot_before_ns(boot, before) : -1;
	return *ns >= 0;
}

static bool measure(const struct boot *boot, const char *name, __s64 *ns)
{
	__u32 from, to;

	if (!strcmp(name, FIGURE_TOTAL)) {
		*ns = boot->total_ns;
		return boot->complete;
	}
	return before_of(boot, name, ns) || phases_of(boot, name, ns) ||
	       (parse_interval(name, &from, &to) && interval_of(boot, from, to, ns));
}

static int compare(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	if (x->boot->id != y->boot->id)
		return x->boot->id < y->boot->id ? -1 : 1;
	return x->boot->number < y->boot->number ? -1 : x->boot->number > y->boot->number;
}

void figure_make(struct figure *figure, const struct boots *boots, const char *name)
{
	*figure = (struct figure){ .name = must(strdup(name)) };
	for (size_t i = 0; i < boots->count; i++) {
		struct sample sample = { .boot = boots->boot[i] };

		if (!measure(sample.boot, name, &sample.ns))
			continue;
		figure->sample = grow(figure->sample, figure->count, sizeof(sample));
		figure->sample[figure->count++] = sample;
	}
	if (figure->count)
		qsort(figure->sample, figure->count, sizeof(*figure->sample), compare);
}

void figure_free(struct figure *figure)
{
	free(figure->name);
	free(figure->sample);
}

bool figure_is_before(const struct figure *figure)
{
	return before_named(figure->name) < BEFORES;
}

bool figure_is_interval(const struct figure *figure)
{
	__u32 from, to;

	return parse_interval(figure->name, &from, &to);
}

static void add(struct figures *figures, const struct boots *boots, const char *name)
{
	for (size_t i = 0; i < figures->count; i++) {
		if (!strcmp(figures->figure[i].name, name))
			return;
	}
	figures->figure = grow(figures->figure, figures->count, sizeof(*figures->figure));
	figure_make(&figures->figure[figures->count++], boots, name);
}

/* From each code that is new in this boot to the next one. */
static void add_intervals(struct figures *figures, const struct boots *boots,
			  const struct boot *boot)
{
	const struct mark *before = NULL;

	for (size_t i = 0; i < boot->marks; i++) {
		const struct mark *mark = &boot->mark[i];
		char name[32];

		if (mark->type != MARK_CODE || first_code(boot, mark->value) != mark)
			continue;
		if (before) {
			snprintf(name, sizeof(name), "0x%02x-0x%02x", before->value, mark->value);
			add(figures, boots, name);
		}
		before = mark;
	}
}

void figures_make(struct figures *figures, const struct boots *boots)
{
	*figures = (struct figures){ .boots = boots->count };
	add(figures, boots, FIGURE_TOTAL);
	if (boots_have_before(boots)) {
		for (enum before i = 0; i < BEFORES; i++)
			add(figures, boots, before_name[i]);
	}
	for (size_t i = 0; i < boots->count; i++) {
		for (size_t p = 0; p < boots->boot[i]->phases; p++) {
			const struct phase *phase = &boots->boot[i]->phase[p];

			if (phase->part)
				add(figures, boots, phase->part);
			add(figures, boots, phase->name);
		}
	}
	for (size_t i = 0; i < boots->count; i++)
		add_intervals(figures, boots, boots->boot[i]);
}

void figures_free(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		figure_free(&figures->figure[i]);
	free(figures->figure);
}

__s64 figure_per_mille(const struct figure *figure, unsigned int p)
{
	if (!figure->count)
		return 0;
	return figure->sample[(p * figure->count + 999) / 1000 - 1].ns;
}

__s64 figure_percentile(const struct figure *figure, unsigned int p)
{
	return figure_per_mille(figure, 10 * p);
}

__s64 figure_mean(const struct figure *figure)
{
	__int128 sum = 0;

	for (size_t i = 0; i < figure->count; i++)
		sum += figure->sample[i].ns;
	return figure->count ? sum / (__int128)figure->count : 0;
}

void figure_histogram(const struct figure *figure, struct histogram *h)
{
	__s64 min, span;

	*h = (struct histogram){ .most = 1 };
	if (!figure->count)
		return;
	min = figure->sample[0].ns;
	span = figure_percentile(figure, 100) - min + 1;
	for (size_t i = 0; i < figure->count; i++)
		h->bin[(size_t)((double)(figure->sample[i].ns - min) / span * FIGURE_BINS)]++;
	for (int i = 0; i < FIGURE_BINS; i++)
		h->most = h->bin[i] > h->most ? h->bin[i] : h->most;
}

bool figure_is_outlier(const struct figure *figure, const struct sample *sample)
{
	__s64 first = figure_percentile(figure, 25), third = figure_percentile(figure, 75);
	__s64 reach = (third - first) * 3 / 2;

	return figure->count >= FEW && (sample->ns < first - reach || sample->ns > third + reach);
}
