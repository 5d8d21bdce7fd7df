/* SPDX-License-Identifier: GPL-2.0 */
/* A VMM's own command line: the name that it gives its VM, and whether that is restored. */
#ifndef LIB_CMDLINE_H
#define LIB_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* More than the longest that libvirt makes; what is beyond is not looked at. */
#define CMDLINE_SIZE	(64 * 1024)

/**
 * cmdline_read() - read /proc/PID/cmdline
 * @buf: where the arguments go, each with its NUL; one more NUL follows
 * @size: size of @buf, at least 1; an argument that does not fit is left out
 * @pid: the process
 *
 * The process may write there what it likes, and may have ended: whether @pid
 * is still the one that was meant is for the caller to find out.
 *
 * Return: the bytes in @buf without the NUL at the end; 0 if there are none.
 */
size_t cmdline_read(char *buf, size_t size, pid_t pid);

/**
 * cmdline_vm_name() - find the VM's name
 * @name: where it goes, with a NUL; as it stands there, which may be anything
 * @size: size of @name, at least 1; a longer name is cut
 * @args: arguments, each with its NUL; the last one may lack it
 * @len: bytes in @args; args[@len] must be NUL
 *
 * Known are QEMU's -name (and so libvirt's), cloud-hypervisor's --api-socket,
 * Firecracker's --id, crosvm's --name or --socket and kvmtool's --name.  Of a
 * socket, the file's name without .sock, .socket or -socket counts; if that says
 * nothing, as "api", that of the directory, unless many VMs share it, as /run.
 *
 * Return: whether there is one; it is not empty then.
 */
bool cmdline_vm_name(char *name, size_t size, const char *args, size_t len);

/**
 * cmdline_is_restored() - find out whether the VM goes on from a snapshot
 * @args: arguments, each with its NUL; the last one may lack it
 * @len: bytes in @args; args[@len] must be NUL
 *
 * Known are QEMU's -incoming, by which it may also come from another host, and -loadvm, and
 * --restore of cloud-hypervisor and crosvm.  What a VMM is told later, over its socket, as
 * Firecracker is, does not stand there.
 *
 * Return: whether it says so.
 */
bool cmdline_is_restored(const char *args, size_t len);

#endif /* LIB_CMDLINE_H */
