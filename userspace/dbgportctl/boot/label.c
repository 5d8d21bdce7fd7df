// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/label.h"
#include "dbgportctl/cli/memory.h"
#include "lib/array.h"
#include "lib/part.h"

/* Codes that are enough to recognise any firmware. */
#define FIRST_CODES	8

static void rename_mark(struct mark *mark, const char *component)
{
	free(mark->component);
	mark->component = must(strdup(component));
}

static void label_lines(struct boot *boot, const struct tables *tables)
{
	for (size_t i = 0; i < boot->marks; i++) {
		struct mark *mark = &boot->mark[i];
		const char *component;

		if (mark->type != MARK_LINE)
			continue;
		component = tables_text(tables, mark->text);
		if (!component)
			continue;
		rename_mark(mark, component);
		mark->part = tables_part(tables, component);
	}
}

static void label_undated(struct boot *boot, const struct tables *tables)
{
	for (size_t i = 0; i < boot->undateds; i++) {
		const char *component = tables_text(tables, boot->undated[i].text);

		if (component)
			boot->undated[i].component = must(strdup(component));
	}
}

static bool is_of_kernel(const struct mark *mark)
{
	return mark->type == MARK_LINE && part_rank(mark->part) >= part_rank("Kernel");
}

/* What says the first codes of @boot, or one of its lines before a kernel's. */
static bool is_from(const struct codes *codes, const struct boot *boot)
{
	__u32 first[FIRST_CODES];
	size_t count = 0;

	for (size_t i = 0; i < boot->marks && !is_of_kernel(&boot->mark[i]); i++) {
		const struct mark *mark = &boot->mark[i];

		if (mark->type == MARK_LINE && codes_know_text(codes, text_begin(mark->text)))
			return true;
		if (mark->type == MARK_CODE && count < ARRAY_SIZE(first))
			first[count++] = mark->value;
	}
	return codes_know(codes, first, count);
}

static const struct codes *recognise(const struct boot *boot, const struct tables *tables)
{
	for (size_t i = 0; i < tables->count; i++) {
		if (is_from(tables->table[i], boot))
			return tables->table[i];
	}
	return NULL;
}

/* Only the standard table, which has no names, says this of @mark. */
static bool is_standard(const struct tables *tables, const struct mark *mark)
{
	return !mark->text &&
	       !strcmp(mark->component, code_component(tables->standard, mark->value));
}

static void name_code(struct mark *mark, const struct codes *codes)
{
	const char *name = code_name(codes, mark->value);

	rename_mark(mark, code_component(codes, mark->value));
	mark->text = name ? must(strdup(name)) : NULL;
}

static void label_codes(struct boot *boot, const struct tables *tables)
{
	const struct codes *firmware = tables->given ? NULL : recognise(boot, tables);
	int own = firmware ? part_rank(codes_own_part(firmware)) : -1;

	for (size_t i = 0; i < boot->marks; i++) {
		struct mark *mark = &boot->mark[i];

		if (mark->type == MARK_LINE && part_rank(mark->part) > own)
			firmware = NULL;
		if (mark->type != MARK_CODE)
			continue;
		if (firmware && is_standard(tables, mark))
			name_code(mark, firmware);
		mark->part = tables_part(tables, mark->component);
	}
}

void boot_label(struct boot *boot, const struct tables *tables)
{
	label_lines(boot, tables);
	label_undated(boot, tables);
	label_codes(boot, tables);
}
