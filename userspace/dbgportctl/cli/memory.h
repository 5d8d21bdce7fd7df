/* SPDX-License-Identifier: GPL-2.0 */
/* Memory without which the program cannot go on: then it ends with a message. */
#ifndef DBGPORTCTL_CLI_MEMORY_H
#define DBGPORTCTL_CLI_MEMORY_H

#include <stddef.h>

/* @p, if it is not NULL. */
void *must(void *p);

/*
 * Room for one more element: @array has @count of @size bytes each, and was
 * always made larger by this.  Return: the array, where it is now.
 */
void *grow(void *array, size_t count, size_t size);

#endif /* DBGPORTCTL_CLI_MEMORY_H */
