// SPDX-License-Identifier: GPL-2.0
/* Line assembly: what is told of what vCPUs wrote, and how text shows it. */
#include "lib/harness.h"

#include "daemon/page.h"
#include "words/lines.h"

static struct lines_pending pending = LINES_PENDING_INIT(pending);
/* When all writes come, in ms. */
#define NOW	5000

/* A VM whose lines are shown as text. */
struct vm {
	struct writer writer;
	struct lines lines;
};

FIXTURE(lines)
{
	struct page out;
	struct vm vm1, vm2;
};

static void show(void *arg, const struct entry *entry)
{
	write_entry(arg, entry);
}

static void begin(struct vm *vm, struct page *page, const char *name)
{
	writer_init(&vm->writer, page, &format_text, name);
	lines_init(&vm->lines, &pending, &vm->writer.vm, show, &vm->writer);
}

FIXTURE_SETUP(lines)
{
	memset(&self->out, 0, sizeof(self->out));
	begin(&self->vm1, &self->out, "vm1");
	begin(&self->vm2, &self->out, "vm2");
}

FIXTURE_TEARDOWN(lines)
{
	lines_end(&self->vm1.lines);
	lines_end(&self->vm2.lines);
}

/* The write number 7 is made at 1.000007 s; they go on from test to test. */
static __u64 next_seq;

static void put(struct vm *vm, __u16 port, int vcpu, const char *data, size_t n)
{
	const struct dbgport_record rec = {
		.type = DBGPORT_WRITE,
		.seq = next_seq,
		.time_ns = 1000000000 + next_seq * 1000,
		.vm = vm->writer.vm.id,
		.port = port,
		.width = n,
		.vcpu = vcpu,
	};

	next_seq++;
	lines_put(&vm->lines, &rec, data, n, NOW);
}

static void say(struct vm *vm, int vcpu, const char *text)
{
	/* A byte at a time, as guests do. */
	for (; *text; text++)
		put(vm, 0xe9, vcpu, text, 1);
}

static void say_lost(struct vm *vm)
{
	const struct entry lost = { .type = ENTRY_LOST, .vm = &vm->writer.vm, .count = 1 };

	write_entry(&vm->writer, &lost);
}

static void show_labels(struct vm *a, struct vm *b)
{
	a->writer.formatter.several = true;
	b->writer.formatter.several = true;
}

/* As if everything unfinished had been quiet for long. */
static void quiet(void)
{
	lines_quiet(&pending, NOW + LINES_QUIET_MS);
}

/* Of which bytes the entries are, "SEQ.BYTE-SEQ.BYTE", the first write being number 0. */
struct extents {
	struct page page;
	struct lines lines;
	__u64 zero;
};

static void note_extent(void *arg, const struct entry *e)
{
	struct extents *x = arg;

	x->page.len += sprintf(x->page.text + x->page.len, "%llu.%u-%llu.%u ", e->seq - x->zero,
			       e->byte, e->end_seq - x->zero, e->end_byte);
}

static void put_extent(struct extents *x, int vcpu, const char *data)
{
	struct dbgport_record rec = {
		.type = DBGPORT_WRITE, .seq = next_seq++, .port = 0xe9, .vcpu = vcpu,
	};

	lines_put(&x->lines, &rec, data, strlen(data), NOW);
}

static void begin_extents(struct extents *x, struct vm *vm)
{
	memset(&x->page, 0, sizeof(x->page));
	lines_init(&x->lines, &pending, &vm->writer.vm, note_extent, x);
	x->zero = next_seq;
}

TEST_F(lines, each_entry_says_of_which_bytes_it_is)
{
	static struct extents x;

	begin_extents(&x, &self->vm1);
	put_extent(&x, 0, "a");
	put_extent(&x, 1, "b");
	put_extent(&x, 0, "\n");
	put_extent(&x, 1, "\n");
	EXPECT_STREQ("0.0-2.1 1.0-3.1 ", x.page.text);
	lines_end(&x.lines);
}

