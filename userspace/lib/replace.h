/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are always whole, since a rename(2) puts them in place. */
#ifndef LIB_REPLACE_H
#define LIB_REPLACE_H

#include <stddef.h>
#include <sys/types.h>

/**
 * replace_file() - write a file anew
 * @path: its name
 * @new: what it is called until it is whole: in the same directory, and used by
 *	nothing else, for what is there is removed
 * @mode: its permission bits, which umask restricts
 * @text: all that it has
 * @size: length of @text
 *
 * No link is followed, and what failed leaves nothing.  May block as long as the file
 * system does.
 *
 * Return: 0 or a negative errno.
 */
int replace_file(const char *path, const char *new, mode_t mode, const char *text, size_t size);

#endif /* LIB_REPLACE_H */
