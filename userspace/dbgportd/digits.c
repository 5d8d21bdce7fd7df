// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportd/digits.h"

char *digits(char *dst, __u64 n)
{
	char text[DIGITS_MAX], *end = text + sizeof(text), *t = end;

	do {
		*--t = '0' + n % 10;
		n /= 10;
	} while (n);
	memcpy(dst, t, end - t);
	return dst + (end - t);
}

char *digits_hex(char *dst, __u32 n)
{
	int shift = 28;

	while (shift && !(n >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*dst++ = "0123456789abcdef"[n >> shift & 0xf];
	return dst;
}

char *digits_fixed(char *dst, __u32 n, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		dst[i] = '0' + n % 10;
		n /= 10;
	}
	return dst + width;
}
