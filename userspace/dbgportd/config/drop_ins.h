/* SPDX-License-Identifier: GPL-2.0 */
/* The files beside a config file that add to it: FILE.d/NAME.conf. */
#ifndef DBGPORTD_CONFIG_DROP_INS_H
#define DBGPORTD_CONFIG_DROP_INS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct drop_ins - what there is
 * @paths: in the order of their bytes, with the directory in front
 * @count: how many
 */
struct drop_ins {
	char **paths;
	size_t count;
};

/**
 * drop_ins_find() - look for them
 * @d: filled in; to be freed by drop_ins_free() in either case
 * @file: path of the config file
 *
 * Hidden files are passed over.  No directory is as good as an empty one.
 *
 * Return: 0 or a negative errno.
 */
int drop_ins_find(struct drop_ins *d, const char *file);

void drop_ins_free(struct drop_ins *d);

#endif /* DBGPORTD_CONFIG_DROP_INS_H */
