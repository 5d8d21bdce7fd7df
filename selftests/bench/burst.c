// SPDX-License-Identifier: GPL-2.0
/*
 * usage: burst WAY
 *
 * What a byte costs the host on its whole way, wherever it goes: all that the CPUs
 * have been busy with between a guest's writes and the rest that follows, so
 * dbgportd's work and that of whoever reads from it is in it.  The guest writes
 * lines of 40 bytes to the console port, by OUTs of a byte and by REP OUTSB; WAY
 * is for the lines that this prints, see "whole".
 *
 * Each figure is the difference between a long and a short burst, neither of
 * which fills a ring.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figures.h"
#include "guest.h"
#include "reader.h"

#define SHORT		4000
#define LONG		24000
/* Far longer than anything here waits for more. */
#define REST_US		1000000

static const char line[] = "Found 2 cpu(s) max supported 2 cpu(s)..\n";

/* What tasks have run on all CPUs, in ns. */
static unsigned long long busy_ns(void)
{
	unsigned long long sum = 0, ns;
	FILE *f = fopen("/proc/schedstat", "r");
	char text[512];

	if (!f)
		err(1, "/proc/schedstat");
	while (fgets(text, sizeof(text), f)) {
		if (sscanf(text, "cpu%*d %*u %*u %*u %*u %*u %*u %llu", &ns) == 1)
			sum += ns;
	}
	fclose(f);
	return sum;
}

static unsigned long long burst_ns(struct guest *guest, const char *text, size_t len)
{
	unsigned long long before = busy_ns();

	guest_say(guest, text, len);
	usleep(REST_US);
	return busy_ns() - before;
}

static void measure(const char *access, void (*code_of)(struct code *code, uint16_t port),
		    const char *way)
{
	unsigned long long few, many;
	struct code code = { 0 };
	static char text[LONG];
	struct guest *guest;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = line[i % (sizeof(line) - 1)];
	code_of(&code, DBGPORT_CONSOLE_PORT);
	guest = guest_new(1, &code);
	/* Once to warm all up, the memory of the longest queue too. */
	burst_ns(guest, text, LONG);
	few = burst_ns(guest, text, SHORT);
	many = burst_ns(guest, text, LONG);
	guest_free(guest);
	printf("b\t%s: %s\t%.1f\t%s\n", access, way,
	       ((double)many - few) / (LONG - SHORT), unit_of_time());
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	if (argc != 2)
		errx(2, "usage: burst WAY");
	measure("outb", code_say_out8, argv[1]);
	measure("rep outsb", code_say, argv[1]);
	return 0;
}
