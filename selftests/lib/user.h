/* SPDX-License-Identifier: GPL-2.0 */
/* Being somebody else. */
#ifndef SELFTESTS_USER_H
#define SELFTESTS_USER_H

#include <sys/types.h>

/*
 * Become @uid, its group the same, with no capability but @cap (-1: none at
 * all).  Ends the process with status 99 if that fails.
 */
void become(uid_t uid, int cap);

#endif /* SELFTESTS_USER_H */
