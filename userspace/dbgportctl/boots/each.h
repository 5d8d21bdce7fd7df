/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A row for each boot: where and when it was, what it said of itself, and how long it
 * and its phases took.
 */
#ifndef DBGPORTCTL_BOOTS_EACH_H
#define DBGPORTCTL_BOOTS_EACH_H

#include "dbgportctl/boots/boots.h"

void each_text(const struct report *report);
void each_json(const struct report *report);
void each_csv(const struct report *report);

#endif /* DBGPORTCTL_BOOTS_EACH_H */
