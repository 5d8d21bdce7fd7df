// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/boot/before.h"
#include "dbgportctl/boot/initcall.h"
#include "dbgportctl/boot/moment.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/timeline/timeline.h"

static void write_before(const struct boot *boot)
{
	json_open("before", '[');
	for (enum before i = 0; i < BEFORES; i++) {
		struct span span;

		if (!boot_before(boot, i, &span))
			continue;
		json_open(NULL, '{');
		json_text("name", before_name[i]);
		json_signed("begin_ns", span.begin_ns);
		json_signed("end_ns", span.end_ns);
		json_number("duration_ns", span.end_ns - span.begin_ns);
		json_close('}');
	}
	json_close(']');
}

static void write_phases(const struct boot *boot)
{
	json_open("phases", '[');
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];

		json_open(NULL, '{');
		json_text("name", phase->name);
		json_text("part", phase->part);
		json_number("begin_ns", phase->begin_ns);
		json_number("end_ns", phase->end_ns);
		json_number("duration_ns", phase->end_ns - phase->begin_ns);
		json_number("codes", phase->codes);
		json_number("lines", phase->lines);
		json_close('}');
	}
	json_close(']');
}

static void write_gaps(const struct boot *boot, const struct look *look)
{
	json_open("gaps", '[');
	for (size_t i = 0; i < boot->marks; i++) {
		__s64 end_ns = boot->mark[i].time_ns;

		if (!mark_ends_gap(boot, look, i))
			continue;
		json_open(NULL, '{');
		json_number("begin_ns", end_ns - boot_gap(boot, i));
		json_number("end_ns", end_ns);
		json_number("duration_ns", boot_gap(boot, i));
		json_close('}');
	}
	json_close(']');
}

static void write_initcalls(const struct boot *boot)
{
	json_open("initcalls", '[');
	for (size_t i = 0; i < boot->marks; i++) {
		struct initcall call;

		if (!initcall_told(&call, &boot->mark[i]))
			continue;
		json_open(NULL, '{');
		json_text_n("name", call.name, call.n);
		json_bool("probe", call.probe);
		json_signed("returned", call.returned);
		json_number("duration_ns", call.took_ns);
		json_number("end_ns", call.end_ns);
		json_close('}');
	}
	json_close(']');
}

static void write_mark(const struct boot *boot, const struct mark *mark)
{
	static const char *const types[] = {
		[MARK_CODE] = "code",
		[MARK_LINE] = "line",
		[MARK_LOST] = "lost",
		[MARK_STORM] = "storm",
	};

	json_open(NULL, '{');
	json_text("type", types[mark->type]);
	json_number("time_ns", mark->time_ns);
	json_text("phase", boot->phase[mark->phase].name);
	json_number("seq", mark->seq);
	if (mark->type != MARK_LOST)
		json_number("port", mark->port);
	if (mark->type == MARK_CODE || mark->type == MARK_LINE)
		json_number("vcpu", mark->vcpu);
	else
		json_number("count", mark->count);
	if (mark->type == MARK_CODE) {
		json_number("value", mark->value);
		json_text("component", mark->component);
		json_text("name", mark->text);
	}
	if (mark->type == MARK_LINE) {
		json_text("component", mark->component);
		json_text("text", mark->text);
	}
	json_close('}');
}

static void write_undated(const struct undated *line)
{
	json_open(NULL, '{');
	json_text("type", "line");
	json_none("time_ns");
	json_none("phase");
	json_text("component", line->component);
	json_text("text", line->text);
	json_text("source", UNDATED_PORT);
	json_close('}');
}

static void write_marks(const struct boot *boot)
{
	size_t undated = 0;

	json_open("marks", '[');
	for (size_t i = 0; i <= boot->marks; i++) {
		while (undated < boot->undateds && boot->undated[undated].before == i)
			write_undated(&boot->undated[undated++]);
		if (i < boot->marks)
			write_mark(boot, &boot->mark[i]);
	}
	json_close(']');
}

static void write_boot(const struct boot *boot, const struct look *look)
{
	char began[MOMENT_SIZE];

	json_open(NULL, '{');
	json_text("host", *boot->host ? boot->host : NULL);
	json_text("vm", boot->vm);
	json_number("vm_id", boot->id);
	json_number("boot", boot->number);
	json_number_or_none("pid", boot->pid);
	json_number("zero_ns", boot->zero_ns);
	json_text("realtime", moment_utc(began, boot));
	json_bool("late", boot->late);
	json_bool("restored", boot->restored);
	json_bool("complete", boot->complete);
	json_number("lost", boot->lost);
	json_number("total_ns", boot->total_ns);
	write_before(boot);
	write_phases(boot);
	write_gaps(boot, look);
	write_initcalls(boot);
	write_marks(boot);
	json_close('}');
}

void timeline_json(const struct boots *boots, const struct look *look)
{
	json_open(NULL, '[');
	for (size_t i = 0; i < boots->count; i++)
		write_boot(boots->boot[i], look);
	json_close(']');
}
