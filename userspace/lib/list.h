/* SPDX-License-Identifier: GPL-2.0 */
/* Lists with commas, as cloud-hypervisor's options are: "file=/tmp/x,iobase=0xe9". */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* @s without white space at its ends; changes it in place. */
char *list_trim(char *s);

/**
 * list_next() - the next part of a list
 * @list: the rest of the list, changed in place; moves on; NULL after the last part
 *
 * Commas in "quotes" and [brackets] belong to the part, quotes do not.
 *
 * Return: the part, or NULL if quotes or brackets do not match.
 */
char *list_next(char **list);

/* Whether @value can be written in a list: no quotes, and brackets match. */
bool list_can_have(const char *value);

/**
 * list_print() - append ",key=value" in the way that list_next() understands
 * @dst: NUL-terminated text
 * @size: room at @dst
 * @key: what stands before the value, with its separators: ",name="
 * @value: one that list_can_have()
 */
void list_print(char *dst, size_t size, const char *key, const char *value);

#endif /* LIB_LIST_H */
