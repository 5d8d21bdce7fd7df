// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "lib/codes.h"
#include "words/digits.h"
#include "words/format.h"

/* The longest of a code: 0x, eight digits, and a blank or a colon after each. */
#define CODE_MAX	(16 + CODE_COMPONENT_SIZE + CODE_NAME_SIZE)

static_assert(CODE_MAX <= FORMAT_WORDS_MAX, "a code fits in");

static const char *plural(__u64 n)
{
	return n == 1 ? "" : "s";
}

/* "0x10 Firmware: Memory found" */
static size_t code(char *dst, const struct entry *e)
{
	char *d = digits_hex(stpcpy(dst, "0x"), e->value);

	if (e->component) {
		*d++ = ' ';
		d = stpcpy(d, e->component);
	}
	if (e->text) {
		d = stpcpy(d, ": ");
		d = stpcpy(d, e->text);
	}
	return d - dst;
}

/* "1.250000 seconds": from its first write to its last one. */
static size_t duration(char *dst, const struct entry *e)
{
	__u64 us = e->end_ns > e->time_ns ? (e->end_ns - e->time_ns) / 1000 : 0;

	return sprintf(dst, "%llu.%06llu seconds", us / 1000000, us % 1000000);
}

static size_t not_shown(char *dst, const struct entry *e)
{
	size_t n = sprintf(dst, "[… %llu code%s in ", e->count, plural(e->count));

	n += duration(dst + n, e);
	return n + sprintf(dst + n, " not shown (written to wait?): storm=show shows them …]");
}

static size_t too_fast(char *dst, const struct entry *e)
{
	size_t n = sprintf(dst, "[… %llu byte%s in ", e->bytes, plural(e->bytes));

	n += duration(dst + n, e);
	return n + sprintf(dst + n, " cut by rate= …]");
}

size_t format_words(char *dst, const struct entry *e)
{
	switch (e->type) {
	case ENTRY_LINE:
		return escape(dst, e->text, e->len);
	case ENTRY_CODE:
		return code(dst, e);
	case ENTRY_WRITE:
		return sprintf(dst, "0x%x: 0x%0*x", e->port, 2 * e->width, e->value);
	case ENTRY_ATTACHED:
		return sprintf(dst, "[… attached: VM %u, pid %d, uid %u …]",
			       e->vm->id, e->vm->pid, e->vm->uid);
	case ENTRY_GONE:
		return sprintf(dst, "[… gone after %llu write%s …]", e->seq, plural(e->seq));
	case ENTRY_LOST:
		return sprintf(dst, "[… %llu write%s lost …]", e->count, plural(e->count));
	case ENTRY_STORM:
		return not_shown(dst, e);
	case ENTRY_CUT:
		return too_fast(dst, e);
	}
	return 0;
}
