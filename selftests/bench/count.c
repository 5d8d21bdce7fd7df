// SPDX-License-Identifier: GPL-2.0
/*
 * What one access costs the host, in ns.  Where a virtual nanosecond is one
 * instruction, that counts instructions, and gives the same at each run:
 *
 *	selftests/vm/run -i -- build/selftests/bench/count
 *
 * The VMM here does nothing at an exit, so "exit to the VMM" is the least that
 * any VMM pays.  Every figure is the difference between a long and a short
 * run, which takes away what happens once.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"

#define FEW	500
#define MANY	2000

static unsigned long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static unsigned long long run_ns(const struct code *code)
{
	struct guest *guest = guest_new(1, code);
	unsigned long long start, end;

	start = now_ns();
	guest_run(guest);
	end = now_ns();
	guest_free(guest);
	return end - start;
}

static double outb_ns(void)
{
	struct code few = { 0 }, many = { 0 };

	code_repeat_out8(&few, DBGPORT_CONSOLE_PORT, FEW);
	code_hlt(&few);
	code_repeat_out8(&many, DBGPORT_CONSOLE_PORT, MANY);
	code_hlt(&many);
	return ((double)run_ns(&many) - run_ns(&few)) / (MANY - FEW);
}

static double outsb_ns(void)
{
	struct code few = { 0 }, many = { 0 };
	static char text[MANY];

	memset(text, 'o', sizeof(text));
	code_outs(&few, DBGPORT_CONSOLE_PORT, 1, text, FEW);
	code_hlt(&few);
	code_outs(&many, DBGPORT_CONSOLE_PORT, 1, text, MANY);
	code_hlt(&many);
	return ((double)run_ns(&many) - run_ns(&few)) / (MANY - FEW);
}

static void show(const char *what)
{
	/* The first round warms caches and translations up. */
	outb_ns();
	outsb_ns();
	printf("# %-44s outb %8.1f   rep outsb %8.1f\n", what, outb_ns(),
	       outsb_ns());
	fflush(stdout);
}

int main(void)
{
	int fd;

	module_fresh("");
	module_unload();
	show("without the module, exit to the VMM:");
	module_fresh("");
	show("recorded, exit to the VMM:");
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	show("claimed, reader quiet:");
	close(fd);
	module_fresh("backend=ioeventfd");
	reader_open(0, DBGPORT_SUB_CLAIM);
	show("claimed by backend ioeventfd, reader quiet:");
	return 0;
}