TEST_F(lines, a_write_that_several_have_is_divided_by_bytes)
{
	static struct extents x;

	begin_extents(&x, &self->vm1);
	put_extent(&x, 0, "a\nb\n");
	put_extent(&x, 0, "cd\ne");
	put_extent(&x, 0, "f\n");
	EXPECT_STREQ("0.0-0.2 0.2-0.4 1.0-1.3 1.3-2.2 ", x.page.text);
	lines_end(&x.lines);
}

TEST_F(lines, parts_have_their_own_bytes)
{
	static struct extents x;

	begin_extents(&x, &self->vm1);
	put_extent(&x, 0, "ab");
	put_extent(&x, 0, "c\xc3");
	quiet();
	EXPECT_STREQ("0.0-1.1 ", x.page.text);
	put_extent(&x, 0, "\xa9");
	quiet();
	put_extent(&x, 0, "\n");
	EXPECT_STREQ("0.0-1.1 1.1-2.255 3.0-3.1 ", x.page.text);
	lines_end(&x.lines);
}

TEST_F(lines, a_line_is_shown_at_its_end)
{
	say(&self->vm1, 0, "hello");
	EXPECT_STREQ("", self->out.text);
	say(&self->vm1, 0, "\n");
	EXPECT_STREQ("hello\n", self->out.text);
}

TEST_F(lines, empty_lines_stay)
{
	say(&self->vm1, 0, "\na\n\n\nb\n");
	EXPECT_STREQ("\na\n\n\nb\n", self->out.text);
}

TEST_F(lines, carriage_returns_at_line_ends_vanish)
{
	say(&self->vm1, 0, "a\r\nb\n\rc\r\r\n");
	EXPECT_STREQ("a\nb\nc\n", self->out.text);
}

TEST_F(lines, carriage_returns_elsewhere_are_shown)
{
	say(&self->vm1, 0, "fake\rtrue\n");
	EXPECT_STREQ("fake<0d>true\n", self->out.text);
}

TEST_F(lines, lines_of_different_vcpus_do_not_mix)
{
	say(&self->vm1, 0, "aa");
	say(&self->vm1, 1, "bb");
	say(&self->vm1, 0, "aa\n");
	say(&self->vm1, 300, "cc\n");
	say(&self->vm1, 1, "bb\n");
	EXPECT_STREQ("aaaa\ncc\nbbbb\n", self->out.text);
}

TEST_F(lines, a_quiet_line_is_shown_and_continued)
{
	say(&self->vm1, 0, "login: ");
	quiet();
	EXPECT_STREQ("login: ", self->out.text);
	say(&self->vm1, 0, "root\n");
	EXPECT_STREQ("login: root\n", self->out.text);
}

TEST_F(lines, a_line_that_is_not_quiet_waits)
{
	say(&self->vm1, 0, "login: ");
	lines_quiet(&pending, NOW + LINES_QUIET_MS - 1);
	EXPECT_STREQ("", self->out.text);
}

TEST_F(lines, a_broken_line_is_marked_and_continued_on_a_new_one)
{
	say(&self->vm1, 0, "progress 10%");
	quiet();
	say(&self->vm1, 1, "other\n");
	say(&self->vm1, 0, " 20%\n");
	EXPECT_STREQ("progress 10%…\nother\n… 20%\n", self->out.text);
}

TEST_F(lines, a_broken_line_that_then_ends_needs_no_more)
{
	say(&self->vm1, 0, "done");
	quiet();
	say(&self->vm1, 1, "other\n");
	say(&self->vm1, 0, "\nnext\n");
	EXPECT_STREQ("done…\nother\nnext\n", self->out.text);
}

TEST_F(lines, notes_stand_on_lines_of_their_own)
{
	say(&self->vm1, 0, "begun");
	quiet();
	write_notice(&self->vm1.writer, "note");
	say(&self->vm1, 0, "ended\n");
	write_notice(&self->vm1.writer, "note");
	EXPECT_STREQ("begun…\nnote\n…ended\nnote\n", self->out.text);
}

