/* SPDX-License-Identifier: GPL-2.0 */
/* Whom what a sink makes belongs to: owner= and group=. */
#ifndef DBGPORTD_SINK_OWNER_H
#define DBGPORTD_SINK_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "dbgportd/sink/settings.h"

/**
 * struct owner - a user and a group
 * @uid, @gid: what chown(2) takes; -1: as it is made
 */
struct owner {
	uid_t uid;
	gid_t gid;
};

/* As the settings say. */
struct owner owner_of(const struct sink_settings *set);

/**
 * owner_give() - give an open file away
 * @owner: to whom
 * @fd: the file
 *
 * Return: 0, or -1 with errno.
 */
int owner_give(const struct owner *owner, int fd);

/* The same with what is at @path, which is not followed if it is a symbolic link. */
int owner_give_path(const struct owner *owner, const char *path);

/**
 * owner_may_give() - whether that is permitted to us
 * @owner: to whom
 *
 * It is tried with a file that no one else sees.
 *
 * Return: 0 or a negative errno.
 */
int owner_may_give(const struct owner *owner);

#endif /* DBGPORTD_SINK_OWNER_H */
