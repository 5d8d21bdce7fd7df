// SPDX-License-Identifier: GPL-2.0
/*
 * Chrome's trace events: a VM is a process; its phases, POST codes and ports
 * are threads.  The times are the host's CLOCK_MONOTONIC, so that a trace of
 * the host fits beside it; the format has microseconds.
 */
#include "dbgportctl/boot/before.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/timeline/timeline.h"

/* Threads; those of ports have the port's number added. */
#define TID_PHASES	1
#define TID_PORTS	2

/* The process of the boot that is written: ids of several modules' VMs are the same. */
static unsigned int process;

static void begin_event(const char *type, unsigned int tid, const char *name)
{
	json_open(NULL, '{');
	json_text("ph", type);
	json_number("pid", process);
	json_number("tid", tid);
	json_text("name", name);
}

static void write_name(const char *what, unsigned int tid, const char *name)
{
	begin_event("M", tid, what);
	json_open("args", '{');
	json_text("name", name);
	json_close('}');
	json_close('}');
	begin_event("M", tid, "thread_sort_index");
	json_open("args", '{');
	json_number("sort_index", tid);
	json_close('}');
	json_close('}');
}

static void begin_slice(const struct boot *boot, unsigned int tid, const char *category,
			const char *name, __s64 begin_ns, __s64 end_ns)
{
	begin_event("X", tid, name);
	json_text("cat", category);
	json_microseconds("ts", boot->zero_ns + begin_ns);
	json_microseconds("dur", end_ns - begin_ns);
}

static void write_before(const struct boot *boot)
{
	for (enum before i = 0; i < BEFORES; i++) {
		struct span span;

		if (!boot_before(boot, i, &span))
			continue;
		begin_slice(boot, TID_PHASES, "before", before_name[i], span.begin_ns, span.end_ns);
		json_close('}');
	}
}

static void write_phases(const struct boot *boot)
{
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];

		begin_slice(boot, TID_PHASES, "phase", phase->name, phase->begin_ns,
			    phase->end_ns);
		json_close('}');
	}
}

/* A code lasts until the next one. */
static __s64 end_of_code(const struct boot *boot, size_t i)
{
	while (++i < boot->marks) {
		if (boot->mark[i].type == MARK_CODE)
			return boot->mark[i].time_ns;
	}
	return boot->total_ns;
}

static void write_mark(const struct boot *boot, size_t i)
{
	const struct mark *mark = &boot->mark[i];
	unsigned int tid = TID_PORTS + mark->port;
	char label[MARK_LABEL_SIZE];

	mark_label(label, mark);
	if (mark->type == MARK_CODE) {
		begin_slice(boot, tid, "code", label, mark->time_ns, end_of_code(boot, i));
	} else {
		begin_event("i", mark->port ? tid : TID_PHASES, label);
		json_text("cat", mark->type == MARK_LINE ? "line" : "loss");
		json_text("s", "t");
		json_microseconds("ts", boot->zero_ns + mark->time_ns);
	}
	json_open("args", '{');
	json_number("seq", mark->seq);
	if (mark->type == MARK_CODE || mark->type == MARK_LINE)
		json_number("vcpu", mark->vcpu);
	json_close('}');
	json_close('}');
}

static void write_ports(const struct boot *boot)
{
	/* A bit for each port that has been named. */
	static __u64 named[65536 / 64];

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		named[i] = 0;
	for (size_t i = 0; i < boot->marks; i++) {
		const struct mark *mark = &boot->mark[i];
		__u64 bit = 1ULL << mark->port % 64;
		char port[PORT_TEXT_SIZE];

		if (!mark->port || named[mark->port / 64] & bit)
			continue;
		named[mark->port / 64] |= bit;
		write_name("thread_name", TID_PORTS + mark->port, mark_port(port, mark));
	}
}

static void write_boot(const struct boot *boot)
{
	write_name("process_name", TID_PHASES, boot->label);
	write_name("thread_name", TID_PHASES, "phases");
	write_ports(boot);
	write_before(boot);
	write_phases(boot);
	for (size_t i = 0; i < boot->marks; i++)
		write_mark(boot, i);
}

void timeline_perfetto(const struct boots *boots, const struct look *look)
{
	(void)look;
	json_open(NULL, '{');
	json_text("displayTimeUnit", "ns");
	json_open("traceEvents", '[');
	for (size_t i = 0; i < boots->count; i++) {
		process = i + 1;
		write_boot(boots->boot[i]);
	}
	json_close(']');
	json_close('}');
}
