// SPDX-License-Identifier: GPL-2.0
/* One object a line, as Documentation/json.rst says. */
#include <assert.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/codes.h"
#include "lib/json.h"
#include "words/digits.h"
#include "words/format.h"
#include "words/stamp.h"

/* Enough for all keys and all values that are not the guest's or the user's. */
#define FIXED_MAX	768
#define TEXT_MAX	(JSON_STRING_MAX(LINES_MAX) + 2 * LINES_MAX)
#define NAMES_MAX	(JSON_STRING_MAX(CODE_COMPONENT_SIZE) + JSON_STRING_MAX(CODE_NAME_SIZE))

static_assert(TEXT_MAX >= NAMES_MAX, "a line is the longest entry");
static_assert(FORMAT_BEGIN_MAX + FIXED_MAX + VMNAME_SIZE + TEXT_MAX <= FORMAT_MAX,
	      "the longest entry fits in");

/* @key has the comma before and the colon after. */
#define put_number(d, key, n)	digits(put_const(d, key), n)

static char *put_type(char *d, enum entry_type type)
{
	switch (type) {
	case ENTRY_LINE:
		return put_const(d, "\"line\"");
	case ENTRY_CODE:
		return put_const(d, "\"code\"");
	case ENTRY_WRITE:
		return put_const(d, "\"write\"");
	case ENTRY_ATTACHED:
		return put_const(d, "\"attached\"");
	case ENTRY_GONE:
		return put_const(d, "\"gone\"");
	case ENTRY_LOST:
		return put_const(d, "\"lost\"");
	case ENTRY_STORM:
		return put_const(d, "\"storm\"");
	case ENTRY_CUT:
		return put_const(d, "\"cut\"");
	}
	return put_const(d, "null");
}

static char *put_bool(char *d, bool b)
{
	return b ? put_const(d, "true") : put_const(d, "false");
}

static char *put_string(char *d, const char *s)
{
	return s ? d + json_quote(d, s, strlen(s)) : put_const(d, "null");
}

/* Safe as it is. */
static char *put_host(char *d, const struct hostname *host)
{
	if (!host || !host->len)
		return d;
	d = put_const(d, ",\"host\":\"");
	/* All the room of the name: a few moves, and no call for what may be two bytes. */
	memcpy(d, host->name, sizeof(host->name) - 1);
	d += host->len;
	*d++ = '"';
	return d;
}

static char *put_vm(char *d, const struct entry *e)
{
	const struct entry_vm *vm = e->vm;

	/* Names are safe as they are. */
	d = stpcpy(put_const(d, ",\"vm\":\""), vm->name);
	d = put_number(d, "\",\"vm_id\":", vm->id);
	if (vm->pid > 0)
		d = put_number(d, ",\"pid\":", vm->pid);
	else
		d = put_const(d, ",\"pid\":null");
	return put_number(d, ",\"boot\":", entry_boot(e));
}

/* The same time twice: "1.000000002" s, and as 1000000002 ns. */
static char *put_since(char *d, __u64 ns, bool negative)
{
	char *text = d = put_const(d, ",\"time\":");
	size_t whole;

	if (negative)
		*d++ = '-';
	d = digits(d, ns / NSEC_PER_SEC);
	whole = d - text;
	*d++ = '.';
	d = digits_fixed(d, ns % NSEC_PER_SEC, 9);
	d = put_const(d, ",\"time_ns\":");
	if (ns >= NSEC_PER_SEC) {
		memcpy(d, text, whole);
		return (char *)memcpy(d + whole, text + whole + 1, 9) + 9;
	}
	if (negative)
		*d++ = '-';
	return digits(d, ns);
}

static char *put_time(char *d, struct stamp_clock *clock, const struct entry *e)
{
	__u64 zero_ns = e->vm->zero_ns, ns = e->time_ns - zero_ns;
	bool negative = e->time_ns < zero_ns;

	if (!e->time_ns) {
		d = put_const(d, ",\"time\":null,\"time_ns\":null");
		return put_const(d, ",\"monotonic_ns\":null,\"realtime\":null");
	}
	d = put_since(d, negative ? -ns : ns, negative);
	d = put_number(d, ",\"monotonic_ns\":", e->time_ns);
	d = stamp_utc(put_const(d, ",\"realtime\":\""), clock, e->time_ns);
	*d++ = '"';
	return d;
}

static char *put_hex(char *d, const char *s, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*d++ = hex[(unsigned char)s[i] >> 4];
		*d++ = hex[s[i] & 0xf];
	}
	return d;
}

