// SPDX-License-Identifier: GPL-2.0
/* The log that firmware keeps in its memory, as it is followed there. */
#include <string.h>

#include "dbgportctl/memlog/place.h"
#include "dbgportctl/memlog/process.h"
#include "dbgportctl/memlog/text.h"
#include "fuzz.h"

/* Where the log is. */
#define ADDRESS		0x7f0000000000ULL

/* The memory from there on. */
static const uint8_t *memory;
static size_t room;

/* Instead of that of a process. */
int __wrap_process_read(const struct process *p, __u64 address, void *to, size_t n)
{
	(void)p;
	CHECK(address >= ADDRESS && address - ADDRESS <= room && n <= room - (address - ADDRESS),
	      "%zu bytes at %llx of %zu", n, address, room);
	memcpy(to, memory + (address - ADDRESS), n);
	return 0;
}

static void look(struct place *place)
{
	enum place_end how;
	struct text text;
	size_t from;

	if (room < HEADER_SIZE || text_read(&text, NULL, ADDRESS, room))
		return;
	CHECK(text.n <= text.header.size && text.header.text + text.header.size <= room,
	      "%zu of %zu bytes in %zu", text.n, text.header.size, room);
	CHECK(strlen(text.header.version) < HEADER_VERSION_SIZE, "%s", text.header.version);
	how = place_next(place, &text, &from);
	CHECK(from <= text.n, "%zu of %zu", from, text.n);
	CHECK(how == PLACE_GOES_ON || !from, "%d at %zu", how, from);
	place_passed(place, &text, from, how);
	how = place_next(place, &text, &from);
	CHECK(how == PLACE_GOES_ON && from == text.n, "%d at %zu of %zu", how, from, text.n);
	text_free(&text);
}

/* Again and again: two bytes, how much memory there is, and what it has. */
int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	struct place place = { 0 };

	while (in.at < in.end) {
		room = take_number(&in, 2);
		memory = take_bytes(&in, &room);
		look(&place);
	}
	return 0;
}
