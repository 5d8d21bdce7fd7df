// SPDX-License-Identifier: GPL-2.0
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/boot/device.h"
#include "dbgportctl/boot/finish.h"
#include "dbgportctl/boot/firmware_log.h"
#include "dbgportctl/boot/json.h"
#include "dbgportctl/boot/load.h"
#include "dbgportctl/boot/published.h"
#include "dbgportctl/boot/rules.h"
#include "dbgportctl/boot/setting.h"
#include "dbgportctl/boot/split.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "lib/number.h"
#include "lib/vmname.h"

/* One that is not there is missed as what it looks like. */
static bool is_file(const char *from)
{
	size_t len = strlen(from);

	return strchr(from, '/') || !strcmp(from, "-") || !access(from, F_OK) ||
	       (len > 5 && !strcmp(from + len - 5, ".json"));
}

static int read_from(struct boots *boots, char *from, const struct boot_rules *rules, char *why,
		     size_t size)
{
	if (is_file(from))
		return boots_read_json(boots, from, rules->tables.given, why, size);
	return boots_read_device(boots, from, boot_rules_codes(rules), why, size);
}

/* The number behind @from, as in "web#2", which is cut off; 0: there is none. */
static __u32 cut_number(char *from)
{
	char *mark = strrchr(from, '#');
	__u64 number;

	if (!mark || number_parse(mark + 1, NUMBER_DECIMAL, 1, UINT_MAX, &number))
		return 0;
	*mark = '\0';
	return number;
}

/* Whether @from may be read from a file, as a whole or up to its number. */
static bool names_file(const char *from)
{
	char *name = must(strdup(from));
	bool is = is_file(name) || (cut_number(name) && is_file(name));

	free(name);
	return is;
}

static int check_memlog(char *from[], int count, const struct load *load)
{
	for (int i = 0; load->memlog && i < count; i++) {
		if (names_file(from[i]))
			return fail_usage("--memlog is for VMs that run on this host: %s is a file",
					  from[i]);
	}
	return STATUS_OK;
}

static void want_only(struct boots *boots, size_t from, __u32 number)
{
	for (size_t i = from; i < boots->count; i++)
		boots->boot[i]->only = number;
}

/* It may be a VM or a file whose name ends like that. */
static int read_one(struct boots *boots, char *from, const struct boot_rules *rules, char *why,
		    size_t size)
{
	size_t before = boots->count;
	__u32 number;

	if (!read_from(boots, from, rules, why, size))
		return 0;
	number = cut_number(from);
	if (!number || read_from(boots, from, rules, why, size))
		return -1;
	want_only(boots, before, number);
	return 0;
}

/* No VM's own name has a '#'. */
static int read_published(struct boots *boots, char *vm, const struct load *load,
			  const struct boot_rules *rules, char *why, size_t size)
{
	size_t before = boots->count;
	__u32 number = vm ? cut_number(vm) : 0;

	if (boots_read_published(boots, load->fleet, vm, rules->tables.given, why, size))
		return -1;
	want_only(boots, before, number);
	return 0;
}

static int read_all(struct boots *boots, char *from[], int count, const struct load *load,
		    const struct boot_rules *rules)
{
	char why[1024];
	int err = 0;

	if (!count && load->fleet)
		err = read_published(boots, NULL, load, rules, why, sizeof(why));
	else if (!count)
		err = boots_read_device(boots, NULL, boot_rules_codes(rules), why, sizeof(why));
	for (int i = 0; !err && i < count; i++)
		err = load->fleet ? read_published(boots, from[i], load, rules, why, sizeof(why)) :
				    read_one(boots, from[i], rules, why, sizeof(why));
	return err ? fail("%s", why) : STATUS_OK;
}

bool boot_matches(const struct boot *boot, const char *pattern)
{
	return !pattern || vmname_matches(boot->vm, pattern) ||
	       !fnmatch(pattern, boot->label, 0);
}

static void keep_matching(struct boots *boots, const char *pattern)
{
	size_t kept = 0;

	for (size_t i = 0; i < boots->count; i++) {
		struct boot *boot = boots->boot[i];

		if (boot_matches(boot, pattern)) {
			boots->boot[kept++] = boot;
			continue;
		}
		boot_free(boot);
	}
	boots->count = kept;
}