static char *put_text(char *d, const struct entry *e)
{
	/* Many programs cannot hold a NUL in a string. */
	bool exact = !memchr(e->text, '\0', e->len);

	d = put_const(d, ",\"text\":");
	d += json_guest_string(d, e->text, e->len, &exact);
	if (!exact) {
		d = put_hex(put_const(d, ",\"hex\":\""), e->text, e->len);
		*d++ = '"';
	}
	d = put_bool(put_const(d, ",\"begun\":"), e->begun);
	return put_bool(put_const(d, ",\"unfinished\":"), e->unfinished);
}

static char *put_extent(char *d, const struct entry *e)
{
	d = put_number(d, ",\"seq\":", e->seq);
	return put_number(d, ",\"count\":", e->count);
}

/* Who wrote how many: of lines, codes and single writes. */
static char *put_writer(char *d, const struct entry *e)
{
	d = put_number(d, ",\"port\":", e->port);
	d = put_number(d, ",\"vcpu\":", e->vcpu);
	d = put_extent(d, e);
	return put_bool(put_const(d, ",\"claimed\":"), e->claimed);
}

static char *put_value(char *d, const struct entry *e)
{
	d = put_number(d, ",\"width\":", e->width);
	return put_number(d, ",\"value\":", e->value);
}

static char *put_duration(char *d, const struct entry *e)
{
	return put_number(d, ",\"duration_ns\":",
			  e->end_ns > e->time_ns ? e->end_ns - e->time_ns : 0);
}

/* Who wrote too fast; to several ports: none of them. */
static char *put_cut(char *d, const struct entry *e)
{
	d = put_const(d, ",\"port\":");
	d = e->port ? digits(d, e->port) : put_const(d, "null");
	d = put_extent(d, e);
	d = put_number(d, ",\"bytes\":", e->bytes);
	return put_duration(d, e);
}

/* A moment before the VM's zero, if it is known. */
static char *put_before(char *d, const char *key, const struct entry_vm *vm, __u64 ns)
{
	if (!ns || ns > vm->zero_ns)
		return d;
	d = stpcpy(d, key);
	if (ns < vm->zero_ns)
		*d++ = '-';
	return digits(d, vm->zero_ns - ns);
}

static char *put_attached(char *d, const struct entry *e)
{
	const struct entry_vm *vm = e->vm;

	d = put_number(d, ",\"seq\":", e->seq);
	d = put_number(d, ",\"uid\":", vm->uid);
	d = put_bool(put_const(d, ",\"late\":"), vm->late);
	d = put_bool(put_const(d, ",\"restored\":"), vm->restored);
	d = put_before(d, ",\"started_ns\":", vm, vm->started_ns);
	return put_before(d, ",\"created_ns\":", vm, vm->created_ns);
}

static char *put_rest(char *d, const struct entry *e)
{
	switch (e->type) {
	case ENTRY_LINE:
		return put_text(put_writer(d, e), e);
	case ENTRY_CODE:
		d = put_value(put_writer(d, e), e);
		d = put_string(put_const(d, ",\"component\":"), e->component);
		return put_string(put_const(d, ",\"name\":"), e->text);
	case ENTRY_WRITE:
		return put_value(put_writer(d, e), e);
	case ENTRY_ATTACHED:
		return put_attached(d, e);
	case ENTRY_GONE:
		d = put_number(d, ",\"seq\":", e->seq);
		return put_number(d, ",\"lost\":", e->vm->lost);
	case ENTRY_LOST:
		return put_extent(d, e);
	case ENTRY_STORM:
		return put_duration(put_extent(put_number(d, ",\"port\":", e->port), e), e);
	case ENTRY_CUT:
		return put_cut(d, e);
	}
	return d;
}

static size_t json_render(char *dst, struct formatter *f, const struct entry *entry)
{
	char *d = format_text_break(dst, f);

	d = put_type(put_const(d, "{\"type\":"), entry->type);
	d = put_vm(d, entry);
	d = put_host(d, f->host);
	d = put_time(d, f->clock, entry);
	d = put_rest(d, entry);
	*d++ = '}';
	d = format_end(d, f);
	return d - dst;
}

static bool json_per_write(const struct style *style)
{
	return style->json == JSON_WRITE;
}

static const struct drop_notice drop_notice = { "{\"type\":\"dropped\",\"bytes\":", "}\n" };

const struct format_ops format_json = {
	.name = "json",
	.help = "an object a line (or a write: json=write), for jq and other programs",
	.per_write = json_per_write,
	.events = true,
	.drop_notice = &drop_notice,
	.render = json_render,
};