TEST_F(lines, labels_begin_each_line_once_they_are_on)
{
	say(&self->vm1, 0, "before\n");
	show_labels(&self->vm1, &self->vm2);
	say(&self->vm1, 0, "a");
	say(&self->vm2, 0, "b\n");
	say(&self->vm1, 0, "\n");
	quiet();
	say_lost(&self->vm2);
	write_notice(&self->vm1.writer, "log");
	EXPECT_STREQ("before\n[vm2] b\n[vm1] a\n[vm2] [… 1 write lost …]\nlog\n",
		     self->out.text);
}

TEST_F(lines, continued_lines_are_labelled_anew)
{
	show_labels(&self->vm1, &self->vm2);
	say(&self->vm1, 0, "abc");
	quiet();
	say(&self->vm1, 0, "def");
	quiet();
	say(&self->vm2, 0, "x\n");
	say(&self->vm1, 0, "ghi\n");
	EXPECT_STREQ("[vm1] abcdef…\n[vm2] x\n[vm1] …ghi\n", self->out.text);
}

TEST_F(lines, the_end_of_a_vm_ends_its_lines)
{
	say(&self->vm1, 0, "shown");
	quiet();
	say(&self->vm1, 1, "never ended");
	say(&self->vm1, 2, "ended\n");
	lines_end(&self->vm1.lines);
	EXPECT_STREQ("shown…\nended\nnever ended\n", self->out.text);
	EXPECT_EQ(NULL, self->out.unfinished);
	/* What waited finds nothing of it. */
	quiet();
	EXPECT_STREQ("shown…\nended\nnever ended\n", self->out.text);
}

TEST_F(lines, a_line_without_end_is_shown_in_parts)
{
	char expect[3 * LINES_MAX + 2];

	memset(expect, 'x', sizeof(expect));
	expect[3 * LINES_MAX] = '\0';
	say(&self->vm1, 0, expect);
	EXPECT_EQ(2 * LINES_MAX, self->out.len);
	say(&self->vm1, 0, "\n");
	expect[3 * LINES_MAX] = '\n';
	expect[3 * LINES_MAX + 1] = '\0';
	EXPECT_STREQ(expect, self->out.text);
}

TEST_F(lines, utf8_is_not_torn_by_a_break)
{
	say(&self->vm1, 0, "\xe4\xb8");
	quiet();
	EXPECT_STREQ("", self->out.text);
	say(&self->vm1, 0, "\x96\n");
	EXPECT_STREQ("世\n", self->out.text);
}

TEST_F(lines, utf8_is_not_torn_by_the_length)
{
	char text[LINES_MAX];

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < LINES_MAX - 1; i++)
		put(&self->vm1, 0xe9, 0, &text[i], 1);
	say(&self->vm1, 0, "世\n");
	EXPECT_STREQ("世\n", self->out.text + LINES_MAX - 1);
}

TEST_F(lines, control_bytes_are_shown)
{
	say(&self->vm1, 0, "\033[31Kred\n");
	put(&self->vm1, 0xe9, 0, "\0\n", 2);
	EXPECT_STREQ("<1b>[31Kred\n<00>\n", self->out.text);
}

TEST_F(lines, colours_are_dropped_whole_where_a_break_comes_within)
{
	say(&self->vm1, 0, "a\033[3");
	quiet();
	EXPECT_STREQ("a", self->out.text);
	say(&self->vm1, 0, "1mred\033[0m\n");
	EXPECT_STREQ("ared\n", self->out.text);
}

TEST_F(lines, a_torn_end_is_shown_when_nothing_follows)
{
	say(&self->vm1, 0, "a\xe4\xb8");
	quiet();
	EXPECT_STREQ("a", self->out.text);
	lines_quiet(&pending, NOW + LINES_TORN_MS);
	EXPECT_STREQ("a<e4><b8>", self->out.text);
	say(&self->vm1, 0, "b\n");
	EXPECT_STREQ("a<e4><b8>b\n", self->out.text);
}

