// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/format.h"
#include "dbgportd/lines.h"
#include "dbgportd/loop.h"

#define BREAK	"…"

/**
 * struct line - what one vCPU has written since its last line end
 * @lines: whose
 * @next, @prev: in the list of lines with something to show
 * @since: loop_now() of the last byte
 * @listed: in that list
 * @begun: a part of it has been shown
 * @len: bytes in @buf, not shown yet
 */
struct line {
	struct lines *lines;
	struct line *next, *prev;
	__u64 since;
	bool listed;
	bool begun;
	size_t len;
	char buf[LINES_MAX];
};

static struct line waiting = { .next = &waiting, .prev = &waiting };
static bool labelled;

static void timer_done(struct event *ev, int res);
static struct event timer = { .done = timer_done };

static void put(struct sink *sink, const char *s, size_t n)
{
	sink->ops->put(sink, s, n);
}

static void put_str(struct sink *sink, const char *s)
{
	put(sink, s, strlen(s));
}

static void put_label(struct sink *sink, const char *label)
{
	if (!labelled || !sink->shared || !label)
		return;
	put_str(sink, "[");
	put_str(sink, label);
	put_str(sink, "] ");
}

/* Make @sink stand at the beginning of a line. */
static void break_line(struct sink *sink)
{
	if (!sink->unfinished)
		return;
	put_str(sink, BREAK);
	put_str(sink, sink->eol);
	sink->unfinished = NULL;
}

static void unlist(struct line *line)
{
	if (!line->listed)
		return;
	line->listed = false;
	line->next->prev = line->prev;
	line->prev->next = line->next;
}

static void list(struct line *line)
{
	line->since = loop_now();
	if (line->listed)
		return;
	line->listed = true;
	line->prev = waiting.prev;
	line->next = &waiting;
	line->prev->next = line;
	waiting.prev = line;
	if (!timer.busy)
		loop_timeout(&timer, LINES_QUIET_MS);
}

/* Show @n bytes of @line, which then goes on or has ended. */
static void show(struct line *line, size_t n, bool end)
{
	static char text[LINES_MAX * FORMAT_HARMLESS_MAX];
	struct sink *sink = line->lines->sink;

	if (!n && !end)
		return;
	if (!n && line->begun && sink->unfinished != line) {
		/* The break that ended it for the reader was its end. */
		line->begun = false;
		return;
	}
	if (sink->unfinished != line) {
		break_line(sink);
		put_label(sink, line->lines->label);
		if (line->begun)
			put_str(sink, BREAK);
	}
	put(sink, text, format_harmless(text, line->buf, n));
	line->len -= n;
	memmove(line->buf, line->buf + n, line->len);
	line->begun = !end;
	sink->unfinished = end ? NULL : line;
	if (end)
		put_str(sink, sink->eol);
}

static void show_part(struct line *line)
{
	show(line, line->len - format_unfinished(line->buf, line->len), false);
}

static void end_line(struct line *line)
{
	while (line->len && line->buf[line->len - 1] == '\r')
		line->len--;
	show(line, line->len, true);
	unlist(line);
}

static void put_byte(struct line *line, char c)
{
	if (c == '\n') {
		end_line(line);
		return;
	}
	/* Some end their lines with "\n\r". */
	if (c == '\r' && !line->len && !line->begun)
		return;
	if (line->len == LINES_MAX)
		show_part(line);
	line->buf[line->len++] = c;
	list(line);
}

static struct line *line_of(struct lines *lines, __u16 vcpu)
{
	if (vcpu >= lines->count) {
		size_t count = vcpu + 1;
		struct line **v = reallocarray(lines->vcpu, count, sizeof(*v));

		if (!v)
			return NULL;
		memset(v + lines->count, 0, (count - lines->count) * sizeof(*v));
		lines->vcpu = v;
		lines->count = count;
	}
	if (!lines->vcpu[vcpu]) {
		lines->vcpu[vcpu] = calloc(1, sizeof(struct line));
		if (lines->vcpu[vcpu])
			lines->vcpu[vcpu]->lines = lines;
	}
	return lines->vcpu[vcpu];
}

void lines_init(struct lines *lines, struct sink *sink, const char *label)
{
	*lines = (struct lines){ .sink = sink, .label = label };
}

void lines_put(struct lines *lines, __u16 vcpu, const char *data, size_t n)
{
	struct line *line = line_of(lines, vcpu);

	if (!line)
		return;
	for (size_t i = 0; i < n; i++)
		put_byte(line, data[i]);
}

void lines_end(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct line *line = lines->vcpu[i];

		if (!line)
			continue;
		if (line->len || line->begun)
			end_line(line);
		free(line);
	}
	free(lines->vcpu);
	lines->vcpu = NULL;
	lines->count = 0;
}

void lines_quiet(__u64 now)
{
	struct line *line, *next;

	for (line = waiting.next; line != &waiting; line = next) {
		next = line->next;
		if (now - line->since < LINES_QUIET_MS)
			continue;
		show_part(line);
		unlist(line);
	}
}

static void timer_done(struct event *ev, int res)
{
	(void)res;
	lines_quiet(loop_now());
	if (waiting.next != &waiting)
		loop_timeout(ev, LINES_QUIET_MS);
}

void lines_note(struct sink *sink, const char *label, const char *text, size_t n)
{
	break_line(sink);
	put_label(sink, label);
	put(sink, text, n);
	put_str(sink, sink->eol);
}

void lines_show_labels(void)
{
	labelled = true;
}
