// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "checks.h"
#include "dbgportd/router/vm_table.h"
#include "dbgportd/service/log.h"
#include "fuzz.h"
#include "sinks.h"
#include "words/format.h"

#define BREAK	"…"

/**
 * struct checker - one sink
 * @sink: what the router knows of it
 * @vm: whose; 0: everybody's
 * @bytes: of sink_bytes
 */
struct checker {
	struct sink sink;
	__u32 vm;
	struct bytes bytes;
};

void (*check_bytes)(__u32 vm, const struct bytes *bytes);

static struct checker *to_checker(struct sink *sink)
{
	return container_of(sink, struct checker, sink);
}

static void stream_closed(struct stream *s)
{
	struct checker *c = container_of(s, struct checker, sink.stream);

	sink_count(-1);
	free(c);
}

static __u32 id_of(const char *name)
{
	const struct vm *vm = NULL;

	while (name && (vm = vm_table_next(vm))) {
		if (!strcmp(vm->info.name, name))
			return vm->info.id;
	}
	return 0;
}

/* Its stream is there only to be closed, which takes until the turn's end. */
struct sink *checking_sink(const struct sink_ops *ops, const char *vm)
{
	struct checker *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->sink.stream.closed = stream_closed;
	if (stream_init(&c->sink.stream, -1, STREAM_NONBLOCK, 1, ops->name))
		abort();
	c->sink.ops = ops;
	c->sink.eol = ops == &sink_each ? "\r\n" : "\n";
	c->sink.shared = !vm;
	c->vm = id_of(vm);
	sink_count(1);
	return &c->sink;
}

static void close_checker(struct sink *sink)
{
	const struct checker *c = to_checker(sink);

	if (sink->ops == &sink_bytes && check_bytes)
		check_bytes(c->vm, &c->bytes);
	stream_close(&sink->stream);
}

static struct sink *open_shared(const struct sink_request *rq, char *why, size_t size)
{
	(void)why;
	(void)size;
	return checking_sink(&sink_shared, rq->vm);
}

static struct sink *open_each(const struct sink_request *rq, char *why, size_t size)
{
	(void)why;
	(void)size;
	return checking_sink(&sink_each, rq->vm);
}

static struct sink *open_objects(const struct sink_request *rq, char *why, size_t size)
{
	(void)why;
	(void)size;
	return checking_sink(&sink_objects, rq->vm);
}

static struct sink *open_bytes(const struct sink_request *rq, char *why, size_t size)
{
	(void)why;
	(void)size;
	return checking_sink(&sink_bytes, rq->vm);
}

static struct sink *open_entries(const struct sink_request *rq, char *why, size_t size)
{
	(void)why;
	(void)size;
	return checking_sink(&sink_entries, rq->vm);
}

/* Whole lines, or one that goes on. */
static void put_lines(struct sink *sink, const void *data, size_t len)
{
	const char *at = data, *end = at + len;

	while (at < end) {
		const char *eol = memmem(at, end - at, sink->eol, strlen(sink->eol));
		size_t n = (eol ?: end) - at;

		CHECK(is_harmless(at, n), "'%.*s'", (int)n, at);
		at += n + (eol ? strlen(sink->eol) : 0);
	}
}

static void put_objects(struct sink *sink, const void *data, size_t len)
{
	const char *object = data;

	CHECK(len && object[0] == '{' && object[len - 1] == '\n', "'%.*s'", (int)len, object);
	CHECK(is_json(object, len - 1), "'%.*s'", (int)len, object);
	CHECK(is_harmless(object, len - 1), "'%.*s'", (int)len, object);
	(void)sink;
}

void add_byte(struct bytes *bytes, unsigned char c)
{
	bytes->count++;
	bytes->digest = (bytes->digest ^ c) * 0x100000001b3;
}

static void put_bytes(struct sink *sink, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		add_byte(&to_checker(sink)->bytes, bytes[i]);
}

static void put_nothing(struct sink *sink, const void *data, size_t len)
{
	(void)sink;
	(void)data;
	CHECK(!len, "%zu bytes for a sink that takes entries", len);
}

static void put_entry(struct sink *sink, const struct entry *e)
{
	char *words = malloc(FORMAT_WORDS_MAX);
	size_t n;

	if (!words)
		abort();
	CHECK(e->vm, "type %d", e->type);
	CHECK(e->type != ENTRY_LINE || e->len <= LINES_MAX, "%zu", e->len);
	CHECK(e->type != ENTRY_LINE || e->line, "it is no line");
	CHECK(e->type != ENTRY_CODE || e->component, "0x%x", e->value);
	n = format_words(words, e);
	CHECK(n <= FORMAT_WORDS_MAX && is_harmless(words, n), "'%.*s'", (int)n, words);
	free(words);
	(void)sink;
}

const struct sink_ops sink_shared = {
	.name = "shared",
	.notices = true,
	.open = open_shared,
	.put = put_lines,
	.close = close_checker,
};

const struct sink_ops sink_each = {
	.name = "each",
	.per_vm = true,
	.notices = true,
	.open = open_each,
	.put = put_lines,
	.close = close_checker,
};

const struct sink_ops sink_objects = {
	.name = "objects",
	.open = open_objects,
	.put = put_objects,
	.close = close_checker,
};

const struct sink_ops sink_bytes = {
	.name = "bytes",
	.per_vm = true,
	.open = open_bytes,
	.put = put_bytes,
	.close = close_checker,
};

const struct sink_ops sink_entries = {
	.name = "entries",
	.per_vm = true,
	.open = open_entries,
	.put = put_nothing,
	.put_entry = put_entry,
	.close = close_checker,
};

void check_log(void)
{
	static struct sink *log;

	if (!log)
		log = checking_sink(&sink_shared, NULL);
	log_to_sink(log);
}
