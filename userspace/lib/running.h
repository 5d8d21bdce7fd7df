/* SPDX-License-Identifier: GPL-2.0 */
/* VMs that were running before the module was loaded. */
#ifndef LIB_RUNNING_H
#define LIB_RUNNING_H

#include <sys/types.h>

/**
 * running_next_fd() - walk through the VMs of one process
 * @pid: the process
 * @fd: any number, -1 to begin
 *
 * Return: its next higher file descriptor of a VM, or a negative errno: -ENOENT
 * if there is none, -ESRCH if there is no such process, -EACCES if it is another
 * user's.
 */
int running_next_fd(pid_t pid, int fd);

/**
 * running_found - called with a process that runs a VM
 * @arg: the caller's
 * @pid: the process
 */
typedef void running_found(void *arg, pid_t pid);

/**
 * running_look() - find every process that runs a VM
 * @found: called with each that has a VM with a vCPU, and that is ours to see
 * @arg: what @found is called with
 *
 * What many processes share is looked through once, if it is large.
 *
 * Return: 0, or a negative errno if /proc cannot be read.
 */
int running_look(running_found *found, void *arg);

/**
 * running_attach() - have the module take in every VM that is running
 * @fd: from device_open()
 *
 * Looks through /proc for processes with a vCPU, and attaches all their VMs.
 * VMs without a vCPU are attached when they get one; so do those that
 * are made meanwhile.  VMs and processes that end meanwhile, that are attached
 * already, or that are not ours to see are passed over.
 *
 * Return: how many were attached, or a negative errno if /proc cannot be read.
 */
int running_attach(int fd);

/**
 * running_attach_after() - running_attach(), from some process on
 * @fd: from device_open()
 * @after: those with higher process ids only
 * @at: set to the process that it is at, as it goes, atomically; or NULL
 *
 * Return: as running_attach().
 */
int running_attach_after(int fd, pid_t after, pid_t *at);

#endif /* LIB_RUNNING_H */
