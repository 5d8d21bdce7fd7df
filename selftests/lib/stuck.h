/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VMM, a process of its own, that holds up whoever works on its VM: a vCPU waits
 * for memory that does not come, as in a migration that is paused, or on a file
 * system that does not answer; and a thread that adds memory to the VM waits for
 * that vCPU.
 *
 * Whatever goes wrong here ends the process, as in guest.h.
 */
#ifndef SELFTESTS_STUCK_H
#define SELFTESTS_STUCK_H

#include <stdbool.h>
#include <sys/types.h>

struct stuck {
	pid_t pid;
	int fd;		/* of the VM, in that process */
	int give;
	bool *over;	/* it has ended by itself */
};

/*
 * Start it as @uid, which must have /dev/kvm, and wait until it is stuck.  It ends
 * with us, and by itself after 25 s, so that nobody hangs for longer.
 */
void stuck_begin(struct stuck *stuck, uid_t uid);

/* It has not ended by itself, and was stuck until now unless it was let on. */
bool stuck_goes_on(const struct stuck *stuck);

/* Give it its memory.  Its guest then writes 'B' to 0xe9 and halts. */
void stuck_let_on(struct stuck *stuck);

/* Kill it, if it is there. */
void stuck_end(struct stuck *stuck);

#endif /* SELFTESTS_STUCK_H */
