/* SPDX-License-Identifier: GPL-2.0 */
/* JSON on standard output, as --json gives it. */
#ifndef DBGPORTCTL_CLI_WRITER_H
#define DBGPORTCTL_CLI_WRITER_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Commas and line ends come by themselves.  @key is NULL in arrays and at the
 * top; it must need no escape.
 */
void json_open(const char *key, char bracket);
void json_close(char bracket);
void json_number(const char *key, __u64 n);
/* @n: 0 gives null */
void json_number_or_none(const char *key, __u64 n);
void json_signed(const char *key, __s64 n);
/* Six digits that count; it must be finite. */
void json_double(const char *key, double n);
/* @ns: nanoseconds, as a number of seconds with nine digits */
void json_seconds(const char *key, __u64 ns);
/* @ns: nanoseconds, as a number of microseconds with three digits */
void json_microseconds(const char *key, __u64 ns);
void json_bool(const char *key, bool b);
/* @text: any bytes; NULL gives null */
void json_text(const char *key, const char *text);
/* The first @n bytes of it. */
void json_text_n(const char *key, const char *text, size_t n);
void json_none(const char *key);

#endif /* DBGPORTCTL_CLI_WRITER_H */
