// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boots/baseline.h"
#include "dbgportctl/boots/rank.h"
#include "dbgportctl/cli/memory.h"
#include "lib/escape.h"

/* Those of boots are harmless; a file may be any user's. */
static char *harmless(const char *name)
{
	size_t n = strlen(name);
	char *to = must(malloc(ESCAPE_MAX * n + 1));

	to[escape(to, name, n)] = '\0';
	return to;
}

static struct baseline_figure *add_figure(struct baseline *baseline, const char *name,
					  size_t count)
{
	struct baseline_figure *figure;

	baseline->figure = grow(baseline->figure, baseline->count, sizeof(*figure));
	figure = &baseline->figure[baseline->count++];
	*figure = (struct baseline_figure){
		.name = harmless(name),
		.sample = must(calloc(count + 1, sizeof(*figure->sample))),
		.count = count,
	};
	return figure;
}

static int add(struct baseline *baseline, const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "name"));
	const json_t *median = json_object_get(object, "median_ns");
	const json_t *p99 = json_object_get(object, "p99_ns");
	const json_t *count = json_object_get(object, "count");
	const json_t *samples = json_object_get(object, "samples_ns"), *ns;
	struct baseline_figure *figure;
	size_t i;

	/* Such as the total, where no boot came to its end: nothing to compare with. */
	if (name && json_is_integer(count) && !json_integer_value(count))
		return 0;
	if (!name || !json_is_integer(median) || !json_is_integer(p99))
		return -1;
	figure = add_figure(baseline, name, json_array_size(samples));
	figure->median_ns = json_integer_value(median);
	figure->p99_ns = json_integer_value(p99);
	json_array_foreach(samples, i, ns) {
		figure->sample[i] = json_integer_value(ns);
		if (!json_is_integer(ns) || figure->sample[i] > RANK_MOST_NS ||
		    figure->sample[i] < (i ? figure->sample[i - 1] : 0))
			return -1;
	}
	return 0;
}

bool baseline_is(const char *path)
{
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	bool is = json_is_array(json_object_get(root, "figures"));

	json_decref(root);
	return is;
}

int baseline_read(struct baseline *baseline, const char *path, char *why, size_t size)
{
	json_error_t error;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	const json_t *figures = json_object_get(root, "figures"), *object;
	json_int_t boots = json_integer_value(json_object_get(root, "boots"));
	int err = json_is_array(figures) && boots >= 0 ? 0 : -1;
	size_t i;

	json_array_foreach(figures, i, object) {
		if (!err)
			err = add(baseline, object);
	}
	if (!root && error.line < 0)
		snprintf(why, size, "%s: it cannot be read", path);
	else if (err)
		snprintf(why, size, "%s: that is not what boots --save wrote", path);
	baseline->boots = boots;
	json_decref(root);
	return err;
}

void baseline_make(struct baseline *baseline, const struct figures *figures)
{
	*baseline = (struct baseline){ .boots = figures->boots };
	for (size_t i = 0; i < figures->count; i++) {
		const struct figure *from = &figures->figure[i];
		struct baseline_figure *figure;

		if (!from->count)
			continue;
		figure = add_figure(baseline, from->name, from->count);
		figure->median_ns = figure_percentile(from, 50);
		figure->p99_ns = figure_percentile(from, 99);
		for (size_t n = 0; n < from->count; n++)
			figure->sample[n] = from->sample[n].ns;
	}
}

void baseline_free(struct baseline *baseline)
{
	for (size_t i = 0; i < baseline->count; i++) {
		free(baseline->figure[i].name);
		free(baseline->figure[i].sample);
	}
	free(baseline->figure);
}

const struct baseline_figure *baseline_of(const struct baseline *baseline, const char *name)
{
	for (size_t i = 0; i < baseline->count; i++) {
		if (!strcmp(baseline->figure[i].name, name))
			return &baseline->figure[i];
	}
	return NULL;
}

void baseline_figure(const struct baseline *baseline, const char *name, struct figure *figure)
{
	const struct baseline_figure *from = baseline_of(baseline, name);

	*figure = (struct figure){ .name = must(strdup(name)), .count = from ? from->count : 0 };
	figure->sample = must(calloc(figure->count + 1, sizeof(*figure->sample)));
	for (size_t i = 0; i < figure->count; i++)
		figure->sample[i].ns = from->sample[i];
}
