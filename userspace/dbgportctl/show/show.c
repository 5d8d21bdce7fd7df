// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cli/table.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/show/kept.h"
#include "dbgportctl/show/last.h"
#include "dbgportctl/show/show.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/reader.h"
#include "dbgportctl/vm/unheard.h"
#include "lib/clock.h"
#include "lib/duration.h"

/* Lines at the end. */
#define LINES		3

/**
 * struct shown - what is read of the VM's ring
 * @kept: counted
 * @words: @last is wanted
 * @last: what was written last
 * @now_ns: when reading began, CLOCK_MONOTONIC
 */
struct shown {
	struct kept kept;
	bool words;
	struct last last;
	__u64 now_ns;
};

static void print_json(const struct known_vm *vm, const struct dbgport_info *module,
		       const struct kept *kept)
{
	json_open(NULL, '{');
	describe_json(vm);
	json_text("host_claim", describe_claim(module->claim));
	json_number("ring", module->ring);
	json_number("kept", kept->count);
	json_number("recent", kept->recent);
	json_seconds("recent_span", kept->span_ns);
	json_open("vcpus", '[');
	for (int i = 0; i < KEPT_VCPUS; i++) {
		if (!kept->vcpu[i])
			continue;
		json_open(NULL, '{');
		json_number("vcpu", i);
		json_number("kept", kept->vcpu[i]);
		json_close('}');
	}
	json_close(']');
	json_close('}');
}

static void print_field(const char *name, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void print_field(const char *name, const char *fmt, ...)
{
	va_list args;

	printf("%-9s ", name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

static const char *uart_note(const struct dbgport_vm_info *info,
			     const struct dbgport_port_info *port)
{
	if (port->flags & DBGPORT_PORT_TEE)
		return "UART, tee: never claimed";
	return info->flags & DBGPORT_VM_CLAIMED ?
		"UART: what is polled is not in the VMM's console" : "UART";
}

static const char *port_note(const struct dbgport_vm_info *info,
			     const struct dbgport_port_info *port)
{
	if (port->flags & DBGPORT_PORT_OFF)
		return "not taken any more";
	if (port->flags & DBGPORT_PORT_TAKEN)
		return "something else of KVM's has it";
	if (port->flags & DBGPORT_PORT_UART)
		return uart_note(info, port);
	return port->flags & DBGPORT_PORT_TEE ? "tee: never claimed" : "";
}

static void print_ports(const struct dbgport_vm_info *info, const struct kept *kept)
{
	static const char *const head[] = {
		"PORT", "WRITES", "BYTES", "READS", "SAVED", "WRITES/S", "NOTE"
	};
	struct table t = {
		.columns = 7,
		.right = { false, true, true, true, true, true, false },
	};

	for (size_t i = 0; i < t.columns; i++)
		table_add(&t, "%s", head[i]);
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		const struct dbgport_port_info *port = &info->ports[i];

		table_add(&t, "0x%x", port->port);
		table_add(&t, "%llu", port->writes);
		table_add(&t, "%llu", port->bytes);
		table_add(&t, "%llu", port->reads);
		table_add(&t, "%llu", port->claimed);
		table_add(&t, "%.0f", kept_rate(kept, kept->recent_port[i]));
		table_add(&t, "%s", port_note(info, port));
	}
	table_print(&t);
}

static void print_vcpus(const struct kept *kept)
{
	struct table t = { .columns = 2, .right = { true, true } };

	table_add(&t, "VCPU");
	table_add(&t, "KEPT");
	for (int i = 0; i < KEPT_VCPUS; i++) {
		if (!kept->vcpu[i])
			continue;
		table_add(&t, "%d", i);
		table_add(&t, "%llu", kept->vcpu[i]);
	}
	table_print(&t);
}

static void print_text(const struct known_vm *vm, const struct dbgport_info *module,
		       struct shown *shown, enum time_style time)
{
	const struct kept *kept = &shown->kept;
	const struct dbgport_vm_info *info = &vm->info;
	char text[DESCRIBE_SIZE], comm[DESCRIBE_SIZE], age[DURATION_SIZE];

	last_print_sentence(&shown->last, vm, time);
	putchar('\n');
	print_field("VM", "%u, %s", info->vm, vm->name);
	if (strcmp(vm->name, vm->own))
		print_field("own name", "%s", vm->own);
	if (info->pid > 0)
		print_field("VMM", "%s, process %d", describe_comm(comm, info), info->pid);
	else
		print_field("VMM", "%s, whose process is not known", describe_comm(comm, info));
	print_field("user", "%s", describe_user(text, info->uid));
	if (time != STAMP_NONE)
		print_field("began", "%s", describe_moment(text, time, info->zero_ns));
	print_field("age", "%s%s%s", duration_age(age, describe_age(info)),
		    info->flags & DBGPORT_VM_LATE ? ", since it was attached, which was late" : "",
		    info->flags & DBGPORT_VM_RESTORED ? "; restored from a snapshot" : "");
	print_field("state", "%s", describe_state(info));
	if (info->claim == DBGPORT_CLAIM_HOST)
		print_field("claim", "%s, as the host's", describe_claim(module->claim));
	else
		print_field("claim", "%s, its own", describe_claim(info->claim));
	print_field("backend", "%s", describe_backend(info->backend));
	print_field("writes", "%llu; %.0f/s", info->written, kept_rate(kept, kept->recent));
	print_field("ring", "%llu kept, %llu overwritten; it holds %u", kept->count, info->oldest,
		    module->ring);
	if (vm->lost >= 0)
		print_field("dbgportd", "%lld writes lost", vm->lost);
	else
		print_field("dbgportd", "none reads it");
	if (unheard_port(info))
		print_field("note", UNHEARD_TEXT "; " UNHEARD_FIX, unheard_port(info));
	putchar('\n');
	print_ports(info, kept);
	if (kept->count) {
		putchar('\n');
		print_vcpus(kept);
	}
	if (last_has_lines(&shown->last))
		printf("\n%sLAST LINES%s\n", colour(COLOUR_BOLD), colour(COLOUR_OFF));
	last_print_lines(&shown->last);
}

/* A guest can always write more: what it had written when the device was opened is all. */
static void take(void *arg, struct known_vm *vm, const struct dbgport_record *rec)
{
	struct shown *shown = arg;
	__u64 now = shown->now_ns;

	if (!vm || (rec->type == DBGPORT_WRITE && rec->seq >= vm->info.written))
		return;
	if (shown->words)
		last_add(&shown->last, vm, rec);
	if (rec->type != DBGPORT_WRITE)
		return;
	kept_add(&shown->kept, &vm->info, rec, now > rec->time_ns ? now - rec->time_ns : 0);
	vm->wrote_ns = rec->time_ns;
}

int show_vm(const char *name, bool as_json, enum time_style time)
{
	char *const names[] = { (char *)name, NULL };
	const struct reader_wish wish = { .names = names };
	static struct shown shown;
	struct reader r;
	char why[512];
	int err;

	if (reader_open(&r, &wish, why, sizeof(why)))
		return fail("%s", why);
	shown.now_ns = clock_ns(CLOCK_MONOTONIC);
	shown.words = !as_json;
	if (shown.words)
		last_init(&shown.last, LINES, time);
	err = reader_read_kept(&r, take, &shown);
	if (shown.words)
		last_end(&shown.last);
	if (err) {
		reader_close(&r);
		return fail("%s: %s", device_path, strerror(-err));
	}
	if (as_json)
		print_json(reader_first(&r), &r.module, &shown.kept);
	else
		print_text(reader_first(&r), &r.module, &shown, time);
	reader_close(&r);
	return output_flush();
}
