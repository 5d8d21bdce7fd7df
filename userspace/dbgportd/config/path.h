/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PATH of a mode: %v stands for the VM's name, %p for the port, %n for the
 * process id of the VM's VMM, %% for a percent sign.
 */
#ifndef DBGPORTD_CONFIG_PATH_H
#define DBGPORTD_CONFIG_PATH_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "words/entry.h"

/* What stands for what, for messages and help; not as a printf() format. */
#define PATH_HELP \
	"%v is the VM's name, %p the port, %n the VMM's process id, %% a percent sign"

/**
 * path_check() - look for what path_expand() would not know
 * @path: as the user wrote it
 *
 * Return: where an unknown % begins, or NULL if all is well.
 */
const char *path_check(const char *path);

/* Whether @path names one file per VM. */
bool path_is_per_vm(const char *path);

/**
 * path_shared_dir() - look for a VM's name where other programs have files
 * @path: checked by path_check()
 *
 * VMs are called as their owners like, and one called "auth" or "docker" would have
 * its output in auth.log or docker.sock.
 *
 * Return: the directory of the whole host's that %v stands directly in, as in
 * /var/log/%v.log; NULL if it stands in none.
 */
const char *path_shared_dir(const char *path);

/*
 * Whether PATH.1, PATH.2 … of one VM can never be the PATH of another: VMs may be
 * called web and web.1, so that more than numbers must stand behind %v.
 */
bool path_can_be_numbered(const char *path);

/**
 * path_expand() - the name of the file itself
 * @dst: where it goes
 * @size: size of @dst
 * @path: checked by path_check()
 * @port: the route's port; "any" is written for PORT_ANY, else as 0xe9
 * @vm: the VM; may be NULL if !path_is_per_vm()
 *
 * Return: 0, or -1 if it does not fit.
 */
int path_expand(char *dst, size_t size, const char *path, __u32 port, const struct entry_vm *vm);

/**
 * path_pattern() - what matches the name of each VM's file
 * @path: checked by path_check()
 * @port: the route's port
 *
 * Return: a pattern for glob(), to be freed; NULL if there is no memory.
 */
char *path_pattern(const char *path, __u32 port);

#endif /* DBGPORTD_CONFIG_PATH_H */
