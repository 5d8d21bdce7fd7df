// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/object.h"
#include "dbgportctl/cli/memory.h"
#include "lib/utf8.h"

/*
 * What is left of the text.  Each function below reads something at its beginning and
 * goes on behind it; false: there is no such thing at @c.
 */
struct text {
	char *c;
	char *end;
};

static void skip_blanks(struct text *t)
{
	while (t->c < t->end && (*t->c == ' ' || *t->c == '\t' || *t->c == '\n' || *t->c == '\r'))
		t->c++;
}

static bool take(struct text *t, char c)
{
	if (t->c == t->end || *t->c != c)
		return false;
	t->c++;
	return true;
}

static bool take_word(struct text *t, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(t->end - t->c) < len || memcmp(t->c, word, len))
		return false;
	t->c += len;
	return true;
}

static bool take_hex4(struct text *t, unsigned int *point)
{
	*point = 0;
	for (int i = 0; i < 4; i++) {
		char c = t->c < t->end ? *t->c : 0;

		if (c >= '0' && c <= '9')
			*point = *point << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			*point = *point << 4 | ((c | 0x20) - 'a' + 10);
		else
			return false;
		t->c++;
	}
	return true;
}

static char *put_point(char *d, unsigned int point)
{
	if (point < 0x80) {
		*d++ = point;
		return d;
	}
	if (point < 0x800) {
		*d++ = 0xc0 | point >> 6;
	} else {
		if (point < 0x10000) {
			*d++ = 0xe0 | point >> 12;
		} else {
			*d++ = 0xf0 | point >> 18;
			*d++ = 0x80 | (point >> 12 & 0x3f);
		}
		*d++ = 0x80 | (point >> 6 & 0x3f);
	}
	*d++ = 0x80 | (point & 0x3f);
	return d;
}

/* Behind "\u": surrogates are pairs. */
static bool take_point(struct text *t, char **d)
{
	unsigned int point, low;

	if (!take_hex4(t, &point))
		return false;
	if (point >= 0xdc00 && point < 0xe000)
		return false;
	if (point >= 0xd800 && point < 0xdc00) {
		if (!take_word(t, "\\u") || !take_hex4(t, &low) || low < 0xdc00 || low >= 0xe000)
			return false;
		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
	}
	*d = put_point(*d, point);
	return true;
}

/* What comes of it is shorter. */
static bool take_escape(struct text *t, char **d)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	take(t, '\\');
	if (take(t, 'u'))
		return take_point(t, d);
	found = t->c < t->end && *t->c ? strchr(from, *t->c) : NULL;
	if (!found)
		return false;
	t->c++;
	*(*d)++ = to[found - from];
	return true;
}

/* What is no ASCII. */
static bool take_sequence(struct text *t, char **d)
{
	size_t len = utf8_char(t->c, t->end - t->c);

	memmove(*d, t->c, len);
	*d += len;
	t->c += len;
	return len;
}

static bool take_string(struct text *t, const char **string, size_t *len)
{
	char *d;

	if (!take(t, '"'))
		return false;
	*string = d = t->c;
	while (t->c < t->end && *t->c != '"') {
		bool is_text = true;

		if (*t->c & 0x80)
			is_text = take_sequence(t, &d);
		else if (*t->c == '\\')
			is_text = take_escape(t, &d);
		else if (*t->c >= ' ')
			*d++ = *t->c++;
		else
			is_text = false;
		if (!is_text)
			return false;
	}
	if (!take(t, '"'))
		return false;
	*len = d - *string;
	*d = '\0';
	return true;
}

static bool take_digits(struct text *t)
{
	char *begin = t->c;

	while (t->c < t->end && *t->c >= '0' && *t->c <= '9')
		t->c++;
	return t->c > begin;
}

static bool take_integer(struct text *t, __s64 *integer)
{
	bool negative = take(t, '-');
	const char *c = t->c;

	*integer = 0;
	/* A zero in front is alone. */
	if (take(t, '0'))
		return true;
	if (!take_digits(t))
		return false;
	for (; c < t->c; c++) {
		int digit = negative ? '0' - *c : *c - '0';

		if (__builtin_mul_overflow(*integer, 10, integer) ||
		    __builtin_add_overflow(*integer, digit, integer))
			return false;
	}
	return true;
}

