/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Going on where the daemon before us stopped, or we did before the module was
 * unplugged: by the positions that were kept (router/positions.h).
 */
#ifndef DBGPORTD_SOURCE_RESUME_H
#define DBGPORTD_SOURCE_RESUME_H

#include <dbgport.h>
#include <stdbool.h>

/* Read each VM that is known from where it was left. */
void resume_vms(int fd);

/* Whether there are VMs of which all has been written: what comes of them is their end again. */
bool resume_skips(void);

/* Whether @rec is of one of those. */
bool resume_skips_record(const struct dbgport_record *rec);

#endif /* DBGPORTD_SOURCE_RESUME_H */
