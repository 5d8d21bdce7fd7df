// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/hash.h"
#include "lib/number.h"
#include "lib/record.h"
#include "lib/sgr.h"
#include "words/begins.h"

/* What known firmware says first in each boot. */
static const char *const banners[] = { "SeaBIOS (version ", "SecCoreStartupWithStack(" };
#define SEABIOS		1

/* After this line SeaBIOS shows its banner on the screen, and says it again by that. */
static const char before_second[] = "Turning on vga text mode console";

/* Codes above have no place in the order of phases. */
#define CODES_RANKED	0x80
#define CODES_A_RANK	0x20

/* Lines by which Linux has reached a phase: how they begin behind the time, and go on. */
static const struct reached {
	const char *text;
	const char *more;
	int rank;
} reached[] = {
	{ "Linux version ", "", 2 },
	{ "Run ", " as init process", 3 },
};

#define MOST_RANK	3

int begins_rule_parse(struct begins_rule *rule, const char *value, char *why, size_t size)
{
	size_t len = strlen(value);
	__u64 code;

	*rule = (struct begins_rule){ .text = value };
	if (!number_parse(value, NUMBER_ANY, 0, UINT_MAX, &code)) {
		*rule = (struct begins_rule){ .code = code };
	} else if (len > BEGINS_TEXT || strspn(value, " \t") == len) {
		snprintf(why, size,
			 "'%.64s': it takes a POST code, as 0x40, or what a line has in it", value);
		return -1;
	}
	return 0;
}

void begins_init(struct begins *b, const struct begins_rule *rule, bool late)
{
	*b = (struct begins){
		.state = { .number = 1, .whole = !late, .rank = -1 },
		.rule = rule,
	};
}

void begins_end(struct begins *b)
{
	free(b->codes);
	b->codes = NULL;
	free(b->line);
	b->line = NULL;
	b->lines = 0;
}

static bool contains(const char *text, size_t n, const char *part)
{
	return memmem(text, n, part, strlen(part));
}

static bool begins_with(const char *text, size_t n, const char *part)
{
	size_t len = strlen(part);

	return n >= len && !memcmp(text, part, len);
}

static int code_rank(__u32 value)
{
	return value < CODES_RANKED ? (int)(value / CODES_A_RANK) : -1;
}

static int text_rank(const char *text, size_t n)
{
	const char *end = text + n, *close;

	while (text < end && *text == '[' && (close = memchr(text, ']', end - text))) {
		text = close + 1;
		while (text < end && *text == ' ')
			text++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(reached); i++) {
		if (begins_with(text, end - text, reached[i].text) &&
		    contains(text, end - text, reached[i].more))
			return reached[i].rank;
	}
	return -1;
}

static int banner_of(const char *text, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(banners); i++) {
		if (begins_with(text, n, banners[i]))
			return i + 1;
	}
	return 0;
}

static void raise_rank(struct begins *b, int rank)
{
	if (rank <= b->state.rank)
		return;
	b->state.rank = rank;
	b->changed = true;
}

static bool begin(struct begins *b, __u64 seq, __u64 time_ns, int rank)
{
	struct begins_state *s = &b->state;

	/* Nothing was before it. */
	if (seq <= s->first_seq)
		return false;
	s->number++;
	s->seq = seq;
	s->time_ns = time_ns;
	s->rank = rank;
	s->banner_due = 0;
	b->changed = true;
	return true;
}

/* What the user's rule says has come: the first time in the first boot, if that is whole. */
static bool begin_by_rule(struct begins *b, __u64 seq, __u64 time_ns)
{
	bool first = b->state.whole && !b->state.matched;

	b->changed = b->changed || !b->state.matched;
	b->state.matched = true;
	return !first && begin(b, seq, time_ns, -1);
}

/* The one that begins boots; NULL: neither can. */
static struct begins_first *active(struct begins_state *s)
{
	if (!s->line.usable || (s->code.usable && s->code.seq < s->line.seq))
		return s->code.usable ? &s->code : NULL;
	return &s->line;
}

/* It has come again. */
static bool comes_again(struct begins *b, struct begins_first *first, __u64 seq, __u64 time_ns)
{
	if (b->state.rank > first->rank)
		return begin(b, seq, time_ns, first->rank);
	if (b->state.number == 1) {
		first->usable = false;
		b->changed = true;
	}
	return false;
}

static void take_seq(struct begins *b, __u64 seq)
{
	struct begins_state *s = &b->state;

	if (!s->any) {
		s->any = true;
		s->first_seq = seq;
		/* Those before it are lost. */
		s->whole = s->whole && !seq;
		b->changed = true;
	}
	s->next_seq = seq + 1;
}

/* NULL: there is no memory, and a code begins nothing. */
static struct begins_codes *codes_of(struct begins *b)
{
	if (b->codes)
		return b->codes;
	b->codes = calloc(1, sizeof(*b->codes));
	if (b->codes)
		storm_init(&b->codes->storm);
	return b->codes;
}

