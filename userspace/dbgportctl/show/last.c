// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/show/last.h"
#include "dbgportctl/vm/describe.h"
#include "lib/clock.h"
#include "lib/duration.h"
#include "lib/utf8.h"
#include "words/format.h"

#define CUT	"…"

void last_init(struct last *last, size_t lines, enum time_style time)
{
	char why[256];

	memset(last, 0, sizeof(*last));
	last->pending = (struct lines_pending)LINES_PENDING_INIT(last->pending);
	/* The default has no mistake. */
	if (form_parse(&last->form, NULL, false, why, sizeof(why)))
		exit(fail("%s", why));
	if (time != STAMP_NONE)
		last->form.style.time = time;
	last->formatter = print_init(&last->print, &last->form);
	print_keep(&last->print, lines);
}

/* At most @n bytes of @text, to the end of a character. */
static void copy_words(char *dst, const char *text, size_t len, size_t n)
{
	const char *more = "";

	if (len > n) {
		len = n - utf8_cut(text, n);
		more = CUT;
	}
	memcpy(dst, text, len);
	memcpy(dst + len, more, strlen(more) + 1);
}

/* It belongs to the last write so far; all of a storm were codes, whatever wrote them. */
static bool is_of_last_write(const struct last *last, const struct entry *e)
{
	return e->port == last->write.port &&
	       (e->type == ENTRY_STORM || e->vcpu == last->write.vcpu);
}

static void note(struct last *last, const struct entry *e)
{
	char words[FORMAT_WORDS_MAX];
	size_t len = format_words(words, e);

	if (is_of_last_write(last, e)) {
		last->said = (struct last_said){
			.port = e->port,
			.vcpu = last->write.vcpu,
			.time_ns = e->time_ns,
			.before_ns = last->said_ns,
		};
		copy_words(last->said.text, words, len, LAST_TEXT_SIZE - sizeof(CUT));
	}
	last->said_ns = e->time_ns;
}

static void take_entry(void *arg, struct formatter *f, const struct entry *e)
{
	struct last *last = arg;

	print_entry(&last->print, f, e);
	if ((e->type == ENTRY_LINE && e->len) || e->type == ENTRY_CODE || e->type == ENTRY_STORM)
		note(last, e);
}

static void begin(struct last *last, const struct known_vm *vm, const struct dbgport_record *rec)
{
	struct entry_vm told = {
		.id = vm->info.vm,
		.pid = vm->info.pid,
		.uid = vm->info.uid,
	};

	snprintf(told.name, sizeof(told.name), "%s", vm->name);
	entries_init(&last->entries, &last->form, &last->formatter, &last->pending, take_entry,
		     last, &told, NULL, rec);
	last->began = true;
}

void last_add(struct last *last, const struct known_vm *vm, const struct dbgport_record *rec)
{
	if (rec->type == DBGPORT_ATTACHED)
		begin(last, vm, rec);
	if (rec->type == DBGPORT_WRITE)
		last->write = *rec;
	if (last->began)
		entries_put(&last->entries, rec, 0);
}

void last_end(struct last *last)
{
	if (last->began)
		entries_end(&last->entries);
	form_free(&last->form);
}

static const char *gap_text(char text[DURATION_SIZE], __u64 ns)
{
	return ns < 60 * NSEC_PER_SEC ? duration_text(text, ns) : duration_age(text, ns);
}

static void print_silent(const struct known_vm *vm)
{
	const struct dbgport_vm_info *info = &vm->info;
	char age[DURATION_SIZE];

	duration_age(age, describe_age(info));
	if (info->flags & DBGPORT_VM_GONE)
		printf("%s wrote nothing in its %s\n", vm->name, age);
	else
		printf("%s has written nothing since it %s, %s ago\n", vm->name,
		       info->flags & DBGPORT_VM_LATE ? "was attached" : "began", age);
}

static void print_ago(const struct known_vm *vm)
{
	const struct dbgport_vm_info *info = &vm->info;
	char gap[DURATION_SIZE], ago[DURATION_SIZE];

	printf("%s last wrote ", vm->name);
	duration_age(ago, describe_silence(vm));
	if (info->flags & DBGPORT_VM_GONE)
		printf("%s before it %s, %s ago", gap_text(gap, info->gone_ns - vm->wrote_ns),
		       info->flags & DBGPORT_VM_DETACHED ? "was detached" : "ended", ago);
	else
		printf("%s ago", ago);
}

static void print_when(const struct known_vm *vm, enum time_style time)
{
	const struct dbgport_vm_info *info = &vm->info;
	char text[DESCRIBE_SIZE];

	printf("%s last wrote at %s", vm->name, describe_moment(text, time, vm->wrote_ns));
	if (info->flags & DBGPORT_VM_GONE)
		printf(", and %s at %s",
		       info->flags & DBGPORT_VM_DETACHED ? "was detached" : "ended",
		       describe_moment(text, time, info->gone_ns));
}

/* Reads of a port, whichever side answered them. */
static __u64 count_reads(const struct dbgport_vm_info *info, __u16 port)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (info->ports[i].port == port)
			return info->ports[i].reads + info->ports[i].passed;
	}
	return 0;
}

/* What a guest wrote ends the line: nothing behind it can be the guest's, too. */
void last_print_sentence(const struct last *last, const struct known_vm *vm,
			 enum time_style time)
{
	const struct last_said *said = &last->said;
	__u64 reads = count_reads(&vm->info, last->write.port);
	char gap[DURATION_SIZE];

	if (!vm->wrote_ns) {
		print_silent(vm);
		return;
	}
	if (time == STAMP_NONE)
		print_ago(vm);
	else
		print_when(vm, time);
	printf(", on 0x%x, vCPU %u", last->write.port, last->write.vcpu);
	if (said->port == last->write.port && said->vcpu == last->write.vcpu && *said->text)
		printf(": '%s'", said->text);
	putchar('\n');
	if (said->before_ns && said->time_ns >= said->before_ns)
		printf("It came %s after the line before.\n",
		       gap_text(gap, said->time_ns - said->before_ns));
	if (reads)
		printf("The guest has read 0x%x %llu times.\n", last->write.port, reads);
}

bool last_has_lines(const struct last *last)
{
	return last->print.kept_len;
}

void last_print_lines(struct last *last)
{
	print_kept(&last->print);
}
