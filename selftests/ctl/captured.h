/* SPDX-License-Identifier: GPL-2.0 */
/* What is printed on standard output, as text. */
#ifndef CTL_CAPTURED_H
#define CTL_CAPTURED_H

#include <stdio.h>
#include <stdlib.h>

/* Return: what to give to capture_end(). */
static inline FILE *capture_begin(void)
{
	FILE *before = stdout, *to = tmpfile();

	if (!to)
		abort();
	stdout = to;
	return before;
}

/* Return: what was printed since capture_begin(), until the next call; 4 KiB at most. */
static inline const char *capture_end(FILE *before)
{
	static char text[4096];
	FILE *to = stdout;
	size_t n;

	stdout = before;
	rewind(to);
	n = fread(text, 1, sizeof(text) - 1, to);
	text[n] = '\0';
	fclose(to);
	return text;
}

#endif /* CTL_CAPTURED_H */
