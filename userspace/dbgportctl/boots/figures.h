/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long parts of many boots took, and the statistics of that.
 *
 * A figure is "total", a phase's name, a part of the software stack, which is all of its
 * phases together, what was before the zero (boot/before.h), or an interval such as
 * "0x40-0x60": from the first time that a boot wrote one code to the first time that it wrote
 * the other.  A percentile is the nearest rank: of n values in their order, the p-th
 * percentile is number ceil(p * n / 100), so it is always one of them.
 */
#ifndef DBGPORTCTL_BOOTS_FIGURES_H
#define DBGPORTCTL_BOOTS_FIGURES_H

#include "dbgportctl/boot/boot.h"

#define FIGURE_TOTAL	"total"
#define FIGURE_BINS	12

/**
 * struct sample - what one boot has to say
 * @boot: which; NULL: it is gone, and only what it took was kept
 * @ns: how long it took
 */
struct sample {
	const struct boot *boot;
	__s64 ns;
};

/**
 * struct figure - one part of all boots
 * @name: which
 * @sample: the shortest one first
 * @count: of @sample: boots that have it
 */
struct figure {
	char *name;
	struct sample *sample;
	size_t count;
};

/**
 * struct figures - all of them
 * @figure: the total, what was before it, parts and phases, intervals between codes that
 *	follow each other
 * @count: of @figure
 * @boots: boots that were looked at
 */
struct figures {
	struct figure *figure;
	size_t count;
	size_t boots;
};

/* Look at all that there is in @boots, which must stay; to be freed. */
void figures_make(struct figures *figures, const struct boots *boots);
void figures_free(struct figures *figures);

/**
 * figure_make() - look at one part
 * @figure: filled in; to be freed by figure_free()
 * @boots: all boots
 * @name: total, a phase, or any two codes
 *
 * A boot that did not come to the code of --until has no total.
 */
void figure_make(struct figure *figure, const struct boots *boots, const char *name);
void figure_free(struct figure *figure);

/* Whether it is a part of the time before the zero, which is not in the total. */
bool figure_is_before(const struct figure *figure);

/* Whether it is the interval between two codes. */
bool figure_is_interval(const struct figure *figure);

/*
 * The @p-th percentile, 1 to 100, and the same of thousands: 999 is p99.9; 0 if there
 * is no sample.
 */
__s64 figure_percentile(const struct figure *figure, unsigned int p);
__s64 figure_per_mille(const struct figure *figure, unsigned int p);

/* The arithmetic mean, cut to nanoseconds; 0 if there is no sample. */
__s64 figure_mean(const struct figure *figure);

/**
 * struct histogram - how the samples are spread
 * @bin: samples in each of the equal parts between the shortest and the longest
 * @most: in the fullest one; 1 at least
 */
struct histogram {
	size_t bin[FIGURE_BINS];
	size_t most;
};

void figure_histogram(const struct figure *figure, struct histogram *h);

/*
 * Whether a sample is more than 1.5 interquartile ranges below the first quartile or
 * above the third one.  Of fewer than 5, none is.
 */
bool figure_is_outlier(const struct figure *figure, const struct sample *sample);

#endif /* DBGPORTCTL_BOOTS_FIGURES_H */