/* The entries themselves are remembered. */
#define TOLD_MAX	16384

static struct told {
	struct entry entry;
	char text[LINES_MAX + 1];
} told[TOLD_MAX];

static size_t told_count;

static void remember(void *arg, const struct entry *entry)
{
	struct told *t = &told[told_count++];

	(void)arg;
	if (told_count > TOLD_MAX || entry->len > LINES_MAX)
		abort();
	t->entry = *entry;
	memcpy(t->text, entry->text, entry->len);
	t->text[entry->len] = '\0';
}

FIXTURE(entries)
{
	struct vm vm;
	struct lines *lines;
};

FIXTURE_SETUP(entries)
{
	self->lines = &self->vm.lines;
	lines_init(self->lines, &pending, &self->vm.writer.vm, remember, NULL);
}

FIXTURE_TEARDOWN(entries)
{
	lines_end(self->lines);
}

#define EXPECT_TOLD(i, says, first, writes, was_begun, goes_on) do {	\
	ASSERT_LT(i, told_count);					\
	EXPECT_EQ(ENTRY_LINE, told[i].entry.type);			\
	EXPECT_EQ(&self->vm.writer.vm, told[i].entry.vm);	\
	EXPECT_STREQ(says, told[i].text);				\
	EXPECT_EQ(first, told[i].entry.seq);				\
	EXPECT_EQ(1000000000 + 1000 * (first), told[i].entry.time_ns);	\
	EXPECT_EQ(writes, told[i].entry.count);				\
	EXPECT_EQ(was_begun, told[i].entry.begun);			\
	EXPECT_EQ(goes_on, told[i].entry.unfinished);			\
} while (0)

TEST_F(entries, a_line_has_its_first_write_and_how_many_there_were)
{
	say(&self->vm, 0, "abc\n\nde\r\n");
	ASSERT_EQ(3, told_count);
	EXPECT_TOLD(0, "abc", 0, 4, false, false);
	EXPECT_TOLD(1, "", 4, 1, false, false);
	EXPECT_TOLD(2, "de", 5, 4, false, false);
}

TEST_F(entries, a_line_has_its_writer)
{
	const struct dbgport_record rec = {
		.port = 0x402, .vcpu = 65535, .width = 1, .flags = DBGPORT_CLAIMED,
	};

	lines_put(self->lines, &rec, "\n", 1, NOW);
	put(&self->vm, 0xe9, 1, "\n", 1);
	ASSERT_EQ(2, told_count);
	EXPECT_EQ(0x402, told[0].entry.port);
	EXPECT_EQ(65535, told[0].entry.vcpu);
	EXPECT_TRUE(told[0].entry.claimed);
	EXPECT_EQ(0xe9, told[1].entry.port);
	EXPECT_EQ(1, told[1].entry.vcpu);
	EXPECT_FALSE(told[1].entry.claimed);
}

TEST_F(entries, each_part_has_its_first_write)
{
	say(&self->vm, 0, "ab");
	quiet();
	say(&self->vm, 1, "x");
	say(&self->vm, 0, "cd");
	quiet();
	say(&self->vm, 0, "\n");
	say(&self->vm, 0, "e\n");
	ASSERT_EQ(5, told_count);
	EXPECT_TOLD(0, "ab", 0, 2, false, true);
	EXPECT_TOLD(1, "x", 2, 1, false, true);
	EXPECT_TOLD(2, "cd", 3, 2, true, true);
	EXPECT_TOLD(3, "", 5, 1, true, false);
	EXPECT_TOLD(4, "e", 6, 2, false, false);
	EXPECT_EQ(told[0].entry.line, told[2].entry.line);
	EXPECT_EQ(told[0].entry.line, told[3].entry.line);
	EXPECT_NE(told[0].entry.line, told[1].entry.line);
}

