/* SPDX-License-Identifier: GPL-2.0 */
/* How it is said, among a sink's bytes, that some were dropped. */
#ifndef WORDS_DROP_NOTICE_H
#define WORDS_DROP_NOTICE_H

struct format_ops;

/**
 * struct note - one way to say it
 * @before, @after: what stands around their number
 */
struct note {
	const char *before;
	const char *after;
};

/* Lines of their own, with either line end. */
extern const struct note note_lf, note_crlf;

/* Whichever @text is, but for a format whose lines are not for people. */
const struct note *note_in(const struct format_ops *format, const struct note *text);

#endif /* WORDS_DROP_NOTICE_H */
