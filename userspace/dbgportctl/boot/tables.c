// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/tables.h"
#include "dbgportctl/cli/memory.h"
#include "lib/part.h"

static struct codes *add(struct tables *tables, const char *name, char *why, size_t size)
{
	struct codes *codes = codes_load(name, why, size);

	if (!codes)
		return NULL;
	tables->table = grow(tables->table, tables->count, sizeof(*tables->table));
	return tables->table[tables->count++] = codes;
}

static int is_table(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	/* Not hidden, and no editor's copy. */
	return entry->d_name[0] != '.' && entry->d_name[len - 1] != '~';
}

/* In the order of their names, so that it is always the same one that comes first. */
static int add_dir(struct tables *tables, const char *dir, char *why, size_t size)
{
	struct dirent **entry;
	int count = scandir(dir, &entry, is_table, alphasort);
	int err = 0;

	if (count < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (count < 0) {
		snprintf(why, size, "%s: %s", dir, strerror(errno));
		return -1;
	}
	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", dir, entry[i]->d_name);
		if (!err && !add(tables, path, why, size))
			err = -1;
		free(entry[i]);
	}
	free(entry);
	return err;
}

static int add_ours(struct tables *tables, char *why, size_t size)
{
	const char *name;

	for (size_t i = 0; (name = codes_ours_name(i)); i++) {
		const struct codes *codes = add(tables, name, why, size);

		if (!codes)
			return -1;
		if (!tables->standard)
			tables->standard = codes;
	}
	return 0;
}

int tables_load(struct tables *tables, const char *dir, const char *given, char *why, size_t size)
{
	*tables = (struct tables){ 0 };
	if (given) {
		tables->given = add(tables, given, why, size);
		if (!tables->given)
			return -1;
	}
	return add_dir(tables, dir, why, size) ?: add_ours(tables, why, size);
}

void tables_free(struct tables *tables)
{
	for (size_t i = 0; i < tables->count; i++)
		codes_free(tables->table[i]);
	free(tables->table);
}

const char *tables_text(const struct tables *tables, const char *line)
{
	const char *component = NULL;
	size_t longest = 0;

	line = text_begin(line);
	for (size_t i = 0; i < tables->count; i++) {
		size_t len;
		const char *found = text_component(tables->table[i], line, &len);

		if (len <= longest)
			continue;
		longest = len;
		component = found;
	}
	return component;
}

const char *tables_part(const struct tables *tables, const char *component)
{
	int rank = part_rank(component);
	const char *part = rank < 0 ? NULL : part_name(rank);

	for (size_t i = 0; i < tables->count && !part; i++)
		part = codes_part(tables->table[i], component);
	return part;
}