static bool take_number(struct text *t, struct member *member)
{
	member->type = VALUE_INTEGER;
	if (!take_integer(t, &member->integer))
		return false;
	if (take(t, '.')) {
		member->type = VALUE_OTHER;
		if (!take_digits(t))
			return false;
	}
	if (take(t, 'e') || take(t, 'E')) {
		member->type = VALUE_OTHER;
		if (!take(t, '+'))
			take(t, '-');
		return take_digits(t);
	}
	return true;
}

static bool take_value(struct text *t, struct member *member, int depth);

/* All up to @close, each with a name in front if @named; it is not needed. */
static bool skip_nested(struct text *t, char close, bool named, int depth)
{
	struct member member;

	skip_blanks(t);
	if (take(t, close))
		return true;
	if (!depth)
		return false;
	do {
		skip_blanks(t);
		if (named) {
			if (!take_string(t, &member.name, &member.len))
				return false;
			skip_blanks(t);
			if (!take(t, ':'))
				return false;
			skip_blanks(t);
		}
		if (!take_value(t, &member, depth - 1))
			return false;
		skip_blanks(t);
	} while (take(t, ','));
	return take(t, close);
}

static bool take_value(struct text *t, struct member *member, int depth)
{
	if (t->c < t->end && *t->c == '"') {
		member->type = VALUE_STRING;
		return take_string(t, &member->text, &member->len);
	}
	if (t->c < t->end && (*t->c == '-' || (*t->c >= '0' && *t->c <= '9')))
		return take_number(t, member);
	if (take_word(t, "true")) {
		member->type = VALUE_TRUE;
		return true;
	}
	member->type = VALUE_OTHER;
	if (take_word(t, "false") || take_word(t, "null"))
		return true;
	if (take(t, '['))
		return skip_nested(t, ']', false, depth);
	return take(t, '{') && skip_nested(t, '}', true, depth);
}

static bool take_member(struct text *t, struct object *object)
{
	struct member *member = &object->member[object->count];
	size_t len;

	skip_blanks(t);
	if (object->count == OBJECT_MEMBERS || !take_string(t, &member->name, &len) ||
	    strlen(member->name) != len || object_get(object, member->name))
		return false;
	skip_blanks(t);
	if (!take(t, ':'))
		return false;
	skip_blanks(t);
	if (!take_value(t, member, OBJECT_DEPTH))
		return false;
	object->count++;
	skip_blanks(t);
	return true;
}

static bool take_object(struct text *t, struct object *object)
{
	skip_blanks(t);
	if (!take(t, '{'))
		return false;
	skip_blanks(t);
	if (take(t, '}'))
		return true;
	do {
		if (!take_member(t, object))
			return false;
	} while (take(t, ','));
	return take(t, '}');
}

int object_read(struct object *object, char *text, size_t n, size_t *at)
{
	struct text t = { text, text + n };
	bool is;

	object->count = 0;
	is = take_object(&t, object);
	skip_blanks(&t);
	*at = t.c - text + 1;
	return is && t.c == t.end ? 0 : -1;
}

const struct member *object_get(const struct object *object, const char *name)
{
	for (size_t i = 0; i < object->count; i++) {
		const struct member *member = &object->member[i];

		/* Most begin with another letter. */
		if (*member->name == *name && !strcmp(member->name, name))
			return member;
	}
	return NULL;
}

const char *object_text(const struct object *object, const char *name)
{
	const struct member *member = object_get(object, name);

	return member && member->type == VALUE_STRING ? member->text : NULL;
}

__s64 object_integer(const struct object *object, const char *name)
{
	const struct member *member = object_get(object, name);

	return member && member->type == VALUE_INTEGER ? member->integer : 0;
}

bool object_is_true(const struct object *object, const char *name)
{
	const struct member *member = object_get(object, name);

	return member && member->type == VALUE_TRUE;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *object_hex(const char *hex, size_t *n)
{
	char *data;

	*n = strlen(hex) / 2;
	data = must(malloc(*n + 1));
	for (size_t i = 0; i < *n; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0) {
			free(data);
			return NULL;
		}
		data[i] = high << 4 | low;
	}
	return data;
}
