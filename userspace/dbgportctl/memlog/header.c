// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <string.h>

#include "dbgportctl/memlog/header.h"

static const char magic[] = "ovmfmdg1ovmfmdg2";

/* Headers that are larger than ours know more, and begin alike. */
#define LARGEST_HEADER	4096

/* As it lies in memory, in little endian. */
struct raw {
	char magic[HEADER_MAGIC_SIZE];
	__u64 header_size;
	__u64 size;
	__u64 lock;
	__u64 head;
	__u64 tail;
	__u64 truncated;
	char version[HEADER_VERSION_SIZE - 1];
};

bool header_begins(const void *bytes)
{
	return !memcmp(bytes, magic, HEADER_MAGIC_SIZE);
}

bool header_parse(struct header *h, const void *bytes, __u64 room)
{
	__u64 text, size, head, tail;
	struct raw raw;

	memcpy(&raw, bytes, HEADER_SIZE);
	text = le64toh(raw.header_size);
	size = le64toh(raw.size);
	head = le64toh(raw.head);
	tail = le64toh(raw.tail);
	if (!header_begins(raw.magic) || text < HEADER_SIZE || text > LARGEST_HEADER ||
	    !size || size > HEADER_TEXT_MAX || text + size > room || head > size || tail > size)
		return false;
	*h = (struct header){
		.text = text,
		.size = size,
		.head = head,
		.tail = tail,
		.truncated = raw.truncated,
	};
	memcpy(h->version, raw.version, sizeof(raw.version));
	return true;
}

size_t header_length(const struct header *h)
{
	return h->head <= h->tail ? h->tail - h->head : h->size - h->head + h->tail;
}
