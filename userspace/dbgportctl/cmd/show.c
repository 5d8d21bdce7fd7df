// SPDX-License-Identifier: GPL-2.0
/* show: everything that is known of one VM. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cli/table.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/target.h"
#include "lib/clock.h"
#include "lib/device.h"
#include "lib/duration.h"

#define RECORDS		2048
#define VCPUS		0x10000

static bool as_json;

static const struct option options[] = {
	{ "--json", .flag = &as_json, .help = "print an object" },
	{ 0 }
};

/**
 * struct kept - what the ring holds
 * @count: writes
 * @recent: of those: in the last second before it was read
 * @recent_port: per entry of dbgport_vm_info.ports
 * @span_ns: how much of that second the ring reaches back
 * @vcpu: writes per vCPU
 */
struct kept {
	__u64 count;
	__u64 recent;
	__u64 recent_port[DBGPORT_MAX_PORTS];
	__u64 span_ns;
	__u64 vcpu[VCPUS];
};

static struct kept kept;

/* Of the others nothing is wanted. */
static void pass_over_others(const struct target *t)
{
	__u32 id = 0;

	while (!device_next_vm(t->fd, &id)) {
		struct dbgport_vm_info info;

		if (id != t->vm.info.vm && !device_vm_info(t->fd, id, &info))
			device_seek(t->fd, id, info.written);
	}
}

static void count_record(const struct dbgport_vm_info *info, const struct dbgport_record *rec,
			 __u64 now)
{
	__u64 age = now > rec->time_ns ? now - rec->time_ns : 0;

	if (!kept.count++)
		kept.span_ns = age < NSEC_PER_SEC ? age : NSEC_PER_SEC;
	kept.vcpu[rec->vcpu]++;
	if (age >= NSEC_PER_SEC)
		return;
	kept.recent++;
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (info->ports[i].port == rec->port)
			kept.recent_port[i]++;
	}
}

/* A guest can always write more: what it had written before we began is all. */
static void read_kept(const struct target *t)
{
	static struct dbgport_record buf[RECORDS];
	const struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	const struct dbgport_vm_info *info = &t->vm.info;
	__u64 now = clock_ns(CLOCK_MONOTONIC);
	bool more = info->written;
	ssize_t n;

	pass_over_others(t);
	while (more && (n = preadv2(t->fd, &iov, 1, -1, RWF_NOWAIT)) > 0) {
		for (size_t i = 0; i < n / sizeof(buf[0]); i++) {
			if (buf[i].vm != info->vm || buf[i].type != DBGPORT_WRITE)
				continue;
			if (buf[i].seq < info->written)
				count_record(info, &buf[i], now);
			if (buf[i].seq + 1 >= info->written)
				more = false;
		}
	}
}

/* Writes per second. */
static double rate(__u64 count)
{
	return kept.span_ns ? count * (double)NSEC_PER_SEC / kept.span_ns : 0;
}

static void print_json(const struct target *t)
{
	json_open(NULL, '{');
	describe_json(&t->vm);
	json_text("host_claim", describe_claim(t->module.claim));
	json_number("ring", t->module.ring);
	json_number("kept", kept.count);
	json_number("recent", kept.recent);
	json_seconds("recent_span", kept.span_ns);
	json_open("vcpus", '[');
	for (int i = 0; i < VCPUS; i++) {
		if (!kept.vcpu[i])
			continue;
		json_open(NULL, '{');
		json_number("vcpu", i);
		json_number("kept", kept.vcpu[i]);
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

static void print_ports(const struct dbgport_vm_info *info)
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
		table_add(&t, "%.0f", rate(kept.recent_port[i]));
		table_add(&t, "%s", port->flags & DBGPORT_PORT_OFF ? "not taken any more" :
			  port->flags & DBGPORT_PORT_TAKEN ? "something else of KVM's has it" : "");
	}
	table_print(&t);
}

static void print_vcpus(void)
{
	struct table t = { .columns = 2, .right = { true, true } };

	table_add(&t, "VCPU");
	table_add(&t, "KEPT");
	for (int i = 0; i < VCPUS; i++) {
		if (!kept.vcpu[i])
			continue;
		table_add(&t, "%d", i);
		table_add(&t, "%llu", kept.vcpu[i]);
	}
	table_print(&t);
}

static void print_text(const struct target *t)
{
	const struct dbgport_vm_info *info = &t->vm.info;
	__u64 count = kept.count, recent = kept.recent;
	char text[DESCRIBE_SIZE], comm[DESCRIBE_SIZE], age[DURATION_SIZE];

	print_field("VM", "%u, %s", info->vm, t->vm.name);
	if (strcmp(t->vm.name, t->vm.own))
		print_field("own name", "%s", t->vm.own);
	if (info->pid > 0)
		print_field("VMM", "%s, process %d", describe_comm(comm, info), info->pid);
	else
		print_field("VMM", "%s, whose process is not known", describe_comm(comm, info));
	print_field("user", "%s", describe_user(text, info->uid));
	print_field("age", "%s%s", duration_age(age, describe_age(info)),
		    info->flags & DBGPORT_VM_LATE ? ", since it was attached, which was late" : "");
	print_field("state", "%s", describe_state(info));
	if (info->claim == DBGPORT_CLAIM_HOST)
		print_field("claim", "%s, as the host's", describe_claim(t->module.claim));
	else
		print_field("claim", "%s, its own", describe_claim(info->claim));
	print_field("backend", "%s", describe_backend(info->backend));
	print_field("writes", "%llu; %.0f a second (%llu in the last)", info->written,
		    rate(recent), recent);
	print_field("ring", "%llu kept, %llu overwritten; it holds %u", count, info->oldest,
		    t->module.ring);
	if (t->vm.lost >= 0)
		print_field("dbgportd", "%lld writes lost", t->vm.lost);
	else
		print_field("dbgportd", "none reads it");
	putchar('\n');
	print_ports(info);
	if (kept.count) {
		putchar('\n');
		print_vcpus();
	}
}

static int show_run(int argc, char *argv[])
{
	struct target t;

	(void)argc;
	if (target_open(&t, argv[0]))
		return STATUS_FAILED;
	read_kept(&t);
	if (as_json)
		print_json(&t);
	else
		print_text(&t);
	return output_flush();
}

const struct command cmd_show = {
	.name = "show",
	.takes = "VM",
	.help = "Show everything that is known of a VM",
	.text = "KEPT are the writes of each vCPU that the ring still holds. Writes a second are\n"
		"those of the last second, as far as the ring reaches back.\n",
	.options = { options },
	.min = 1,
	.max = 1,
	.run = show_run,
};
