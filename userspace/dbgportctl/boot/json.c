// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/json.h"
#include "dbgportctl/boot/object.h"
#include "dbgportctl/boot/setting.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "words/stamp.h"

/* No object of dbgportd's comes near it. */
#define LINE_MAX_BYTES	(1024 * 1024)

/* Eighteen years of nanoseconds: sums of some of them have room. */
#define MOST_NS		(LLONG_MAX / 16)

static int reject(struct json_reader *r, const char *what, const char *key)
{
	snprintf(r->why, sizeof(r->why), "%s '%s'", what, key);
	return -1;
}

static int get_number(struct json_reader *r, const struct object *object, const char *key,
		      __s64 min, __s64 max, __s64 *value)
{
	const struct member *member = object_get(object, key);

	if (!member || member->type != VALUE_INTEGER)
		return reject(r, "there is no number", key);
	*value = member->integer;
	if (*value < min || *value > max)
		return reject(r, "there is no such", key);
	return 0;
}

static int get_string(struct json_reader *r, const struct object *object, const char *key,
		      const char **value)
{
	*value = object_text(object, key);
	return *value ? 0 : reject(r, "there is no string", key);
}

static int add_code(struct json_reader *r, struct boot *boot, const struct object *object,
		    struct mark *mark)
{
	const char *component, *name;
	__s64 value;

	if (get_number(r, object, "value", 0, UINT_MAX, &value) ||
	    get_string(r, object, "component", &component))
		return -1;
	name = object_text(object, "name");
	if (r->codes) {
		component = code_component(r->codes, value);
		name = code_name(r->codes, value);
	}
	mark->type = MARK_CODE;
	mark->value = value;
	mark->component = (char *)component;
	mark->text = (char *)name;
	boot_add(boot, mark);
	return 0;
}

static int add_write(struct json_reader *r, struct boot *boot, const struct object *object,
		     const struct mark *mark)
{
	struct mark first = *mark;
	__s64 value, width;
	char data[4];

	if (get_number(r, object, "value", 0, UINT_MAX, &value) ||
	    get_number(r, object, "width", 1, sizeof(data), &width))
		return -1;
	for (int i = 0; i < width; i++)
		data[i] = value >> (8 * i);
	/* These of a boot's first line were written before it was known as one. */
	first.boot = 0;
	boot_add_bytes(boot, &first, data, width);
	return 0;
}

static int add_line(struct json_reader *r, struct boot *boot, const struct object *object,
		    const struct mark *mark)
{
	const struct member *text = object_get(object, "text");
	const char *hex = object_text(object, "hex");
	size_t n;
	char *data;

	if (!text || text->type != VALUE_STRING)
		return reject(r, "there is no string", "text");
	if (hex) {
		data = object_hex(hex, &n);
		if (!data)
			return reject(r, "these are no hexadecimal digits:", "hex");
	} else {
		n = text->len;
		data = must(malloc(n + 1));
		memcpy(data, text->text, n);
	}
	if (!object_is_true(object, "unfinished"))
		data[n++] = '\n';
	boot_add_bytes(boot, mark, data, n);
	free(data);
	return 0;
}

/* What a vCPU wrote. */
static int add_written(struct json_reader *r, struct boot *boot, const struct object *object,
		       const char *type, struct mark *mark)
{
	__s64 vcpu;

	if (get_number(r, object, "vcpu", 0, USHRT_MAX, &vcpu))
		return -1;
	mark->vcpu = vcpu;
	mark->count = 1;
	if (!strcmp(type, "code"))
		return add_code(r, boot, object, mark);
	if (!strcmp(type, "write"))
		return add_write(r, boot, object, mark);
	return add_line(r, boot, object, mark);
}

/* Of an older daemon's there is none, and one that makes no sense is none. */
static const char *host_of(const struct object *object)
{
	const char *host = object_text(object, "host");

	return host && hostname_is_safe(host) ? host : "";
}

static int name_boot(struct json_reader *r, struct boot *boot, const struct object *object)
{
	const char *vm;

	if (get_string(r, object, "vm", &vm))
		return -1;
	if (!*vm || !vmname_is_safe(vm) || strlen(vm) >= sizeof(boot->vm))
		return reject(r, "that is no name of a VM:", "vm");
	snprintf(boot->vm, sizeof(boot->vm), "%s", vm);
	boot->pid = object_integer(object, "pid");
	return 0;
}

/* The number of its boot; 0: a daemon wrote it that had none. */
static __u32 boot_number(const struct object *object)
{
	__s64 number = object_integer(object, "boot");

	return number > 0 && number <= UINT_MAX ? number : 0;
}

static int add_lost(struct json_reader *r, const struct object *object, __u32 id, __s64 seq)
{
	/* It has no time, so it is the newest boot's of the VM. */
	struct boot *boot = boots_last(r->boots, host_of(object), id);
	struct mark mark = { .type = MARK_LOST, .seq = seq, .boot = boot_number(object) };
	__s64 count;

	if (get_number(r, object, "count", 1, LLONG_MAX, &count))
		return -1;
	mark.count = count;
	if (boot)
		boot_add(boot, &mark);
	return 0;
}

/* Its text is read of the first object of each boot only: there are many. */
static void set_clock(struct boot *boot, const struct object *object, const struct mark *mark,
		      __s64 monotonic_ns)
{
	const char *realtime = object_text(object, "realtime");
	struct setting setting = { .boot = mark->boot, .seq = mark->seq };
	__u64 real_ns;

	if (boot_has_setting(boot, mark->boot) || !realtime || stamp_utc_parse(realtime, &real_ns))
		return;
	setting.offset_ns = real_ns - monotonic_ns;
	boot_add_setting(boot, &setting);
}

