// SPDX-License-Identifier: GPL-2.0
/* Line assembly: each byte is told once, in its order, on the line that it belongs to. */
#include <string.h>

#include "fuzz.h"
#include "words/entry.h"
#include "words/lines.h"

#define PORTS	2
#define VCPUS	4
#define TOLD_MAX	65536

/**
 * struct told - what one vCPU has written to one port, without line ends
 * @wrote: its bytes
 * @told: those in entries
 * @ends: line ends that it wrote
 * @ended: entries that ended a line
 * @open: bytes of the line that has not ended
 * @next_seq: at least that has the next entry
 */
struct told {
	char wrote[TOLD_MAX];
	char told[TOLD_MAX];
	size_t wrote_len;
	size_t told_len;
	unsigned int ends;
	unsigned int ended;
	size_t open;
	__u64 next_seq;
};

static struct told all[PORTS][VCPUS];
static __u64 now;

static struct told *of(__u16 port, __u16 vcpu)
{
	return &all[port - 0xe9][vcpu];
}

static void check_line(void *arg, const struct entry *e)
{
	struct told *t = of(e->port, e->vcpu);

	(void)arg;
	CHECK(e->type == ENTRY_LINE && e->len <= LINES_MAX, "type %d", e->type);
	CHECK(e->seq >= t->next_seq, "%llu after %llu", e->seq, t->next_seq);
	t->next_seq = e->seq;
	for (size_t i = 0; i < e->len; i++) {
		if (e->text[i] == '\r')
			continue;
		CHECK(t->told_len < t->wrote_len, "more than was written");
		t->told[t->told_len++] = e->text[i];
	}
	if (!e->unfinished)
		t->ended++;
}

static void check_told(bool ended)
{
	for (int i = 0; i < PORTS * VCPUS; i++) {
		const struct told *t = &all[0][0] + i;

		CHECK(t->told_len == t->wrote_len, "%zu of %zu", t->told_len, t->wrote_len);
		CHECK(!memcmp(t->told, t->wrote, t->told_len), "%zu bytes", t->told_len);
		if (ended)
			CHECK(t->ended >= t->ends && t->ended <= t->ends + 1, "%u of %u",
			      t->ended, t->ends);
	}
}

static void put(struct lines *lines, const struct dbgport_record *rec, const char *bytes,
		size_t n)
{
	struct told *t = of(rec->port, rec->vcpu);

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n') {
			t->ends++;
		} else if (bytes[i] != '\r') {
			if (t->wrote_len == TOLD_MAX)
				return;
			t->wrote[t->wrote_len++] = bytes[i];
		}
	}
	lines_put(lines, rec, bytes, n, now);
}

static void write_some(struct lines *lines, struct dbgport_record *rec, struct input *in)
{
	unsigned int op = take_byte(in);
	size_t n = take_byte(in);
	const char *bytes;

	rec->port = 0xe9 + op % PORTS;
	rec->vcpu = op / PORTS % VCPUS;
	rec->width = op & 64 ? 4 : op & 32 ? 2 : 1;
	bytes = (const char *)take_bytes(in, &n);
	for (size_t i = 0; i < n; i += rec->width) {
		size_t width = n - i < rec->width ? n - i : rec->width;

		put(lines, rec, bytes + i, width);
		rec->seq++;
		rec->time_ns += 1000;
	}
}

/* As whoever has the timer does. */
static void pass_ms(struct lines_pending *pending, unsigned int ms)
{
	now += ms;
	lines_quiet(pending, now);
}

/* Bytes: who writes; how many bytes; the bytes; or how long nothing comes. */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	struct lines_pending pending = LINES_PENDING_INIT(pending);
	const struct entry_vm vm = { .name = "vm" };
	struct lines lines;
	struct dbgport_record rec = { .type = DBGPORT_WRITE };
	__u64 oldest;

	memset(all, 0, sizeof(all));
	now = 0;
	lines_init(&lines, &pending, &vm, check_line, NULL);
	while (in.at < in.end) {
		if (*in.at & 128)
			pass_ms(&pending, take_byte(&in) % 128 * 20);
		else
			write_some(&lines, &rec, &in);
		if (lines_oldest(&lines, &oldest))
			CHECK(oldest < rec.seq, "%llu of %llu", oldest, rec.seq);
		else
			check_told(false);
	}
	lines_end(&lines);
	check_told(true);
	CHECK(!lines_oldest(&lines, &oldest), "%llu", oldest);
	return 0;
}
