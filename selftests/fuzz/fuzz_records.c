// SPDX-License-Identifier: GPL-2.0
/* Records, through the router, to outputs in every format. */
#include <string.h>

#include "checks.h"
#include "dbgportd/config/routes.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/router.h"
#include "dbgportd/service/status.h"
#include "dbgportd/sink/kinds.h"
#include "fuzz.h"
#include "lib/array.h"
#include "lib/codes.h"
#include "sinks.h"
#include "words/format.h"

#define VMS	4

/* null stands for the kind that the route gets. */
static const struct {
	const char *text;
	const struct sink_ops *kind;
} choices[] = {
	/* The first one is always there, so that its bytes can be compared. */
	{ "any:null,format=raw", &sink_bytes },
	{ "any:null,format=text,time=delta", &sink_shared },
	{ "console:null,format=text,label=yes,time=24h", &sink_shared },
	{ "any:null,format=text,data=bytes,time=vm", &sink_each },
	{ "any:null,format=json", &sink_objects },
	{ "any:null,format=json,json=write", &sink_objects },
	{ "post:null,format=json,table=coreboot,vm=a*", &sink_shared },
	{ "post:null,format=post", &sink_shared },
	{ "any:null,format=cloud-hypervisor,seconds=original,storm=show", &sink_each },
	{ "firmware:null,format=text,data=codes,table=ami,time=epoch", &sink_each },
	{ "console:null,format=raw,vm=*.2", &sink_null },
	{ "any:null,format=text,time=iso8601,vm=[!a]*", &sink_entries },
	{ "any:null,format=text,name=all", &sink_entries },
	{ "any:null,format=text,time=monotonic,storm=show", &sink_shared },
};

/**
 * struct model - what should be known of one VM
 * @id: its number, of which each is used once
 * @attached: it is there
 * @next_seq: the number of its next write
 * @bytes: those that it has written
 */
struct model {
	__u32 id;
	bool attached;
	__u64 next_seq;
	struct bytes bytes;
};

static struct model models[VMS];
/* A record came that no module makes: the model is of no use. */
static bool wild;
static __u64 now_ns;

static void check_model(__u32 vm, const struct bytes *bytes)
{
	const struct bytes *wrote = &models[vm % VMS].bytes;

	if (wild)
		return;
	CHECK(bytes->count == wrote->count, "VM %u: %llu of %llu", vm, bytes->count, wrote->count);
	CHECK(bytes->digest == wrote->digest, "VM %u", vm);
}

/*
 * The linker lets routes find these: each table is loaded once, which else took
 * a fifth of the time.  That it can be loaded and freed is for fuzz_codes.c.
 */
struct codes *__real_codes_load(const char *table, char *why, size_t size);

struct codes *__wrap_codes_load(const char *table, char *why, size_t size)
{
	static const char *const tables[] = { "cloud-hypervisor", "coreboot", "ami" };
	static struct codes *loaded[ARRAY_SIZE(tables)];
	size_t i = 0;

	while (strcmp(table ?: "cloud-hypervisor", tables[i]))
		i++;
	if (!loaded[i])
		loaded[i] = __real_codes_load(table, why, size);
	return loaded[i];
}

void __wrap_codes_free(struct codes *codes)
{
	(void)codes;
}

static struct route *make_routes(unsigned int mask)
{
	struct route *list = NULL;
	char why[512];

	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		struct route *r;

		if (i && !(mask & 1 << i))
			continue;
		r = route_parse(choices[i].text, "fuzz", why, sizeof(why));
		CHECK(r, "%s: %s", choices[i].text, why);
		r->kind = choices[i].kind;
		routes_append(&list, r);
	}
	return list;
}

/*
 * What one input may write, some storms: more of the same takes time and finds
 * nothing.
 */
#define WRITES	4096

/* What one step writes. */
static struct dbgport_record batch[512];
static size_t batch_len;
static size_t writes;

static void write_one(struct model *m, struct dbgport_record *rec, __u32 value)
{
	rec->type = DBGPORT_WRITE;
	rec->seq = m->next_seq;
	rec->value = value;
	if (m->attached) {
		m->next_seq++;
		for (int i = 0; i < rec->width; i++)
			add_byte(&m->bytes, value >> (8 * i));
	}
	batch[batch_len++] = *rec;
	writes++;
}

static void write_batch(void)
{
	size_t n;

	for (size_t i = 0; i < batch_len; i += n) {
		n = router_writes(batch + i, batch_len - i);
		CHECK(n && n <= batch_len - i, "%zu of %zu", n, batch_len - i);
	}
	batch_len = 0;
}

