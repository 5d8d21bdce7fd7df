// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "lib/number.h"

/* What @c is worth as a digit; 16: it is none. */
static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static const char *scan_digits(const char *text, unsigned int base, __u64 *number)
{
	__u64 n = 0;

	if (digit(*text) >= base)
		return NULL;
	for (; digit(*text) < base; text++) {
		if (__builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, digit(*text), &n))
			return NULL;
	}
	*number = n;
	return text;
}

/* A letter for a power of 1024 at @text, if there is one. */
static const char *scan_unit(const char *text, __u64 *number)
{
	static const char units[] = "KMGT";
	const char *unit = *text ? strchr(units, *text) : NULL;

	if (!unit)
		return text;
	for (const char *u = units; u <= unit; u++) {
		if (__builtin_mul_overflow(*number, 1024, number))
			return NULL;
	}
	return text + 1;
}

const char *number_scan(const char *text, enum number_kind kind, __u64 *number)
{
	const char *end = NULL;
	__u64 n;

	switch (kind) {
	case NUMBER_ANY:
		end = strncasecmp(text, "0x", 2) ? scan_digits(text, 10, &n) :
						   scan_digits(text + 2, 16, &n);
		break;
	case NUMBER_DECIMAL:
		end = scan_digits(text, 10, &n);
		break;
	case NUMBER_OCTAL:
		end = scan_digits(text, 8, &n);
		break;
	case NUMBER_HEX:
		end = scan_digits(text, 16, &n);
		break;
	case NUMBER_0X:
		if (!strncmp(text, "0x", 2))
			end = scan_digits(text + 2, 16, &n);
		break;
	case NUMBER_BYTES:
		end = scan_digits(text, 10, &n);
		if (end)
			end = scan_unit(end, &n);
		break;
	}
	if (end)
		*number = n;
	return end;
}

int number_parse(const char *text, enum number_kind kind, __u64 min, __u64 max, __u64 *number)
{
	__u64 n;
	const char *end = number_scan(text, kind, &n);

	if (!end || *end || n < min || n > max)
		return -1;
	*number = n;
	return 0;
}
