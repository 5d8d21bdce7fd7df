// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/follow/print.h"
#include "lib/record.h"

/* What is kept is looked through when it has grown by so much. */
#define STEP	(1024 * 1024)

struct formatter print_init(struct print *p, const struct form *form)
{
	*p = (struct print){ .form = form };
	stamp_clock_update(&p->clock);
	hostname_get(&p->host);
	return (struct formatter){
		.style = &form->style,
		.clock = &p->clock,
		.eol = "\n",
		.unfinished = &p->unfinished,
		.host = &p->host,
	};
}

void print_keep(struct print *p, size_t lines)
{
	p->keeps = true;
	p->keep_lines = lines;
}

/* Where the last lines begin; an unfinished one counts. */
static size_t last_lines(const struct print *p)
{
	size_t at = p->kept_len, lines = 0;

	if (at && p->kept[at - 1] == '\n')
		at--;
	while (at) {
		if (p->kept[at - 1] == '\n' && ++lines == p->keep_lines)
			break;
		at--;
	}
	return p->keep_lines ? at : p->kept_len;
}

static void trim(struct print *p)
{
	size_t at = last_lines(p);

	p->kept_len -= at;
	memmove(p->kept, p->kept + at, p->kept_len);
}

static void keep(struct print *p, const char *data, size_t len)
{
	if (p->kept_len + len > p->kept_size) {
		if (p->kept_len)
			trim(p);
		p->kept_size = p->kept_len + len + STEP;
		p->kept = must(realloc(p->kept, p->kept_size));
	}
	memcpy(p->kept + p->kept_len, data, len);
	p->kept_len += len;
}

static void print_bytes(struct print *p, const char *data, size_t len)
{
	if (p->keeps)
		keep(p, data, len);
	else
		fwrite(data, 1, len, stdout);
}

/* Among exact bytes, a line of ours stands on a line of its own. */
static void print_raw(struct print *p, const struct entry *entry)
{
	char bytes[RECORD_BYTES], words[FORMAT_WORDS_MAX];

	if (entry->type == ENTRY_WRITE) {
		print_bytes(p, bytes, record_bytes(bytes, entry->value, entry->width));
	} else if (entry->type == ENTRY_LOST) {
		print_bytes(p, "\n", 1);
		print_bytes(p, words, format_words(words, entry));
		print_bytes(p, "\n", 1);
	}
}

void print_entry(void *arg, struct formatter *f, const struct entry *entry)
{
	bool event = entry->type == ENTRY_ATTACHED || entry->type == ENTRY_GONE;
	struct print *p = arg;
	char bytes[FORMAT_MAX];

	if (p->form->format->raw)
		print_raw(p, entry);
	else if (!event || p->form->format->events)
		print_bytes(p, bytes, p->form->format->render(bytes, f, entry));
}

void print_dropped(struct print *p, struct formatter *f, __u64 bytes)
{
	const struct drop_notice *notice = p->form->format->drop_notice;
	char words[64], text[FORMAT_NOTICE_MAX(sizeof(words))];
	size_t n;

	if (notice) {
		n = snprintf(text, sizeof(text), "%s%llu%s", notice->before, bytes, notice->after);
	} else {
		n = snprintf(words, sizeof(words), "[… %llu bytes dropped …]", bytes);
		n = format_notice(text, f, words, n);
	}
	print_bytes(p, text, n);
}

void print_turn(void *arg)
{
	struct print *p = arg;

	fflush(stdout);
	stamp_clock_update(&p->clock);
}

void print_drop(struct print *p)
{
	p->keeps = false;
	free(p->kept);
	p->kept = NULL;
	p->kept_len = 0;
	p->kept_size = 0;
}

void print_kept(void *arg)
{
	struct print *p = arg;

	if (!p->keeps)
		return;
	if (p->kept_len) {
		trim(p);
		fwrite(p->kept, 1, p->kept_len, stdout);
	}
	print_drop(p);
}
