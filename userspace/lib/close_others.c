// SPDX-License-Identifier: GPL-2.0
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/close_others.h"

/* The C library has it from glibc 2.34 on, and its SYS_ name from 2.32 on. */
static void close_all(unsigned int first, unsigned int last)
{
	if (first <= last)
		syscall(__NR_close_range, first, last, 0);
}

void close_others(int from, int fd)
{
	if (fd > from)
		close_all(from, fd - 1);
	close_all(fd < from ? from : fd + 1, ~0U);
}
