/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records that were read go to the router, those of a VM when it has its name.
 *
 * Serves once per process, as the source, whose part this is.
 */
#ifndef DBGPORTD_SOURCE_TAKE_H
#define DBGPORTD_SOURCE_TAKE_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

/* Once, after asker_start(), with the loop. */
void take_start(void);

/* What comes is of @device, from device_open(), and of other VMs than what came before. */
void take_from(int device);

void take_records(const struct dbgport_record *rec, size_t count);

/*
 * Whether no VM that a route is for is left, after there was one.  Those that had
 * ended before take_start() are kept by the module for who asks, and do not count.
 */
bool take_has_seen_all_end(void);

#endif /* DBGPORTD_SOURCE_TAKE_H */
