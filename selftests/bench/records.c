// SPDX-License-Identifier: GPL-2.0
/*
 * usage: records text|codes COUNT [VMS]
 *
 * Writes to standard output what the module would give of VMs that are there:
 * for each of VMS (default 1) its ATTACHED, then COUNT writes, of VM 1, 1 µs
 * each after the other.  "text" are lines of 40 bytes on the console port, as
 * firmware's are; "codes" is each value of a byte in turn on the POST port.
 * read_records.c makes a device of such a file.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uapi/dbgport.h"

#define ZERO_NS		1000000000ULL
#define STEP_NS		20000

static const char line[] = "Found 2 cpu(s) max supported 2 cpu(s)..\n";

static void put(const struct dbgport_record *rec)
{
	if (fwrite(rec, sizeof(*rec), 1, stdout) != 1)
		err(1, "standard output");
}

int main(int argc, char *argv[])
{
	struct dbgport_record rec = { .vm = 1, .type = DBGPORT_ATTACHED, .time_ns = ZERO_NS };
	unsigned long long count;
	bool text;

	if (argc < 3 || argc > 4)
		errx(2, "usage: records text|codes COUNT [VMS]");
	text = !strcmp(argv[1], "text");
	if (!text && strcmp(argv[1], "codes"))
		errx(2, "%s: is neither text nor codes", argv[1]);
	count = strtoull(argv[2], NULL, 10);

	for (int vms = argv[3] ? atoi(argv[3]) : 1; vms > 0; vms--) {
		rec.vm = vms;
		put(&rec);
	}
	rec.type = DBGPORT_WRITE;
	rec.port = text ? DBGPORT_CONSOLE_PORT : DBGPORT_POST_PORT;
	rec.width = 1;
	rec.flags = DBGPORT_CLAIMED;
	for (rec.seq = 0; rec.seq < count; rec.seq++) {
		rec.time_ns += STEP_NS;
		rec.value = text ? (__u8)line[rec.seq % (sizeof(line) - 1)] : (__u8)rec.seq;
		put(&rec);
	}
	if (fflush(stdout))
		err(1, "standard output");
	return 0;
}
