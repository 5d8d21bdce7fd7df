/* SPDX-License-Identifier: GPL-2.0 */
/* What JSON says of changes, with the boots or without them. */
#ifndef DBGPORTCTL_BOOTS_CHANGE_JSON_H
#define DBGPORTCTL_BOOTS_CHANGE_JSON_H

#include "dbgportctl/boots/changes.h"

/* In an object that is open: how many boots have the figure, and what they took. */
void baseline_figure_json(const struct baseline_figure *figure);

/* In such a one: how much longer it takes, and the verdict. */
void change_json(const struct change *change);

#endif /* DBGPORTCTL_BOOTS_CHANGE_JSON_H */
