/* SPDX-License-Identifier: GPL-2.0 */
/* File descriptors 0 to 2, which a library may print to, whatever they are. */
#ifndef LIB_STD_FDS_H
#define LIB_STD_FDS_H

/* Have /dev/null where one of them is closed, or the next file would become that. */
void std_fds_fill(void);

#endif /* LIB_STD_FDS_H */
