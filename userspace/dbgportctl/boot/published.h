/* SPDX-License-Identifier: GPL-2.0 */
/* Boots out of what many dbgportds have published. */
#ifndef DBGPORTCTL_BOOT_PUBLISHED_H
#define DBGPORTCTL_BOOT_PUBLISHED_H

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/fleet/fleet.h"

/**
 * boots_read_published() - take the boots of a fleet
 * @boots: where they go
 * @fleet: which messages
 * @vm: only of VMs of this name, as a user says it; NULL: of all
 * @codes: a table that names POST codes; NULL: as the messages do
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * What is left out is told on standard error, as by boots_read_json().
 *
 * Return: 0 or -1; there being none is a failure, too.
 */
int boots_read_published(struct boots *boots, const struct fleet *fleet, const char *vm,
			 const struct codes *codes, char *why, size_t size);

#endif /* DBGPORTCTL_BOOT_PUBLISHED_H */
