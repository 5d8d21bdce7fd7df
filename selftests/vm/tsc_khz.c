// SPDX-License-Identifier: GPL-2.0
/*
 * usage: tsc_khz
 *
 * The rate of this machine's TSC in kHz, by the kernel's clock.
 *
 * Under load the two may be read far apart: of many pairs that one counts whose TSC
 * was read within the shortest time around the clock.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define TRIES	1000
#define APART_US	100000

struct moment {
	uint64_t tsc;
	uint64_t ns;
};

static struct moment now(void)
{
	uint64_t shortest = UINT64_MAX;
	struct moment best = { 0 };

	for (int i = 0; i < TRIES; i++) {
		uint64_t before = __rdtsc(), after;
		struct timespec ts;

		clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
		after = __rdtsc();
		if (after - before >= shortest)
			continue;
		shortest = after - before;
		best.tsc = before + shortest / 2;
		best.ns = ts.tv_sec * 1000000000ULL + ts.tv_nsec;
	}
	return best;
}

int main(void)
{
	struct moment first = now(), second;

	usleep(APART_US);
	second = now();
	if (second.ns <= first.ns || second.tsc <= first.tsc)
		errx(1, "the TSC or the clock stands still");
	printf("%.0f\n", (second.tsc - first.tsc) * 1e6 / (second.ns - first.ns));
	return 0;
}
