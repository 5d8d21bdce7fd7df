// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/router/output.h"
#include "lib/escape.h"
#include "words/entry.h"
#include "words/lines.h"

/**
 * struct mark - a write, and others
 * @seq, @time_ns, @claimed: of the write
 * @count: see struct line
 */
struct mark {
	__u64 seq;
	__u64 time_ns;
	__u64 count;
	bool claimed;
};

/**
 * struct line - what one vCPU has written to one port since its last line end
 * @age: among all of @lines
 * @waiting: among those with something to tell
 * @lines: whose
 * @next: in its bucket
 * @port, @vcpu: who
 * @waits: among those
 * @begun: a part of it has been told
 * @torn_shared: bytes before the torn end come from @torn too
 * @since: loop_now() of the last byte
 * @first: the first write that is not told; @count: how many are not
 * @torn: where a torn end would begin: the write of the last byte that is a
 *	carriage return or begins a UTF-8 sequence; @count: those before it
 * @len: bytes in @buf, not told
 */
struct line {
	TAILQ_ENTRY(line) age;
	TAILQ_ENTRY(line) waiting;
	struct lines *lines;
	struct line *next;
	__u16 port;
	__u16 vcpu;
	bool waits;
	bool begun;
	bool torn_shared;
	__u64 since;
	struct mark first;
	struct mark torn;
	size_t len;
	char buf[LINES_MAX];
};

static TAILQ_HEAD(, line) waiting = TAILQ_HEAD_INITIALIZER(waiting);

static void timer_done(struct event *ev, int res);
static struct event timer = { .done = timer_done };

static void wait_more(struct line *line)
{
	line->since = loop_now();
	if (line->waits)
		return;
	line->waits = true;
	TAILQ_INSERT_TAIL(&waiting, line, waiting);
	if (!timer.busy)
		loop_timeout(&timer, LINES_QUIET_MS);
}

static void wait_no_more(struct line *line)
{
	if (!line->waits)
		return;
	line->waits = false;
	TAILQ_REMOVE(&waiting, line, waiting);
}

/* Tell @n bytes of @line, which then goes on or has ended. */
static void tell(struct line *line, size_t n, bool end)
{
	bool torn = n < line->len;
	const struct entry entry = {
		.type = ENTRY_LINE,
		.vm = &line->lines->out->vm->info,
		.port = line->port,
		.vcpu = line->vcpu,
		.claimed = line->first.claimed,
		.begun = line->begun,
		.unfinished = !end,
		.line = line,
		.seq = line->first.seq,
		.count = torn ? line->torn.count + line->torn_shared : line->first.count,
		.time_ns = line->first.time_ns,
		.text = line->buf,
		.len = n,
	};

	if (!n && !end)
		return;
	output_entry(line->lines->out, &entry);
	line->begun = !end;
	line->len -= n;
	if (torn) {
		memmove(line->buf, line->buf + n, line->len);
		line->torn.count = line->first.count - line->torn.count;
		line->first = line->torn;
		line->torn.count = 0;
		line->torn_shared = false;
	} else {
		line->first.count = 0;
	}
}

static void tell_part(struct line *line)
{
	tell(line, line->len - escape_unfinished(line->buf, line->len), false);
}

static void end_line(struct line *line)
{
	while (line->len && line->buf[line->len - 1] == '\r')
		line->len--;
	tell(line, line->len, true);
	wait_no_more(line);
	TAILQ_REMOVE(&line->lines->age, line, age);
	TAILQ_INSERT_TAIL(&line->lines->age, line, age);
}

static void set_mark(struct mark *mark, const struct dbgport_record *rec)
{
	mark->seq = rec->seq;
	mark->time_ns = rec->time_ns;
	mark->claimed = rec->flags & DBGPORT_CLAIMED;
}

/* The next byte of @line is from @rec, which is not counted there. */
static void count_write(struct line *line, const struct dbgport_record *rec)
{
	if (!line->len)
		set_mark(&line->first, rec);
	line->first.count++;
}