static void write_some(struct input *in, struct model *m, struct dbgport_record *rec)
{
	static const __u16 ports[] = { 0x80, 0xe9, 0x402, 0x3f8 };
	unsigned int how = take_byte(in);
	size_t n = take_byte(in);
	const uint8_t *bytes;

	rec->port = ports[how % 4];
	rec->width = 1 << (how >> 2 & 3) % 3;
	rec->vcpu = how >> 4 & 3;
	rec->flags = how & 64 ? DBGPORT_CLAIMED : 0;
	if (how & 128) {
		/* The same thing many times, as io_delay does. */
		__u32 value = take_number(in, rec->width);

		for (size_t i = 0; i < 2 * n; i++) {
			rec->time_ns += 1000;
			write_one(m, rec, value);
		}
		write_batch();
		return;
	}
	bytes = take_bytes(in, &n);
	for (size_t i = 0; i + rec->width <= n; i += rec->width) {
		__u32 value = 0;

		memcpy(&value, bytes + i, rec->width);
		rec->time_ns += 1000;
		write_one(m, rec, value);
	}
	write_batch();
}

static void attach(struct input *in, struct model *m, struct dbgport_record *rec)
{
	struct dbgport_vm_info info = { 0 };
	unsigned int how = take_byte(in);
	size_t n = how % 64;
	char given[65] = "", own[VMNAME_OWN_SIZE];

	rec->type = DBGPORT_ATTACHED;
	rec->flags = how & 64 ? DBGPORT_LATE : 0;
	if (!m->attached) {
		m->id += VMS;
		rec->vm = m->id;
		m->bytes = (struct bytes){ 0 };
		m->next_seq = take_number(in, 2);
	}
	rec->seq = m->next_seq;
	m->attached = true;
	info.vm = m->id;
	info.pid = take_byte(in);
	for (int i = 0; i < 4; i++)
		info.comm[i] = take_byte(in);
	memcpy(given, take_bytes(in, &n), n);
	vmname_make(own, given, &info, m->id);
	router_record(rec, how & 128 ? NULL : &info, *given ? own : NULL);
}

static void gone(struct model *m, struct dbgport_record *rec)
{
	rec->type = DBGPORT_GONE;
	rec->seq = m->next_seq;
	router_record(rec, NULL, NULL);
	m->attached = false;
}

static void lost(struct input *in, struct model *m, struct dbgport_record *rec)
{
	rec->type = DBGPORT_LOST;
	rec->seq = m->next_seq;
	rec->count = take_number(in, 2);
	rec->time_ns = 0;
	if (m->attached)
		m->next_seq += rec->count;
	router_record(rec, NULL, NULL);
}

static void take_wild(struct input *in)
{
	struct dbgport_record rec = { 0 };
	size_t n = sizeof(rec);
	const uint8_t *bytes = take_bytes(in, &n);

	wild = true;
	memcpy(&rec, bytes, n);
	rec.vm %= 4 * VMS;
	router_record(&rec, NULL, NULL);
}

static void reload(unsigned int mask)
{
	struct route *list = make_routes(mask);
	char why[512];

	CHECK(!router_reload(list, why, sizeof(why)), "%s", why);
}

static void check_status(void)
{
	size_t size;
	char *text = status_text(&size);

	CHECK(text && is_json(text, size), "%s", text);
	free(text);
}

static void end_turn(void)
{
	streams_flush();
	positions_keep();
}

static void one_step(struct input *in)
{
	unsigned int op = take_byte(in);
	struct model *m = &models[op / 8 % VMS];
	struct dbgport_record rec = { .vm = m->id };

	now_ns += (__u64)take_byte(in) * 1000000;
	rec.time_ns = now_ns;
	switch (op % 8) {
	case 0:
		attach(in, m, &rec);
		break;
	case 1:
	case 2:
		write_some(in, m, &rec);
		break;
	case 3:
		gone(m, &rec);
		break;
	case 4:
		lost(in, m, &rec);
		break;
	case 5:
		pass_time((op / 8 + 1) * 50);
		end_turn();
		break;
	case 6:
		take_wild(in);
		break;
	case 7:
		if (op & 128)
			check_status();
		else
			reload(take_number(in, 2));
		break;
	}
}

/* Bytes: which routes; steps. */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	char why[512];

	check_log();
	check_bytes = check_model;
	memset(models, 0, sizeof(models));
	for (__u32 i = 0; i < VMS; i++)
		models[i].id = i;
	wild = false;
	writes = 0;
	now_ns = 1000000000;
	CHECK(!router_init(make_routes(take_number(&in, 2)), why, sizeof(why)), "%s", why);
	while (in.at < in.end && writes < WRITES)
		one_step(&in);
	check_status();
	router_exit();
	end_turn();
	positions_close();
	/* Nothing that has gone may still wait. */
	pass_time(10000);
	/* One is the log's. */
	CHECK(sinks_open() == 1, "%d", sinks_open());
	forget_time();
	return 0;
}
