// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "dbgportctl/boot/all_phases.h"
#include "dbgportctl/boot/before.h"
#include "dbgportctl/boot/moment.h"
#include "dbgportctl/boot/said.h"
#include "dbgportctl/boots/each.h"
#include "dbgportctl/cli/csv.h"
#include "dbgportctl/cli/memory.h"

/* NULL: it is not known, and the field is empty. */
static void print_text(const char *text)
{
	putchar(',');
	if (text)
		csv_text(text);
}

/* Less than 0: there is none, and the field is empty. */
static void print_ns(__s64 ns)
{
	putchar(',');
	if (ns >= 0)
		printf("%lld", ns);
}

static void print_head(const struct all_phases *phases)
{
	fputs("host,vm,vm_id,boot,realtime,firmware,kernel,restored", stdout);
	for (enum before i = 0; i < BEFORES; i++)
		printf(",%s_ns", before_name[i]);
	for (size_t i = 0; i < phases->count; i++) {
		char *head;

		head = must(asprintf(&head, "%s_ns", phases->phase[i]->name) < 0 ? NULL : head);
		print_text(head);
		free(head);
	}
	puts(",total_ns");
}

static void print_boot(const struct boot *boot, const struct all_phases *phases)
{
	char began[MOMENT_SIZE], said[SAID_SIZE];

	if (*boot->host)
		csv_text(boot->host);
	print_text(boot->vm);
	printf(",%u,%u", boot->id, boot->number);
	print_text(moment_utc(began, boot));
	print_text(boot_said(said, boot, SAID_FIRMWARE));
	print_text(boot_said(said, boot, SAID_KERNEL));
	print_text(boot->restored ? "true" : "false");
	for (enum before i = 0; i < BEFORES; i++)
		print_ns(boot_before_ns(boot, i));
	for (size_t i = 0; i < phases->count; i++)
		print_ns(all_phases_ns(phases, i, boot));
	putchar(',');
	if (boot->complete)
		printf("%lld", boot->total_ns);
	putchar('\n');
}

void each_csv(const struct report *report)
{
	struct all_phases phases;

	all_phases_make(&phases, report->boots);
	print_head(&phases);
	for (size_t i = 0; i < report->boots->count; i++)
		print_boot(report->boots->boot[i], &phases);
	all_phases_free(&phases);
}