TEST_F(entries, a_torn_end_keeps_its_writes)
{
	say(&self->vm, 0, "ab\xe4\xb8");
	quiet();
	say(&self->vm, 0, "\x96z");
	quiet();
	say(&self->vm, 0, "\r");
	quiet();
	say(&self->vm, 0, "\n");
	ASSERT_EQ(3, told_count);
	EXPECT_TOLD(0, "ab", 0, 2, false, true);
	EXPECT_TOLD(1, "世z", 2, 4, true, true);
	EXPECT_TOLD(2, "", 6, 2, true, false);
}

TEST_F(entries, a_write_of_several_bytes_counts_for_each_line_in_it)
{
	put(&self->vm, 0xe9, 0, "xy", 2);
	put(&self->vm, 0xe9, 0, "a\nb\n", 4);
	put(&self->vm, 0xe9, 0, "c\nd\xe4", 4);
	quiet();
	put(&self->vm, 0xe9, 0, "\xb8\x96\n", 3);
	ASSERT_EQ(5, told_count);
	EXPECT_TOLD(0, "xya", 0, 2, false, false);
	EXPECT_TOLD(1, "b", 1, 1, false, false);
	EXPECT_TOLD(2, "c", 2, 1, false, false);
	EXPECT_TOLD(3, "d", 2, 1, false, true);
	EXPECT_TOLD(4, "世", 2, 2, true, false);
}

TEST_F(entries, a_line_cut_by_its_length_keeps_count)
{
	for (size_t i = 0; i < LINES_MAX + 1; i++)
		say(&self->vm, 0, "x");
	say(&self->vm, 0, "\n");
	ASSERT_EQ(2, told_count);
	EXPECT_EQ(LINES_MAX, told[0].entry.len);
	EXPECT_EQ(0, told[0].entry.seq);
	EXPECT_EQ(LINES_MAX, told[0].entry.count);
	EXPECT_TOLD(1, "x", LINES_MAX, 2, true, false);
}

TEST_F(entries, the_carriage_return_after_a_line_does_not_date_the_next)
{
	__u64 seq = 0;

	say(&self->vm, 0, "a\n\r");
	EXPECT_FALSE(lines_oldest(self->lines, &seq));
	next_seq = 100;
	say(&self->vm, 0, "b\n");
	ASSERT_EQ(2, told_count);
	EXPECT_TOLD(1, "b", 100, 3, false, false);
}

TEST_F(entries, each_port_has_its_line)
{
	put(&self->vm, 0xe9, 0, "a", 1);
	put(&self->vm, 0x402, 0, "b", 1);
	put(&self->vm, 0xe9, 0, "c\n", 2);
	put(&self->vm, 0x402, 0, "d\n", 2);
	ASSERT_EQ(2, told_count);
	EXPECT_TOLD(0, "ac", 0, 2, false, false);
	EXPECT_TOLD(1, "bd", 1, 2, false, false);
}

TEST_F(entries, the_oldest_write_that_is_not_told_is_known)
{
	__u64 seq = 0;

	EXPECT_FALSE(lines_oldest(self->lines, &seq));
	say(&self->vm, 0, "a");		/* 0 */
	say(&self->vm, 1, "bb");	/* 1, 2 */
	say(&self->vm, 2, "c\n");	/* 3, 4 */
	ASSERT_TRUE(lines_oldest(self->lines, &seq));
	EXPECT_EQ(0, seq);
	say(&self->vm, 0, "\n");
	ASSERT_TRUE(lines_oldest(self->lines, &seq));
	EXPECT_EQ(1, seq);
	quiet();
	EXPECT_FALSE(lines_oldest(self->lines, &seq));
	say(&self->vm, 1, "x\xe4");	/* 6, 7 */
	quiet();
	ASSERT_TRUE(lines_oldest(self->lines, &seq));
	EXPECT_EQ(7, seq);
	lines_quiet(&pending, NOW + LINES_TORN_MS);
	EXPECT_FALSE(lines_oldest(self->lines, &seq));
}

