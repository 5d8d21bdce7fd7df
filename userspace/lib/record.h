/* SPDX-License-Identifier: GPL-2.0 */
/* What stands in a record of the device. */
#ifndef LIB_RECORD_H
#define LIB_RECORD_H

#include <endian.h>
#include <linux/types.h>
#include <stddef.h>
#include <string.h>

/* Most bytes of one write. */
#define RECORD_BYTES	sizeof(__u32)

/*
 * The bytes of a write of @value, @width at once: the lowest one first, as on the
 * bus.  Return: how many, at most RECORD_BYTES whatever @width says.
 */
static inline size_t record_bytes(char bytes[RECORD_BYTES], __u32 value, __u8 width)
{
	const __u32 le = htole32(value);

	memcpy(bytes, &le, sizeof(le));
	return width < RECORD_BYTES ? width : RECORD_BYTES;
}

#endif /* LIB_RECORD_H */
