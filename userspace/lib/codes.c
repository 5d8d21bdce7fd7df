// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/codes.h"
#include "lib/codes_table.h"

static int compare(const void *a, const void *b)
{
	const struct code_range *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last > y->last ? -1 : 1;
	return x->line < y->line ? -1 : 1;
}

/* Sort, and find for each range the one around it. */
static int arrange(struct codes *codes, const char *where, char *why, size_t size)
{
	const struct code_range *around = NULL;

	qsort(codes->range, codes->count, sizeof(*codes->range), compare);
	for (size_t i = 0; i < codes->count; i++) {
		struct code_range *r = &codes->range[i];

		while (around && around->last < r->first)
			around = around->around;
		if (around && (r->last > around->last ||
			       (r->first == around->first && r->last == around->last))) {
			unsigned int line = r->line, other = around->line;

			if (line < other) {
				line = around->line;
				other = r->line;
			}
			snprintf(why, size, r->last > around->last ?
				 "%s:%u: this range and that of line %u must not overlap in part" :
				 "%s:%u: line %u has said it already", where, line, other);
			return -1;
		}
		r->around = around;
		around = r;
	}
	return 0;
}

/* The narrowest range that @code lies in. */
static const struct code_range *find(const struct codes *codes, __u32 code)
{
	const struct code_range *r = NULL;
	size_t low = 0, high = codes->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (codes->range[mid].first <= code)
			low = mid + 1;
		else
			high = mid;
	}
	if (low)
		r = &codes->range[low - 1];
	while (r && r->last < code)
		r = r->around;
	return r;
}

static const char *component_of(const struct codes *codes, __u32 code)
{
	for (const struct code_range *r = find(codes, code); r; r = r->around) {
		if (r->component)
			return r->component;
	}
	if (code < 0x20)
		return "Firmware";
	if (code < 0x40)
		return "Bootloader";
	if (code < 0x60)
		return "Kernel";
	if (code < 0x80)
		return "Userspace";
	return "Custom";
}

static const char *name_of(const struct codes *codes, __u32 code)
{
	for (const struct code_range *r = find(codes, code); r; r = r->around) {
		if (r->name)
			return r->name;
	}
	return NULL;
}

/* The table's lines. */
static char *text_of(const char *table, char *why, size_t size)
{
	const char *ours = codes_ours(table);
	char *text;

	if (!ours)
		return codes_read(table, why, size);
	text = strdup(ours);
	if (!text)
		snprintf(why, size, "%s: no memory", table);
	return text;
}

struct codes *codes_load(const char *table, char *why, size_t size)
{
	struct codes *codes = calloc(1, sizeof(*codes));

	if (!table)
		table = "cloud-hypervisor";
	if (!codes) {
		snprintf(why, size, "%s: no memory", table);
		return NULL;
	}
	codes->text = text_of(table, why, size);
	if (!codes->text || codes_parse(codes, table, why, size) ||
	    arrange(codes, table, why, size)) {
		codes_free(codes);
		return NULL;
	}
	for (__u32 code = 0; code < CODES_LOW; code++) {
		codes->low[code].component = component_of(codes, code);
		codes->low[code].name = name_of(codes, code);
	}
	return codes;
}

void codes_free(struct codes *codes)
{
	if (!codes)
		return;
	free(codes->range);
	free(codes->line);
	free(codes->clue);
	free(codes->part);
	free(codes->text);
	free(codes);
}

const char *code_component(const struct codes *codes, __u32 code)
{
	return code < CODES_LOW ? codes->low[code].component : component_of(codes, code);
}

const char *code_name(const struct codes *codes, __u32 code)
{
	return code < CODES_LOW ? codes->low[code].name : name_of(codes, code);
}
