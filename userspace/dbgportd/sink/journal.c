// SPDX-License-Identifier: GPL-2.0
/*
 * journal: entries with fields, for systemd-journald.
 *
 * They are sent by journald's native protocol, a datagram of "FIELD=value"
 * lines each.  sd_journal_sendv() would wait for a journald that is stuck, and
 * all other sinks with it.
 *
 * Each VM has a socket and a queue of its own, so that one which writes more than
 * journald takes drops nothing of another's.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dbgportd/sink/dgram.h"
#include "dbgportd/sink/journal.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"
#include "words/format.h"

/* The message and all other fields. */
#define ENTRY_MAX	(FORMAT_WORDS_MAX + 2048)

#define MARK		"…"

const char *journal_socket = "/run/systemd/journal/socket";

/* In the queue an empty line stands between entries. */
static const struct drop_notice notice = {
	"MESSAGE=[… ", " bytes dropped …]\nPRIORITY=4\nSYSLOG_IDENTIFIER=dbgportd\n",
};

static ssize_t cut_entry(struct stream *s, const struct iovec *iov, int count, size_t len,
			 size_t *skip)
{
	char before = '\0';
	size_t n = 0;

	(void)s;
	for (int i = 0; i < count; i++) {
		const char *c = iov[i].iov_base;

		for (size_t k = 0; k < iov[i].iov_len; k++, n++) {
			if (c[k] == '\n' && before == '\n') {
				*skip = 1;
				return n;
			}
			before = c[k];
		}
	}
	return len;
}

/* As in syslog(3). */
static int priority(const struct entry *e)
{
	switch (e->type) {
	case ENTRY_LOST:
	case ENTRY_CUT:
		return 4;
	case ENTRY_ATTACHED:
	case ENTRY_GONE:
	case ENTRY_STORM:
		return 5;
	default:
		return 6;
	}
}

/* An entry as it grows; what does not fit is left out. */
struct text {
	char *at;
	char *end;
};

static void add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->at, t->end - t->at, fmt, args);
	va_end(args);
	if (n < t->end - t->at)
		t->at += n;
}

static void add_write(struct text *t, const struct entry *e)
{
	add(t, "DBGPORT_VCPU=%u\n", e->vcpu);
	if (e->type != ENTRY_CODE)
		return;
	add(t, "DBGPORT_CODE=0x%x\n", e->value);
	if (e->component)
		add(t, "DBGPORT_COMPONENT=%s\n", e->component);
}

static void add_fields(struct text *t, const struct entry *e)
{
	add(t, "PRIORITY=%d\nSYSLOG_IDENTIFIER=dbgportd\nDBGPORT_VM=%s\nDBGPORT_VM_ID=%u\n"
	    "DBGPORT_BOOT=%u\n", priority(e), e->vm->name, e->vm->id, entry_boot(e));
	if (e->port)
		add(t, "DBGPORT_PORT=0x%x\n", e->port);
	if (e->type == ENTRY_LINE || e->type == ENTRY_CODE || e->type == ENTRY_WRITE)
		add_write(t, e);
	if (e->time_ns)
		add(t, "DBGPORT_TIME_NS=%lld\nDBGPORT_MONOTONIC_NS=%llu\n",
		    (long long)(e->time_ns - e->vm->zero_ns), e->time_ns);
	add(t, "DBGPORT_SEQ=%llu\n", e->seq);
	if (e->type == ENTRY_LOST)
		add(t, "DBGPORT_LOST=%llu\n", e->count);
	else if (e->count)
		add(t, "DBGPORT_COUNT=%llu\n", e->count);
	add(t, "\n");
}

static void journal_put_entry(struct sink *sink, const struct entry *e)
{
	static char buf[ENTRY_MAX];
	struct text t = { buf, buf + sizeof(buf) };

	/* Only the line end of what has been sent already. */
	if (e->type == ENTRY_LINE && e->begun && !e->len)
		return;
	add(&t, "MESSAGE=%s", e->begun ? MARK : "");
	t.at += format_words(t.at, e);
	add(&t, "%s\n", e->unfinished ? MARK : "");
	add_fields(&t, e);
	stream_put(&sink->stream, buf, t.at - buf);
}

static struct sink *journal_open(const struct sink_request *rq, char *why, size_t size)
{
	char whose[sizeof("DBGPORT_VM=\n") + NAME_MAX] = "";
	const struct dgram_kind kind = {
		.ops = rq->kind,
		.cut = cut_entry,
		.notice = &notice,
		.whose = whose,
		/* Once there was one, it may be away for a moment when a VM comes. */
		.needed = rq->vm ? NULL : "is systemd-journald running?",
	};
	struct sink *sink;

	if (rq->vm)
		snprintf(whose, sizeof(whose), "DBGPORT_VM=%s\n", rq->vm);
	sink = dgram_open(&kind, journal_socket, rq->set->queue, why, size);
	if (sink) {
		sink->shared = !rq->vm;
		sink->stream.backlog.queue.paragraphs = true;
	}
	return sink;
}

const struct sink_ops sink_journal = {
	.name = "journal",
	.help = "the system's journal, with fields: DBGPORT_VM, DBGPORT_PORT, DBGPORT_CODE, …",
	.vms_apart = true,
	.notices = true,
	.open = journal_open,
	.put_entry = journal_put_entry,
	.close = dgram_close,
};
