// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportd/spool/object.h"
#include "lib/nats_subject.h"

static __u32 track_of(const struct entry *e)
{
	switch (e->type) {
	case ENTRY_LINE:
		return e->vcpu;
	case ENTRY_WRITE:
		return OBJECT_WRITES;
	case ENTRY_ATTACHED:
		return OBJECT_ATTACHED;
	case ENTRY_GONE:
		return OBJECT_GONE;
	case ENTRY_LOST:
		return OBJECT_LOST;
	case ENTRY_CUT:
		return OBJECT_CUT;
	default:
		return OBJECT_CODES;
	}
}

/* The last write that an entry tells of. */
static __u64 end_seq(const struct entry *e)
{
	if (e->type == ENTRY_LINE || e->type == ENTRY_STORM)
		return e->end_seq;
	if (e->type == ENTRY_LOST && e->count)
		return e->seq + e->count - 1;
	return e->seq;
}

void object_head_of(struct object_head *head, const struct entry *e)
{
	*head = (struct object_head){
		.load = e->vm->load,
		.vm = e->vm->id,
		.port = e->port,
		.track = track_of(e),
		.begin = { e->seq, e->byte },
		.end = { end_seq(e), e->type == ENTRY_LINE ? e->end_byte : ENTRY_ALL },
	};
	/* A VM comes and goes once, however often that is told. */
	if (e->type == ENTRY_ATTACHED || e->type == ENTRY_GONE) {
		head->begin = (struct object_place){ 0 };
		head->end = (struct object_place){ 0, ENTRY_ALL };
	}
	snprintf(head->name, sizeof(head->name), "%s", e->vm->name);
}

size_t object_head_print(char *dst, const struct object_head *head)
{
	return snprintf(dst, OBJECT_HEAD_MAX, "%llx %u %x %x %llu.%u %llu.%u %s ", head->load,
			head->vm, head->port, head->track, head->begin.seq, head->begin.byte,
			head->end.seq, head->end.byte, head->name);
}

const char *object_head_parse(struct object_head *head, const char *line, size_t len)
{
	const char *json = memchr(line, '{', len);
	char text[OBJECT_HEAD_MAX], name[OBJECT_HEAD_MAX], more;
	size_t n = json ? json - line : 0;

	if (!n || n >= sizeof(text))
		return NULL;
	memcpy(text, line, n);
	text[n] = '\0';
	*head = (struct object_head){ 0 };
	if (sscanf(text, "%llx %u %hx %x %llu.%hhu %llu.%hhu %s %c", &head->load, &head->vm,
		   &head->port, &head->track, &head->begin.seq, &head->begin.byte,
		   &head->end.seq, &head->end.byte, name, &more) != 9 ||
	    strlen(name) >= sizeof(head->name))
		return NULL;
	memcpy(head->name, name, strlen(name) + 1);
	return json;
}

void object_id(char *dst, const struct object_head *head)
{
	snprintf(dst, OBJECT_ID_SIZE, "%016llx-%u-%x-%x-%llu.%u-%llu.%u", head->load, head->vm,
		 head->port, head->track, head->begin.seq, head->begin.byte, head->end.seq,
		 head->end.byte);
}

void object_subject(char *dst, const char *prefix, const char *host,
		    const struct object_head *head)
{
	char port[16];

	snprintf(port, sizeof(port), "0x%x", head->port);
	dst = nats_subject_put(stpcpy(dst, prefix), *host ? host : NATS_NO_NAME);
	dst = nats_subject_put(dst, head->name);
	nats_subject_put(dst, head->port ? port : NATS_NO_PORT);
}
