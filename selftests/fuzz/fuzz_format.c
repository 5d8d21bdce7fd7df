// SPDX-License-Identifier: GPL-2.0
/* The guest's bytes made harmless, or JSON; times; entries in each format. */
#include <string.h>

#include "checks.h"
#include "dbgportd/router/output.h"
#include "fuzz.h"
#include "lib/json.h"
#include "lib/utf8.h"
#include "sinks.h"
#include "words/format.h"
#include "words/stamp.h"

static char *room(size_t n)
{
	char *p = malloc(n ?: 1);

	if (!p)
		abort();
	return p;
}

static void check_utf8(const char *s, size_t n)
{
	size_t cut = utf8_cut(s, n);

	CHECK(cut <= 3 && cut <= n, "%zu of %zu", cut, n);
	CHECK(!cut || !is_utf8(s + n - cut, cut), "it is whole");
	for (size_t i = 0; i < n; i++) {
		size_t len = utf8_char(s + i, n - i);

		CHECK(len <= 4 && len <= n - i, "%zu of %zu", len, n - i);
		CHECK(!len || is_utf8(s + i, len), "%02x at %zu", (unsigned char)s[i], i);
		for (size_t k = 1; !len && k <= 4 && k <= n - i; k++)
			CHECK(!is_utf8(s + i, k), "%02x at %zu", (unsigned char)s[i], i);
	}
}

static void check_harmless(const char *s, size_t n)
{
	char *dst = room(ESCAPE_MAX * n);
	size_t len = escape(dst, s, n), torn = escape_unfinished(s, n);

	CHECK(len <= ESCAPE_MAX * n && is_harmless(dst, len), "'%.*s'", (int)len, dst);
	CHECK(!is_harmless(s, n) || (len == n && !memcmp(dst, s, n)), "'%.*s'", (int)n, s);
	CHECK(torn <= 3 && torn <= n, "%zu of %zu", torn, n);
	free(dst);
}

static void check_json(const char *s, size_t n)
{
	char *dst = room(JSON_STRING_MAX(n)), *back = room(JSON_STRING_MAX(n));
	bool exact = true;
	size_t len = json_quote(dst, s, n);
	long got;

	CHECK(len <= JSON_STRING_MAX(n), "%zu of %zu", len, n);
	CHECK(is_harmless(dst, len), "'%.*s'", (int)len, dst);
	got = json_decode(back, dst, len);
	CHECK(got >= 0 && is_utf8(back, got), "'%.*s'", (int)len, dst);
	CHECK(!is_utf8(s, n) || ((size_t)got == n && !memcmp(back, s, n)), "'%.*s'", (int)len, dst);

	len = json_guest_string(dst, s, n, &exact);
	got = json_decode(back, dst, len);
	CHECK(got >= 0, "'%.*s'", (int)len, dst);
	CHECK(!exact || ((size_t)got == n && !memcmp(back, s, n)), "'%.*s'", (int)len, dst);
	free(back);
	free(dst);
}

static void check_stamps(struct input *in)
{
	__u64 ns = take_number(in, 8), zero_ns = take_number(in, 8);
	char *dst = room(STAMP_MAX);
	struct stamp_clock clock = { 0 };

	stamp_clock_update(&clock);
	for (int style = STAMP_NONE; style <= STAMP_MONOTONIC; style++) {
		size_t n = stamp(dst, &clock, style, ns, zero_ns) - dst;

		CHECK(n <= STAMP_MAX && is_harmless(dst, n), "'%.*s'", (int)n, dst);
	}
	CHECK(stamp_utc(dst, &clock, ns) - dst <= STAMP_MAX, "%llu", ns);
	free(dst);
}

static void check_entry(struct input *in, const char *text, size_t len)
{
	struct settings set = { 0 };
	struct vm vm = {
		.info = { .name = "web.2", .id = take_number(in, 4), .pid = take_number(in, 4) },
	};
	struct entry e = { .vm = &vm.info, .type = take_byte(in) % (ENTRY_CUT + 1) };
	struct route route = { .port = 0x80, .name = "post", .text = "0x80:file" };
	struct output out;
	unsigned int flags = take_byte(in);

	set.style.time = take_byte(in) % (STAMP_MONOTONIC + 1);
	set.style.label = flags % (LABEL_NO + 1);
	set.style.seconds = flags >> 2 & 1;
	route.set = set;
	vm.info.zero_ns = take_number(in, 8);
	vm.info.lost = take_number(in, 8);
	e.port = take_number(in, 2);
	e.vcpu = take_number(in, 2);
	e.width = take_byte(in);
	e.value = take_number(in, 4);
	e.claimed = flags & 8;
	e.begun = flags & 16;
	e.unfinished = flags & 32;
	e.line = &e;
	e.seq = take_number(in, 8);
	e.count = take_number(in, 8);
	e.bytes = e.count;
	e.time_ns = take_number(in, 8);
	e.end_ns = take_number(in, 8);
	if (e.type == ENTRY_LINE) {
		e.text = text;
		e.len = len < LINES_MAX ? len : LINES_MAX;
	} else if (e.type == ENTRY_CODE) {
		e.component = "Firmware";
		e.text = flags & 64 ? "Memory found" : NULL;
		e.len = e.text ? strlen(e.text) : 0;
	}
	for (int i = 0; formats[i]; i++) {
		if (formats[i]->raw)
			continue;
		route.format = formats[i];
		output_init(&out, &vm, &route,
			    checking_sink(formats[i] == &format_json ? &sink_objects : &sink_each,
					  NULL));
		/* Twice, as the parts of a line come. */
		output_entry(&out, &e);
		output_entry(&out, &e);
		out.sink->ops->close(out.sink);
	}
	output_init(&out, &vm, &route, checking_sink(&sink_entries, NULL));
	output_entry(&out, &e);
	out.sink->ops->close(out.sink);
	streams_flush();
}

/* Bytes: two times; the text's length; the text; an entry's numbers. */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	const char *text;
	size_t len;
	char *copy;

	check_stamps(&in);
	len = take_number(&in, 2) % (2 * LINES_MAX);
	text = (const char *)take_bytes(&in, &len);
	copy = room(len);
	memcpy(copy, text, len);
	check_utf8(copy, len);
	check_harmless(copy, len);
	check_json(copy, len);
	check_entry(&in, copy, len);
	free(copy);
	return 0;
}
