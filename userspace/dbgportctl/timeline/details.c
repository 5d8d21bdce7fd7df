// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/page/markup.h"
#include "dbgportctl/timeline/details.h"
#include "dbgportctl/timeline/known.h"
#include "dbgportctl/timeline/palette.h"

/* About what an entry of what takes beside its text. */
#define WHAT_BYTES	12
/* So many entries a line may be like, from the one on that is expected. */
#define LOOK_AHEAD	16

/* Return: how many bytes that took. */
static size_t put_number(__u64 n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t bytes = 0;

	do {
		putchar(digits[(n & 31) | (n > 31 ? 32 : 0)]);
		n >>= 5;
		bytes++;
	} while (n);
	return bytes;
}

/* As one that is not negative. */
static __u64 folded(__s64 n)
{
	return n > 0 ? 2 * n - 1 : -2 * n;
}

/**
 * struct details - what is being written
 * @scale: the page's
 * @phase, @phases: one of each name that was met
 * @ports, @what: see details.h
 * @bytes: that all marks have taken so far, with the texts that are to come
 * @before: of what, how many were met in the boots before the one that is being written;
 *	that which it meets first is what the next boots are expected to say
 * @own, @own_len: text that only this boot has
 */
struct details {
	const struct scale *scale;
	const struct phase **phase;
	size_t phases;
	struct known ports;
	struct known what;
	size_t bytes;
	size_t before;
	char *own;
	size_t own_len;
};

static size_t phase_number(struct details *d, const struct phase *phase)
{
	size_t i = 0;

	while (i < d->phases && strcmp(d->phase[i]->name, phase->name))
		i++;
	if (i == d->phases) {
		d->phase = grow(d->phase, d->phases, sizeof(*d->phase));
		d->phase[d->phases++] = phase;
	}
	return i;
}

static __s64 ticks(const struct details *d, __s64 ns)
{
	return ns / d->scale->tick_ns;
}

static void put_phases(struct details *d, const struct boot *boot)
{
	size_t m = 0;

	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];
		size_t first = m;

		while (m < boot->marks && boot->mark[m].phase == i)
			m++;
		put_number(phase_number(d, phase));
		put_number(ticks(d, phase->end_ns) - ticks(d, phase->begin_ns));
		put_number(m - first);
	}
}

static void keep_own(struct details *d, const char *text, size_t len)
{
	d->own = must(realloc(d->own, d->own_len + len + 1));
	memcpy(d->own + d->own_len, text, len);
	d->own_len += len;
	d->own[d->own_len] = '\0';
	d->bytes += len;
}

/* Return: the one of what that is told; its count: none is. */
static size_t put_what(struct details *d, const struct mark *mark, size_t expected)
{
	size_t what = known_find(&d->what, mark);
	struct likeness like;

	if (what < d->what.count) {
		d->bytes += put_number(1 + 2 * folded(what - expected));
		return what;
	}
	for (what = expected; what < expected + LOOK_AHEAD && what < d->before; what++) {
		if (!known_is_like(mark, d->what.item[what], &like))
			continue;
		d->bytes += put_number(2 + 2 * folded(what - expected)) + put_number(like.begin) +
			put_number(like.cut) + put_number(like.len);
		keep_own(d, mark->text + like.begin, like.len);
		return what;
	}
	d->bytes += put_number(0) + strlen(mark->text ?: "") + WHAT_BYTES;
	known_add(&d->what, mark);
	if (known_find(&d->ports, mark) == d->ports.count)
		known_add(&d->ports, mark);
	return d->what.count;
}

static void put_marks(struct details *d, const struct boot *boot)
{
	__s64 before = 0;
	size_t expected = 0;

	d->own_len = 0;
	d->before = d->what.count;
	d->bytes += put_number(d->before);
	for (size_t i = 0; i < boot->marks; i++) {
		const struct mark *mark = &boot->mark[i];
		__s64 now = ticks(d, mark->time_ns);
		size_t what;

		d->bytes += put_number(now - before);
		before = now;
		what = put_what(d, mark, expected);
		if (what < d->what.count)
			expected = what + 1;
	}
}

static void put_boots(struct details *d, const struct boots *boots)
{
	fputs("\"boots\":[", stdout);
	for (size_t i = 0; i < boots->count; i++) {
		fputs(i ? ",\n\"" : "\"", stdout);
		put_phases(d, boots->boot[i]);
		if (i < DETAILS_BOOTS || d->bytes < DETAILS_BYTES) {
			fputs("\",\"", stdout);
			put_marks(d, boots->boot[i]);
			fputs("\",", stdout);
			markup_json(d->own_len ? d->own : "");
		} else {
			fputs("\",null,\"\"", stdout);
		}
	}
	fputs("],\n", stdout);
}

static void put_undated(const struct boot *boot)
{
	for (size_t i = 0; i < boot->undateds; i++) {
		const struct undated *line = &boot->undated[i];

		printf("%s%zu,", i ? ",\n" : "", line->before);
		markup_json(line->begins ? line->component : "");
		putchar(',');
		markup_json(line->text);
	}
}

static void put_undateds(const struct boots *boots)
{
	const char *separator = "";

	fputs("\"undated\":{", stdout);
	for (size_t i = 0; i < boots->count; i++) {
		if (!boots->boot[i]->undateds)
			continue;
		printf("%s\"%zu\":[", separator, i);
		put_undated(boots->boot[i]);
		putchar(']');
		separator = ",\n";
	}
	fputs("},\n", stdout);
}

static void put_names(const struct details *d)
{
	fputs("\"phases\":[", stdout);
	for (size_t i = 0; i < d->phases; i++) {
		if (i)
			putchar(',');
		markup_json(d->phase[i]->name);
		printf(",%d", palette_index(d->phase[i]));
	}
	fputs("],\n\"ports\":[", stdout);
	for (size_t i = 0; i < d->ports.count; i++) {
		char name[PORT_TEXT_SIZE];

		printf("%s%u,", i ? "," : "", d->ports.item[i]->port);
		markup_json(mark_port(name, d->ports.item[i]));
	}
	fputs("],\n", stdout);
}

static void put_whats(const struct details *d)
{
	static const char letters[] = {
		[MARK_CODE] = 'c', [MARK_LINE] = 'l', [MARK_LOST] = 'x', [MARK_STORM] = 's',
	};

	fputs("\"what\":[", stdout);
	for (size_t i = 0; i < d->what.count; i++) {
		const struct mark *mark = d->what.item[i];
		char label[MARK_LABEL_SIZE];

		printf("%s\"%c\",%zu,", i ? ",\n" : "", letters[mark->type],
		       known_find(&d->ports, mark));
		markup_json(mark_label(label, mark));
	}
	fputs("]", stdout);
}

void details_html(const struct boots *boots, const struct look *look,
		  const struct scale *scale)
{
	struct details d = {
		.scale = scale,
		.ports.compare = known_port,
		.what.compare = known_what,
	};

	/* Half a tick would be none, which is the default. */
	printf("<script type=\"application/json\" id=\"details\">\n"
	       "{\"unit\":\"%s\",\"places\":%d,\"gap\":%lld,\n",
	       scale->unit, scale->places, ticks(&d, look->gap_ns + scale->tick_ns - 1));
	put_boots(&d, boots);
	put_undateds(boots);
	put_names(&d);
	put_whats(&d);
	fputs("}</script>\n", stdout);
	free(d.phase);
	free(d.own);
	known_free(&d.ports);
	known_free(&d.what);
}
