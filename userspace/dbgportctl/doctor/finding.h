/* SPDX-License-Identifier: GPL-2.0 */
/* What a check of the host found. */
#ifndef DBGPORTCTL_DOCTOR_FINDING_H
#define DBGPORTCTL_DOCTOR_FINDING_H

#include <stdbool.h>
#include <stddef.h>

enum verdict {
	GOOD,
	NOTE,		/* it works, but may not be what is wanted */
	WRONG,
};

/* To be called before the first one and after the last one; @json: as an array. */
void findings_begin(bool json);
/* Return: how many were WRONG. */
unsigned int findings_end(void);

/**
 * finding() - show one
 * @verdict: what it means
 * @check: what was looked at, a word
 * @fix: how to fix it, a command if one does; NULL: nothing to fix
 * @fmt: what was found
 */
void finding(enum verdict verdict, const char *check, const char *fix, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The first line of a small file without its end; false: it cannot be read. */
bool read_line(char *line, size_t size, const char *path);

#endif /* DBGPORTCTL_DOCTOR_FINDING_H */
