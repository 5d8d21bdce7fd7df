/* SPDX-License-Identifier: GPL-2.0 */
/* What a receiver says of a request, as OTLP/HTTP has it. */
#ifndef DBGPORTCTL_OTLP_ANSWER_H
#define DBGPORTCTL_OTLP_ANSWER_H

#include <linux/types.h>
#include <stddef.h>

enum verdict {
	ANSWER_TAKEN,		/* but for @rejected spans */
	ANSWER_LATER,		/* to be sent again */
	ANSWER_REFUSED,		/* not to be sent again */
};

/* Room for what a receiver says, made harmless. */
#define ANSWER_WHY_SIZE	512

/**
 * struct answer - what became of a request
 * @verdict: that
 * @status: HTTP's; 0: there was no answer
 * @rejected: TAKEN: spans of it that were not
 * @retry_s: LATER: not before so many seconds, as the receiver says; 0: it does not
 * @why: what is wrong; harmless; TAKEN: empty, or what the receiver says, although it
 *	took the request
 */
struct answer {
	enum verdict verdict;
	long status;
	__u64 rejected;
	__u32 retry_s;
	char why[ANSWER_WHY_SIZE];
};

/**
 * answer_read() - understand an answer
 * @answer: filled in
 * @status: HTTP's
 * @body: any bytes
 * @n: how many
 * @retry_s: what its Retry-After says, in seconds; 0 or less: there is none
 */
void answer_read(struct answer *answer, long status, const char *body, size_t n, __s64 retry_s);

/* There was none: @why says so. */
void answer_missing(struct answer *answer, enum verdict verdict, const char *why);

#endif /* DBGPORTCTL_OTLP_ANSWER_H */
