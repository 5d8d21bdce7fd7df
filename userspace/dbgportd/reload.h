/* SPDX-License-Identifier: GPL-2.0 */
/* SIGHUP, which systemctl reload sends. */
#ifndef DBGPORTD_RELOAD_H
#define DBGPORTD_RELOAD_H

#include "dbgportd/config/options.h"

/**
 * reload() - open files anew, read the options again, and go on as they say
 * @running: what dbgportd was started with
 * @argc, @argv: as of main()
 *
 * All stays as it was if there is a mistake; what takes a restart stays in any
 * case.  The log says which.
 */
void reload(const struct options *running, int argc, char *const argv[]);

#endif /* DBGPORTD_RELOAD_H */
