/* SPDX-License-Identifier: GPL-2.0 */
/* What is looked at, in this order; each shows what it finds.  For doctor.c only. */
#ifndef DBGPORTCTL_DOCTOR_CHECKS_H
#define DBGPORTCTL_DOCTOR_CHECKS_H

#include <dbgport.h>
#include <stdbool.h>

/* Kernel and KVM. */
void doctor_host(void);

/* Whether the firmware has modules be signed, and with what that can be done. */
void doctor_secure_boot(void);

/*
 * Whether the module is there and can be asked; it is not: why, and whether it could be
 * loaded.
 */
bool doctor_module(void);

/**
 * doctor_node() - the device of a module that is loaded
 * @module: set to what it is
 *
 * Return: its open file, or -1.
 */
int doctor_node(struct dbgport_info *module);

/* How it was loaded, and how it is set. */
void doctor_settings(const struct dbgport_info *module);

/* The VMs that may be seen through @fd. */
void doctor_vms(int fd, const struct dbgport_info *module);

/* @run_dir: the daemon's run directory; NULL: where it would be by default */
void doctor_daemon(const struct dbgport_info *module, const char *run_dir);

#endif /* DBGPORTCTL_DOCTOR_CHECKS_H */
