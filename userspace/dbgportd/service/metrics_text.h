/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The metrics themselves: names, help, and what they count.
 *
 * Labels have few values, whatever guests and VMs' owners do: ports are the module's,
 * modes and states are ours, and so many VMs have metrics of their own.  Counters never
 * go back as long as the daemon runs; of a VM that has ended there are none any more, but
 * those of the host have what it wrote.
 */
#ifndef DBGPORTD_SERVICE_METRICS_TEXT_H
#define DBGPORTD_SERVICE_METRICS_TEXT_H

#include <stdio.h>

#include "dbgportd/config/daemon.h"

/* The most that metrics_print() writes. */
#define METRICS_TEXT_MAX	(16384 + 2048 * DAEMON_METRICS_VMS)

/**
 * metrics_print() - all of them, as they are now
 * @f: where to
 * @vms: so many VMs have their own: those that have been there for longest; so none
 *	loses them before it ends
 */
void metrics_print(FILE *f, unsigned int vms);

#endif /* DBGPORTD_SERVICE_METRICS_TEXT_H */
