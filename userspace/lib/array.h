/* SPDX-License-Identifier: GPL-2.0 */
/* How many elements an array has. */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

#endif /* LIB_ARRAY_H */
