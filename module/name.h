/* SPDX-License-Identifier: GPL-2.0 */
/* name.h - which names a VM may be given */
#ifndef _DBGPORT_NAME_H
#define _DBGPORT_NAME_H

#include <linux/types.h>

bool dbgport_name_is_good(const char *name, size_t size);

#endif /* _DBGPORT_NAME_H */