/* @c is from @rec, which is counted; @shared: so was a byte of @line before it. */
static void put_byte(struct line *line, char c, const struct dbgport_record *rec, bool shared)
{
	if (c == '\n') {
		end_line(line);
		return;
	}
	/* Some end their lines with "\n\r". */
	if (c == '\r' && !line->len && !line->begun)
		return;
	if (c == '\r' || (unsigned char)c >= 0xc0) {
		set_mark(&line->torn, rec);
		line->torn.count = line->first.count - 1;
		line->torn_shared = shared;
	}
	line->buf[line->len++] = c;
	wait_more(line);
}

static struct line **bucket_of(struct lines *lines, __u16 port, __u16 vcpu)
{
	return &lines->bucket[(port ^ vcpu) % LINES_BUCKETS];
}

/* Finish @line, and take it out of everything. */
static void drop(struct line *line)
{
	struct lines *lines = line->lines;
	struct line **p = bucket_of(lines, line->port, line->vcpu);

	if (line->len || line->begun)
		end_line(line);
	while (*p != line)
		p = &(*p)->next;
	*p = line->next;
	TAILQ_REMOVE(&lines->age, line, age);
	lines->count--;
	if (lines->last == line)
		lines->last = NULL;
}

static struct line *new_line(struct lines *lines, __u16 port, __u16 vcpu)
{
	struct line **bucket;
	struct line *line = NULL;

	if (!lines->bucket)
		lines->bucket = calloc(LINES_BUCKETS, sizeof(*lines->bucket));
	if (!lines->bucket)
		return NULL;
	if (lines->count < LINES_COUNT)
		line = malloc(sizeof(*line));
	if (!line) {
		line = TAILQ_FIRST(&lines->age);
		if (!line)
			return NULL;
		drop(line);
	}
	/* All but the bytes. */
	memset(line, 0, offsetof(struct line, buf));
	line->lines = lines;
	line->port = port;
	line->vcpu = vcpu;
	bucket = bucket_of(lines, port, vcpu);
	line->next = *bucket;
	*bucket = line;
	TAILQ_INSERT_TAIL(&lines->age, line, age);
	lines->count++;
	return line;
}

static struct line *line_of(struct lines *lines, __u16 port, __u16 vcpu)
{
	struct line *line = lines->last;

	if (line && line->vcpu == vcpu && line->port == port)
		return line;
	line = lines->bucket ? *bucket_of(lines, port, vcpu) : NULL;
	while (line && (line->vcpu != vcpu || line->port != port))
		line = line->next;
	if (!line)
		line = new_line(lines, port, vcpu);
	lines->last = line;
	return line;
}

void lines_init(struct lines *lines, struct output *out)
{
	*lines = (struct lines){ .out = out };
	TAILQ_INIT(&lines->age);
}

void lines_put(struct lines *lines, const struct dbgport_record *rec,
	       const char *data, size_t n)
{
	struct line *line = line_of(lines, rec->port, rec->vcpu);
	size_t counted = 0;

	if (!line)
		return;
	for (size_t i = 0; i < n; i++) {
		if (line->len == LINES_MAX)
			tell_part(line);
		if (!i || !line->first.count) {
			count_write(line, rec);
			counted = i;
		}
		put_byte(line, data[i], rec, i > counted);
	}
}

void lines_end(struct lines *lines)
{
	struct line *line;

	while ((line = TAILQ_FIRST(&lines->age))) {
		drop(line);
		free(line);
	}
	free(lines->bucket);
	lines->bucket = NULL;
}

void lines_quiet(__u64 now)
{
	struct line *line, *next;

	for (line = TAILQ_FIRST(&waiting); line; line = next) {
		next = TAILQ_NEXT(line, waiting);
		if (now - line->since < LINES_QUIET_MS)
			continue;
		if (now - line->since < LINES_TORN_MS)
			tell_part(line);
		else
			tell(line, line->len, false);
		if (!line->len)
			wait_no_more(line);
	}
}

static void timer_done(struct event *ev, int res)
{
	(void)res;
	lines_quiet(loop_now());
	if (!TAILQ_EMPTY(&waiting))
		loop_timeout(ev, LINES_QUIET_MS);
}

bool lines_oldest(const struct lines *lines, __u64 *seq)
{
	const struct line *line;
	bool found = false;

	TAILQ_FOREACH(line, &lines->age, age) {
		if (!line->len || (found && line->first.seq >= *seq))
			continue;
		*seq = line->first.seq;
		found = true;
	}
	return found;
}