bool begins_code(struct begins *b, __u64 seq, __u64 time_ns, __u32 value)
{
	struct begins_first *first = &b->state.code;
	struct begins_codes *codes = codes_of(b);
	int rank = code_rank(value);
	bool begins = false, quiet;

	b->changed = false;
	take_seq(b, seq);
	if (!codes || storm_takes(&codes->storm, seq, time_ns))
		return false;
	quiet = time_ns - codes->last_ns >= BEGINS_QUIET_NS;
	codes->last_ns = time_ns;
	if (b->rule)
		return !b->rule->text && value == b->rule->code && begin_by_rule(b, seq, time_ns);
	if (!first->seen) {
		*first = (struct begins_first){
			.seen = true,
			.usable = b->state.whole && rank >= 0,
			.port = DBGPORT_POST_PORT,
			.rank = rank,
			.seq = seq,
			.what = value,
		};
		b->changed = true;
	} else if (first == active(&b->state) && value == first->what &&
		   (quiet || b->state.rank <= first->rank)) {
		begins = comes_again(b, first, seq, time_ns);
	}
	raise_rank(b, rank);
	return begins;
}

/* It begins boots from now on, and has begun one if anything was before it. */
static bool take_banner(struct begins *b, const struct begins_line *line, int banner)
{
	struct begins_state *s = &b->state;
	struct begins_first *first = active(s);

	if (banner == SEABIOS && s->banner_due == line->port) {
		s->banner_due = 0;
		b->changed = true;
		return false;
	}
	if (!first) {
		s->line = (struct begins_first){
			.seen = true,
			.usable = true,
			.port = line->port,
			.banner = banner,
			.seq = line->seq,
		};
		b->changed = true;
		return begin(b, line->seq, line->time_ns, 0);
	}
	return first->banner == banner && first->port == line->port && first->seq != line->seq &&
	       begin(b, line->seq, line->time_ns, 0);
}

/* Where boots begin elsewhere, it does not matter. */
static void expect_banner(struct begins *b, __u16 port)
{
	const struct begins_first *first = active(&b->state);

	if (first && first->port != port)
		return;
	b->state.banner_due = port;
	b->changed = true;
}

static void learn_line(struct begins *b, const struct begins_line *line, __u64 what, int banner,
		       int rank, char initial)
{
	b->state.line = (struct begins_first){
		.seen = true,
		.usable = b->state.whole,
		.port = line->port,
		.rank = rank < 0 ? 0 : rank,
		.banner = banner,
		.seq = line->seq,
		.what = what,
		.initial = initial,
	};
	b->changed = true;
}

/* Take a whole line, @n bytes at @text: what is worth to be looked at in @line. */
static bool take_line(struct begins *b, const struct begins_line *line, const char *text, size_t n)
{
	struct begins_first *first = &b->state.line;
	int banner = banner_of(text, n), rank = text_rank(text, n);
	__u64 what = hash(text, n);
	bool begins = false, is_first = !first->seen;

	if (b->rule)
		return b->rule->text && contains(text, n, b->rule->text) &&
		       begin_by_rule(b, line->seq, line->time_ns);
	if (is_first)
		learn_line(b, line, what, banner, rank, *text);
	if (n == strlen(before_second) && !memcmp(text, before_second, n))
		expect_banner(b, line->port);
	if (banner)
		begins = take_banner(b, line, banner);
	else if (!is_first && first == active(&b->state) && !first->banner &&
		 what == first->what && line->port == first->port)
		begins = comes_again(b, first, line->seq, line->time_ns);
	raise_rank(b, rank);
	return begins;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool end_line(struct begins *b, struct begins_line *line)
{
	size_t n = sgr_drop(line->buf, line->len);
	const char *text = line->buf;

	while (n && is_blank(text[n - 1]))
		n--;
	while (n && is_blank(*text)) {
		text++;
		n--;
	}
	return n && take_line(b, line, text, n);
}

static struct begins_line *new_line(struct begins *b, __u16 port, __u16 vcpu)
{
	struct begins_line *line;

	if (!b->line)
		b->line = calloc(BEGINS_LINES, sizeof(*b->line));
	if (!b->line)
		return NULL;
	if (b->lines < BEGINS_LINES) {
		b->last = b->lines++;
	} else {
		b->last = b->oldest;
		b->oldest = (b->oldest + 1) % BEGINS_LINES;
	}
	line = &b->line[b->last];
	line->port = port;
	line->vcpu = vcpu;
	line->over = false;
	line->len = 0;
	return line;
}

static struct begins_line *line_of(struct begins *b, __u16 port, __u16 vcpu)
{
	struct begins_line *line = b->line ? &b->line[b->last] : NULL;

	if (line && line->port == port && line->vcpu == vcpu)
		return line;
	for (size_t i = 0; i < b->lines; i++) {
		if (b->line[i].port == port && b->line[i].vcpu == vcpu) {
			b->last = i;
			return &b->line[i];
		}
	}
	return new_line(b, port, vcpu);
}

/* Whether a line that begins so may be a banner, or tell of one; it may be coloured. */
static bool may_be_banner(const struct begins_line *line)
{
	char c = *line->buf;

	/* Most are neither. */
	if (c != '\033' && c != *before_second && c != 'S')
		return false;
	if (c == '\033' || !memcmp(line->buf, before_second, line->len))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(banners); i++) {
		if (!memcmp(line->buf, banners[i], line->len))
			return true;
	}
	return false;
}

