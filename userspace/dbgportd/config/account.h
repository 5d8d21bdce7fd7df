/* SPDX-License-Identifier: GPL-2.0 */
/* Users and groups as people write them: by name or by number. */
#ifndef DBGPORTD_CONFIG_ACCOUNT_H
#define DBGPORTD_CONFIG_ACCOUNT_H

#include <stddef.h>
#include <sys/types.h>

/* Longer than any name that there can be. */
#define ACCOUNT_NAME_MAX	255

/**
 * account_user() - find a user
 * @text: a number from 0 to 4294967294, or a name, which the host's user database is
 *	asked for; may wait for that
 * @uid: set to the user's id
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int account_user(const char *text, uid_t *uid, char *why, size_t size);

/* The same for groups. */
int account_group(const char *text, gid_t *gid, char *why, size_t size);

#endif /* DBGPORTD_CONFIG_ACCOUNT_H */
