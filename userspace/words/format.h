/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A format: how entries become bytes.  Each is a small table in a file of its
 * own (format_*.c), and one line in format.c.
 */
#ifndef WORDS_FORMAT_H
#define WORDS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "words/style.h"
#include "lib/escape.h"
#include "lib/hostname.h"
#include "words/drop_notice.h"
#include "words/entry.h"
#include "words/lines.h"
#include "words/stamp.h"

/* Most that any format makes of an entry. */
#define FORMAT_MAX	(10 * LINES_MAX)

/**
 * struct formatter - what the entries of one output are rendered with
 * @style: how the user wants them; must stay
 * @clock: how the wall clock is set; the caller keeps it up to date
 * @bol: what lines of text begin with; NULL: nothing
 * @eol: how lines end; at most two bytes
 * @unfinished: of the place that the bytes go to, shared by all formatters that
 *	write there: whose line stands there without its end; NULL: no line does
 * @host: what json says that this host is called; must stay; NULL: nothing
 * @hosts: VMs of several hosts may write there, so that a label has @host, too
 * @several: more than one VM may write there, so that LABEL_AUTO means a label
 * @line_len: private, where there is @bol: bytes of the unfinished line, if it is one
 *	of this output's
 * @last_ns: private: time of the line before; begins as 0
 */
struct formatter {
	const struct style *style;
	struct stamp_clock *clock;
	const char *bol;
	const char *eol;
	const void **unfinished;
	const struct hostname *host;
	bool hosts;
	bool several;
	size_t line_len;
	__u64 last_ns;
};

/*
 * The longest line of text where lines have a beginning of ours.  That is the
 * journal's stream: journald cuts a line at 48 KiB, and obeys a "<0>" at what comes
 * then.  No longer than a queue may drop it whole, for what comes then, too.
 */
#define FORMAT_LINE_MAX	16384

/**
 * struct format_ops - one format
 * @name: as in format=NAME
 * @help: one line, what it gives
 * @raw: the exact bytes go to the sink, and no entries are made
 * @unsafe: not for terminals: what the guest writes could do anything to one
 * @per_write: whether it wants single writes (ENTRY_WRITE) instead of lines; NULL: never
 * @events: it shows ATTACHED and GONE too
 * @drop_notice: how it says that bytes were dropped; NULL: in a line for people
 * @render: write one entry to @dst, FORMAT_MAX bytes, line end included; returns
 *	how many bytes there are, perhaps none; NULL if @raw
 */
struct format_ops {
	const char *name;
	const char *help;
	bool raw;
	bool unsafe;
	bool (*per_write)(const struct style *style);
	bool events;
	const struct drop_notice *drop_notice;
	size_t (*render)(char *dst, struct formatter *f, const struct entry *entry);
};

/*
 * raw		the exact bytes; refused where standard output is a terminal
 * unsafe-raw	the same, not refused
 * text		lines for people; POST codes as "0x10 Firmware"
 * json		an object a line: Documentation/json.rst
 * post		POST codes in the words of cloud-hypervisor's log; other ports as text
 *		without time
 * cloud-hypervisor	the same in whole lines of that log
 */
extern const struct format_ops format_raw, format_unsafe_raw, format_text, format_json,
	format_post, format_cloud_hypervisor;

/* All formats, ending with NULL. */
extern const struct format_ops *const formats[];

/* The one of that name; NULL: none, and @why, of @size bytes, has one line for the user. */
const struct format_ops *format_find(const char *name, char *why, size_t size);

/* Most that format_words() writes. */
#define FORMAT_WORDS_MAX	(LINES_MAX * ESCAPE_MAX)

/**
 * format_words() - an entry in words, harmless
 * @dst: FORMAT_WORDS_MAX bytes; not NUL-terminated
 * @entry: any
 *
 * Without time, label and line end.
 *
 * Return: bytes written.
 */
size_t format_words(char *dst, const struct entry *entry);

/* Most that format_notice() writes of @n bytes. */
#define FORMAT_NOTICE_MAX(n)	(FORMAT_BEGIN_MAX + (n))

/**
 * format_notice() - one whole line from us, not from a guest
 * @dst: FORMAT_NOTICE_MAX(@n) bytes
 * @f: where it goes, guests' unfinished lines or not: @eol and @unfinished
 * @text: the line without its end; harmless
 * @n: its length
 *
 * Return: bytes written.
 */
size_t format_notice(char *dst, struct formatter *f, const char *text, size_t n);

/* For format_*.c, whose lines may stand among text: */

/* Room for what format_text_begin() writes, and a line end. */
#define FORMAT_BEGIN_MAX	400

/**
 * format_text_break() - end the line that has been begun there, if any
 * @dst: FORMAT_BEGIN_MAX bytes
 * @f: where the bytes go
 *
 * Return: the end of what was written.
 */
char *format_text_break(char *dst, struct formatter *f);

/**
 * format_text_begin() - what a line of text begins with
 * @dst: FORMAT_BEGIN_MAX bytes
 * @f: where it goes
 * @entry: what the line is about
 * @time: enum time_style
 *
 * That is the break, the time and the label.
 *
 * Return: the end of what was written.
 */
char *format_text_begin(char *dst, struct formatter *f, const struct entry *entry,
			enum time_style time);

/* What ends a line; one or two bytes, for which a call costs more than they do. */
static inline char *format_end(char *dst, const struct formatter *f)
{
	for (const char *c = f->eol; *c; c++)
		*dst++ = *c;
	return dst;
}

/* Render @entry as text with that kind of time: as format_ops.render. */
size_t format_text_entry(char *dst, struct formatter *f, const struct entry *entry,
			 enum time_style time);

#endif /* WORDS_FORMAT_H */
