// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/drop_ins.h"

static int is_one(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end && end > entry->d_name && *entry->d_name != '.' && !strcmp(end, ".conf");
}

/* Not as the user's language sorts: a service and a shell must not differ. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The paths of @n entries, of which none is there any more afterwards. */
static int take(struct drop_ins *d, const char *dir, struct dirent **entries, int n)
{
	int err = 0;

	d->paths = calloc(n, sizeof(*d->paths));
	for (int i = 0; i < n; i++) {
		if (d->paths && asprintf(&d->paths[d->count], "%s/%s", dir,
					 entries[i]->d_name) >= 0)
			d->count++;
		else
			err = -ENOMEM;
		free(entries[i]);
	}
	free(entries);
	return err;
}

int drop_ins_find(struct drop_ins *d, const char *file)
{
	struct dirent **entries;
	int n, err = 0;
	char *dir;

	*d = (struct drop_ins){ 0 };
	if (asprintf(&dir, "%s.d", file) < 0)
		return -ENOMEM;
	n = scandir(dir, &entries, is_one, by_bytes);
	if (n > 0)
		err = take(d, dir, entries, n);
	else if (!n)
		free(entries);
	else if (errno != ENOENT && errno != ENOTDIR)
		err = -errno;
	free(dir);
	return err;
}

void drop_ins_free(struct drop_ins *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->paths[i]);
	free(d->paths);
	*d = (struct drop_ins){ 0 };
}
