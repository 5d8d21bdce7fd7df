/* SPDX-License-Identifier: GPL-2.0 */
/* When accesses are answered in the kernel. */
#ifndef DBGPORTCTL_VM_CLAIM_H
#define DBGPORTCTL_VM_CLAIM_H

#include <stdbool.h>

#include "dbgportctl/vm/target.h"

/**
 * claim_set() - change the mode
 * @t: the module, and the VM if it is its mode
 * @of_host: the mode of all VMs that have none of their own
 * @mode: which; DBGPORT_CLAIM_HOST for a VM alone
 *
 * Return: STATUS_OK, or STATUS_FAILED after it has been told.
 */
int claim_set(const struct target *t, bool of_host, enum dbgport_claim mode);

#endif /* DBGPORTCTL_VM_CLAIM_H */
