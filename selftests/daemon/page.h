/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of words share: VMs whose entries are rendered, and where their bytes come. */
#ifndef DAEMON_PAGE_H
#define DAEMON_PAGE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words/format.h"

/* A place that remembers what was written there, and in how many goes. */
struct page {
	const void *unfinished;
	char text[65536];
	size_t len;
	unsigned int puts;
};

/* A VM whose entries go to a page. */
struct writer {
	struct entry_vm vm;
	struct style style;
	const struct format_ops *format;
	struct formatter formatter;
	struct stamp_clock clock;
	struct page *page;
};

static inline void page_put(struct page *page, const char *bytes, size_t n)
{
	if (!n)
		return;
	if (n > sizeof(page->text) - 1 - page->len)
		abort();
	memcpy(page->text + page->len, bytes, n);
	page->len += n;
	page->puts++;
	page->text[page->len] = '\0';
}

static inline void page_forget(struct page *page)
{
	page->len = 0;
	page->puts = 0;
	page->text[0] = '\0';
}

/* @w writes to @page, in @format; the VM is called @name and began at 1 s. */
static inline void writer_init(struct writer *w, struct page *page,
			       const struct format_ops *format, const char *name)
{
	static __u32 id;

	*w = (struct writer){
		.vm = { .id = ++id, .pid = 4711, .zero_ns = 1000000000 },
		.format = format,
		.formatter = { .eol = "\n", .unfinished = &page->unfinished },
		.page = page,
	};
	w->formatter.style = &w->style;
	w->formatter.clock = &w->clock;
	stamp_clock_update(&w->clock);
	snprintf(w->vm.name, sizeof(w->vm.name), "%s", name);
}

static inline void write_entry(struct writer *w, const struct entry *entry)
{
	/* No more than the format may write, for the sanitizer to see. */
	char *bytes = malloc(FORMAT_MAX);

	if (!bytes)
		abort();
	page_put(w->page, bytes, w->format->render(bytes, &w->formatter, entry));
	free(bytes);
}

/* A line of ours between those of guests. */
static inline void write_notice(struct writer *w, const char *text)
{
	char *line = malloc(FORMAT_NOTICE_MAX(strlen(text)));

	if (!line)
		abort();
	page_put(w->page, line, format_notice(line, &w->formatter, text, strlen(text)));
	free(line);
}

#endif /* DAEMON_PAGE_H */
