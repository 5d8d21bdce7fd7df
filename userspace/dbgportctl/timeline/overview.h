/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of a page that has boots: a table of all of them, the longest first, with how
 * long each phase took.  That much is there without a script; with it there are bars,
 * and what is in a boot (details.h).
 */
#ifndef DBGPORTCTL_TIMELINE_OVERVIEW_H
#define DBGPORTCTL_TIMELINE_OVERVIEW_H

#include "dbgportctl/timeline/timeline.h"

/* Boots and @look are as for the drawings of timeline.h. */
void overview_html(const struct boots *boots, const struct look *look);

/* For page_begin(): the colours of phases. */
void overview_style(void);

#endif /* DBGPORTCTL_TIMELINE_OVERVIEW_H */
