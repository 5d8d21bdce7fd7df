// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/lines.h"
#include "dbgportctl/cli/memory.h"

/* Longest line that is kept whole; what goes on is a line of its own. */
#define LINE_SIZE	1024

/**
 * struct open_line - a line that has not ended
 * @next: another vCPU's or port's
 * @port, @vcpu: whose
 * @seq, @time_ns: of its first byte
 * @boot: the last number of a boot that a part of it has; see struct mark
 * @len: bytes in @buf
 */
struct open_line {
	struct open_line *next;
	__u16 port;
	__u16 vcpu;
	__u64 seq;
	__s64 time_ns;
	__u32 boot;
	size_t len;
	char buf[LINE_SIZE];
};

static int by_seq(const void *a, const void *b)
{
	const struct chunk *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	/* As they came: a write may end one line and begin the next. */
	return x->at < y->at ? -1 : x->at > y->at;
}

static bool is_same(const struct boot *boot, const struct chunk *a, const struct chunk *b)
{
	return a->seq == b->seq && a->port == b->port && a->vcpu == b->vcpu && a->n == b->n &&
	       !memcmp(boot->bytes + a->at, boot->bytes + b->at, a->n);
}

static void end_line(struct boot *boot, struct open_line *line)
{
	const struct mark mark = {
		.type = MARK_LINE,
		.port = line->port,
		.vcpu = line->vcpu,
		.seq = line->seq,
		.count = 1,
		.time_ns = line->time_ns,
		.boot = line->boot,
	};

	while (line->len && line->buf[line->len - 1] == '\r')
		line->len--;
	if (line->len)
		boot_add_line(boot, &mark, line->buf, line->len);
	line->len = 0;
}

static void put_chunk(struct boot *boot, struct open_line *line, const struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->n; i++) {
		char c = boot->bytes[chunk->at + i];

		if (c == '\n' || line->len == sizeof(line->buf))
			end_line(boot, line);
		if (c == '\n' || (c == '\r' && !line->len))
			continue;
		if (!line->len) {
			line->seq = chunk->seq;
			line->time_ns = chunk->time_ns;
			line->boot = 0;
		}
		/* A boot is recognised at the end of its first line. */
		if (chunk->boot > line->boot)
			line->boot = chunk->boot;
		line->buf[line->len++] = c;
	}
}

static struct open_line *line_of(struct open_line **lines, const struct chunk *chunk)
{
	struct open_line *line = *lines;

	while (line && (line->port != chunk->port || line->vcpu != chunk->vcpu))
		line = line->next;
	if (line)
		return line;
	line = must(malloc(sizeof(*line)));
	line->next = *lines;
	line->port = chunk->port;
	line->vcpu = chunk->vcpu;
	line->len = 0;
	*lines = line;
	return line;
}

void boot_make_lines(struct boot *boot)
{
	struct open_line *lines = NULL;

	if (boot->chunks)
		qsort(boot->chunk, boot->chunks, sizeof(*boot->chunk), by_seq);
	for (size_t i = 0; i < boot->chunks; i++) {
		const struct chunk *chunk = &boot->chunk[i];

		if (!i || !is_same(boot, chunk - 1, chunk))
			put_chunk(boot, line_of(&lines, chunk), chunk);
	}
	while (lines) {
		struct open_line *line = lines;

		lines = line->next;
		end_line(boot, line);
		free(line);
	}
	boot_free_bytes(boot);
}
