// SPDX-License-Identifier: GPL-2.0
/* What jetstream.c is in a build without libnats: nothing can be opened, so nothing is read. */
#include <stdio.h>

#include "dbgportctl/fleet/jetstream.h"

int jetstream_open(const struct nats_address *to, const char *name, const char *subject,
		   char *why)
{
	(void)to;
	(void)name;
	(void)subject;
	snprintf(why, JETSTREAM_WHY,
		 "--nats: this dbgportctl was built without libnats: build it with that");
	return -1;
}

void jetstream_close(void)
{
}

const char *jetstream_name(void)
{
	return "";
}

__u64 jetstream_first(void)
{
	return 0;
}

__u64 jetstream_last(void)
{
	return 0;
}

int jetstream_begin(const char *subject, enum jetstream_from from, __u64 at, __u64 *kept,
		    char *why)
{
	(void)from;
	(void)at;
	(void)kept;
	return jetstream_open(NULL, NULL, subject, why);
}

int jetstream_next(struct jetstream_message *msg, unsigned int ms, char *why)
{
	(void)msg;
	(void)ms;
	return jetstream_open(NULL, NULL, NULL, why);
}

int jetstream_left(__u64 *left, char *why)
{
	(void)left;
	return jetstream_open(NULL, NULL, NULL, why);
}