/* A moment before the VM's zero; 0: it is not told, or makes no sense. */
static __s64 get_before(const struct object *object, const char *key)
{
	__s64 ns = object_integer(object, key);

	return ns < 0 && ns > -MOST_NS ? ns : 0;
}

static int add_timed(struct json_reader *r, const struct object *object, const char *type, __u32 id,
		     __s64 seq)
{
	struct mark mark = { .seq = seq, .boot = boot_number(object) };
	__s64 time_ns, monotonic_ns, port, count;
	struct boot *boot;

	if (get_number(r, object, "monotonic_ns", 0, MOST_NS, &monotonic_ns) ||
	    get_number(r, object, "time_ns", monotonic_ns - MOST_NS, monotonic_ns, &time_ns))
		return -1;
	boot = boots_get(r->boots, host_of(object), id, monotonic_ns - time_ns);
	mark.time_ns = time_ns;
	if (name_boot(r, boot, object))
		return -1;
	set_clock(boot, object, &mark, monotonic_ns);
	if (!strcmp(type, "attached")) {
		boot->late = object_is_true(object, "late");
		boot->restored = object_is_true(object, "restored");
		boot->started_ns = get_before(object, "started_ns");
		boot->created_ns = get_before(object, "created_ns");
		boot->attached = true;
	}
	if (!strcmp(type, "attached") || !strcmp(type, "gone"))
		return 0;
	if (get_number(r, object, "port", 0, USHRT_MAX, &port) ||
	    get_number(r, object, "count", 1, LLONG_MAX, &count))
		return -1;
	mark.port = port;
	if (strcmp(type, "storm"))
		return add_written(r, boot, object, type, &mark);
	mark.type = MARK_STORM;
	mark.count = count;
	boot_add(boot, &mark);
	return 0;
}

static bool is_one_of(const char *word, const char *const words[])
{
	while (*words && strcmp(word, *words))
		words++;
	return *words;
}

static int add_object(struct json_reader *r, const struct object *object)
{
	static const char *const known[] = {
		"line", "code", "write", "attached", "gone", "lost", "storm", NULL
	};
	const char *type;
	__s64 id, seq;

	if (get_string(r, object, "type", &type))
		return -1;
	if (!strcmp(type, "dropped")) {
		r->dropped += object_integer(object, "bytes");
		return 0;
	}
	/* One that a newer daemon knows. */
	if (!is_one_of(type, known))
		return 0;
	if (r->host && strcmp(host_of(object), r->host))
		return reject(r, "another host may not say that it is", "host");
	if (get_number(r, object, "vm_id", 1, UINT_MAX, &id) ||
	    get_number(r, object, "seq", 0, LLONG_MAX, &seq))
		return -1;
	if (!strcmp(type, "lost"))
		return add_lost(r, object, id, seq);
	return add_timed(r, object, type, id, seq);
}

/* After a power loss, a file system may have NULs where the end of the file was. */
static size_t count_nuls(const char *line, size_t n)
{
	size_t nuls = 0;

	while (nuls < n && !line[nuls])
		nuls++;
	return nuls;
}

static void leave_out(struct json_reader *r)
{
	if (r->bad++)
		return;
	r->first = r->number;
	memcpy(r->reason, r->why, sizeof(r->reason));
}

/* Of the text nothing is repeated: it may be anything.  It is changed. */
static int read_object(struct json_reader *r, char *text, size_t n)
{
	size_t boots = r->boots->count, at;
	struct object object;
	int err;

	if (n > LINE_MAX_BYTES) {
		snprintf(r->why, sizeof(r->why), "it is longer than a MiB");
		return -1;
	}
	if (object_read(&object, text, n, &at)) {
		snprintf(r->why, sizeof(r->why), "it is no JSON from column %zu on", at);
		return -1;
	}
	err = add_object(r, &object);
	/* A boot that only this one knows of. */
	while (err && r->boots->count > boots)
		boots_drop_last(r->boots);
	return err;
}

void json_reader_take(struct json_reader *r, char *line, size_t n)
{
	size_t nuls = count_nuls(line, n);

	if (nuls) {
		snprintf(r->why, sizeof(r->why), "there are NULs");
		leave_out(r);
	}
	line += nuls;
	n -= nuls;
	while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	if (n && read_object(r, line, n))
		leave_out(r);
}

void json_reader_report(const struct json_reader *r, const char *path)
{
	if (r->bad == 1)
		fail("%s:%llu: %s; it is left out", path, r->first, r->reason);
	else if (r->bad)
		fail("%s:%llu: %s; it is left out, and so are %lu more lines", path, r->first,
		     r->reason, r->bad - 1);
	if (r->dropped)
		fail("%s: dbgportd has dropped %llu bytes there: something is missing", path,
		     r->dropped);
}

int boots_read_json(struct boots *boots, const char *path, const struct codes *codes,
		    char *why, size_t size)
{
	struct json_reader r = { .boots = boots, .codes = codes };
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int err = 0;

	if (!file) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	while ((n = getline(&line, &room, file)) > 0) {
		r.number++;
		json_reader_take(&r, line, n);
	}
	if (ferror(file)) {
		snprintf(why, size, "%s: it cannot be read: %s", path, strerror(errno));
		err = -1;
	}
	json_reader_report(&r, path);
	free(line);
	if (file != stdin)
		fclose(file);
	return err;
}
