// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/timeline/palette.h"
#include "lib/array.h"

const char *const palette_css[PALETTE_SIZE] = {
	"#6f757f", "#4d78a6", "#946599", "#ac631f", "#438243", "#3d807c", "#c74b53", "#906d5d",
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
