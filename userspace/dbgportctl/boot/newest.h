/* SPDX-License-Identifier: GPL-2.0 */
/* Which boot each VM is at, by what the module keeps. */
#ifndef DBGPORTCTL_BOOT_NEWEST_H
#define DBGPORTCTL_BOOT_NEWEST_H

#include <stddef.h>

#include "dbgportctl/vm/reader.h"
#include "words/begins.h"

/**
 * struct newest_boot - the last boot of a VM
 * @id: the VM's
 * @state: its number, and where it began; of the first boot that is at the VM's zero
 */
struct newest_boot {
	__u32 id;
	struct begins_state state;
};

/**
 * struct newest_boots - those of several VMs
 * @boot: in no order
 * @count: of @boot
 */
struct newest_boots {
	struct newest_boot *boot;
	size_t count;
};

/**
 * newest_boots_read() - read what is kept of VMs
 * @newest: filled in; to be freed by newest_boots_free() if this succeeds
 * @wish: which VMs; its @newest must be false
 * @rule: what begins a boot; NULL: it is recognised
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int newest_boots_read(struct newest_boots *newest, const struct reader_wish *wish,
		      const struct begins_rule *rule, char *why, size_t size);
void newest_boots_free(struct newest_boots *newest);

/* Of VM @id; NULL: it was not there. */
const struct begins_state *newest_boot_of(const struct newest_boots *newest, __u32 id);

#endif /* DBGPORTCTL_BOOT_NEWEST_H */
