/* SPDX-License-Identifier: GPL-2.0 */
/* Where dbgportd keeps things unless it is told otherwise; these are only paths. */
#ifndef LIB_DEFAULT_DIR_H
#define LIB_DEFAULT_DIR_H

/* The run directory of root's daemon. */
#define ROOT_RUN_DIR	"/run/dbgport"

/*
 * The run directory, and the state directory, of the daemon that this user runs.
 * Return: the path, valid until the next call of the same function; NULL where
 * the environment does not say where such a directory could be.
 */
const char *default_run_dir(void);
const char *default_state_dir(void);

#endif /* LIB_DEFAULT_DIR_H */
