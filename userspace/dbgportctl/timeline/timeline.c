// SPDX-License-Identifier: GPL-2.0
/* What all drawings share. */
#include <stdio.h>
#include <string.h>

#include "dbgportctl/timeline/timeline.h"
#include "lib/array.h"

const char *mark_label(char label[MARK_LABEL_SIZE], const struct mark *mark)
{
	switch (mark->type) {
	case MARK_CODE:
		snprintf(label, MARK_LABEL_SIZE, "0x%02x %s%s%s", mark->value, mark->component,
			 mark->text ? ": " : "", mark->text ?: "");
		break;
	case MARK_LINE:
		snprintf(label, MARK_LABEL_SIZE, "%s", mark->text);
		break;
	case MARK_LOST:
		snprintf(label, MARK_LABEL_SIZE, "%llu writes lost", mark->count);
		break;
	case MARK_STORM:
		snprintf(label, MARK_LABEL_SIZE, "%llu codes, too fast to tell apart",
			 mark->count);
		break;
	}
	return label;
}

const char *mark_port(char text[16], const struct mark *mark)
{
	switch (mark->port) {
	case 0:
		return "";
	case DBGPORT_POST_PORT:
		return "post";
	case DBGPORT_CONSOLE_PORT:
		return "console";
	case DBGPORT_FIRMWARE_PORT:
		return "firmware";
	}
	snprintf(text, 16, "0x%x", mark->port);
	return text;
}

bool mark_ends_gap(const struct boot *boot, const struct look *look, size_t i)
{
	return boot_gap(boot, i) >= (look->gap_ns ?: boot_long_gap(boot));
}

const char *const phase_colours[PHASE_COLOURS] = {
	"#8a9099", "#4e79a7", "#9b6fa0", "#d9802e", "#4f9a4f", "#4a9c97", "#c9525a", "#94705f",
};

int phase_colour(const char *name)
{
	static const char *const known[] = {
		BOOT_START, "Firmware", "Bootloader", "Kernel", "Userspace", "Custom",
	};
	unsigned int hash = 0;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strcmp(name, known[i]))
			return i;
	}
	while (*name)
		hash = hash * 31 + (unsigned char)*name++;
	return 1 + hash % (PHASE_COLOURS - 1);
}

const char *boot_remark(const struct boot *boot, char *text, size_t size)
{
	if (!boot->marks)
		snprintf(text, size, "it has written nothing");
	else if (boot->lost)
		snprintf(text, size, "%llu writes were lost: phases may be missing", boot->lost);
	else if (boot->late)
		snprintf(text, size, "it was attached late: the beginning is missing");
	else if (boot->phases == 1)
		snprintf(text, size, "no POST code and nothing on the firmware port: no phases");
	else
		return NULL;
	return text;
}
