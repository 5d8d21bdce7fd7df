// SPDX-License-Identifier: GPL-2.0
/* Says how much was taken from the VMs that are there, and what that saved. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "dbgport.h"

int main(void)
{
	unsigned long long writes = 0, claimed = 0;
	unsigned int vms = 0;
	struct dbgport_next_vm next = { 0 };
	int fd;

	fd = open("/dev/dbgport", O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "totals: cannot open /dev/dbgport: %s\n", strerror(errno));
		return 1;
	}
	while (!ioctl(fd, DBGPORT_NEXT_VM, &next)) {
		struct dbgport_vm_info info = { .vm = next.vm };

		if (ioctl(fd, DBGPORT_VM_INFO, &info)) {
			fprintf(stderr, "totals: cannot ask for VM %u: %s\n", next.vm,
				strerror(errno));
			return 1;
		}
		vms++;
		writes += info.written;
		for (unsigned int i = 0; i < info.nports; i++)
			claimed += info.ports[i].claimed;
	}
	if (errno != ENOENT) {
		fprintf(stderr, "totals: cannot list the VMs: %s\n", strerror(errno));
		return 1;
	}
	printf("%llu writes of %u VMs were taken, which saved %llu exits to the VMM.\n",
	       writes, vms, claimed);
	return 0;
}