static bool have_several_hosts(const struct boots *boots)
{
	for (size_t i = 1; i < boots->count; i++) {
		if (strcmp(boots->boot[i]->host, boots->boot[0]->host))
			return true;
	}
	return false;
}

/* VMs of several hosts may have the same name. */
static void label_hosts(struct boots *boots)
{
	if (!have_several_hosts(boots))
		return;
	for (size_t i = 0; i < boots->count; i++) {
		struct boot *boot = boots->boot[i];
		size_t len = strlen(boot->host);

		if (!len)
			continue;
		memmove(boot->label + len + 1, boot->label, strlen(boot->label) + 1);
		memcpy(boot->label, boot->host, len);
		boot->label[len] = '/';
	}
}

static int none_found(int count, const struct load *load)
{
	if (load->pattern)
		return fail("no VM's name matches");
	if (load->fleet)
		return fail("no boot in that: begin earlier, or ask for another VM");
	if (count)
		return fail("no boot in that; it takes what dbgportd writes with format=json");
	return fail("there is no VM");
}

/* Of @boots, from @from on, those that are wanted; tells where there is no such. */
static int keep_wanted(struct boots *boots, size_t from)
{
	__u32 only = boots->boot[from]->only, last = boots->boot[boots->count - 1]->number;
	char vm[VMNAME_SIZE];
	size_t kept = from;

	if (!only)
		return STATUS_OK;
	memcpy(vm, boots->boot[from]->vm, sizeof(vm));
	for (size_t i = from; i < boots->count; i++) {
		if (boots->boot[i]->number == only)
			boots->boot[kept++] = boots->boot[i];
		else
			boot_free(boots->boot[i]);
	}
	boots->count = kept;
	return kept > from ? STATUS_OK :
			     fail("VM %s has no boot %u: its last one is %u", vm, only, last);
}

/*
 * Of @boots, from @from on, take out the first one if it had begun before what was read.
 * Return: how many that are.
 */
static size_t drop_begun(struct boots *boots, size_t from)
{
	struct boot *boot = boots->boot[from];

	if (boot->attached)
		return 0;
	boot_free(boot);
	boots->count--;
	memmove(&boots->boot[from], &boots->boot[from + 1],
		(boots->count - from) * sizeof(*boots->boot));
	return 1;
}

static void tell_begun(size_t count)
{
	if (count)
		fail("%zu boot%s had begun before what was read, and %s left out", count,
		     count == 1 ? "" : "s", count == 1 ? "is" : "are");
}

/* A VM that makes no sense is left out. */
static int split_all(struct boots *boots, const struct load *load)
{
	struct boots all = *boots;
	size_t begun = 0;
	int status = all.count ? STATUS_FAILED : STATUS_OK;

	*boots = (struct boots){ 0 };
	for (size_t i = 0; i < all.count; i++) {
		struct boot *boot = all.boot[i];
		size_t from = boots->count;

		if (boot_order(boot)) {
			fail("VM %s (id %u) is left out: its times contradict its numbers",
			     boot->vm, boot->id);
			boot_free(boot);
			continue;
		}
		boot_split(boots, boot, load->begins);
		boots_set_clock(boots->boot + from, boots->count - from);
		boots->boot[boots->count - 1]->latest = true;
		if (load->fleet)
			begun += drop_begun(boots, from);
		if (boots->count == from || !keep_wanted(boots, from))
			status = STATUS_OK;
	}
	tell_begun(begun);
	free(all.boot);
	free(all.bucket);
	return status;
}

static int load_boots(struct boots *boots, char *from[], int count, const struct load *load,
		      const struct boot_rules *rules)
{
	int status = read_all(boots, from, count, load, rules);

	if (status)
		return status;
	status = split_all(boots, load);
	keep_matching(boots, load->pattern);
	label_hosts(boots);
	if (load->memlog)
		boots_read_firmware_logs(boots);
	for (size_t i = 0; i < boots->count; i++)
		boot_rules_apply(rules, boots->boot[i]);
	if (!status && !boots->count)
		status = none_found(count, load);
	return status;
}

int boots_load(struct boots *boots, char *from[], int count, const struct load *load)
{
	struct boot_rules rules;
	int status = check_memlog(from, count, load);

	if (status)
		return status;
	status = boot_rules_load(&rules, load->table, load->until) ?:
		 load_boots(boots, from, count, load, &rules);
	boot_rules_free(&rules);
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
