// SPDX-License-Identifier: GPL-2.0
/*
 * usage: fake_vmm FD [ARGUMENT]...
 *
 * A process that has the file FD in its memory, as a VMM has its guest's, and in its page
 * table what of it was written.  It says so by one byte, and waits for its end.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int fd = argc > 1 ? atoi(argv[1]) : -1;
	off_t size = lseek(fd, 0, SEEK_END), at = 0;
	char *ram = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	int sum = 0;

	if (ram == MAP_FAILED)
		return 1;
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0 && at < size) {
		sum += ram[at];
		at += 4096;
	}
	if (write(STDOUT_FILENO, "", 1) != 1)
		return 1;
	pause();
	return sum;
}
