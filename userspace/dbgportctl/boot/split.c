// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/before.h"
#include "dbgportctl/boot/split.h"
#include "dbgportctl/cli/memory.h"

/* Whether the file says of all that was written which boot it belongs to. */
static bool is_numbered(const struct boot *boot)
{
	for (size_t i = 0; i < boot->marks; i++) {
		const struct mark *mark = &boot->mark[i];

		if ((mark->type == MARK_CODE || mark->type == MARK_LINE) && !mark->boot)
			return false;
	}
	return boot->marks && boot->mark[0].boot;
}

/* Whether a boot begins with @mark, by what it says. */
static bool is_recognised(struct begins *begins, const struct boot *boot, const struct mark *mark)
{
	const struct dbgport_record rec = {
		.port = mark->port,
		.vcpu = mark->vcpu,
		.seq = mark->seq,
		.time_ns = boot->zero_ns + mark->time_ns,
	};
	bool begun;

	if (mark->type == MARK_CODE)
		return begins_code(begins, rec.seq, rec.time_ns, mark->value);
	if (mark->type != MARK_LINE)
		return false;
	begun = begins_text(begins, &rec, mark->text, strlen(mark->text));
	return begins_text(begins, &rec, "\n", 1) || begun;
}

/* Boot number @number, from @mark on; @first is the VM's first one. */
static struct boot *add_boot(struct boots *boots, const struct boot *first, __u32 number,
			     const struct mark *mark)
{
	struct boot *boot = must(calloc(1, sizeof(*boot)));

	memcpy(boot->vm, first->vm, sizeof(boot->vm));
	memcpy(boot->vmm, first->vmm, sizeof(boot->vmm));
	memcpy(boot->host_id, first->host_id, sizeof(boot->host_id));
	boot->number = number;
	boot->only = first->only;
	boot->id = first->id;
	boot->pid = first->pid;
	boot->running = first->running;
	boot->unheard = first->unheard;
	boot->zero_ns = first->zero_ns + mark->time_ns;
	boots->boot = grow(boots->boot, boots->count, sizeof(*boots->boot));
	boots->boot[boots->count++] = boot;
	return boot;
}

/* Move @mark, whose time counts from @first's zero. */
static void move_mark(struct boot *to, const struct boot *first, const struct mark *mark)
{
	to->mark = grow(to->mark, to->marks, sizeof(*to->mark));
	to->mark[to->marks] = *mark;
	to->mark[to->marks++].time_ns -= to->zero_ns - first->zero_ns;
}

static void count_lost(struct boot *boot)
{
	boot->lost = 0;
	for (size_t i = 0; i < boot->marks; i++) {
		if (boot->mark[i].type == MARK_LOST)
			boot->lost += boot->mark[i].count;
	}
}

void boot_set_label(struct boot *boot, bool several)
{
	if (several || boot->number > 1)
		snprintf(boot->label, sizeof(boot->label), "%s#%u", boot->vm, boot->number);
	else
		snprintf(boot->label, sizeof(boot->label), "%s", boot->vm);
}

void boot_split(struct boots *boots, struct boot *boot, const struct begins_rule *rule)
{
	bool numbered = !rule && is_numbered(boot);
	size_t from = boots->count, marks = boot->marks;
	struct boot *last = boot;
	struct begins begins;

	boots->boot = grow(boots->boot, boots->count, sizeof(*boots->boot));
	boots->boot[boots->count++] = boot;
	begins_init(&begins, rule, boot->late);
	if (numbered)
		boot->number = boot->mark[0].boot;
	if (boot->number > 1)
		boot_forget_before(boot);
	for (size_t i = 0; i < marks; i++) {
		const struct mark *mark = &boot->mark[i];
		bool begun = numbered ? mark->boot > last->number :
					is_recognised(&begins, boot, mark);

		if (begun && last == boot)
			boot->marks = i;
		if (begun)
			last = add_boot(boots, boot, numbered ? mark->boot : last->number + 1,
					mark);
		if (last != boot)
			move_mark(last, boot, mark);
	}
	begins_end(&begins);
	for (size_t i = from; i < boots->count; i++) {
		boot_set_label(boots->boot[i], boots->count - from > 1);
		count_lost(boots->boot[i]);
	}
}
