// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"

void *must(void *p)
{
	if (!p)
		exit(fail("no memory"));
	return p;
}

void *grow(void *array, size_t count, size_t size)
{
	/* Full at each power of two. */
	if (count & (count - 1))
		return array;
	return must(reallocarray(array, count ? 2 * count : 1, size));
}
