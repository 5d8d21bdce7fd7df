/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Boots drawn along the time: a file for each way to draw them, on standard
 * output.  Boots come in finished; where they come from does not enter here, nor
 * does anything of several boots together.
 *
 * Lines without a time are where lines are listed: in text, the page and JSON.
 */
#ifndef DBGPORTCTL_TIMELINE_TIMELINE_H
#define DBGPORTCTL_TIMELINE_TIMELINE_H

#include "dbgportctl/boot/boot.h"
#include "lib/escape.h"
#include "lib/port.h"
#include "words/style.h"

/**
 * struct look - what to draw
 * @gap_ns: from this length on a gap is shown; 0: from a tenth of the boot on
 * @all: text only: every line, not just those that took their time
 * @top: timeline_top(): how many intervals; timeline_initcalls(): how many calls; 0: all
 * @blame: timeline_top(): also what stands before each
 * @time: text, timeline_top(), timeline_initcalls(): how times are shown; STAMP_NONE: since the
 *	boot's zero
 */
struct look {
	__s64 gap_ns;
	bool all;
	size_t top;
	bool blame;
	enum time_style time;
};

/* Columns of a terminal, and colours where there are some. */
void timeline_text(const struct boots *boots, const struct look *look);
/* The same place, and the longest intervals only. */
void timeline_top(const struct boots *boots, const struct look *look);
/* Whether any boot tells of Linux's initcalls; see boot/initcall.h. */
bool timeline_has_initcalls(const struct boots *boots);
/* The same place: these and the probes of devices, the longest first. */
void timeline_initcalls(const struct boots *boots, const struct look *look);
/* One picture. */
void timeline_svg(const struct boots *boots, const struct look *look);
/* One page that needs nothing else. */
void timeline_html(const struct boots *boots, const struct look *look);
/* The JSON of Chrome's trace events, for ui.perfetto.dev. */
void timeline_perfetto(const struct boots *boots, const struct look *look);
/* All of it, for programs. */
void timeline_json(const struct boots *boots, const struct look *look);

/* Room for what mark_label() writes. */
#define MARK_LABEL_SIZE	(1024 * ESCAPE_MAX + CODE_COMPONENT_SIZE * ESCAPE_MAX + 64)

/* What to write at a mark: harmless, but not fit for a language of markup. */
const char *mark_label(char label[MARK_LABEL_SIZE], const struct mark *mark);

/* "post", "console", "firmware" or "0x3f8": in @text, which is returned. */
const char *mark_port(char text[PORT_TEXT_SIZE], const struct mark *mark);

/* What lines without a time have instead of a port. */
#define UNDATED_PORT	"memory"

/* Whether mark @i comes after a gap that is shown. */
bool mark_ends_gap(const struct boot *boot, const struct look *look, size_t i);

/* Room for what boot_remark() writes. */
#define BOOT_REMARK_SIZE	160

/*
 * What is worth remark number @n, from 0 on, of a boot as a whole, in @text, which is
 * returned; NULL: there are no more.
 */
const char *boot_remark(const struct boot *boot, unsigned int n, char text[BOOT_REMARK_SIZE]);

#endif /* DBGPORTCTL_TIMELINE_TIMELINE_H */
