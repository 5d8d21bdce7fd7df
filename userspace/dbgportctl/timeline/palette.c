// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/timeline/palette.h"
#include "lib/array.h"

const char *const palette_css[PALETTE_SIZE] = {
	"#8a9099", "#4e79a7", "#9b6fa0", "#d9802e", "#4f9a4f", "#4a9c97", "#c9525a", "#94705f",
};

int palette_index(const char *phase)
{
	static const char *const known[] = {
		BOOT_START, "Firmware", "Bootloader", "Kernel", "Userspace", "Custom",
	};
	unsigned int hash = 0;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strcmp(phase, known[i]))
			return i;
	}
	while (*phase)
		hash = hash * 31 + (unsigned char)*phase++;
	return 1 + hash % (PALETTE_SIZE - 1);
}