/* Whether it may be the first line again, or one of Linux's; it may be coloured. */
static bool may_be_first(const struct begins *b, const struct begins_line *line)
{
	char c = *line->buf;

	return c == b->state.line.initial || c == '\033' ||
	       (b->state.rank < MOST_RANK && strchr("[LR", c));
}

/* Bytes at the beginning of a line after which this may be known. */
#define BEGINS_KNOWN	4

/* Whether a line that begins so may be of interest. */
static bool may_matter(struct begins *b, const struct begins_line *line)
{
	const struct begins_first *first;

	if (b->rule)
		return b->rule->text;
	if (!b->state.line.seen)
		return true;
	first = active(&b->state);
	if (first && !first->banner)
		return first == &b->state.line && may_be_first(b, line);
	return (!first || first->port == line->port) && may_be_banner(line);
}

static bool put_byte(struct begins *b, struct begins_line *line, char c,
		     const struct dbgport_record *rec)
{
	bool begun = false;

	if (c == '\n') {
		if (!line->over)
			begun = end_line(b, line);
		line->over = false;
		line->len = 0;
		return begun;
	}
	if (line->over || (!line->len && is_blank(c)))
		return false;
	if (!line->len) {
		line->seq = rec->seq;
		line->time_ns = rec->time_ns;
	}
	line->buf[line->len++] = c;
	if (line->len == 1 || line->len == BEGINS_KNOWN)
		line->over = !may_matter(b, line);
	if (line->len < sizeof(line->buf))
		return false;
	line->over = true;
	return end_line(b, line);
}

bool begins_text(struct begins *b, const struct dbgport_record *rec, const char *text, size_t n)
{
	struct begins_line *line = line_of(b, rec->port, rec->vcpu);
	bool begun = false;

	b->changed = false;
	take_seq(b, rec->seq);
	for (size_t i = 0; line && i < n; i++)
		begun = put_byte(b, line, text[i], rec) || begun;
	return begun;
}

/* Of writes of one byte: how many go on with a line, and do not end it. */
static size_t within(const struct begins_line *line, const struct dbgport_record *rec, size_t count)
{
	const struct dbgport_record *r = rec, *end = rec + count;
	__u16 vcpu = line->vcpu;

	while (r < end && r->value != '\n' && r->vcpu == vcpu)
		r++;
	return r - rec;
}

/* The last byte for which there is room ends the line. */
static void go_on(struct begins_line *line, const struct dbgport_record *rec, size_t count)
{
	char *d = line->buf + line->len;

	line->len += count;
	while (count--)
		*d++ = rec++->value;
}

/* Those in the midst of a line, by far the most: passed over where it is of no interest. */
static size_t take_within(struct begins *b, const struct dbgport_record *rec, size_t count)
{
	struct begins_line *line = b->line ? &b->line[b->last] : NULL;

	if (!line || rec->width != 1 || rec->port != line->port)
		return 0;
	if (!line->over && line->len < BEGINS_KNOWN)
		return 0;
	if (!line->over && count > sizeof(line->buf) - line->len - 1)
		count = sizeof(line->buf) - line->len - 1;
	count = within(line, rec, count);
	if (!line->over)
		go_on(line, rec, count);
	if (count)
		b->state.next_seq = rec[count - 1].seq + 1;
	return count;
}

static bool take_write(struct begins *b, const struct dbgport_record *rec)
{
	char bytes[RECORD_BYTES];

	if (rec->port == DBGPORT_POST_PORT)
		return begins_code(b, rec->seq, rec->time_ns, rec->value);
	return begins_text(b, rec, bytes, record_bytes(bytes, rec->value, rec->width));
}

size_t begins_writes(struct begins *b, const struct dbgport_record *rec, size_t count,
		     bool *begun)
{
	bool changed = false;
	size_t n = 0;

	*begun = false;
	while (n < count && rec[n].seq < b->state.next_seq)
		n++;
	while (n < count && !*begun) {
		n += take_within(b, rec + n, count - n);
		if (n == count)
			break;
		*begun = take_write(b, &rec[n++]);
		changed = changed || b->changed;
	}
	b->changed = changed;
	return n;
}

void begins_lost(struct begins *b)
{
	for (size_t i = 0; i < b->lines; i++)
		b->line[i].over = true;
}
