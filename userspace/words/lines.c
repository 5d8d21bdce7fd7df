// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "lib/escape.h"
#include "words/entry.h"
#include "words/lines.h"

/**
 * struct mark - a write, and others
 * @seq, @time_ns, @claimed: of the write
 * @byte: the byte of it that is meant
 * @count: see struct line
 */
struct mark {
	__u64 seq;
	__u64 time_ns;
	__u64 count;
	bool claimed;
	__u8 byte;
};

/**
 * struct line - what one vCPU has written to one port since its last line end
 * @age: among all of @lines
 * @pending: among those with bytes that were not emitted
 * @lines: whose
 * @next: in its bucket
 * @port, @vcpu: who
 * @waits: among those
 * @begun: a part of it has been emitted
 * @taken: bytes of the last write that have been taken; 0 between writes: all
 * @torn_shared: bytes before the torn end come from @torn too
 * @since: when the last byte came, in ms
 * @last: the last write
 * @first: the first write that was not emitted; @count: how many were not
 * @torn: where a torn end would begin: the write of the last byte that is a
 *	carriage return or begins a UTF-8 or a colour sequence; @count: those before it
 * @len: bytes in @buf, not emitted
 */
struct line {
	TAILQ_ENTRY(line) age;
	TAILQ_ENTRY(line) pending;
	struct lines *lines;
	struct line *next;
	__u16 port;
	__u16 vcpu;
	bool waits;
	bool begun;
	bool torn_shared;
	__u8 taken;
	__u64 since;
	__u64 last;
	struct mark first;
	struct mark torn;
	size_t len;
	char buf[LINES_MAX];
};

bool lines_are_pending(const struct lines_pending *pending)
{
	return !TAILQ_EMPTY(&pending->list);
}

static void wait_more(struct line *line, __u64 now)
{
	line->since = now;
	if (line->waits)
		return;
	line->waits = true;
	TAILQ_INSERT_TAIL(&line->lines->pending->list, line, pending);
}

static void wait_no_more(struct line *line)
{
	if (!line->waits)
		return;
	line->waits = false;
	TAILQ_REMOVE(&line->lines->pending->list, line, pending);
}

/* Emit @n bytes of @line, which then goes on or has ended. */
static void emit(struct line *line, size_t n, bool end)
{
	const struct lines *lines = line->lines;
	bool torn = n < line->len;
	const struct entry entry = {
		.type = ENTRY_LINE,
		.vm = lines->vm,
		.port = line->port,
		.vcpu = line->vcpu,
		.claimed = line->first.claimed,
		.begun = line->begun,
		.unfinished = !end,
		.line = line,
		.seq = line->first.seq,
		.byte = line->first.byte,
		.end_seq = torn ? line->torn.seq : line->last,
		.end_byte = torn ? line->torn.byte : line->taken ?: ENTRY_ALL,
		.count = torn ? line->torn.count + line->torn_shared : line->first.count,
		.time_ns = line->first.time_ns,
		.text = line->buf,
		.len = n,
	};

	if (!n && !end)
		return;
	lines->emit(lines->arg, &entry);
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

static void emit_part(struct line *line)
{
	emit(line, line->len - escape_unfinished(line->buf, line->len), false);
}

static void end_line(struct line *line)
{
	while (line->len && line->buf[line->len - 1] == '\r')
		line->len--;
	emit(line, line->len, true);
	wait_no_more(line);
	TAILQ_REMOVE(&line->lines->age, line, age);
	TAILQ_INSERT_TAIL(&line->lines->age, line, age);
}

static void set_mark(struct mark *mark, const struct dbgport_record *rec, __u8 byte)
{
	mark->seq = rec->seq;
	mark->byte = byte;
	mark->time_ns = rec->time_ns;
	mark->claimed = rec->flags & DBGPORT_CLAIMED;
}

/* The next byte of @line is of @rec, which is not counted there. */
static void count_write(struct line *line, const struct dbgport_record *rec)
{
	if (!line->len)
		set_mark(&line->first, rec, line->taken);
	line->last = rec->seq;
	line->first.count++;
}

/* What @c begins makes sense as a whole only. */
static bool may_tear(char c)
{
	/* Most are neither. */
	return (signed char)c < ' ' && (c == '\r' || c == '\033' || (unsigned char)c >= 0xc0);
}

/* @c is from @rec, which is counted; @shared: so was a byte of @line before it. */
static void put_byte(struct line *line, char c, const struct dbgport_record *rec, bool shared,
		     __u64 now)
{
	if (c == '\n') {
		line->taken++;
		end_line(line);
		line->taken = 0;
		return;
	}
	/* Some end their lines with "\n\r". */
	if (c == '\r' && !line->len && !line->begun)
		return;
	if (may_tear(c)) {
		set_mark(&line->torn, rec, line->taken);
		line->torn.count = line->first.count - 1;
		line->torn_shared = shared;
	}
	line->buf[line->len++] = c;
	wait_more(line, now);
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

void lines_init(struct lines *lines, struct lines_pending *pending, const struct entry_vm *vm,
		void (*emit)(void *arg, const struct entry *entry), void *arg)
{
	*lines = (struct lines){ .pending = pending, .vm = vm, .emit = emit, .arg = arg };
	TAILQ_INIT(&lines->age);
}

void lines_put(struct lines *lines, const struct dbgport_record *rec, const char *data, size_t n,
	       __u64 now)
{
	struct line *line = line_of(lines, rec->port, rec->vcpu);
	size_t counted = 0;

	if (!line)
		return;
	for (size_t i = 0; i < n; i++) {
		/* Most are one byte. */
		if (i)
			line->taken = i;
		if (line->len == LINES_MAX)
			emit_part(line);
		if (!i || !line->first.count) {
			count_write(line, rec);
			counted = i;
		}
		put_byte(line, data[i], rec, i > counted, now);
	}
	line->taken = 0;
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

void lines_quiet(struct lines_pending *pending, __u64 now)
{
	struct line *line, *next;

	for (line = TAILQ_FIRST(&pending->list); line; line = next) {
		next = TAILQ_NEXT(line, pending);
		if (now - line->since < LINES_QUIET_MS)
			continue;
		if (now - line->since < LINES_TORN_MS)
			emit_part(line);
		else
			emit(line, line->len, false);
		if (!line->len)
			wait_no_more(line);
	}
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
