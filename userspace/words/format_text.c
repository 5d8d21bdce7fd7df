// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <string.h>

#include "dbgportd/router/output.h"
#include "words/format.h"
#include "words/stamp.h"

#define BREAK		"…"
/* Room for sink->bol and sink->eol. */
#define BOL_MAX		8
#define EOL_MAX		2

#define LABEL_MAX	(sizeof("[] ") + VMNAME_SIZE)
#define BEGIN_MAX	(sizeof(BREAK) + EOL_MAX + BOL_MAX + STAMP_MAX + LABEL_MAX)

static_assert(BEGIN_MAX <= FORMAT_BEGIN_MAX, "a line's beginning fits in");

static bool labelled;

void format_show_labels(void)
{
	labelled = true;
}

char *format_text_break(char *d, struct sink *sink)
{
	if (!sink->unfinished)
		return d;
	sink->unfinished = NULL;
	return stpcpy(stpcpy(d, BREAK), sink->eol);
}

static bool has_label(const struct output *out)
{
	switch (out->route->set.style.label) {
	case LABEL_YES:
		return true;
	case LABEL_NO:
		return false;
	default:
		return labelled && out->sink->shared;
	}
}

/* The time that this output's line of @entry counts from. */
static __u64 zero_of(struct output *out, const struct entry *entry, enum time_style time)
{
	__u64 zero_ns = entry->vm->zero_ns, ns = entry->time_ns;

	if (time == TIME_DELTA && ns) {
		if (out->last_ns)
			zero_ns = out->last_ns;
		out->last_ns = ns;
	}
	return zero_ns;
}

char *format_text_begin(char *d, struct output *out, const struct entry *entry,
			enum time_style time)
{
	d = format_text_break(d, out->sink);
	if (out->sink->bol)
		d = stpcpy(d, out->sink->bol);
	d = stamp(d, time, entry->time_ns, zero_of(out, entry, time));
	if (has_label(out)) {
		*d++ = '[';
		d = stpcpy(d, entry->vm->name);
		d = stpcpy(d, "] ");
	}
	return d;
}

void format_text_entry(struct output *out, const struct entry *entry, enum time_style time)
{
	static char buf[FORMAT_BEGIN_MAX + sizeof(BREAK) + FORMAT_WORDS_MAX + EOL_MAX];
	bool goes_on = entry->type == ENTRY_LINE && entry->unfinished;
	bool begun = entry->type == ENTRY_LINE && entry->begun;
	struct sink *sink = out->sink;
	char *d = buf;

	if (!begun || sink->unfinished != entry->line) {
		/* Of a line that was broken off, nothing is left but its end. */
		if (begun && !entry->len)
			return;
		d = format_text_begin(d, out, entry, time);
		if (begun)
			d = stpcpy(d, BREAK);
	}
	d += format_words(d, entry);
	sink->unfinished = goes_on ? entry->line : NULL;
	if (!goes_on)
		d = stpcpy(d, sink->eol);
	sink->ops->put(sink, buf, d - buf);
}

void format_notice(struct sink *sink, const char *text, size_t n)
{
	char broken[FORMAT_BEGIN_MAX];
	size_t len = format_text_break(broken, sink) - broken;

	if (len)
		sink->ops->put(sink, broken, len);
	sink->ops->put(sink, text, n);
	sink->ops->put(sink, sink->eol, strlen(sink->eol));
}

static void text_render(struct output *out, const struct entry *entry)
{
	format_text_entry(out, entry, out->route->set.style.time);
}

const struct format_ops format_text = {
	.name = "text",
	.help = "lines for people, harmless to terminals, with a time (time=) if you like",
	.render = text_render,
};
