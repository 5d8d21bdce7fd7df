/* SPDX-License-Identifier: GPL-2.0 */
/* What the module says of a VM, in words, and as JSON. */
#ifndef DBGPORTCTL_VM_DESCRIBE_H
#define DBGPORTCTL_VM_DESCRIBE_H

#include <dbgport.h>

#include "dbgportctl/vm/vms.h"
#include "words/style.h"

/* Room that the functions with @text need; they return it. */
#define DESCRIBE_SIZE	(DBGPORT_MAX_PORTS * 16 + 1)

/* "0x80,0xe9,0xf4/tee,0x3f8/uart"; not those that were let go of */
const char *describe_ports(char text[DESCRIBE_SIZE], const struct dbgport_vm_info *info);
/* The VMM's command, without control characters. */
const char *describe_comm(char text[DESCRIBE_SIZE], const struct dbgport_vm_info *info);
/* The user's name; the number where there is none. */
const char *describe_user(char text[DESCRIBE_SIZE], __u32 uid);

/* "claimed", "tee", "ended" or "detached" */
const char *describe_state(const struct dbgport_vm_info *info);
/* "listening", "always", "never" or "host", and which number that is; -1: none */
const char *describe_claim(__u32 claim);
int describe_claim_number(const char *text);
/* "iodev" or "ioeventfd" */
const char *describe_backend(__u32 backend);

/* Nanoseconds that it has lived, or lived. */
__u64 describe_age(const struct dbgport_vm_info *info);
/* Nanoseconds since its last write, which must have been read; -1: there is none. */
__s64 describe_silence(const struct known_vm *vm);
/* When @ns, CLOCK_MONOTONIC, was, as @style wants it; STAMP_24H and so on. */
const char *describe_moment(char text[DESCRIBE_SIZE], enum time_style style, __u64 ns);
/* Exits to the VMM that were spared, on all its ports. */
__u64 describe_saved(const struct dbgport_vm_info *info);

/* The keys and values of an object, which the caller opens and closes. */
void describe_json(const struct known_vm *vm);

#endif /* DBGPORTCTL_VM_DESCRIBE_H */
