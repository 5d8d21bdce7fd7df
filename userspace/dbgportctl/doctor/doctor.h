/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether this host can show what its guests write: a file for each thing that is
 * looked at, from KVM to the daemon.  Nothing is changed here, and how to fix
 * something is only said.
 */
#ifndef DBGPORTCTL_DOCTOR_DOCTOR_H
#define DBGPORTCTL_DOCTOR_DOCTOR_H

#include <stdbool.h>

/**
 * doctor() - look at everything, and show it
 * @as_json: as an array of objects
 * @run_dir: dbgportd's run directory; NULL: its default, then root's
 *
 * Return: an exit status: STATUS_FAILED too if something is wrong.
 */
int doctor(bool as_json, const char *run_dir);

#endif /* DBGPORTCTL_DOCTOR_DOCTOR_H */
