/* SPDX-License-Identifier: GPL-2.0 */
/* The routing table: a list of routes, and whether they go together. */
#ifndef DBGPORTD_CONFIG_ROUTES_H
#define DBGPORTD_CONFIG_ROUTES_H

#include <stddef.h>

#include "dbgportd/config/route.h"

void routes_free(struct route *list);

/* Put @r at the end of @list. */
void routes_append(struct route **list, struct route *r);

/**
 * routes_check() - whether a route goes with others
 * @list: the others; if @r is in it, those before it
 * @r: the route
 * @why: on failure, one line for the user, without @r->where
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int routes_check(const struct route *list, const struct route *r, char *why, size_t size);

/**
 * routes_check_terminal() - whether raw bytes would reach a terminal, or the journal, unasked
 * @list: routes
 * @why: if so, one line for the user
 * @size: size of @why
 *
 * It depends on what standard output and error are, so it is not for checking
 * another daemon's configuration.
 *
 * Return: 0 or -1.
 */
int routes_check_terminal(const struct route *list, char *why, size_t size);

/**
 * routes_check_owners() - whether we may give what is made to whom owner= and group= say
 * @list: routes
 * @why: if not, one line for the user
 * @size: size of @why
 *
 * It depends on who we are, so it is not for checking another daemon's configuration.
 *
 * Return: 0 or -1.
 */
int routes_check_owners(const struct route *list, char *why, size_t size);

#endif /* DBGPORTD_CONFIG_ROUTES_H */
