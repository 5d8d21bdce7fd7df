/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sink of dbgportctl's own: standard output, shared by all VMs.  It waits for
 * whoever reads there: what is overwritten meanwhile, the module tells.
 */
#ifndef DBGPORTCTL_FOLLOW_PRINT_H
#define DBGPORTCTL_FOLLOW_PRINT_H

#include <stddef.h>

#include "dbgportd/sink/sink.h"

extern const struct sink_ops sink_printed;

/* From now on only the last @lines lines are kept, to be printed later. */
void printed_keep(size_t lines);

/* Print what is kept, and all that comes. */
void printed_go_on(void);

#endif /* DBGPORTCTL_FOLLOW_PRINT_H */
