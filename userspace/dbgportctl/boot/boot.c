// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/cli/memory.h"
#include "lib/array.h"
#include "lib/escape.h"

/* Longest line that is kept whole; what goes on is a line of its own. */
#define LINE_SIZE	1024

/* Components in the order of a boot, then the one that has no place in it. */
static const char *const ranked[] = { "Firmware", "Bootloader", "Kernel", "Userspace" };
#define CUSTOM	"Custom"

/**
 * struct chunk - text as it came
 * @seq, @time_ns: of its first byte
 * @port, @vcpu: who
 * @at, @n: where in the boot's bytes, and how many
 */
struct chunk {
	__u64 seq;
	__s64 time_ns;
	__u16 port;
	__u16 vcpu;
	size_t at;
	size_t n;
};

/**
 * struct open_line - a line that has not ended
 * @next: another vCPU's or port's
 * @port, @vcpu: whose
 * @seq, @time_ns: of its first byte
 * @len: bytes in @buf
 */
struct open_line {
	struct open_line *next;
	__u16 port;
	__u16 vcpu;
	__u64 seq;
	__s64 time_ns;
	size_t len;
	char buf[LINE_SIZE];
};

struct boot *boots_get(struct boots *boots, __u32 id, __u64 zero_ns)
{
	struct boot *boot;

	for (size_t i = boots->count; i--;) {
		boot = boots->boot[i];
		if (boot->id == id && boot->zero_ns == zero_ns)
			return boot;
	}
	boot = must(calloc(1, sizeof(*boot)));
	boot->id = id;
	boot->zero_ns = zero_ns;
	boots->boot = grow(boots->boot, boots->count, sizeof(*boots->boot));
	boots->boot[boots->count++] = boot;
	return boot;
}

struct boot *boots_last(const struct boots *boots, __u32 id)
{
	for (size_t i = boots->count; i--;) {
		if (boots->boot[i]->id == id)
			return boots->boot[i];
	}
	return NULL;
}

static void free_mark(struct mark *mark)
{
	free(mark->component);
	free(mark->text);
}

static void free_chunks(struct boot *boot)
{
	free(boot->chunk);
	free(boot->bytes);
	boot->chunk = NULL;
	boot->bytes = NULL;
	boot->chunks = 0;
	boot->size = 0;
}

void boot_free(struct boot *boot)
{
	for (size_t i = 0; i < boot->marks; i++)
		free_mark(&boot->mark[i]);
	free(boot->mark);
	free(boot->phase);
	free_chunks(boot);
	free(boot);
}

void boots_free(struct boots *boots)
{
	for (size_t i = 0; i < boots->count; i++)
		boot_free(boots->boot[i]);
	free(boots->boot);
	*boots = (struct boots){ 0 };
}

static char *copy(const char *text, size_t n)
{
	char *to = must(malloc(ESCAPE_MAX * n + 1));

	to[escape(to, text, n)] = '\0';
	return to;
}

static struct mark *new_mark(struct boot *boot)
{
	boot->mark = grow(boot->mark, boot->marks, sizeof(*boot->mark));
	return &boot->mark[boot->marks++];
}

void boot_add(struct boot *boot, const struct mark *mark)
{
	struct mark *m = new_mark(boot);

	*m = *mark;
	if (mark->component)
		m->component = copy(mark->component, strlen(mark->component));
	if (mark->text)
		m->text = copy(mark->text, strlen(mark->text));
}

void boot_add_bytes(struct boot *boot, __u16 port, __u16 vcpu, __u64 seq, __s64 time_ns,
		    const char *data, size_t n)
{
	const struct chunk chunk = {
		.seq = seq,
		.time_ns = time_ns,
		.port = port,
		.vcpu = vcpu,
		.at = boot->size,
		.n = n,
	};

	boot->chunk = grow(boot->chunk, boot->chunks, sizeof(chunk));
	boot->chunk[boot->chunks++] = chunk;
	for (size_t i = 0; i < n; i++) {
		boot->bytes = grow(boot->bytes, boot->size, 1);
		boot->bytes[boot->size++] = data[i];
	}
}

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
	struct mark *mark;

	while (line->len && line->buf[line->len - 1] == '\r')
		line->len--;
	if (!line->len)
		return;
	mark = new_mark(boot);
	*mark = (struct mark){
		.type = MARK_LINE,
		.port = line->port,
		.vcpu = line->vcpu,
		.seq = line->seq,
		.count = 1,
		.time_ns = line->time_ns,
		.text = copy(line->buf, line->len),
	};
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
		}
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

