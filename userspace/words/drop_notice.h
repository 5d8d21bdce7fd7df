/* SPDX-License-Identifier: GPL-2.0 */
/* What stands among a sink's bytes where some were dropped. */
#ifndef WORDS_DROP_NOTICE_H
#define WORDS_DROP_NOTICE_H

/**
 * struct drop_notice - one way to put it
 * @before, @after: what stands around their number
 */
struct drop_notice {
	const char *before;
	const char *after;
};

/* Lines of their own for people, with either line end. */
extern const struct drop_notice drop_notice_lf, drop_notice_crlf;

#endif /* WORDS_DROP_NOTICE_H */
