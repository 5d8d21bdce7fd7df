// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "dbgportctl/boot/finish.h"
#include "dbgportctl/boot/lines.h"
#include "dbgportctl/boot/phases.h"
#include "dbgportctl/boot/undated.h"

static int compare_marks(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (int)x->type - (int)y->type;
}

/* Of lines, a write of several bytes can begin more than one. */
static bool is_twice(const struct mark *a, const struct mark *b)
{
	return a->seq == b->seq && a->type == b->type && a->type != MARK_LINE;
}

static int order_marks(struct boot *boot)
{
	size_t kept = 0;

	if (boot->marks)
		qsort(boot->mark, boot->marks, sizeof(*boot->mark), compare_marks);
	for (size_t i = 0; i < boot->marks; i++) {
		struct mark *mark = &boot->mark[i];
		__s64 before = kept ? boot->mark[kept - 1].time_ns : 0;

		if (kept && is_twice(&boot->mark[kept - 1], mark)) {
			mark_free(mark);
			continue;
		}
		if (mark->type == MARK_LOST) {
			mark->time_ns = before;
			boot->lost += mark->count;
		}
		/* One that was taken in late may have written a moment before its zero. */
		if (mark->time_ns < 0)
			mark->time_ns = 0;
		if (mark->time_ns < before) {
			while (i < boot->marks)
				mark_free(&boot->mark[i++]);
			boot->marks = kept;
			return -1;
		}
		boot->mark[kept++] = *mark;
	}
	boot->marks = kept;
	return 0;
}

static void cut(struct boot *boot, __s64 until)
{
	size_t end = 0;

	while (end < boot->marks && (boot->mark[end].type != MARK_CODE ||
				     boot->mark[end].value != until))
		end++;
	boot->complete = end < boot->marks;
	while (boot->marks > end + 1)
		mark_free(&boot->mark[--boot->marks]);
	if (boot->complete)
		boot_cut_undated(boot);
}

int boot_order(struct boot *boot)
{
	boot_make_lines(boot);
	return order_marks(boot);
}

void boot_end(struct boot *boot, __s64 until)
{
	boot->complete = true;
	boot_join_undated(boot);
	if (until >= 0)
		cut(boot, until);
	boot_make_phases(boot);
	boot_find_undated_phases(boot);
}
