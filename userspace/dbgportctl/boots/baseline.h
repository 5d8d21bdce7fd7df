/* SPDX-License-Identifier: GPL-2.0 */
/* Figures that were kept, to be compared with. */
#ifndef DBGPORTCTL_BOOTS_BASELINE_H
#define DBGPORTCTL_BOOTS_BASELINE_H

#include <linux/types.h>
#include <stddef.h>

#include "dbgportctl/boots/figures.h"

/**
 * struct baseline_figure - one of them
 * @name: as in struct figure
 * @median_ns, @p99_ns: of the boots of that time
 * @sample: of each of these boots, the shortest one first
 * @count: of @sample; 0 in what was saved without them
 */
struct baseline_figure {
	char *name;
	__s64 median_ns;
	__s64 p99_ns;
	__s64 *sample;
	size_t count;
};

/**
 * struct baseline - all of a file
 * @boots: how many there were
 * @figure: them
 * @count: of @figure
 */
struct baseline {
	size_t boots;
	struct baseline_figure *figure;
	size_t count;
};

/**
 * baseline_is() - whether a file is what "boots --save" wrote
 * @path: the file
 *
 * One that cannot be read is not.
 */
bool baseline_is(const char *path);

/**
 * baseline_read() - read what "boots --save" wrote
 * @baseline: filled in; to be freed by baseline_free(), in any case
 * @path: the file
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int baseline_read(struct baseline *baseline, const char *path, char *why, size_t size);

/* The same of boots that are there: fill in @baseline, to be freed by baseline_free(). */
void baseline_make(struct baseline *baseline, const struct figures *figures);
void baseline_free(struct baseline *baseline);

/* The one of that name; NULL: it had none. */
const struct baseline_figure *baseline_of(const struct baseline *baseline, const char *name);

/* The same as a figure whose samples are of no boot; without samples if there is none. */
void baseline_figure(const struct baseline *baseline, const char *name, struct figure *figure);

#endif /* DBGPORTCTL_BOOTS_BASELINE_H */
