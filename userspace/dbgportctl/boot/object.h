/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One JSON object of many, read where it stands.
 *
 * A file has millions, all flat and short.  A library that makes a tree of each takes
 * most of the time for memory, so this makes none: strings stay in the text, and their
 * escapes are undone there.
 */
#ifndef DBGPORTCTL_BOOT_OBJECT_H
#define DBGPORTCTL_BOOT_OBJECT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* The most members that an object may have, and how deep what is in it may be. */
#define OBJECT_MEMBERS	64
#define OBJECT_DEPTH	16

enum value_type {
	VALUE_STRING,
	VALUE_INTEGER,
	VALUE_TRUE,
	VALUE_OTHER,		/* what is never needed: false, null, numbers with a point, … */
};

/**
 * struct member - a name and its value
 * @name: with a NUL behind
 * @type: of the value
 * @text: STRING: UTF-8, with a NUL behind; there may be NULs in it
 * @len: STRING: bytes at @text
 * @integer: INTEGER: the number
 */
struct member {
	const char *name;
	enum value_type type;
	const char *text;
	size_t len;
	__s64 integer;
};

/**
 * struct object - what was read
 * @member: in their order; each name once
 * @count: of @member
 */
struct object {
	struct member member[OBJECT_MEMBERS];
	size_t count;
};

/**
 * object_read() - read a text that is an object
 * @object: filled in
 * @text: the text, which is changed, and must stay as long as @object
 * @n: how many bytes
 * @at: set to the byte, from 1 on, at which it is none
 *
 * As RFC 8259 has it; strings must be UTF-8, and integers fit into 64 bits.
 *
 * Return: 0 or -1.
 */
int object_read(struct object *object, char *text, size_t n, size_t *at);

/* The member of that name; NULL: there is none. */
const struct member *object_get(const struct object *object, const char *name);

/* These are what it is if it is of that type; NULL, 0 and false if it is not, or not there. */
const char *object_text(const struct object *object, const char *name);
__s64 object_integer(const struct object *object, const char *name);
bool object_is_true(const struct object *object, const char *name);

/*
 * The bytes that the hexadecimal digits @hex stand for, @n of them, with room for one more; to
 * be freed.  NULL: these are no such digits.
 */
char *object_hex(const char *hex, size_t *n);

#endif /* DBGPORTCTL_BOOT_OBJECT_H */
