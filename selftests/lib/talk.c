// SPDX-License-Identifier: GPL-2.0
/*
 * usage: talk [-c VCPUS] [-d MS] [-f PORT] [-k] [-n VMS] [-w WIDTH] [PORT TEXT]...
 *
 * A VM whose vCPUs write each TEXT to its PORT, byte by byte, and then ends.
 *
 *	-c VCPUS	how many vCPUs do the same; default 1
 *	-d MS		let them run so many milliseconds after they were made
 *	-f PORT		then they write to PORT without end
 *	-k		do not end the VM but by SIGTERM
 *	-n VMS		so many of them, one after the other; default 1
 *	-w WIDTH	write 2 or 4 bytes at once
 *
 * At the end it says how many accesses to each PORT reached this VMM.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

static uint16_t parse_port(const char *text)
{
	unsigned long port;
	char *end;

	port = strtoul(text, &end, 0);
	if (!*text || *end || port > 0xffff)
		errx(2, "%s is no port", text);
	return port;
}

static void wait_for_sigterm(void)
{
	sigset_t term;
	int sig;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigwait(&term, &sig);
}

int main(int argc, char *argv[])
{
	unsigned int vcpus = 1, delay = 0, vms = 1, width = 1, vm;
	unsigned long *exits;
	struct code code = { 0 };
	const char *flood = NULL;
	bool keep = false;
	sigset_t term;
	int opt, i;

	while ((opt = getopt(argc, argv, "c:d:f:kn:w:")) != -1) {
		if (opt == 'c')
			vcpus = atoi(optarg);
		else if (opt == 'd')
			delay = atoi(optarg);
		else if (opt == 'f')
			flood = optarg;
		else if (opt == 'k')
			keep = true;
		else if (opt == 'n')
			vms = atoi(optarg);
		else if (opt == 'w')
			width = atoi(optarg);
		else
			return 2;
	}
	if ((argc - optind) % 2)
		errx(2, "a PORT without a TEXT");
	if (width != 1 && width != 2 && width != 4)
		errx(2, "no such width");
	for (i = optind; i < argc; i += 2)
		code_outs(&code, parse_port(argv[i]), width, argv[i + 1],
			  strlen(argv[i + 1]) / width);
	if (flood)
		code_count(&code, parse_port(flood), 0);
	code_hlt(&code);
	exits = calloc(argc, sizeof(*exits));
	if (!exits)
		err(1, "calloc");

	/* Before there are threads, which inherit it. */
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);

	for (vm = 0; vm < vms; vm++) {
		struct guest *guest = guest_new(vcpus, &code);

		usleep(delay * 1000);
		guest_start(guest);
		if (!flood)
			guest_wait(guest);
		if (flood || keep)
			wait_for_sigterm();
		guest_stop(guest);
		for (i = optind; i < argc; i += 2)
			exits[i] += guest_exits(guest, parse_port(argv[i]));
		guest_free(guest);
	}
	for (i = optind; i < argc; i += 2)
		printf("%s %lu\n", argv[i], exits[i]);
	free(exits);
	return 0;
}
