// SPDX-License-Identifier: GPL-2.0
#include <assert.h>

#include "dbgportd/router/port_counts.h"
#include "lib/port.h"

static struct port_count counts[1 + PORT_COUNTS_MAX] = { { .port = PORT_ANY } };
static size_t used = 1;
/* Which of them is a port's; 0, the first: it has none of its own. */
static __u8 count_of[0x10000];

static_assert(PORT_COUNTS_MAX <= 0xff, "count_of[] holds all");

void port_counts_own(__u16 port)
{
	if (count_of[port] || used > PORT_COUNTS_MAX)
		return;
	counts[used].port = port;
	count_of[port] = used++;
}

void port_counts_add(__u16 port, __u64 writes, __u64 claimed, __u64 bytes)
{
	struct port_count *c = &counts[count_of[port]];

	c->writes += writes;
	c->claimed += claimed;
	c->bytes += bytes;
}

const struct port_count *port_counts(size_t i)
{
	return i < used ? &counts[i] : NULL;
}
