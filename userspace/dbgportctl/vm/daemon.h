/* SPDX-License-Identifier: GPL-2.0 */
/* What a running dbgportd says of itself in its status file, which may be ten seconds old. */
#ifndef DBGPORTCTL_VM_DAEMON_H
#define DBGPORTCTL_VM_DAEMON_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct daemon - how a daemon fares
 * @pid: its process
 * @load_id: of the module that it reads, as of dbgport_info
 * @lost: writes that were overwritten before it read them
 * @dropped: bytes that its sinks gave up
 * @dead: sinks that can write no more
 * @unopened: outputs of VMs that could not be opened
 * @stalled: sinks that cannot write now, and try again
 */
struct daemon {
	int pid;
	__u64 load_id;
	__u64 lost;
	__u64 dropped;
	unsigned int dead;
	unsigned int unopened;
	unsigned int stalled;
};

/**
 * daemon_read() - read the status of the daemon in a run directory
 * @d: filled in
 * @dir: the directory
 * @why: on failure, one line: there is no status, or its daemon does not run
 * @size: size of @why
 *
 * Return: 0; -ENOENT: there is no status; -EACCES: it is not this user's to read; -ESRCH: its
 * daemon does not run, and did not end as it should; -EIO: it cannot be read.
 */
int daemon_read(struct daemon *d, const char *dir, char *why, size_t size);

/**
 * struct daemon_vm - what a daemon says of one VM that it reads
 * @id: the module's number
 * @name: what it calls it
 * @lost: writes that it lost of it
 * @boot: the number of its present boot; 0: it does not say
 */
struct daemon_vm {
	__u32 id;
	const char *name;
	__u64 lost;
	__u32 boot;
};

/* Called with one of them; @arg is the caller's. */
typedef void daemon_vm_call(void *arg, const struct daemon_vm *vm);

/**
 * daemons_each_vm() - ask root's daemon, and then this user's
 * @load_id: the module; who reads another one is not asked
 * @call: called for each VM of each
 * @arg: for @call
 */
void daemons_each_vm(__u64 load_id, daemon_vm_call *call, void *arg);

/**
 * daemon_output_call - called with one output of a VM that is open
 * @arg: the caller's
 * @dir: the daemon's run directory
 * @name: what the daemon calls the VM
 * @route: of the output, in the words of dbgportd --check-config
 */
typedef void daemon_output_call(void *arg, const char *dir, const char *name,
				const char *route);

/**
 * daemons_each_output() - where root's daemon, and then this user's, have a VM's output
 * @load_id: the module; who reads another one is not asked
 * @vm: the VM's id
 * @call: called for each output
 * @arg: for @call
 */
void daemons_each_output(__u64 load_id, __u32 vm, daemon_output_call *call, void *arg);

#endif /* DBGPORTCTL_VM_DAEMON_H */
