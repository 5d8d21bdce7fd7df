// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/otlp/ids.h"
#include "lib/hash.h"

/* What differs comes first, so that it has a part in each bit. */
static __u64 hash_of(const struct boot *boot, const char *what, size_t number)
{
	char text[HOSTNAME_SIZE + 96];
	int n = snprintf(text, sizeof(text), "%s %zu %llu %u %s", what, number, boot->zero_ns,
			 boot->id, boot->host);

	/* An id of zeros is none. */
	return hash(text, n) ?: 1;
}

const char *trace_id(char id[TRACE_ID_SIZE], const struct boot *boot)
{
	snprintf(id, TRACE_ID_SIZE, "%016llx%016llx", hash_of(boot, "trace", 0),
		 hash_of(boot, "trace", 1));
	return id;
}

const char *span_id(char id[SPAN_ID_SIZE], const struct boot *boot, size_t span)
{
	snprintf(id, SPAN_ID_SIZE, "%016llx", hash_of(boot, "span", span));
	return id;
}
