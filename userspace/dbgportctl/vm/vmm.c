// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/vm/process_line.h"
#include "dbgportctl/vm/vmm.h"
#include "dbgportctl/vm/vms.h"
#include "lib/cmdline.h"
#include "lib/device.h"
#include "lib/number.h"

/* As the module would call it. */
static bool name_process(struct vmm *v)
{
	struct dbgport_vm_info info = { .pid = v->pid };
	static char args[CMDLINE_SIZE];
	char told[VMNAME_OWN_SIZE], comm[sizeof(info.comm) + 1];

	/* With the line's end. */
	process_line(v->pid, "comm", "", comm, sizeof(comm));
	if (!*comm)
		return false;
	snprintf(info.comm, sizeof(info.comm), "%.*s", (int)strcspn(comm, "\n"), comm);
	cmdline_vm_name(told, sizeof(told), args, cmdline_read(args, sizeof(args), v->pid));
	vmname_make(v->name, told, &info, 0);
	return true;
}

/* Return: 0; -1 if @word is no number, or no process has it. */
static int find_process(struct vmm *v, const char *word)
{
	__u64 pid;

	if (!strncmp(word, "pid:", 4))
		word += 4;
	if (number_parse(word, NUMBER_DECIMAL, 1, INT_MAX, &pid))
		return -1;
	v->pid = pid;
	return name_process(v) ? 0 : -1;
}

/* Return: 0, -ENOENT, or -ESRCH if it has no process; with one line for the user in @why. */
static int find_known(struct vmm *v, const struct vms *vms, const char *word, char *why,
		      size_t size)
{
	const struct known_vm *vm = vms_find(vms, word, why, size);

	if (!vm)
		return -ENOENT;
	if (vm->info.flags & DBGPORT_VM_GONE || vm->info.pid <= 0) {
		snprintf(why, size, "%s: it has ended, and its memory with it", vm->name);
		return -ESRCH;
	}
	v->pid = vm->info.pid;
	memcpy(v->name, vm->name, sizeof(v->name));
	return 0;
}

/* The same; -ENOENT also without the module. */
static int ask_module(struct vmm *v, const char *word, char *why, size_t size)
{
	struct dbgport_info module;
	int fd = device_open(device_path, &module, why, size);
	struct vms vms;
	int err;

	if (fd < 0)
		return -ENOENT;
	err = vms_load(&vms, fd, module.load_id);
	close(fd);
	if (err) {
		snprintf(why, size, "%s: %s", device_path, strerror(-err));
		return -ENOENT;
	}
	err = find_known(v, &vms, word, why, size);
	vms_free(&vms);
	return err;
}

int vmm_find(struct vmm *v, const char *word)
{
	bool is_process = !strncmp(word, "pid:", 4);
	char why[512];
	int err = ask_module(v, word, why, sizeof(why));

	if (!err || ((err == -ENOENT || is_process) && !find_process(v, word)))
		return 0;
	fail("%s", why);
	return -1;
}
