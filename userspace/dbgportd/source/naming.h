/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VMs that have come, and wait for their names.
 *
 * Nothing of a VM can be handed on before it has its name, which files are called
 * by; and its VMM can hold up the process that asks for it, so one of its own does
 * (lib/asker.h).  What the VM writes meanwhile is kept here.  A VM goes on as
 * command-pid if there is no answer in time, or if it writes too much.
 *
 * One whose name belongs to a VM that has ended, of which not all has been read
 * yet, waits for that, too: so one that is started again keeps its name.
 */
#ifndef DBGPORTD_SOURCE_NAMING_H
#define DBGPORTD_SOURCE_NAMING_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/asker.h"

/* How long a VM waits. */
#define NAMING_MS	3000
/* Records that are kept, of all that wait: 8 MiB. */
#define NAMING_RECORDS	(256 * 1024)

/**
 * struct naming - what waiting VMs need
 * @go_on: a VM has its name, and waits no more: its ATTACHED record, what the module
 *	told of it, the name as of vmname_make(), and what came since
 * @settle: see vmm_name_settle()
 * @has_ended: whether the module says so of a VM
 * @holder: the VM that a new one of this own name would have its name from; 0: none
 */
struct naming {
	void (*go_on)(const struct dbgport_record *attached, const struct dbgport_vm_info *info,
		      const char *own, const struct dbgport_record *rec, size_t count);
	void (*settle)(const struct answer *answer, struct dbgport_vm_info *info,
		       char own[VMNAME_OWN_SIZE]);
	bool (*has_ended)(__u32 vm);
	__u32 (*holder)(const char *own);
};

/* After asker_start(), with the loop; @naming must stay. */
void naming_start(const struct naming *naming);

/**
 * naming_attached() - a VM has come
 * @rec: its ATTACHED record
 * @info: what the module told of it
 *
 * @go_on is called for it, at once or later.
 */
void naming_attached(const struct dbgport_record *rec, const struct dbgport_vm_info *info);

/* Whether @rec is of a VM that waits; it is kept then. */
bool naming_keeps(const struct dbgport_record *rec);

/* The end of a VM has been handed on: who waits for its name may have it. */
void naming_gone(void);

/* Whether a VM waits. */
bool naming_waits(void);

/* Let all go on that wait, now or, with @ms, when they have their names or that is over. */
void naming_finish(unsigned int ms);

/* Ask for nothing more; naming_is_idle() says when the loop has forgotten it. */
void naming_stop(void);
bool naming_is_idle(void);

#endif /* DBGPORTD_SOURCE_NAMING_H */
