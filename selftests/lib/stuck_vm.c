// SPDX-License-Identifier: GPL-2.0
/*
 * A VM that is stuck, as in stuck.h, for tests in shell: prints the process id of
 * its VMM when it is, and ends with that.
 */
#include <stdio.h>
#include <sys/wait.h>

#include "stuck.h"

int main(void)
{
	struct stuck stuck;

	stuck_begin(&stuck, 0);
	printf("%d\n", stuck.pid);
	fflush(stdout);
	waitpid(stuck.pid, NULL, 0);
	return 0;
}
