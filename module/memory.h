/* SPDX-License-Identifier: GPL-2.0 */
/* memory.h - memory for records, that nobody is killed for */
#ifndef _DBGPORT_MEMORY_H
#define _DBGPORT_MEMORY_H

#include <linux/types.h>

void *dbgport_memory_take(size_t bytes);

#endif /* _DBGPORT_MEMORY_H */
