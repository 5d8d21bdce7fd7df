/* SPDX-License-Identifier: GPL-2.0 */
/* What all drawings in a terminal share. */
#ifndef DBGPORTCTL_TIMELINE_TEXT_H
#define DBGPORTCTL_TIMELINE_TEXT_H

#include <stdbool.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/timeline/timeline.h"

/* Columns of a label that are shown, however long times are and narrow the terminal is. */
#define TEXT_LABEL_MIN	16

/* Columns that there are: 50 at least. */
int text_width(void);

/* @text in @width columns: cut, or filled up with spaces if @fill. */
void text_cut(const char *text, int width, bool fill);

/* What the boot is called, how long it took, when it was, and what is worth remark. */
void text_head(const struct boot *boot, const struct look *look, int width);

/* When something was, at the right end of text_time_width() columns. */
void text_time(const struct boot *boot, const struct look *look, __s64 time_ns);
int text_time_width(const struct look *look);

#endif /* DBGPORTCTL_TIMELINE_TEXT_H */
