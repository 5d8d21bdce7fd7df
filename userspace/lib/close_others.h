/* SPDX-License-Identifier: GPL-2.0 */
/* What a helper process has inherited and must not keep open. */
#ifndef LIB_CLOSE_OTHERS_H
#define LIB_CLOSE_OTHERS_H

/**
 * close_others() - close all file descriptors but one
 * @from: the lowest one to close, from 0
 * @fd: the one that stays open, from 0; may be below @from
 */
void close_others(int from, int fd);

#endif /* LIB_CLOSE_OTHERS_H */
