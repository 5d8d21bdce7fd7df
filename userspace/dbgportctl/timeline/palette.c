// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/timeline/palette.h"
#include "lib/part.h"

enum hue { HUE_START, HUE_PARTS, HUE_CUSTOM = 5, HUE_OTHER };

const char *const palette_css[PALETTE_SIZE] = {
	"#6f757f", "#6f757f", "#6f757f", "#6f757f",
	"#4d78a6", "#14798d", "#4b69cb", "#0572c0",
	"#946599", "#914ecc", "#bf378d", "#7d6787",
	"#ac631f", "#c4431c", "#8a6a0b", "#886949",
	"#438243", "#517a1a", "#127f4c", "#537853",
	"#3d807c", "#3d807c", "#3d807c", "#3d807c",
	"#c74b53", "#906d5d", "#6d68a4", "#72722b",
};

static enum hue hue_of(const struct phase *phase)
{
	int rank = part_rank(phase->part);

	if (rank >= 0)
		return HUE_PARTS + rank;
	if (!strcmp(phase->name, BOOT_START))
		return HUE_START;
	return strcmp(phase->name, "Custom") ? HUE_OTHER : HUE_CUSTOM;
}

/* FNV-1a, as names that go on alike are to differ. */
static unsigned int hash(const char *name)
{
	unsigned int hash = 2166136261;

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 16777619;
	return hash >> 8;
}

int palette_index(const struct phase *phase)
{
	bool is_whole = phase->part && !strcmp(phase->part, phase->name);
	int shade = is_whole ? 0 : hash(phase->name) % PALETTE_SHADES;

	return hue_of(phase) * PALETTE_SHADES + shade;
}
