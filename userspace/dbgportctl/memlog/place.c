// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>

#include "dbgportctl/memlog/place.h"

/*
 * Whether @p can be byte @from of @t: what was printed last stands before it, or as much of
 * that as was not overwritten, which is one byte at least.
 */
static bool fits(const struct place *p, const struct text *t, size_t from)
{
	size_t n = p->len < from ? p->len : from;

	return from <= t->n && n &&
	       !memcmp(t->bytes + from - n, p->kept + p->len - n, n);
}

/* Where offset @at of the ring is in its text. */
static size_t in_text(const struct header *h, size_t at)
{
	return at >= h->head ? at - h->head : h->size - h->head + at;
}

enum place_end place_next(const struct place *p, const struct text *t, size_t *from)
{
	*from = 0;
	if (!p->printed)
		return PLACE_GOES_ON;
	if (!t->header.truncated)
		*from = p->printed <= t->n ? p->printed : t->n + 1;
	else
		*from = in_text(&t->header, p->at);
	if (fits(p, t, *from))
		return PLACE_GOES_ON;
	*from = 0;
	return t->header.truncated ? PLACE_LOST : PLACE_ANEW;
}

void place_passed(struct place *p, const struct text *t, size_t from, enum place_end how)
{
	size_t n = t->n < PLACE_KEPT ? t->n : PLACE_KEPT;

	p->printed = how == PLACE_GOES_ON ? p->printed + t->n - from : t->n;
	p->at = t->header.tail;
	p->len = n;
	memcpy(p->kept, t->bytes + t->n - n, n);
}
