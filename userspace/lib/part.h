/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of a guest's software stack: Firmware, Bootloader, Kernel and Userspace. */
#ifndef LIB_PART_H
#define LIB_PART_H

/* Its place in the order of a boot, from 0; -1: @word, which may be NULL, is no part. */
int part_rank(const char *word);

/* The name of the part with that rank; static. */
const char *part_name(int rank);

#endif /* LIB_PART_H */
