// SPDX-License-Identifier: GPL-2.0
/*
 * usage: wait_for PTY NAME
 *
 * How long the bytes that tick.S writes take to be readable at a pty: from the
 * time in the module's record, so it must be loaded, claiming or not, to this
 * program's return from read().  Prints the median, the 99th percentile and the
 * longest of many as "c<TAB>NAME, p50<TAB>FIGURE<TAB>UNIT", and so on.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "figures.h"
#include "reader.h"

#define BYTES	300
/* The first ones may have waited for somebody to open the pty. */
#define SKIPPED	100

struct seen {
	unsigned char byte;
	unsigned long long ns;
};

static struct seen seen[SKIPPED + BYTES];
static unsigned long long waited[BYTES];

static int open_pty(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY);
	struct termios t;

	if (fd < 0 || tcgetattr(fd, &t))
		err(1, "%s", path);
	cfmakeraw(&t);
	if (tcsetattr(fd, TCSANOW, &t))
		err(1, "%s", path);
	return fd;
}

static void see(int fd)
{
	unsigned char bytes[256];

	for (size_t i = 0; i < SKIPPED + BYTES;) {
		ssize_t n = read(fd, bytes, sizeof(bytes));
		unsigned long long ns = now_ns();

		if (n <= 0)
			err(1, "reading the pty");
		for (ssize_t j = 0; j < n && i < SKIPPED + BYTES; j++)
			seen[i++] = (struct seen){ bytes[j], ns };
	}
}

/* Each value comes again only after seconds: the last write of it before it was seen. */
static unsigned long long written_ns(const struct stream *stream, const struct seen *s)
{
	for (size_t i = stream->len; i--;) {
		const struct dbgport_record *rec = &stream->rec[i];

		if (rec->type == DBGPORT_WRITE && rec->port == DBGPORT_CONSOLE_PORT &&
		    rec->value == s->byte && rec->time_ns <= s->ns)
			return rec->time_ns;
	}
	errx(1, "a byte came that nobody wrote");
}

static void print(const char *name, const char *which, size_t i)
{
	printf("c\t%s, %s\t%llu\t%s\n", name, which, waited[i], unit_of_time());
}

int main(int argc, char *argv[])
{
	struct stream stream = { 0 };
	int fd;

	if (argc != 3)
		errx(2, "usage: wait_for PTY NAME");
	see(open_pty(argv[1]));
	/* From the oldest record on, without claiming. */
	fd = reader_open(O_NONBLOCK, 0);
	reader_drain(fd, &stream);
	for (size_t i = 0; i < BYTES; i++)
		waited[i] = seen[SKIPPED + i].ns - written_ns(&stream, &seen[SKIPPED + i]);
	sort_ns(waited, BYTES);
	print(argv[2], "p50", BYTES / 2);
	print(argv[2], "p99", BYTES * 99 / 100);
	print(argv[2], "longest", BYTES - 1);
	return 0;
}
