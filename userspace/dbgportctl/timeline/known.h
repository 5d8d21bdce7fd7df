/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What many marks have in common, each once, under a number: in the order in which it was
 * met, from 0 on.
 */
#ifndef DBGPORTCTL_TIMELINE_KNOWN_H
#define DBGPORTCTL_TIMELINE_KNOWN_H

#include "dbgportctl/boot/boot.h"

/**
 * struct known - what was met
 * @compare: known_port or known_what; all else is 0 at first
 * @item: the first mark that had each; they belong to their boots
 * @count: of @item
 * @tree: the same for tsearch()
 */
struct known {
	int (*compare)(const void *a, const void *b);
	const struct mark **item;
	size_t count;
	void *tree;
};

/* By their ports. */
int known_port(const void *a, const void *b);
/* By all that is drawn of a mark but its time: port, type, text. */
int known_what(const void *a, const void *b);

/* The number of what @mark has; @known->count if it was not met. */
size_t known_find(const struct known *known, const struct mark *mark);
/* It was not met. */
void known_add(struct known *known, const struct mark *mark);
void known_free(struct known *known);

/**
 * struct likeness - how a text is made of another one
 * @begin: where they differ
 * @cut: how much of the other one is left out there
 * @len: how much is put in instead
 */
struct likeness {
	size_t begin;
	size_t cut;
	size_t len;
};

/*
 * Whether a line is another one of its port but for the smaller part of it, a number or a
 * name; both are ASCII then.  @like is set to that.
 */
bool known_is_like(const struct mark *mark, const struct mark *other, struct likeness *like);

#endif /* DBGPORTCTL_TIMELINE_KNOWN_H */
