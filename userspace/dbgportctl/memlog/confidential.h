/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a VM's memory is encrypted, as far as its VMM shows. */
#ifndef DBGPORTCTL_MEMLOG_CONFIDENTIAL_H
#define DBGPORTCTL_MEMLOG_CONFIDENTIAL_H

#include <sys/types.h>

/**
 * confidential_kind() - what keeps the host from reading a guest's memory
 * @pid: the VMM
 *
 * By its command line (QEMU, cloud-hypervisor) and by its open files: /dev/sev, and the
 * guest_memfd that SEV-SNP and TDX take their memory from.
 *
 * Return: "SEV", "SEV-SNP", "TDX" or "guest_memfd"; NULL: nothing says so.
 */
const char *confidential_kind(pid_t pid);

#endif /* DBGPORTCTL_MEMLOG_CONFIDENTIAL_H */
