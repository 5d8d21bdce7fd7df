/* SPDX-License-Identifier: GPL-2.0 */
/* The colours of phases: the same one for a name in each boot and each drawing. */
#ifndef DBGPORTCTL_TIMELINE_PALETTE_H
#define DBGPORTCTL_TIMELINE_PALETTE_H

#define PALETTE_SIZE	8

/* Which one the phase of that name has. */
int palette_index(const char *phase);

/*
 * What CSS calls them: "#rrggbb".  White text is read on each, at 4.5:1 at least, and
 * each is seen on a white and on a dark page, at 3:1.
 */
extern const char *const palette_css[PALETTE_SIZE];

#endif /* DBGPORTCTL_TIMELINE_PALETTE_H */
