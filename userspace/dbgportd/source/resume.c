// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/router/positions.h"
#include "dbgportd/source/resume.h"
#include "lib/log.h"
#include "lib/vmname.h"
#include "libdbgport/libdbgport.h"

static __u32 *finished;
static size_t finished_count;

static void skip(__u32 vm)
{
	__u32 *more = reallocarray(finished, finished_count + 1, sizeof(*finished));

	if (!more)
		return;
	finished = more;
	finished[finished_count++] = vm;
}

bool resume_skips(void)
{
	return finished_count;
}

/* What comes of a VM ends with its end. */
bool resume_skips_record(const struct dbgport_record *rec)
{
	for (size_t i = 0; i < finished_count; i++) {
		if (finished[i] != rec->vm)
			continue;
		if (rec->type == DBGPORT_GONE)
			finished[i] = finished[--finished_count];
		return true;
	}
	return false;
}

static void seek(int fd, __u32 vm)
{
	char name[VMNAME_SIZE];
	__u64 seq;
	bool done;
	int err;

	if (!positions_of_vm(vm, &seq, name, &done))
		return;
	if (done)
		skip(vm);
	err = dbgport_seek(fd, vm, seq);
	if (err == -EINVAL) {
		log_warning("%s: never wrote so much as was kept of it: it is read from its oldest record",
			    name);
		positions_forget(vm);
	} else if (err && err != -ENOENT) {
		log_warning("%s: going on where it stopped: %s", name, strerror(-err));
	}
}

void resume_vms(int fd)
{
	__u32 vm = 0;

	finished_count = 0;
	while (!dbgport_next_vm(fd, &vm))
		seek(fd, vm);
}
