// SPDX-License-Identifier: GPL-2.0
#include "dbgportd/digits.h"

char *digits_fixed(char *dst, __u32 n, int width)
{
	for (char *d = dst + width; d > dst; n /= 10)
		*--d = '0' + n % 10;
	return dst + width;
}

char *digits(char *dst, __u64 n)
{
	static const __u32 power[] = { 10, 100, 1000, 10000, 100000, 1000000, 10000000 };
	int width = 1;

	/* In 32 bits it is cheaper. */
	if (n >= 100000000)
		return digits_fixed(digits(dst, n / 100000000), n % 100000000, 8);
	while (width < 8 && n >= power[width - 1])
		width++;
	return digits_fixed(dst, n, width);
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
