// SPDX-License-Identifier: GPL-2.0
/* What all drawings share. */
#include <stdio.h>

#include "dbgportctl/timeline/timeline.h"
#include "dbgportctl/vm/unheard.h"
#include "lib/port.h"

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

const char *mark_port(char text[PORT_TEXT_SIZE], const struct mark *mark)
{
	const char *name = port_name(mark->port);

	if (name || !mark->port)
		return name ?: "";
	port_text(text, mark->port);
	return text;
}

bool mark_ends_gap(const struct boot *boot, const struct look *look, size_t i)
{
	return boot_gap(boot, i) >= (look->gap_ns ?: boot_long_gap(boot));
}

const char *boot_remark(const struct boot *boot, unsigned int n, char text[BOOT_REMARK_SIZE])
{
	if (!boot->marks && !n--)
		return "it has written nothing";
	if (boot->unheard && !n--) {
		snprintf(text, BOOT_REMARK_SIZE, UNHEARD_TEXT "; " UNHEARD_FIX, boot->unheard);
		return text;
	}
	if (boot->restored && !n--)
		return "it goes on from a snapshot: this is no boot from its first instruction";
	if (!boot->marks)
		return NULL;
	if (!boot->complete && !n--)
		return "it did not come to the POST code that it was to end at";
	if (boot->late && !n--)
		return "it was attached late: the beginning is missing";
	if (boot->lost && !n--) {
		snprintf(text, BOOT_REMARK_SIZE, "%llu writes were lost: phases may be missing",
			 boot->lost);
		return text;
	}
	if (boot->phases == 1 && !n)
		return "no POST code and nothing on the firmware port: no phases";
	return NULL;
}
