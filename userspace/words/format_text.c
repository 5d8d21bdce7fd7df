// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <string.h>

#include "words/format.h"

#define BREAK		"…"
/* Room for a formatter's bol and eol. */
#define BOL_MAX		8
#define EOL_MAX		2

#define LABEL_MAX	(sizeof("[/] ") + HOSTNAME_SIZE + VMNAME_SIZE)
#define BEGIN_MAX	(sizeof(BREAK) + EOL_MAX + BOL_MAX + STAMP_MAX + LABEL_MAX)

static_assert(BEGIN_MAX + EOL_MAX <= FORMAT_BEGIN_MAX, "a line's beginning fits in");
static_assert(FORMAT_BEGIN_MAX + sizeof(BREAK) + 2 * FORMAT_WORDS_MAX <= FORMAT_LINE_MAX,
	      "what begins a line leaves room for more");
static_assert(FORMAT_BEGIN_MAX + sizeof(BREAK) + FORMAT_WORDS_MAX <= FORMAT_MAX, "a line fits in");

char *format_text_break(char *d, struct formatter *f)
{
	if (!*f->unfinished)
		return d;
	*f->unfinished = NULL;
	return format_end(stpcpy(d, BREAK), f);
}

static bool has_label(const struct formatter *f)
{
	switch (f->style->label) {
	case LABEL_YES:
		return true;
	case LABEL_NO:
		return false;
	default:
		return f->several;
	}
}

/* The time of a line.  What was only counted is told when it is over, behind other lines. */
static __u64 time_of(const struct formatter *f, const struct entry *entry)
{
	if (entry->type != ENTRY_STORM && entry->type != ENTRY_CUT)
		return entry->time_ns;
	return entry->end_ns > f->last_ns ? entry->end_ns : f->last_ns;
}

/* The time that the line of @entry, which has the time @ns, counts from. */
static __u64 zero_of(const struct formatter *f, const struct entry *entry, __u64 ns,
		     enum time_style time)
{
	return time == STAMP_DELTA && ns && f->last_ns ? f->last_ns : entry->vm->zero_ns;
}

char *format_text_begin(char *d, struct formatter *f, const struct entry *entry,
			enum time_style time)
{
	__u64 ns = time_of(f, entry);

	d = format_text_break(d, f);
	if (f->bol)
		d = stpcpy(d, f->bol);
	d = stamp(d, f->clock, time, ns, zero_of(f, entry, ns, time));
	if (ns)
		f->last_ns = ns;
	if (has_label(f)) {
		*d++ = '[';
		if (f->hosts && f->host->len)
			d = stpcpy(stpcpy(d, f->host->name), "/");
		d = stpcpy(d, entry->vm->name);
		d = stpcpy(d, "] ");
	}
	return d;
}

/* What comes next must begin a line, and so with what is ours. */
static bool is_full(const struct formatter *f, const struct entry *entry)
{
	return f->bol && entry->len && f->line_len + FORMAT_WORDS_MAX > FORMAT_LINE_MAX;
}

static size_t words_of(char *d, const struct formatter *f, const struct entry *entry)
{
	if (entry->type == ENTRY_LINE && f->style->colours == COLOURS_SHOW)
		return escape_all(d, entry->text, entry->len);
	return format_words(d, entry);
}

size_t format_text_entry(char *dst, struct formatter *f, const struct entry *entry,
			 enum time_style time)
{
	bool goes_on = entry->type == ENTRY_LINE && entry->unfinished;
	bool begun = entry->type == ENTRY_LINE && entry->begun;
	char *d = dst;

	if (!begun || *f->unfinished != entry->line || is_full(f, entry)) {
		/* Of a line that was broken off, nothing is left but its end. */
		if (begun && !entry->len)
			return 0;
		d = format_text_begin(d, f, entry, time);
		if (begun)
			d = stpcpy(d, BREAK);
		f->line_len = 0;
	}
	d += words_of(d, f, entry);
	f->line_len += d - dst;
	*f->unfinished = goes_on ? entry->line : NULL;
	if (!goes_on)
		d = format_end(d, f);
	return d - dst;
}

size_t format_notice(char *dst, struct formatter *f, const char *text, size_t n)
{
	char *d = format_text_break(dst, f);

	memcpy(d, text, n);
	return format_end(d + n, f) - dst;
}

static size_t text_render(char *dst, struct formatter *f, const struct entry *entry)
{
	return format_text_entry(dst, f, entry, f->style->time);
}

const struct format_ops format_text = {
	.name = "text",
	.help = "lines for people, harmless to terminals, with a time (time=) if you like",
	.render = text_render,
};
