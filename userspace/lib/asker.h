/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions whose answers may take for ever, asked by a process of its own.
 *
 * To read a command line is to wait for the memory map of its process, which that
 * can keep locked for ever; to look for running VMs is to look at the files of all
 * processes, of which any user can have millions.  So a helper is forked before
 * there is anything that it could keep open, and forks a child for each question:
 * that one may hang, and is ended some time, and nothing waits for it.  The one
 * that asks waits for asker_fd() to be readable, no longer than it likes.
 *
 * Serves once per process, which must not have threads yet.
 */
#ifndef LIB_ASKER_H
#define LIB_ASKER_H

#include <dbgport.h>
#include <stdbool.h>

#include "lib/vmname.h"

enum asked {
	ASKED_NAME,
	ASKED_RUNNING,
};

/**
 * struct answer - what came of a question
 * @to: which
 * @vm: ASKED_NAME: the VM
 * @named: ASKED_NAME: whether its VMM was told a name
 * @name: ASKED_NAME: its own name, as vmname_make() makes it
 * @restored: ASKED_NAME: whether its VMM was told to restore it, as cmdline_is_restored()
 * @result: ASKED_RUNNING: how many VMs were attached, or a negative errno
 */
struct answer {
	enum asked to;
	__u32 vm;
	int result;
	bool named;
	bool restored;
	char name[VMNAME_OWN_SIZE];
};

/**
 * asker_start() - fork the helper
 * @device: for asker_running(); must stay
 *
 * It ends with this process, or in asker_stop().
 *
 * Return: 0 or a negative errno.
 */
int asker_start(const char *device);

/* End the helper, if there is one; what has not been answered will not be. */
void asker_stop(void);

/* Readable when asker_answer() has something; -1: there is no helper. */
int asker_fd(void);

/**
 * asker_name() - ask for a VM's own name
 * @info: of the VM; @vm, @pid and @comm count
 *
 * The answer is about the process that has the id when it is asked: vmm_name_settle()
 * finds out whether that was the VM's own.
 *
 * Return: 0, or a negative errno: -EAGAIN: too much has been asked, so take answers
 * before.  If it is 0 there is an answer within seconds, or never.
 */
int asker_name(const struct dbgport_vm_info *info);

/**
 * asker_running() - have running_attach() done, with a device of the helper's own
 *
 * A process whose files take longer than seconds to look through is passed over.
 *
 * Return: 0 or a negative errno.
 */
int asker_running(void);

/* Take one answer, without waiting; false: there is none. */
bool asker_answer(struct answer *answer);

#endif /* LIB_ASKER_H */
