// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "fuzz.h"

static char *copy(const uint8_t *bytes, size_t n)
{
	char *s = malloc(n + 1);

	if (!s)
		abort();
	memcpy(s, bytes, n);
	s[n] = '\0';
	return s;
}

char *take_string(struct input *in)
{
	size_t n = in->end - in->at;
	const uint8_t *bytes = take_bytes(in, &n);

	return copy(bytes, n);
}

char *take_string_until(struct input *in, char end)
{
	const uint8_t *stop = NULL, *bytes = in->at;

	if (in->at < in->end)
		stop = memchr(in->at, end, in->end - in->at);
	if (!stop)
		return take_string(in);
	in->at = stop + 1;
	return copy(bytes, stop - bytes);
}
