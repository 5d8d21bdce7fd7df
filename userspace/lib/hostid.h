/* SPDX-License-Identifier: GPL-2.0 */
/* Which host this is, whatever it is called: machine-id(5). */
#ifndef LIB_HOSTID_H
#define LIB_HOSTID_H

/* 32 hexadecimal digits, and a NUL. */
#define HOSTID_SIZE	(32 + 1)

/* This host's, into @id; empty: it has none. */
void hostid_get(char id[HOSTID_SIZE]);

#endif /* LIB_HOSTID_H */
