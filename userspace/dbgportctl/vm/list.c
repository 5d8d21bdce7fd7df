// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cli/table.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/list.h"
#include "dbgportctl/vm/vms.h"
#include "lib/device.h"
#include "lib/duration.h"

static void print_names(const struct vms *vms)
{
	for (size_t i = 0; i < vms->count; i++)
		puts(vms->vm[i].name);
}

static void print_json(const struct vms *vms)
{
	json_open(NULL, '[');
	for (size_t i = 0; i < vms->count; i++) {
		json_open(NULL, '{');
		describe_json(&vms->vm[i]);
		json_close('}');
	}
	json_close(']');
}

static void print_table(const struct vms *vms)
{
	static const char *const head[] = {
		"ID", "NAME", "VMM", "PID", "USER", "AGE", "PORTS", "STATE", "BACKEND", "WRITES",
		"LOST", "SAVED",
	};
	struct table t = {
		.columns = 12,
		.right = { [0] = true, [3] = true, [5] = true, [9] = true, [10] = true,
			   [11] = true },
	};

	for (size_t i = 0; i < t.columns; i++)
		table_add(&t, "%s", head[i]);
	for (size_t i = 0; i < vms->count; i++) {
		const struct dbgport_vm_info *info = &vms->vm[i].info;
		__s64 lost = vms->vm[i].lost;
		char text[DESCRIBE_SIZE], age[DURATION_SIZE];

		table_add(&t, "%u", info->vm);
		table_add(&t, "%s", vms->vm[i].name);
		table_add(&t, "%s", info->comm);
		table_add(&t, info->pid > 0 ? "%d" : "-", info->pid);
		table_add(&t, "%s", describe_user(text, info->uid));
		table_add(&t, "%s", duration_age(age, describe_age(info)));
		table_add(&t, "%s", describe_ports(text, info));
		table_add(&t, "%s", describe_state(info));
		table_add(&t, "%s", describe_backend(info->backend));
		table_add(&t, "%llu", info->written);
		table_add(&t, lost < 0 ? "-" : "%lld", lost);
		table_add(&t, "%llu", describe_saved(info));
	}
	table_print(&t);
}

static int list_once(int fd, const struct dbgport_info *module, enum list_form form)
{
	struct vms vms;
	int err = vms_load(&vms, fd, module->load_id);

	if (err)
		return fail("%s: %s", device_path, strerror(-err));
	if (form == LIST_JSON)
		print_json(&vms);
	else if (form == LIST_NAMES)
		print_names(&vms);
	else
		print_table(&vms);
	vms_free(&vms);
	return output_flush();
}

int list_vms(enum list_form form, bool watch)
{
	struct dbgport_info info;
	char why[512];
	int status;
	int fd = device_open(device_path, &info, why, sizeof(why));

	if (fd < 0)
		return fail("%s", why);
	for (;;) {
		if (watch && isatty(STDOUT_FILENO))
			fputs(CLEAR_SCREEN, stdout);
		status = list_once(fd, &info, form);
		if (status || !watch)
			break;
		sleep(1);
	}
	close(fd);
	return status;
}
