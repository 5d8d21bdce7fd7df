/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzz targets share.  A target is one function that takes any bytes
 * (fuzz_*.c).  libFuzzer calls it with bytes that it makes up ("make fuzz"; its own
 * name for it is in the Makefile), and replay.c with those of the corpus ("make
 * check").
 *
 * No target touches a file: loop.c stands for the loop, with a clock that only
 * the input moves, and files.c for the file system.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The target. */
int fuzz_one(const uint8_t *data, size_t size);

/* What must hold; @... is printf()'s, for whoever reads the finding. */
#define CHECK(cond, ...) do {						\
	if (!(cond)) {							\
		fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #cond); \
		fprintf(stderr, __VA_ARGS__);				\
		fputc('\n', stderr);					\
		abort();						\
	}								\
} while (0)

/**
 * struct input - what a target is made to do
 * @at, @end: the bytes that are left
 */
struct input {
	const uint8_t *at;
	const uint8_t *end;
};

/* The next byte; 0 behind the last one. */
static inline uint8_t take_byte(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* The next @n bytes, the first one lowest. */
static inline __u64 take_number(struct input *in, int n)
{
	__u64 number = 0;

	for (int i = 0; i < n; i++)
		number |= (__u64)take_byte(in) << (8 * i);
	return number;
}

/* The next @n bytes, or as many as there are; *@n is set to that. */
static inline const uint8_t *take_bytes(struct input *in, size_t *n)
{
	const uint8_t *bytes = in->at;

	if (*n > (size_t)(in->end - in->at))
		*n = in->end - in->at;
	in->at += *n;
	return bytes;
}

/* All that is left, as a string of its own, so that reading beyond its end is seen. */
char *take_string(struct input *in);

/* The same of what is before the next @end, or all. */
char *take_string_until(struct input *in, char end);

/* loop.c: let time pass, and whatever waits for it happen. */
void pass_time(__u64 ms);
/* Forget what waits, as if the program had begun anew. */
void forget_time(void);

/* files.c: the one file that there is, whatever it is called; NULL: none. */
void set_file(const void *text, size_t size);

#endif /* FUZZ_FUZZ_H */
