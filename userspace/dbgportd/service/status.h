/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How things are, as JSON in <run-dir>/status.json: per VM and sink what came,
 * what was lost and what waits.  Always whole, since it is put in place by one
 * rename(2).
 *
 * service/ has what the system around the daemon sees of it: this file, the
 * service manager's part (notify.h), the run directory (rundir.h), the log
 * (log.h).  It may include all rooms; main calls it, and ptys for their links.
 */
#ifndef DBGPORTD_SERVICE_STATUS_H
#define DBGPORTD_SERVICE_STATUS_H

#include <stddef.h>

/* How often it is written if something has changed, and how soon if VMs have come or gone. */
#define STATUS_MS	10000
#define STATUS_SOON_MS	200

/**
 * status_start() - write the file, and again as things change; needs the loop
 * @run_dir: the run directory; must stay
 */
void status_start(const char *run_dir);

/* Once a turn of the loop: VMs may have come or gone. */
void status_follow(void);

/* Write the file now. */
void status_write(void);

/* No more of it: the file is removed. */
void status_stop(void);

/**
 * status_text() - what the file has
 * @size: set to its length
 *
 * Return: text to be freed; NULL without memory.
 */
char *status_text(size_t *size);

#endif /* DBGPORTD_SERVICE_STATUS_H */
