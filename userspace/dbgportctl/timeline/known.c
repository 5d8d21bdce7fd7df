// SPDX-License-Identifier: GPL-2.0
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/timeline/known.h"
#include "lib/utf8.h"

/* What the tree is made of. */
struct node {
	const struct mark *mark;
	size_t number;
};

static const struct mark *mark_of(const void *node)
{
	return ((const struct node *)node)->mark;
}

static int order(__u64 x, __u64 y)
{
	return x < y ? -1 : x > y;
}

int known_port(const void *a, const void *b)
{
	return order(mark_of(a)->port, mark_of(b)->port);
}

int known_what(const void *a, const void *b)
{
	const struct mark *x = mark_of(a), *y = mark_of(b);

	if (x->type != y->type)
		return order(x->type, y->type);
	if (x->port != y->port)
		return order(x->port, y->port);
	if (x->type == MARK_LOST || x->type == MARK_STORM)
		return order(x->count, y->count);
	if (x->type == MARK_CODE && x->value != y->value)
		return order(x->value, y->value);
	if (x->type == MARK_CODE && strcmp(x->component, y->component))
		return strcmp(x->component, y->component);
	return strcmp(x->text ?: "", y->text ?: "");
}

size_t known_find(const struct known *known, const struct mark *mark)
{
	struct node wanted = { .mark = mark }, **place;

	place = tfind(&wanted, &known->tree, known->compare);
	return place ? (*place)->number : known->count;
}

void known_add(struct known *known, const struct mark *mark)
{
	struct node *node = must(malloc(sizeof(*node)));

	*node = (struct node){ .mark = mark, .number = known->count };
	must(tsearch(node, &known->tree, known->compare));
	known->item = grow(known->item, known->count, sizeof(*known->item));
	known->item[known->count++] = mark;
}

void known_free(struct known *known)
{
	tdestroy(known->tree, free);
	free(known->item);
}

static bool is_ascii(const char *text)
{
	while (utf8_is_plain(*text))
		text++;
	return !*text;
}

bool known_is_like(const struct mark *mark, const struct mark *other, struct likeness *like)
{
	size_t len, other_len, begin = 0, end = 0, least;

	if (mark->type != MARK_LINE || other->type != MARK_LINE || mark->port != other->port)
		return false;
	len = strlen(mark->text);
	other_len = strlen(other->text);
	least = len < other_len ? len : other_len;
	while (begin < least && mark->text[begin] == other->text[begin])
		begin++;
	while (end < least - begin && mark->text[len - end - 1] == other->text[other_len - end - 1])
		end++;
	*like = (struct likeness){
		.begin = begin,
		.cut = other_len - begin - end,
		.len = len - begin - end,
	};
	return like->len <= len / 2 && is_ascii(mark->text) && is_ascii(other->text);
}
