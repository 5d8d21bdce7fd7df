// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/boot/device.h"
#include "dbgportctl/boot/finish.h"
#include "dbgportctl/boot/json.h"
#include "dbgportctl/boot/load.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "lib/number.h"
#include "lib/vmname.h"

/* One that is not there is missed as what it looks like. */
static bool is_file(const char *from)
{
	size_t len = strlen(from);

	return strchr(from, '/') || !strcmp(from, "-") || !access(from, F_OK) ||
	       (len > 5 && !strcmp(from + len - 5, ".json"));
}

static int read_one(struct boots *boots, char *from, const struct codes *named,
		    const struct codes *codes, char *why, size_t size)
{
	if (is_file(from))
		return boots_read_json(boots, from, named, why, size);
	return boots_read_device(boots, from, codes, why, size);
}

static int read_all(struct boots *boots, char *from[], int count, const char *table)
{
	char why[1024];
	struct codes *codes = codes_load(table, why, sizeof(why));
	int err = 0;

	if (!codes)
		return fail_usage("--table: %s", why);
	if (!count)
		err = boots_read_device(boots, NULL, codes, why, sizeof(why));
	for (int i = 0; !err && i < count; i++)
		err = read_one(boots, from[i], table ? codes : NULL, codes, why, sizeof(why));
	codes_free(codes);
	return err ? fail("%s", why) : STATUS_OK;
}

static int parse_until(const char *text, __s64 *until)
{
	__u64 code;

	*until = -1;
	if (!text)
		return STATUS_OK;
	if (number_parse(text, NUMBER_ANY, 0, UINT_MAX, &code))
		return fail_usage("--until %s: it takes a POST code, as in 0x7f", text);
	*until = code;
	return STATUS_OK;
}

static void keep_matching(struct boots *boots, const char *pattern)
{
	size_t kept = 0;

	if (!pattern)
		return;
	for (size_t i = 0; i < boots->count; i++) {
		struct boot *boot = boots->boot[i];

		if (vmname_matches(boot->vm, pattern)) {
			boots->boot[kept++] = boot;
			continue;
		}
		boot_free(boot);
	}
	boots->count = kept;
}

static int none_found(int count, const struct load *load)
{
	if (load->pattern)
		return fail("no VM's name matches");
	if (count)
		return fail("no boot in that; it takes what dbgportd writes with format=json");
	return fail("there is no VM");
}

/* Those that make no sense are left out. */
static int finish_all(struct boots *boots, __s64 until)
{
	size_t kept = 0, count = boots->count;

	for (size_t i = 0; i < count; i++) {
		struct boot *boot = boots->boot[i];

		if (!boot_finish(boot, until)) {
			boots->boot[kept++] = boot;
			continue;
		}
		fail("VM %s (id %u) is left out: its times contradict its numbers", boot->vm,
		     boot->id);
		boot_free(boot);
	}
	boots->count = kept;
	return kept || !count ? STATUS_OK : STATUS_FAILED;
}

int boots_load(struct boots *boots, char *from[], int count, const struct load *load)
{
	__s64 until;
	int status = parse_until(load->until, &until);

	if (!status)
		status = read_all(boots, from, count, load->table);
	if (status)
		return status;
	keep_matching(boots, load->pattern);
	status = finish_all(boots, until);
	if (!status && !boots->count)
		status = none_found(count, load);
	return status;
}

int boots_drop_silent(struct boots *boots)
{
	size_t kept = 0, count = boots->count;

	for (size_t i = 0; i < count; i++) {
		if (boots->boot[i]->marks)
			boots->boot[kept++] = boots->boot[i];
		else
			boot_free(boots->boot[i]);
	}
	boots->count = kept;
	if (kept < count)
		fail("%zu VM%s wrote nothing and %s left out", count - kept,
		     count - kept == 1 ? "" : "s", count - kept == 1 ? "is" : "are");
	return kept ? STATUS_OK : STATUS_FAILED;
}
