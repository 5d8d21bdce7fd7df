// SPDX-License-Identifier: GPL-2.0
/* Memory for records, which a test can refuse. */
#include <linux/types.h>

#include "memory.h"

bool shim_no_memory;

void *dbgport_memory_take(size_t bytes)
{
	return shim_no_memory ? NULL : calloc(1, bytes);
}
