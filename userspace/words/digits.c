// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "words/digits.h"

/* Two digits at a time are half the divisions. */
#define TEN(tens) \
	{ tens, '0' }, { tens, '1' }, { tens, '2' }, { tens, '3' }, { tens, '4' }, \
	{ tens, '5' }, { tens, '6' }, { tens, '7' }, { tens, '8' }, { tens, '9' }

static const char pairs[100][2] = {
	TEN('0'), TEN('1'), TEN('2'), TEN('3'), TEN('4'),
	TEN('5'), TEN('6'), TEN('7'), TEN('8'), TEN('9'),
};

char *digits_fixed(char *dst, __u32 n, int width)
{
	for (int i = width - 2; i >= 0; i -= 2, n /= 100)
		memcpy(dst + i, pairs[n % 100], 2);
	if (width % 2)
		*dst = '0' + n % 10;
	return dst + width;
}

char *digits(char *dst, __u64 n)
{
	static const __u32 power[] = { 10, 100, 1000, 10000, 100000, 1000000, 10000000 };
	int width = 2;

	if (n < 10) {
		*dst = '0' + n;
		return dst + 1;
	}
	/* In 32 bits it is cheaper. */
	if (n >= 100000000)
		return digits_fixed(digits(dst, n / 100000000), n % 100000000, 8);
	while (width < 8 && n >= power[width - 1])
		width++;
	return digits_fixed(dst, n, width);
}

char *digits_hex(char *dst, __u32 n)
{
	int shift = n ? (31 - __builtin_clz(n)) & ~3 : 0;

	for (; shift >= 0; shift -= 4)
		*dst++ = "0123456789abcdef"[n >> shift & 0xf];
	return dst;
}