/* Make lines of all text. */
static void make_lines(struct boot *boot)
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
	free_chunks(boot);
}

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
			free_mark(mark);
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
		free_mark(&boot->mark[--boot->marks]);
}

/* The place of @component in the order of a boot; -1: it has none. */
static int rank(const char *component)
{
	for (size_t i = 0; i < ARRAY_SIZE(ranked); i++) {
		if (!strcmp(component, ranked[i]))
			return i;
	}
	return -1;
}

static bool has_phase(const struct boot *boot, const char *name)
{
	for (size_t i = 0; i < boot->phases; i++) {
		if (!strcmp(boot->phase[i].name, name))
			return true;
	}
	return false;
}

static struct phase *last_phase(struct boot *boot)
{
	return &boot->phase[boot->phases - 1];
}

static void begin_phase(struct boot *boot, const char *name, __s64 time_ns)
{
	if (boot->phases)
		last_phase(boot)->end_ns = time_ns;
	boot->phase = grow(boot->phase, boot->phases, sizeof(*boot->phase));
	boot->phase[boot->phases++] = (struct phase){ .name = name, .begin_ns = time_ns };
}

/* The component that @mark belongs to, if it belongs to one that counts. */
static const char *component_of(const struct mark *mark)
{
	if (mark->type == MARK_CODE)
		return mark->component;
	if (mark->type == MARK_LINE && mark->port == DBGPORT_FIRMWARE_PORT)
		return ranked[0];
	return NULL;
}

/* Custom counts from this mark on: the last beginning of one with a rank. */
static size_t custom_from(const struct boot *boot)
{
	size_t from = 0;
	int highest = -1;

	for (size_t i = 0; i < boot->marks; i++) {
		const char *component = component_of(&boot->mark[i]);
		int r = component ? rank(component) : -1;

		if (r > highest) {
			highest = r;
			from = i;
		}
	}
	return from;
}

static void make_phases(struct boot *boot)
{
	size_t custom = custom_from(boot);
	int highest = -1;

	begin_phase(boot, BOOT_START, 0);
	for (size_t i = 0; i < boot->marks; i++) {
		struct mark *mark = &boot->mark[i];
		const char *component = component_of(mark);
		int r = component ? rank(component) : -1;
		bool begins = component && !has_phase(boot, component);

		if (begins && mark->type == MARK_LINE)
			begins = boot->phases == 1;
		if (begins && r >= 0)
			begins = r > highest;
		else if (begins && !strcmp(component, CUSTOM))
			begins = i >= custom;
		if (begins)
			begin_phase(boot, component, mark->time_ns);
		if (begins && r >= 0)
			highest = r;
		mark->phase = boot->phases - 1;
		last_phase(boot)->codes += mark->type == MARK_CODE;
		last_phase(boot)->lines += mark->type == MARK_LINE;
	}
	boot->total_ns = boot->marks ? boot->mark[boot->marks - 1].time_ns : 0;
	last_phase(boot)->end_ns = boot->total_ns;
}

int boot_finish(struct boot *boot, __s64 until)
{
	make_lines(boot);
	if (order_marks(boot))
		return -1;
	boot->complete = true;
	if (until >= 0)
		cut(boot, until);
	make_phases(boot);
	return 0;
}

__s64 boot_gap(const struct boot *boot, size_t i)
{
	return boot->mark[i].time_ns - (i ? boot->mark[i - 1].time_ns : 0);
}

__s64 boot_long_gap(const struct boot *boot)
{
	return boot->total_ns > 10 ? boot->total_ns / 10 : 1;
}
