// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <string.h>

#include "lib/array.h"
#include "lib/part.h"

static const char *const parts[] = { "Firmware", "Bootloader", "Kernel", "Userspace" };

int part_rank(const char *word)
{
	for (size_t i = 0; word && i < ARRAY_SIZE(parts); i++) {
		if (!strcmp(word, parts[i]))
			return i;
	}
	return -1;
}

const char *part_name(int rank)
{
	return parts[rank];
}
