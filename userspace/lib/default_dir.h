/* SPDX-License-Identifier: GPL-2.0 */
/* Where dbgportd keeps things unless it is told otherwise; this is only a path. */
#ifndef LIB_DEFAULT_DIR_H
#define LIB_DEFAULT_DIR_H

/* The run directory of root's daemon. */
#define ROOT_RUN_DIR	"/run/dbgport"

/*
 * The run directory of the daemon that this user runs: what a service manager has made for
 * it ($RUNTIME_DIRECTORY), root's, or one of the user's own.
 * Return: the path, valid until the next call; NULL where the user is not root, is not
 * logged in, and the environment says nothing.
 */
const char *default_run_dir(void);

/* Where root's daemon keeps what outlives the host. */
#define ROOT_STATE_DIR	"/var/lib/dbgport"

/*
 * Likewise for what is to be there after the host was restarted ($STATE_DIRECTORY,
 * $XDG_STATE_HOME, $HOME).
 */
const char *default_state_dir(void);

#endif /* LIB_DEFAULT_DIR_H */
