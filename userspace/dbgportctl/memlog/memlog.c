// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/console/escaped.h"
#include "dbgportctl/memlog/confidential.h"
#include "dbgportctl/memlog/find.h"
#include "dbgportctl/memlog/memlog.h"
#include "dbgportctl/memlog/place.h"
#include "lib/clock.h"
#include "lib/escape.h"

/* So often the header is looked at. */
#define TICK_MS		100
/* Between two searches it waits so many times as long as the first one took. */
#define SEARCH_SHARE	20

/**
 * struct printing - what is under way
 * @m: what was asked for
 * @process: the VMM
 * @found: the log
 * @place: how far it was printed
 * @escaped: what of it makes sense only with what follows
 * @open: the last line that was printed has no end
 * @waits: that there is no log was told
 */
struct printing {
	const struct memlog *m;
	struct process process;
	struct found found;
	struct place place;
	struct escaped escaped;
	bool open;
	bool waits;
};

static int told(const struct memlog *m, int err)
{
	switch (err) {
	case -ESRCH:
		return fail("%s: process %d has ended, or has no memory", m->name, m->pid);
	case -EACCES:
		return fail("%s: the memory of process %d is not yours to read: run as root",
			    m->name, m->pid);
	default:
		return fail("%s: the memory of process %d: %s", m->name, m->pid, strerror(-err));
	}
}

static int tell_none(const struct printing *p)
{
	static const char reasons[] =
		"firmware without MemDebugLog, a RELEASE build, or memory that is encrypted";
	const char *kind = confidential_kind(p->m->pid);
	char swapped[80] = "";

	if (kind)
		return fail("%s: no log is found: its memory is encrypted (%s)", p->m->name, kind);
	if (p->found.swapped)
		snprintf(swapped, sizeof(swapped), "; %llu KiB are swapped out and not looked at",
			 p->found.swapped / 1024);
	return fail("%s: no log in its memory: %s%s", p->m->name, reasons, swapped);
}

/* What the text alone does not tell. */
static void remark(const struct printing *p, const struct text *t)
{
	if (p->found.count > 1)
		fail_warn("%s: its memory has %zu logs, as after a reset or where VMs run in it: this is the likeliest",
			  p->m->name, p->found.count);
	if (!t->n && !p->m->follow)
		fail_warn("%s: its log is empty: a RELEASE build of the firmware says nothing",
			  p->m->name);
	else if (t->header.truncated && p->m->lines == SIZE_MAX)
		fail_warn("%s: its log does not begin at the beginning: the firmware keeps %zu bytes",
			  p->m->name, t->n);
}

/* Where the last lines begin; one without its end counts. */
static size_t last_lines(const struct text *t, size_t lines)
{
	size_t at = t->n, count = 0;

	if (at && t->bytes[at - 1] == '\n')
		at--;
	while (at) {
		if (t->bytes[at - 1] == '\n' && ++count == lines)
			break;
		at--;
	}
	return lines ? at : t->n;
}

static void print(struct printing *p, const char *bytes, size_t n)
{
	if (!n)
		return;
	if (p->m->raw)
		fwrite(bytes, 1, n, stdout);
	else
		escaped_print(&p->escaped, bytes, n);
	p->open = bytes[n - 1] != '\n';
}

/* What was waited for does not come any more, and a line of ours begins at its beginning. */
static void end_line(struct printing *p)
{
	char shown[SGR_MAX * ESCAPE_MAX];

	if (p->m->raw || !p->open)
		return;
	fwrite(shown, 1, escape(shown, p->escaped.held, p->escaped.len), stdout);
	putchar('\n');
	p->escaped.len = 0;
	p->open = false;
}

/* Print what is new, and tell what it does not follow on. */
static void print_new(struct printing *p, const struct text *t)
{
	size_t from;
	enum place_end how = place_next(&p->place, t, &from);

	if (how != PLACE_GOES_ON)
		end_line(p);
	if (how == PLACE_LOST)
		fail_warn("%s: text was overwritten before it was read", p->m->name);
	else if (how == PLACE_ANEW)
		fail_warn("%s: its log begins anew", p->m->name);
	print(p, t->bytes + from, t->n - from);
	place_passed(&p->place, t, from, how);
	fflush(stdout);
}

