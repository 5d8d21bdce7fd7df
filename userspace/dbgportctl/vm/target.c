// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/vm/target.h"
#include "lib/device.h"

int target_open(struct target *t, const char *name)
{
	struct known_vm *vm;
	struct vms vms;
	char why[512];
	int err;

	t->fd = device_open(device_path, &t->module, why, sizeof(why));
	if (t->fd < 0) {
		fail("%s", why);
		return -1;
	}
	if (!name)
		return 0;
	err = vms_load(&vms, t->fd, t->module.load_id);
	if (err) {
		fail("%s: %s", device_path, strerror(-err));
		return -1;
	}
	vm = vms_find(&vms, name, why, sizeof(why));
	if (vm)
		t->vm = *vm;
	else
		fail("%s", why);
	vms_free(&vms);
	return vm ? 0 : -1;
}

int target_failed(const struct target *t, const char *what, int err)
{
	switch (err) {
	case -ENOENT:
		return fail("%s: %s: it has ended", t->vm.name, what);
	case -EPERM:
		return fail("%s: %s: it is another user's; run as that user, or as root",
			    t->vm.name, what);
	case -ETIMEDOUT:
		return fail("%s: %s: its CPU waits for memory; it will be done when that comes",
			    t->vm.name, what);
	case -EAGAIN:
		return fail("%s: %s: too many requests wait for stuck VMs: end those first",
			    t->vm.name, what);
	default:
		return fail("%s: %s: %s", t->vm.name, what, strerror(-err));
	}
}

bool target_can_set(const struct target *t)
{
	if (t->module.features & DBGPORT_F_SET)
		return true;
	fail("this module is too old for that: install the one that came with this program");
	return false;
}
