// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/cli/memory.h"
#include "lib/escape.h"
#include "lib/hash.h"
#include "lib/sgr.h"

/* More than numbers over 2^53 lose in a program that keeps them as doubles, as jq 1.6. */
#define ROUNDED_NS	1000

static bool is_same_zero(__u64 a, __u64 b)
{
	return (a > b ? a - b : b - a) <= ROUNDED_NS;
}

/* Of a thousand hosts, each has a VM 1. */
static struct boot **bucket_of(const struct boots *boots, const char *host, __u32 id)
{
	return &boots->bucket[(hash(host, strlen(host)) + id) & (boots->buckets - 1)];
}

static bool is_of_vm(const struct boot *boot, const char *host, __u32 id)
{
	return boot->id == id && !strcmp(boot->host, host);
}

static void put_in_bucket(struct boots *boots, struct boot *boot)
{
	struct boot **bucket = bucket_of(boots, boot->host, boot->id);

	boot->older = *bucket;
	*bucket = boot;
}

static void add_boot(struct boots *boots, struct boot *boot)
{
	boots->boot = grow(boots->boot, boots->count, sizeof(*boots->boot));
	boots->boot[boots->count++] = boot;
	if (boots->count <= boots->buckets) {
		put_in_bucket(boots, boot);
		return;
	}
	boots->buckets = boots->buckets ? 2 * boots->buckets : 16;
	free(boots->bucket);
	boots->bucket = must(calloc(boots->buckets, sizeof(*boots->bucket)));
	for (size_t i = 0; i < boots->count; i++)
		put_in_bucket(boots, boots->boot[i]);
}

struct boot *boots_get(struct boots *boots, const char *host, __u32 id, __u64 zero_ns)
{
	struct boot *boot = boots_last(boots, host, id);

	while (boot && (!is_of_vm(boot, host, id) || !is_same_zero(boot->zero_ns, zero_ns)))
		boot = boot->older;
	if (boot)
		return boot;
	boot = must(calloc(1, sizeof(*boot)));
	snprintf(boot->host, sizeof(boot->host), "%s", host);
	boot->id = id;
	boot->number = 1;
	boot->zero_ns = zero_ns;
	add_boot(boots, boot);
	return boot;
}

struct boot *boots_last(const struct boots *boots, const char *host, __u32 id)
{
	struct boot *boot = boots->buckets ? *bucket_of(boots, host, id) : NULL;

	while (boot && !is_of_vm(boot, host, id))
		boot = boot->older;
	return boot;
}

void boots_drop_last(struct boots *boots)
{
	struct boot *boot = boots->boot[--boots->count];

	*bucket_of(boots, boot->host, boot->id) = boot->older;
	boot_free(boot);
}

void mark_free(struct mark *mark)
{
	free(mark->component);
	free(mark->text);
}

void undated_free(struct undated *undated)
{
	free(undated->component);
	free(undated->text);
}

void boot_free_bytes(struct boot *boot)
{
	free(boot->chunk);
	free(boot->bytes);
	boot->chunk = NULL;
	boot->bytes = NULL;
	boot->chunks = 0;
	boot->size = 0;
}

void boot_free(struct boot *boot)
{
	for (size_t i = 0; i < boot->marks; i++)
		mark_free(&boot->mark[i]);
	for (size_t i = 0; i < boot->undateds; i++)
		undated_free(&boot->undated[i]);
	free(boot->mark);
	free(boot->undated);
	free(boot->phase);
	free(boot->setting);
	boot_free_bytes(boot);
	free(boot);
}

void boots_free(struct boots *boots)
{
	for (size_t i = 0; i < boots->count; i++)
		boot_free(boots->boot[i]);
	free(boots->boot);
	free(boots->bucket);
	*boots = (struct boots){ 0 };
}

static char *copy(const char *text, size_t n)
{
	char *to = must(malloc(ESCAPE_MAX * n + 1));
	size_t len = escape(to, text, n);

	to[len] = '\0';
	/* Of most it is a quarter, and there are many. */
	return must(realloc(to, len + 1));
}

static struct mark *add(struct boot *boot, const struct mark *mark)
{
	boot->mark = grow(boot->mark, boot->marks, sizeof(*boot->mark));
	boot->mark[boot->marks] = *mark;
	return &boot->mark[boot->marks++];
}

void boot_add(struct boot *boot, const struct mark *mark)
{
	struct mark *m = add(boot, mark);

	if (mark->component)
		m->component = copy(mark->component, strlen(mark->component));
	if (mark->text)
		m->text = copy(mark->text, strlen(mark->text));
}

void boot_add_line(struct boot *boot, const struct mark *mark, const char *text, size_t n)
{
	char *plain = must(malloc(n + 1));

	memcpy(plain, text, n);
	add(boot, mark)->text = copy(plain, sgr_drop(plain, n));
	free(plain);
}

void boot_add_bytes(struct boot *boot, const struct mark *first, const char *data, size_t n)
{
	const struct chunk chunk = {
		.seq = first->seq,
		.time_ns = first->time_ns,
		.port = first->port,
		.vcpu = first->vcpu,
		.boot = first->boot,
		.at = boot->size,
		.n = n,
	};

	boot->chunk = grow(boot->chunk, boot->chunks, sizeof(chunk));
	boot->chunk[boot->chunks++] = chunk;
	for (size_t i = 0; i < n; i++) {
		boot->bytes = grow(boot->bytes, boot->size, 1);
		boot->bytes[boot->size++] = data[i];
	}
}

const struct phase *boot_phase(const struct boot *boot, const char *name)
{
	for (size_t i = 0; i < boot->phases; i++) {
		if (!strcmp(boot->phase[i].name, name))
			return &boot->phase[i];
	}
	return NULL;
}

__s64 boot_gap(const struct boot *boot, size_t i)
{
	return boot->mark[i].time_ns - (i ? boot->mark[i - 1].time_ns : 0);
}

__s64 boot_long_gap(const struct boot *boot)
{
	return boot->total_ns > 10 ? boot->total_ns / 10 : 1;
}
