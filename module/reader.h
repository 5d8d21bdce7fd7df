/* SPDX-License-Identifier: GPL-2.0 */
/* reader.h - /dev/dbgport */
#ifndef _DBGPORT_READER_H
#define _DBGPORT_READER_H

int dbgport_reader_init(void);
void dbgport_reader_exit(void);

#endif /* _DBGPORT_READER_H */
