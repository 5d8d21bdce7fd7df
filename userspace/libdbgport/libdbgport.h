/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libdbgport: /dev/dbgport for programs of your own.
 *
 * All of it is plain calls on a file descriptor of the device.  What the records and
 * structures say is explained in <linux/dbgport.h>.  Nothing here keeps state of its own
 * but struct dbgport_reader; functions that are given different descriptors and readers
 * may be called by different threads at the same time.
 */
#ifndef LIBDBGPORT_H
#define LIBDBGPORT_H

#include <dbgport.h>
#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DBGPORT_DEVICE		"/dev/dbgport"

/**
 * dbgport_open() - open the device and make sure that it speaks this header's language
 * @path: the device node; NULL: DBGPORT_DEVICE
 * @info: filled with what the module is; NULL: not wanted
 *
 * Return: a blocking file descriptor (close-on-exec), or a negative errno: -ENOENT if the
 * module is not loaded, -EACCES if the caller is not in group kvm, -ENODEV while the module
 * is being unloaded, -EMFILE if the user has too many readers, -ENOTTY if that is another
 * device, -EPROTO if the module's ABI is not DBGPORT_ABI (@info is filled in then).
 */
int dbgport_open(const char *path, struct dbgport_info *info);

/**
 * dbgport_subscribe() - say how this descriptor reads
 * @fd: from dbgport_open(), nothing read yet
 * @flags: mask of DBGPORT_SUB_*
 *
 * Without it, @fd looks only, and begins at the oldest write that is kept.
 *
 * Return: 0 or a negative errno: -EBUSY if it has subscribed or read before.
 */
int dbgport_subscribe(int fd, __u32 flags);

/**
 * dbgport_seek() - read one VM from one write on
 * @fd: from dbgport_open()
 * @vm: the VM's id
 * @seq: number of the write
 *
 * Return: 0 or a negative errno: -ENOENT if there is no such VM any more, -EINVAL if it has
 * not written so much, -EPERM if it is another user's.
 */
int dbgport_seek(int fd, __u32 vm, __u64 seq);

/**
 * dbgport_next_vm() - walk through the VMs, living or kept, that this reader sees
 * @fd: from dbgport_open()
 * @vm: in: any id, 0 to begin; out: the next higher one that there is
 *
 * Return: 0 or a negative errno: -ENOENT if there is none.
 */
int dbgport_next_vm(int fd, __u32 *vm);

/**
 * dbgport_vm_info() - ask about one VM
 * @fd: from dbgport_open()
 * @vm: the VM's id
 * @info: filled in
 *
 * Return: 0 or a negative errno: -ENOENT if there is no such VM any more, -EPERM if it is
 * another user's.
 */
int dbgport_vm_info(int fd, __u32 vm, struct dbgport_vm_info *info);

/**
 * dbgport_attach() - take in a VM that is there already
 * @fd: from dbgport_open()
 * @pid: process id of its VMM; 0: the caller
 * @vm_fd: the VMM's file descriptor of the VM, from KVM_CREATE_VM
 * @vm: set to the VM's id, for -EEXIST too; NULL: not wanted
 *
 * Return: 0 or a negative errno: -EEXIST if it was attached, which is how a VMM learns the
 * id of a VM of its own; all others are explained at struct dbgport_attach.
 */
int dbgport_attach(int fd, pid_t pid, int vm_fd, __u32 *vm);

/**
 * dbgport_detach() - let go of a VM
 * @fd: from dbgport_open()
 * @vm: the VM's id
 *
 * Return: 0 or a negative errno, explained at struct dbgport_detach.
 */
int dbgport_detach(int fd, __u32 vm);

/**
 * dbgport_give_eventfd() - help out a module that has DBGPORT_F_EVENTFD
 * @fd: from dbgport_open()
 * @eventfd: from eventfd(2); may be closed then
 *
 * Return: 0 or a negative errno: -EEXIST if it has one; all others are explained at struct
 * dbgport_give_eventfd.
 */
int dbgport_give_eventfd(int fd, int eventfd);

/**
 * dbgport_set_ports() - give one VM ports of its own
 * @fd: from dbgport_open()
 * @set: the VM, and all ports that it has from now on
 *
 * Return: 0 or a negative errno, explained at struct dbgport_set_ports.
 */
int dbgport_set_ports(int fd, const struct dbgport_set_ports *set);

/**
 * dbgport_set_claim() - say when one VM's accesses are claimed
 * @fd: from dbgport_open()
 * @vm: the VM's id
 * @claim: the mode
 *
 * Return: 0 or a negative errno, explained at struct dbgport_set_claim.
 */
int dbgport_set_claim(int fd, __u32 vm, enum dbgport_claim claim);

/**
 * dbgport_set_name() - say what a VM is called, for all readers
 * @fd: from dbgport_open()
 * @vm: the VM's id
 * @name: UTF-8 without control characters, of less than DBGPORT_NAME_LEN bytes
 *
 * Return: 0 or a negative errno: -EEXIST if it has a name, which stays; -EINVAL if that is
 * none; all others are explained at struct dbgport_set_name.
 */
int dbgport_set_name(int fd, __u32 vm, const char *name);

/**
 * dbgport_set_restored() - say that a VM goes on from a snapshot, for all readers
 * @fd: from dbgport_open()
 * @vm: the VM's id
 *
 * Return: 0 or a negative errno: -ENOTTY if the module has no DBGPORT_F_RESTORED; all others
 * are explained at struct dbgport_set_restored.
 */
int dbgport_set_restored(int fd, __u32 vm);

/* Reads many records at once and gives them one by one. */
struct dbgport_reader;

/**
 * dbgport_reader_new() - begin to read
 * @fd: from dbgport_open(); stays the caller's, who may have made it non-blocking and wait
 *	by poll(2), once dbgport_reader_next() has said -EAGAIN
 *
 * Return: to be freed by dbgport_reader_free(); NULL without memory.
 */
struct dbgport_reader *dbgport_reader_new(int fd);

/**
 * dbgport_reader_next() - the next record of any VM
 * @reader: from dbgport_reader_new()
 * @record: set to it; valid until the next call
 *
 * Return: 1; 0 if the module is being unloaded and has no more; or a negative errno:
 * -EAGAIN if the descriptor is non-blocking and there is none yet, -EINTR.
 */
int dbgport_reader_next(struct dbgport_reader *reader, const struct dbgport_record **record);

/* Of one or NULL; its descriptor stays open. */
void dbgport_reader_free(struct dbgport_reader *reader);

#ifdef __cplusplus
}
#endif

#endif /* LIBDBGPORT_H */
