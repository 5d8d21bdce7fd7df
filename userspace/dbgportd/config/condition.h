/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which VMs a route is for: vm= and uid=, lists with commas.
 *
 * A VM is meant if one of the list fits, and none of those with ! in front.  Where all
 * have the !, every other VM is meant.
 */
#ifndef DBGPORTD_CONFIG_CONDITION_H
#define DBGPORTD_CONFIG_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The longest pattern, in bytes; names are shorter. */
#define CONDITION_PATTERN_MAX	255

/**
 * condition_check_names() - whether a text is a list of patterns for VMs' names
 * @list: the text
 * @why: if not, one line for the user, without the key
 * @size: size of @why
 *
 * Commas in [brackets] belong to the pattern.
 *
 * Return: 0 or -1.
 */
int condition_check_names(const char *list, char *why, size_t size);

/**
 * condition_has_name() - whether a list means a VM of this name
 * @list: checked by condition_check_names(); NULL means every VM
 * @name: the name
 * @plain: the same without the number that it has if it was taken: a pattern fits a
 *	VM if it fits either of the two
 */
bool condition_has_name(const char *list, const char *name, const char *plain);

/**
 * condition_read_users() - understand a list of users
 * @list: names and numbers
 * @why: on failure, one line for the user, without the key
 * @size: size of @why
 *
 * Return: the same list with numbers only, to be freed; NULL on failure.
 */
char *condition_read_users(const char *list, char *why, size_t size);

/**
 * condition_has_user() - whether a list means the VMs of a user
 * @list: as condition_read_users() returns it; NULL means every VM
 * @uid: the user; NULL: it is not known, and only NULL means such a VM
 */
bool condition_has_user(const char *list, const uid_t *uid);

#endif /* DBGPORTD_CONFIG_CONDITION_H */
