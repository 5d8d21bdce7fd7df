/* SPDX-License-Identifier: GPL-2.0 */
/* Telling texts apart without keeping them. */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include <linux/types.h>
#include <stddef.h>

/* FNV-1a, which positions are kept under from one version to the next. */
static inline __u64 hash(const char *text, size_t len)
{
	__u64 h = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001b3ULL;
	return h;
}

#endif /* LIB_HASH_H */
