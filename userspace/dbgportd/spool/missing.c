// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dbgportd/spool/missing.h"
#include "lib/hostname.h"

#define LISTS	4096

/**
 * struct missing_of - of one port of a VM
 * @next: in its list
 * @head: whose; @begin.seq: how many objects, @end.seq: how many bytes
 */
struct missing_of {
	struct missing_of *next;
	struct object_head head;
};

static struct missing_of *find(struct missing *m, const struct object_head *head)
{
	struct missing_of **list = &m->table[(head->vm * 31 + head->port) % LISTS];
	struct missing_of *of = *list;

	while (of && (of->head.vm != head->vm || of->head.port != head->port ||
		      strcmp(of->head.name, head->name)))
		of = of->next;
	if (of)
		return of;
	of = calloc(1, sizeof(*of));
	if (!of)
		return NULL;
	of->head = *head;
	of->head.track = OBJECT_DROPPED;
	of->head.begin = (struct object_place){ 0 };
	of->head.end = (struct object_place){ 0 };
	of->next = *list;
	*list = of;
	return of;
}

int missing_add(struct missing *m, const struct object_head *head, size_t len)
{
	bool told = head->track == OBJECT_DROPPED;
	struct missing_of *of;

	if (!m->table)
		m->table = calloc(LISTS, sizeof(*m->table));
	of = m->table ? find(m, head) : NULL;
	if (!of)
		return -ENOMEM;
	of->head.begin.seq += told ? head->begin.seq : 1;
	of->head.end.seq += told ? head->end.seq : len;
	m->bytes += told ? 0 : len;
	return 0;
}

static size_t put_vm(char *dst, size_t size, const struct object_head *head)
{
	size_t n;

	if (!strcmp(head->name, OBJECT_NO_VM))
		return 0;
	n = snprintf(dst, size, ",\"vm\":\"%s\",\"vm_id\":%u", head->name, head->vm);
	if (head->port)
		n += snprintf(dst + n, size - n, ",\"port\":%u", head->port);
	return n;
}

/* Names are safe as they are. */
static size_t print(char *dst, size_t size, const struct object_head *head)
{
	struct hostname host;
	size_t n = object_head_print(dst, head);

	hostname_get(&host);
	n += snprintf(dst + n, size - n, "{\"type\":\"dropped\"");
	n += put_vm(dst + n, size - n, head);
	if (host.len)
		n += snprintf(dst + n, size - n, ",\"host\":\"%s\"", host.name);
	return n + snprintf(dst + n, size - n, ",\"objects\":%llu,\"bytes\":%llu}",
			    head->begin.seq, head->end.seq);
}

int missing_tell(const struct missing *m, int (*see)(void *arg, const char *text, size_t len),
		 void *arg)
{
	char text[2 * OBJECT_HEAD_MAX + 512];
	int err = 0;

	for (size_t i = 0; m->table && i < LISTS; i++) {
		for (const struct missing_of *of = m->table[i]; of && !err; of = of->next) {
			struct object_head head = of->head;

			if (getrandom(&head.load, sizeof(head.load), 0) < 0)
				return -errno;
			err = see(arg, text, print(text, sizeof(text), &head));
		}
	}
	return err;
}

void missing_free(struct missing *m)
{
	for (size_t i = 0; m->table && i < LISTS; i++) {
		struct missing_of *of;

		while ((of = m->table[i])) {
			m->table[i] = of->next;
			free(of);
		}
	}
	free(m->table);
	*m = (struct missing){ 0 };
}
