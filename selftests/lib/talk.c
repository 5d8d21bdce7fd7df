// SPDX-License-Identifier: GPL-2.0
/*
 * usage: talk [-c VCPUS] [-d MS] [-f PORT] [-k] [PORT TEXT]...
 *
 * A VM whose vCPUs write each TEXT to its PORT, byte by byte, and then ends.
 *
 *	-c VCPUS	how many vCPUs do the same; default 1
 *	-d MS		let them run so many milliseconds after they were made
 *	-f PORT		then they write to PORT without end
 *	-k		do not end the VM but by SIGTERM
 *
 * Before it ends, it says how many accesses to each PORT reached this VMM.
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

int main(int argc, char *argv[])
{
	struct code code = { 0 };
	const char *flood = NULL;
	unsigned int vcpus = 1, delay = 0;
	bool keep = false;
	struct guest *guest;
	sigset_t term;
	int opt, sig, i;

	while ((opt = getopt(argc, argv, "c:d:f:k")) != -1) {
		if (opt == 'c')
			vcpus = atoi(optarg);
		else if (opt == 'd')
			delay = atoi(optarg);
		else if (opt == 'f')
			flood = optarg;
		else if (opt == 'k')
			keep = true;
		else
			return 2;
	}
	if ((argc - optind) % 2)
		errx(2, "a PORT without a TEXT");
	for (i = optind; i < argc; i += 2)
		code_outs(&code, parse_port(argv[i]), 1, argv[i + 1],
			  strlen(argv[i + 1]));
	if (flood)
		code_count(&code, parse_port(flood), 0);
	code_hlt(&code);

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	guest = guest_new(vcpus, &code);
	usleep(delay * 1000);
	guest_start(guest);
	if (!flood)
		guest_wait(guest);
	if (flood || keep)
		sigwait(&term, &sig);
	guest_stop(guest);
	for (i = optind; i < argc; i += 2)
		printf("%s %lu\n", argv[i],
		       guest_exits(guest, parse_port(argv[i])));
	guest_free(guest);
	return 0;
}
