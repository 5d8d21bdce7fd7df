/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A format: how a sink is written to.  Each is a small table in a file of its
 * own (format_*.c), and one line in format.c.
 */
#ifndef WORDS_FORMAT_H
#define WORDS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "words/style.h"
#include "lib/escape.h"
#include "words/entry.h"
#include "words/lines.h"

struct output;
struct sink;

/**
 * struct format_ops - one format
 * @name: as in format=NAME
 * @help: one line, what it gives
 * @raw: the exact bytes go to the sink, and no entries are made
 * @unsafe: not for terminals: what the guest writes could do anything to one
 * @per_write: whether it wants single writes (ENTRY_WRITE) instead of lines; NULL: never
 * @events: it tells ATTACHED and GONE too
 * @render: put one entry on the output's sink, line end included; NULL if @raw
 */
struct format_ops {
	const char *name;
	const char *help;
	bool raw;
	bool unsafe;
	bool (*per_write)(const struct style *style);
	bool events;
	void (*render)(struct output *out, const struct entry *entry);
};

/*
 * raw		the exact bytes; refused where standard output is a terminal
 * unsafe-raw	the same, not refused
 * text		lines for people; POST codes as "0x10 Firmware"
 * json		an object a line: Documentation/json.rst
 * cloud-hypervisor	POST codes as its log has them; other ports as text without time
 */
extern const struct format_ops format_raw, format_unsafe_raw, format_text, format_json,
	format_cloud_hypervisor;

/* All formats, ending with NULL. */
extern const struct format_ops *const formats[];

/* From now on LABEL_AUTO means a label on shared sinks: there is more than one VM. */
void format_show_labels(void);

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

/**
 * format_notice() - one whole line from us, not from a guest
 * @sink: where it goes, guests' unfinished lines or not
 * @text: the line without its end; harmless
 * @n: its length
 */
void format_notice(struct sink *sink, const char *text, size_t n);

/* For format_*.c, whose lines may stand among text: */

/* Room for what format_text_begin() writes. */
#define FORMAT_BEGIN_MAX	192

/**
 * format_text_break() - end the line that somebody has begun on a sink, if any
 * @dst: FORMAT_BEGIN_MAX bytes
 * @sink: the sink
 *
 * Return: the end of what was written.
 */
char *format_text_break(char *dst, struct sink *sink);

/**
 * format_text_begin() - what a line of text begins with
 * @dst: FORMAT_BEGIN_MAX bytes
 * @out: the output
 * @entry: what the line is about
 * @time: enum time_style
 *
 * That is the break, the time and the label.
 *
 * Return: the end of what was written.
 */
char *format_text_begin(char *dst, struct output *out, const struct entry *entry,
			enum time_style time);

/* Render @entry as text with that kind of time. */
void format_text_entry(struct output *out, const struct entry *entry, enum time_style time);

#endif /* WORDS_FORMAT_H */
