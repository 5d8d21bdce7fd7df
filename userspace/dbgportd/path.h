/* SPDX-License-Identifier: GPL-2.0 */
/* The PATH of file=PATH: %v stands for the VM's name, %% for a percent sign. */
#ifndef DBGPORTD_PATH_H
#define DBGPORTD_PATH_H

#include <stdbool.h>
#include <stddef.h>

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
 * path_expand() - the name of the file itself
 * @dst: where it goes
 * @size: size of @dst
 * @path: checked by path_check()
 * @vm: the VM's name; may be NULL if !path_is_per_vm()
 *
 * Return: 0, or -1 if it does not fit.
 */
int path_expand(char *dst, size_t size, const char *path, const char *vm);

#endif /* DBGPORTD_PATH_H */
