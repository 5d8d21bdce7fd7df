// SPDX-License-Identifier: GPL-2.0
/*
 * usage: flood [-l LINES] [-p MS] TEXT_PORT NUMBER_PORT
 *
 * A VM that counts.  Each line is its number from 1 in eight digits to
 * TEXT_PORT, in nine writes, and then the same in one write of four bytes to
 * NUMBER_PORT; ten writes in all.
 *
 *	-l LINES	so many at a time; default 100
 *	-p MS		such a burst every MS milliseconds, until SIGTERM
 *
 * Without -p it writes as many bursts as each line of its input says, answers
 * each with the last line's number, and ends with its input.  With -p that
 * number comes once, at the end.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

static uint16_t parse(const char *text, const char *what)
{
	unsigned long n;
	char *end;

	n = strtoul(text, &end, 0);
	if (!*text || *end || n > 0xffff)
		errx(2, "%s is no %s", text, what);
	return n;
}

/* Wait for SIGTERM, but not longer than that. */
static int wait_ms(unsigned int ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	return sigtimedwait(&term, NULL, &ts) == SIGTERM;
}

int main(int argc, char *argv[])
{
	unsigned int lines = 100, pause = 0;
	unsigned long done = 0;
	struct code code = { 0 };
	struct guest *guest;
	sigset_t term;
	char text[32];
	int opt;

	while ((opt = getopt(argc, argv, "l:p:")) != -1) {
		if (opt == 'l')
			lines = parse(optarg, "number of lines");
		else if (opt == 'p')
			pause = parse(optarg, "time");
		else
			return 2;
	}
	if (argc - optind != 2 || !lines)
		errx(2, "TEXT_PORT, NUMBER_PORT, and not 0 lines");
	code_lines(&code, parse(argv[optind], "port"), parse(argv[optind + 1], "port"), lines);

	if (pause) {
		/* Before there are threads, which inherit it. */
		sigemptyset(&term);
		sigaddset(&term, SIGTERM);
		sigprocmask(SIG_BLOCK, &term, NULL);
	}
	guest = guest_new(1, &code);
	if (pause) {
		do {
			guest_run(guest);
			done += lines;
		} while (!wait_ms(pause));
		printf("%lu\n", done);
	}
	while (!pause && fgets(text, sizeof(text), stdin)) {
		for (long bursts = atol(text); bursts > 0; bursts--) {
			guest_run(guest);
			done += lines;
		}
		printf("%lu\n", done);
		fflush(stdout);
	}
	guest_free(guest);
	return 0;
}
