// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/same_lines.h"
#include "dbgportctl/cli/memory.h"

/**
 * struct line - a line of either text
 * @text: it
 * @number: its place in its own text; those of the other text come behind all of ours
 */
struct line {
	const char *text;
	size_t number;
};

/**
 * struct search - what is under way
 * @same: of each line of ours, the number of the other's, or SAME_NONE
 * @ours, @all: how many lines are ours, and how many there are
 * @sorted: all of them, by text and then by number: a hash could be made to collide
 * @kind: of each number, where in @sorted the lines with its text begin
 * @next: of each of these places, where in @sorted the first one is that is not passed
 */
struct search {
	size_t *same;
	size_t ours;
	size_t all;
	struct line *sorted;
	size_t *kind;
	size_t *next;
};

static int by_text(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ?: x->number < y->number ? -1 : x->number > y->number;
}

static void *array(size_t count, size_t size)
{
	return must(calloc(count + 1, size));
}

static void sort_lines(struct search *s, const char *const *ours, const char *const *theirs)
{
	size_t first = 0;

	for (size_t i = 0; i < s->all; i++)
		s->sorted[i] = (struct line){
			.text = i < s->ours ? ours[i] : theirs[i - s->ours],
			.number = i,
		};
	qsort(s->sorted, s->all, sizeof(*s->sorted), by_text);
	for (size_t i = 0; i < s->all; i++) {
		if (strcmp(s->sorted[i].text, s->sorted[first].text))
			first = i;
		s->kind[s->sorted[i].number] = first;
		s->next[i] = i;
	}
}

static bool is_of_kind(const struct search *s, size_t place, size_t kind)
{
	return place < s->all && s->kind[s->sorted[place].number] == kind;
}

static void match_unique(struct search *s)
{
	for (size_t i = 0, end; i < s->all; i = end) {
		size_t number = s->sorted[i].number;

		for (end = i + 1; is_of_kind(s, end, i); end++)
			;
		if (end - i == 2 && number < s->ours && s->sorted[i + 1].number >= s->ours)
			s->same[number] = s->sorted[i + 1].number;
	}
}

/* How many of @count lines of ours, of which the numbers of the others' rise, are below @number. */
static size_t count_below(const struct search *s, const size_t *line, size_t count, size_t number)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (s->same[line[middle]] < number)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* Of all that are matched, keep the most that are in the same order. */
static void keep_rising(struct search *s)
{
	/* The line at which a row of that length ends lowest; and what comes before each line. */
	size_t *last = array(s->ours, sizeof(*last)), *before = array(s->ours, sizeof(*before));
	size_t longest = 0, kept;

	for (size_t i = 0; i < s->ours; i++) {
		size_t length;

		if (s->same[i] == SAME_NONE)
			continue;
		length = count_below(s, last, longest, s->same[i]);
		before[i] = length ? last[length - 1] : SAME_NONE;
		last[length] = i;
		if (length == longest)
			longest++;
	}
	kept = longest ? last[longest - 1] : SAME_NONE;
	for (size_t i = s->ours; i--;) {
		if (i == kept)
			kept = before[i];
		else
			s->same[i] = SAME_NONE;
	}
	free(last);
	free(before);
}

/* The first one of that kind from number @least on, which never goes back; or SAME_NONE. */
static size_t first_from(struct search *s, size_t kind, size_t least)
{
	size_t *next = &s->next[kind];

	while (is_of_kind(s, *next, kind) && s->sorted[*next].number < least)
		(*next)++;
	return is_of_kind(s, *next, kind) ? s->sorted[*next].number : SAME_NONE;
}

/* Match our lines [@from, @to) with the other's [@low, @high). */
static void match_between(struct search *s, size_t from, size_t to, size_t low, size_t high)
{
	while (from < to && low < high && s->kind[to - 1] == s->kind[high - 1])
		s->same[--to] = --high;
	for (; from < to; from++) {
		size_t number = first_from(s, s->kind[from], low);

		if (number >= high)
			continue;
		s->same[from] = number;
		low = number + 1;
	}
}

static void match_others(struct search *s)
{
	size_t from = 0, low = s->ours;

	for (size_t i = 0; i < s->ours; i++) {
		if (s->same[i] == SAME_NONE)
			continue;
		match_between(s, from, i, low, s->same[i]);
		from = i + 1;
		low = s->same[i] + 1;
	}
	match_between(s, from, s->ours, low, s->all);
}

void same_lines(size_t *same, const char *const *ours, size_t count,
		const char *const *theirs, size_t others)
{
	size_t all = count + others;
	struct search s = {
		.same = same,
		.ours = count,
		.all = all,
		.sorted = array(all, sizeof(*s.sorted)),
		.kind = array(all, sizeof(*s.kind)),
		.next = array(all, sizeof(*s.next)),
	};

	for (size_t i = 0; i < count; i++)
		same[i] = SAME_NONE;
	sort_lines(&s, ours, theirs);
	match_unique(&s);
	keep_rising(&s);
	match_others(&s);
	for (size_t i = 0; i < count; i++)
		same[i] -= same[i] == SAME_NONE ? 0 : count;
	free(s.sorted);
	free(s.kind);
	free(s.next);
}