TEST_F(entries, very_many_vcpus_are_bounded_and_lose_nothing)
{
	char expect[16];

	for (int i = 0; i < 5000; i++) {
		snprintf(expect, sizeof(expect), "%d", i);
		say(&self->vm, i, expect);
		ASSERT_LE(self->lines->count, LINES_COUNT);
	}
	EXPECT_EQ(5000 - LINES_COUNT, told_count);
	lines_end(self->lines);
	ASSERT_EQ(5000, told_count);
	for (int i = 0; i < 5000; i++) {
		snprintf(expect, sizeof(expect), "%d", i);
		ASSERT_STREQ(expect, told[i].text);
		ASSERT_EQ(i, told[i].entry.vcpu);
		ASSERT_FALSE(told[i].entry.unfinished);
	}
}

TEST_F(entries, a_busy_vcpu_keeps_its_line_among_very_many)
{
	for (int i = 1; i < 3000; i++) {
		say(&self->vm, 0, "a\nb");
		say(&self->vm, i, "\n");
		say(&self->vm, 0, "\n");
	}
	for (size_t i = 0; i < told_count; i++)
		ASSERT_FALSE(told[i].entry.begun);
	EXPECT_EQ(3 * 2999, told_count);
}

/* What each of some vCPUs wrote, and what was told of it. */
struct story {
	char said[65536], heard[65536];
	size_t said_len, heard_len;
};

TEST_F(entries, random_writes_are_told_once_and_in_order)
{
	static const char alphabet[] = "abc\n\xe4\xb8\x96\xff\0x\n";
	static struct story story[2][4];
	__u64 counted = 0, bytes = 0, seq = 0;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		int port = rand() % 2, vcpu = rand() % 4, width = 1 << rand() % 3;
		struct story *s = &story[port][vcpu];
		char data[4];

		for (int j = 0; j < width; j++) {
			data[j] = alphabet[rand() % (sizeof(alphabet) - 1)];
			s->said[s->said_len++] = data[j];
		}
		bytes += width;
		put(&self->vm, port, vcpu, data, width);
		if (!(rand() % 50))
			lines_quiet(&pending,
				    NOW + (rand() % 2 ? LINES_QUIET_MS : LINES_TORN_MS));
		/* What is not told yet is what is held, from the oldest write on. */
		if (!lines_oldest(self->lines, &seq))
			seq = next_seq;
		for (size_t t = 0; t < told_count; t++) {
			const struct entry *e = &told[t].entry;
			struct story *to = &story[e->port][e->vcpu];

			memcpy(to->heard + to->heard_len, told[t].text, e->len);
			to->heard_len += e->len;
			if (!e->unfinished)
				to->heard[to->heard_len++] = '\n';
			counted += e->count;
		}
		told_count = 0;
		for (int p = 0, held = 0; p < 2 && seq == next_seq; p++) {
			for (int v = 0; v < 4; v++)
				held += story[p][v].said_len - story[p][v].heard_len;
			ASSERT_EQ(0, held);
		}
	}
	lines_end(self->lines);
	for (size_t t = 0; t < told_count; t++) {
		const struct entry *e = &told[t].entry;
		struct story *to = &story[e->port][e->vcpu];

		memcpy(to->heard + to->heard_len, told[t].text, e->len);
		to->heard_len += e->len;
		counted += e->count;
	}
	for (int p = 0; p < 2; p++) {
		for (int v = 0; v < 4; v++) {
			struct story *s = &story[p][v];

			ASSERT_EQ(s->said_len, s->heard_len);
			ASSERT_EQ(0, memcmp(s->said, s->heard, s->said_len));
		}
	}
	/* At least each write once, at most once for each of its bytes. */
	EXPECT_LE(next_seq, counted);
	EXPECT_GE(bytes, counted);
}

TEST_HARNESS_MAIN
