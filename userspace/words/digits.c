// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "words/digits.h"

/* Two digits at a time are half the divisions. */
static const char pairs[] =
	"00010203040506070809"
	"10111213141516171819"
	"20212223242526272829"
	"30313233343536373839"
	"40414243444546474849"
	"50515253545556575859"
	"60616263646566676869"
	"70717273747576777879"
	"80818283848586878889"
	"90919293949596979899";

static inline char *put_fixed(char *dst, __u32 n, int width)
{
	char *end = dst + width, *d = end;

	while (d - dst >= 2) {
		d -= 2;
		memcpy(d, pairs + n % 100 * 2, 2);
		n /= 100;
	}
	if (width % 2)
		*dst = '0' + n % 10;
	return end;
}

char *digits_fixed(char *dst, __u32 n, int width)
{
	return put_fixed(dst, n, width);
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
		return put_fixed(digits(dst, n / 100000000), n % 100000000, 8);
	while (width < 8 && n >= power[width - 1])
		width++;
	return put_fixed(dst, n, width);
}

char *digits_hex(char *dst, __u32 n)
{
	int shift = n ? (31 - __builtin_clz(n)) & ~3 : 0;

	for (; shift >= 0; shift -= 4)
		*dst++ = "0123456789abcdef"[n >> shift & 0xf];
	return dst;
}
