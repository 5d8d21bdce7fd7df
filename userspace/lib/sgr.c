// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lib/sgr.h"

#define ESC	'\033'

/* Bytes of what may be one, up to but without its m. */
static size_t span(const char *src, size_t n)
{
	size_t len = 1;

	if (!n || *src != ESC)
		return 0;
	if (n > 1 && src[len] != '[')
		return len;
	while (++len < n && len < SGR_MAX && strchr("0123456789;:", src[len]) && src[len])
		;
	return len < n ? len : n;
}

size_t sgr_length(const char *src, size_t n)
{
	size_t len = span(src, n);

	return len > 1 && len < n && len < SGR_MAX && src[len] == 'm' ? len + 1 : 0;
}

size_t sgr_cut(const char *src, size_t n)
{
	size_t most = n < SGR_MAX - 1 ? n : SGR_MAX - 1;
	const char *esc = memrchr(src + n - most, ESC, most);
	size_t len = esc ? (size_t)(src + n - esc) : 0;

	return len && span(esc, len) == len ? len : 0;
}

size_t sgr_drop(char *text, size_t n)
{
	char *end = text + n, *d = memchr(text, ESC, n);

	/* Most have none. */
	if (!d)
		return n;
	for (const char *s = d; s < end;) {
		size_t len = sgr_length(s, end - s);

		if (len)
			s += len;
		else
			*d++ = *s++;
	}
	return d - text;
}
