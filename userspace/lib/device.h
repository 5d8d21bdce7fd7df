/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/dbgport: open it, and ask it. */
#ifndef LIB_DEVICE_H
#define LIB_DEVICE_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#define DEVICE_PATH	"/dev/dbgport"

/**
 * device_open() - open the device and make sure that we speak its language
 * @path: the device node
 * @info: filled with what the module is
 * @why: on failure, one line for the user: what is wrong and what to do
 * @size: size of @why
 *
 * Return: a blocking file descriptor (close-on-exec), or a negative errno;
 * -EPROTO if the module's ABI is not ours.
 */
int device_open(const char *path, struct dbgport_info *info, char *why, size_t size);

/**
 * device_fits() - whether a module speaks the language of this program
 * @info: what the module says that it is
 * @path: its device, for @why
 * @why: if not, one line: which of both is older, and what to do
 * @size: size of @why
 */
bool device_fits(const struct dbgport_info *info, const char *path, char *why, size_t size);

/**
 * device_subscribe() - say how this reader reads
 * @fd: from device_open(), nothing read yet
 * @flags: mask of DBGPORT_SUB_*
 *
 * Return: 0 or a negative errno.
 */
int device_subscribe(int fd, __u32 flags);

/**
 * device_vm_info() - ask about one VM
 * @fd: from device_open()
 * @vm: the VM's id
 * @info: filled in
 *
 * Return: 0, or a negative errno: -ENOENT if there is no such VM any more.
 */
int device_vm_info(int fd, __u32 vm, struct dbgport_vm_info *info);

/**
 * device_next_vm() - walk through the VMs, living or kept, that this reader sees
 * @fd: from device_open()
 * @vm: in: any id, 0 to begin; out: the next higher one that there is
 *
 * Return: 0 or a negative errno: -ENOENT if there is none.
 */
int device_next_vm(int fd, __u32 *vm);

/**
 * device_seek() - read a VM from one write on
 * @fd: from device_open()
 * @vm: the VM's id
 * @seq: number of the write
 *
 * Return: 0 or a negative errno: -ENOENT if there is no such VM any more,
 * -EINVAL if it has not written so much.
 */
int device_seek(int fd, __u32 vm, __u64 seq);

/* The ioctls of these names.  Return: 0 or a negative errno, as dbgport.h says. */
int device_attach(int fd, struct dbgport_attach *attach);
int device_detach(int fd, __u32 vm);
int device_set_ports(int fd, const struct dbgport_set_ports *set);
int device_set_claim(int fd, __u32 vm, enum dbgport_claim claim);
int device_set_name(int fd, __u32 vm, const char *name);

/**
 * device_features() - what a module can do, for people
 * @info: from device_open()
 *
 * Return: "claim, seek, …"; valid until the next call.
 */
const char *device_features(const struct dbgport_info *info);

/* Room for what device_ports() writes. */
#define DEVICE_PORTS_SIZE	(DBGPORT_MAX_PORTS * 11 + 1)
/* "0x80,0xe9,0xf4/tee": what new VMs get, as the module's parameter takes it. */
const char *device_ports(char text[DEVICE_PORTS_SIZE], const struct dbgport_info *info);

/* Whether new VMs get @port. */
bool device_has_port(const struct dbgport_info *info, __u16 port);

#endif /* LIB_DEVICE_H */