static int print_first(struct printing *p)
{
	struct text t;
	size_t from;
	int err = text_read(&t, &p->process, p->found.address, p->found.room);

	if (err)
		return err;
	remark(p, &t);
	from = p->m->lines == SIZE_MAX ? 0 : last_lines(&t, p->m->lines);
	print(p, t.bytes + from, t.n - from);
	place_passed(&p->place, &t, 0, PLACE_GOES_ON);
	fflush(stdout);
	text_free(&t);
	return 0;
}

/* Look whether more has come.  Return: as text_read(). */
static int look_again(struct printing *p)
{
	const struct found *f = &p->found;
	struct header h;
	struct text t;
	int err = text_read_header(&h, &p->process, f->address, f->room);

	if (err || (h.tail == p->place.at && !header_length(&h) == !p->place.printed))
		return err;
	err = text_read(&t, &p->process, f->address, f->room);
	if (err)
		return err;
	print_new(p, &t);
	text_free(&t);
	return 0;
}

/*
 * Find the log.  Return: 0 or a negative errno; @pause is set to the milliseconds that the
 * next search has to wait, so that the VMM's process is left alone for most of the time.
 */
static int search(struct printing *p, int *pause)
{
	__u64 began = clock_ns(CLOCK_MONOTONIC);
	int err = find_log(&p->found, &p->process);
	__u64 took_ms = (clock_ns(CLOCK_MONOTONIC) - began) / NSEC_PER_MSEC;

	*pause = TICK_MS + took_ms * SEARCH_SHARE;
	return err;
}

/* One turn of following.  Return: 0 or a negative errno. */
static int turn(struct printing *p, int *pause)
{
	int err = -ENOENT;

	*pause = TICK_MS;
	if (p->found.count)
		err = look_again(p);
	if (err != -ENOENT)
		return err;
	err = search(p, pause);
	if (!err && !p->found.count && !p->waits) {
		fail_warn("%s: no log in its memory yet: waiting for one", p->m->name);
		p->waits = true;
	}
	if (!err && p->found.count)
		err = look_again(p);
	return err == -ENOENT ? 0 : err;
}

static int follow(struct printing *p)
{
	int pause = TICK_MS, err;

	while (!ferror(stdout)) {
		if (output_reader_left(pause))
			return output_unread();
		err = turn(p, &pause);
		if (err) {
			end_line(p);
			return err == -ESRCH ? STATUS_OK : told(p->m, err);
		}
	}
	return STATUS_OK;
}

static int run(struct printing *p)
{
	int pause, status = STATUS_OK;
	int err = search(p, &pause);

	if (!err && p->found.count)
		err = print_first(p);
	else if (!err && !p->m->follow)
		return tell_none(p);
	if (err && (err != -ENOENT || !p->m->follow))
		return told(p->m, err);
	if (p->m->follow)
		status = follow(p);
	end_line(p);
	return status;
}

/* Return: 0; -1: it was told why not. */
static int read_all(struct text *t, struct printing *p)
{
	int err = find_log(&p->found, &p->process);

	if (!err && p->found.count)
		err = text_read(t, &p->process, p->found.address, p->found.room);
	if (err == -ENOENT || (!err && !p->found.count))
		tell_none(p);
	else if (err)
		told(p->m, err);
	else
		remark(p, t);
	return err || !p->found.count ? -1 : 0;
}

int memlog_read(struct text *t, pid_t pid, const char *name)
{
	const struct memlog m = { .pid = pid, .name = name, .lines = SIZE_MAX };
	struct printing p = { .m = &m };
	int err = process_open(&p.process, pid);

	if (err) {
		told(&m, err);
		return -1;
	}
	err = read_all(t, &p);
	process_close(&p.process);
	return err;
}

int memlog_print(const struct memlog *m)
{
	struct printing p = { .m = m };
	int err = process_open(&p.process, m->pid);
	int status;

	if (err)
		return told(m, err);
	status = run(&p);
	process_close(&p.process);
	return status ?: output_flush();
}
