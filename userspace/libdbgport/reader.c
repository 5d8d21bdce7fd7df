// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "libdbgport/libdbgport.h"

/* Many records a read are what makes reading cheap; 24 KiB. */
#define RECORDS_PER_READ	1024

/**
 * struct dbgport_reader - what was read at once
 * @fd: the caller's
 * @have: records that were read
 * @given: of these, how many the caller has got
 * @records: room for them
 */
struct dbgport_reader {
	int fd;
	size_t have;
	size_t given;
	struct dbgport_record records[RECORDS_PER_READ];
};

struct dbgport_reader *dbgport_reader_new(int fd)
{
	struct dbgport_reader *reader = malloc(sizeof(*reader));

	if (!reader)
		return NULL;
	reader->fd = fd;
	reader->have = 0;
	reader->given = 0;
	return reader;
}

int dbgport_reader_next(struct dbgport_reader *reader, const struct dbgport_record **record)
{
	ssize_t n;

	if (reader->given == reader->have) {
		n = read(reader->fd, reader->records, sizeof(reader->records));
		if (n < 0)
			return -errno;
		/* The device gives whole records only. */
		reader->have = n / sizeof(reader->records[0]);
		reader->given = 0;
		if (!reader->have)
			return 0;
	}
	*record = &reader->records[reader->given++];
	return 1;
}

void dbgport_reader_free(struct dbgport_reader *reader)
{
	free(reader);
}
