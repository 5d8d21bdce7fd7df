/* SPDX-License-Identifier: GPL-2.0 */
/* What all drawings in a terminal share. */
#ifndef DBGPORTCTL_TIMELINE_TEXT_H
#define DBGPORTCTL_TIMELINE_TEXT_H

#include <stdbool.h>

#include "dbgportctl/boot/boot.h"

/* Columns that there are: 50 at least. */
int text_width(void);

/* @text in @width columns: cut, or filled up with spaces if @fill. */
void text_cut(const char *text, int width, bool fill);

/* What the boot is called, how long it took, and what is worth remark. */
void text_head(const struct boot *boot, int width);

#endif /* DBGPORTCTL_TIMELINE_TEXT_H */
