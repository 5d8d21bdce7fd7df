// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "dbgportctl/boot/before.h"
#include "dbgportctl/boot/said.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/otlp/attribute.h"
#include "dbgportctl/otlp/ids.h"
#include "dbgportctl/otlp/trace.h"

/* Values of OTLP's enumerations. */
#define SPAN_KIND_INTERNAL	1
#define STATUS_CODE_ERROR	2

/**
 * struct event - a mark that may become one
 * @mark: its index in the boot
 * @gap_ns: how long there was nothing before it
 */
struct event {
	size_t mark;
	__s64 gap_ns;
};

static json_t *make_resource(const struct boot *boot)
{
	json_t *list = must(json_array());
	char said[SAID_SIZE];

	attribute_text(list, "service.name", "dbgport");
	attribute_text(list, "host.name", boot->host);
	attribute_text(list, "host.id", boot->host_id);
	if (boot->pid)
		attribute_number(list, "process.pid", boot->pid);
	attribute_text(list, "process.executable.name", boot->vmm);
	attribute_text(list, "dbgport.vm.name", boot->vm);
	attribute_number(list, "dbgport.vm.id", boot->id);
	attribute_text(list, "dbgport.firmware", boot_said(said, boot, SAID_FIRMWARE));
	attribute_text(list, "dbgport.kernel", boot_said(said, boot, SAID_KERNEL));
	return must(json_pack("{s:o}", "attributes", list));
}

static void set_time(json_t *object, const char *key, const struct boot *boot, __s64 time_ns)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", boot->real_ns + time_ns);
	json_object_set_new(object, key, must(json_string(text)));
}

static json_t *make_event(const struct boot *boot, const struct mark *mark)
{
	static const char *const names[] = {
		[MARK_CODE] = "code",
		[MARK_LINE] = "line",
		[MARK_LOST] = "lost",
		[MARK_STORM] = "storm",
	};
	json_t *list = must(json_array()), *event;

	attribute_number(list, "dbgport.seq", mark->seq);
	if (mark->type != MARK_LOST)
		attribute_number(list, "dbgport.port", mark->port);
	if (mark->type == MARK_CODE || mark->type == MARK_LINE)
		attribute_number(list, "dbgport.vcpu", mark->vcpu);
	else
		attribute_number(list, "dbgport.count", mark->count);
	if (mark->type == MARK_CODE)
		attribute_number(list, "dbgport.code", mark->value);
	attribute_text(list, "dbgport.component", mark->component);
	attribute_text(list, "dbgport.text", mark->text);
	event = must(json_pack("{s:s, s:o}", "name", names[mark->type], "attributes", list));
	set_time(event, "timeUnixNano", boot, mark->time_ns);
	return event;
}

static int by_gap(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->gap_ns != y->gap_ns)
		return x->gap_ns > y->gap_ns ? -1 : 1;
	return x->mark < y->mark ? -1 : 1;
}

static int by_mark(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return x->mark < y->mark ? -1 : 1;
}

/* Those of phase @phase: @span's events, and how many are left out. */
static void add_events(json_t *span, const struct boot *boot, size_t phase)
{
	json_t *list = must(json_array());
	struct event *event = NULL;
	size_t count = 0, kept;

	for (size_t i = 0; i < boot->marks; i++) {
		if (boot->mark[i].phase != phase)
			continue;
		event = grow(event, count, sizeof(*event));
		event[count++] = (struct event){ i, boot_gap(boot, i) };
	}
	kept = count < TRACE_EVENTS ? count : TRACE_EVENTS;
	if (count > kept) {
		qsort(event, count, sizeof(*event), by_gap);
		qsort(event, kept, sizeof(*event), by_mark);
	}
	for (size_t i = 0; i < kept; i++)
		json_array_append_new(list, make_event(boot, &boot->mark[event[i].mark]));
	json_object_set_new(span, "events", list);
	json_object_set_new(span, "droppedEventsCount", must(json_integer(count - kept)));
	free(event);
}

/* @attributes becomes the span's. */
static json_t *make_span(const struct boot *boot, size_t number, const char *name,
			 __s64 begin_ns, __s64 end_ns, json_t *attributes)
{
	char trace[TRACE_ID_SIZE], id[SPAN_ID_SIZE];
	json_t *span = must(json_pack("{s:s, s:s, s:s, s:i, s:o}",
				      "traceId", trace_id(trace, boot),
				      "spanId", span_id(id, boot, number),
				      "name", name, "kind", SPAN_KIND_INTERNAL,
				      "attributes", attributes));

	set_time(span, "startTimeUnixNano", boot, begin_ns);
	set_time(span, "endTimeUnixNano", boot, end_ns);
	return span;
}

static json_t *make_root(const struct boot *boot)
{
	json_t *list = must(json_array()), *root;

	attribute_number(list, "dbgport.boot.number", boot->number);
	attribute_text(list, "dbgport.boot.label", boot->label);
	attribute_bool(list, "dbgport.late", boot->late);
	attribute_bool(list, "dbgport.restored", boot->restored);
	attribute_number(list, "dbgport.lost", boot->lost);
	root = make_span(boot, 0, "boot", 0, boot->total_ns, list);
	if (!boot->complete)
		json_object_set_new(root, "status",
				    must(json_pack("{s:i, s:s}", "code", STATUS_CODE_ERROR,
						   "message", "it did not come to its end")));
	return root;
}

static json_t *make_phase(const struct boot *boot, size_t number)
{
	const struct phase *phase = &boot->phase[number];
	json_t *list = must(json_array()), *span;
	char id[SPAN_ID_SIZE];

	attribute_text(list, "dbgport.part", phase->part);
	attribute_number(list, "dbgport.codes", phase->codes);
	attribute_number(list, "dbgport.lines", phase->lines);
	span = make_span(boot, number + 1, phase->name, phase->begin_ns, phase->end_ns, list);
	json_object_set_new(span, "parentSpanId", must(json_string(span_id(id, boot, 0))));
	add_events(span, boot, number);
	return span;
}

/* Those before the zero are numbered from the end, as phases may be more the next time. */
static void add_before(json_t *spans, const struct boot *boot)
{
	for (enum before i = 0; i < BEFORES; i++) {
		struct span span;
		char id[SPAN_ID_SIZE];
		json_t *list, *made;

		if (!boot_before(boot, i, &span))
			continue;
		list = must(json_array());
		attribute_bool(list, "dbgport.before", true);
		made = make_span(boot, SIZE_MAX - i, before_name[i], span.begin_ns, span.end_ns,
				 list);
		json_object_set_new(made, "parentSpanId", must(json_string(span_id(id, boot, 0))));
		json_array_append_new(spans, made);
	}
}

json_t *trace_make(const struct boot *boot)
{
	json_t *spans = must(json_array());

	json_array_append_new(spans, make_root(boot));
	for (size_t i = 0; i < boot->phases; i++)
		json_array_append_new(spans, make_phase(boot, i));
	add_before(spans, boot);
	return must(json_pack("{s:o, s:[{s:{s:s, s:s}, s:o}]}", "resource", make_resource(boot),
			      "scopeSpans", "scope", "name", "dbgport",
			      "version", DBGPORTD_VERSION, "spans", spans));
}
