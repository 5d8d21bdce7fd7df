// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/lines.h"
#include "dbgportctl/boot/phases.h"
#include "dbgportctl/boot/same_lines.h"
#include "dbgportctl/boot/undated.h"
#include "dbgportctl/cli/memory.h"
#include "lib/part.h"

/* Cut into lines as what is written to a port is, or none would be the same. */
void boot_add_undated(struct boot *boot, const char *bytes, size_t n)
{
	const struct mark first = { .type = MARK_LINE };
	size_t passed = n > UNDATED_BYTES ? n - UNDATED_BYTES : 0;
	struct boot log = { 0 };

	boot_add_bytes(&log, &first, bytes + passed, n - passed);
	boot_make_lines(&log);
	boot->undated = must(calloc(log.marks + 1, sizeof(*boot->undated)));
	boot->undateds = log.marks;
	for (size_t i = 0; i < log.marks; i++)
		boot->undated[i].text = log.mark[i].text;
	free(log.mark);
}

/**
 * struct join - the lines of a boot
 * @boot: it
 * @mark: of each line that has a time, its mark's number
 * @marks: how many these are
 * @same: of each line that has none, which of @mark it is; see same_lines()
 */
struct join {
	struct boot *boot;
	size_t *mark;
	size_t marks;
	size_t *same;
};

static void find_same(struct join *j)
{
	const struct boot *boot = j->boot;
	const char **ours = must(calloc(boot->undateds, sizeof(*ours)));
	const char **theirs = must(calloc(boot->marks + 1, sizeof(*theirs)));

	for (size_t i = 0; i < boot->undateds; i++)
		ours[i] = boot->undated[i].text;
	for (size_t i = 0; i < boot->marks; i++) {
		if (boot->mark[i].type != MARK_LINE)
			continue;
		theirs[j->marks] = boot->mark[i].text;
		j->mark[j->marks++] = i;
	}
	same_lines(j->same, ours, boot->undateds, theirs, j->marks);
	free(ours);
	free(theirs);
}

/* Where lines stand of which none has a time. */
static size_t place_in_firmware(const struct boot *boot)
{
	for (size_t i = 0; i < boot->marks; i++) {
		int rank = part_rank(mark_part(&boot->mark[i]));

		if (rank >= 0)
			return rank ? 0 : i + 1;
	}
	return 0;
}

static size_t first_place(const struct join *j)
{
	for (size_t i = 0; i < j->boot->undateds; i++) {
		if (j->same[i] != SAME_NONE)
			return j->mark[j->same[i]];
	}
	return place_in_firmware(j->boot);
}

static void place_lines(const struct join *j)
{
	size_t before = first_place(j), kept = 0;
	struct boot *boot = j->boot;

	for (size_t i = 0; i < boot->undateds; i++) {
		struct undated *line = &boot->undated[i];

		if (j->same[i] != SAME_NONE) {
			before = j->mark[j->same[i]] + 1;
			undated_free(line);
			continue;
		}
		line->before = before;
		boot->undated[kept++] = *line;
	}
	boot->undateds = kept;
}

void boot_join_undated(struct boot *boot)
{
	struct join j = { .boot = boot };

	if (!boot->undateds)
		return;
	j.mark = must(calloc(boot->marks + 1, sizeof(*j.mark)));
	j.same = must(calloc(boot->undateds, sizeof(*j.same)));
	find_same(&j);
	place_lines(&j);
	free(j.mark);
	free(j.same);
}

void boot_cut_undated(struct boot *boot)
{
	while (boot->undateds && boot->undated[boot->undateds - 1].before >= boot->marks)
		undated_free(&boot->undated[--boot->undateds]);
}

/**
 * struct names - what was met, each once; there are no more than tables have
 * @name: lives as long as the boot
 * @count: of @name
 */
struct names {
	const char **name;
	size_t count;
};

static bool have_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (!strcmp(names->name[i], name))
			return true;
	}
	return false;
}

void boot_find_undated_phases(struct boot *boot)
{
	struct names names = { 0 };

	for (size_t i = 0; i < boot->undateds; i++) {
		struct undated *line = &boot->undated[i];

		if (!line->component || boot_phase(boot, line->component) ||
		    have_name(&names, line->component))
			continue;
		line->begins = true;
		names.name = grow(names.name, names.count, sizeof(*names.name));
		names.name[names.count++] = line->component;
	}
	free(names.name);
}
