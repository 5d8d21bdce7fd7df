// SPDX-License-Identifier: GPL-2.0
/* doctor: whether this host can show what its guests write, from KVM to the console. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/doctor/finding.h"
#include "dbgportctl/vm/daemon.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/vms.h"
#include "lib/default_dir.h"

static bool as_json;
static const char *run_dir;

static const struct option options[] = {
	{ "--run-dir", .takes = "PATH", .value = &run_dir,
	  .help = "dbgportd's run directory [its default, then " ROOT_RUN_DIR "]" },
	{ "--json", .flag = &as_json, .help = "print an array of objects" },
	{ 0 }
};

static void check_backend(const struct dbgport_info *module)
{
	char told[32];
	bool asked;

	if (!(module->features & DBGPORT_F_EVENTFD)) {
		finding(GOOD, "backend", NULL, "iodev");
		return;
	}
	asked = read_line(told, sizeof(told), "/sys/module/dbgport/parameters/backend") &&
		!strcmp(told, "ioeventfd");
	finding(NOTE, "backend", asked ? "load the module without backend=ioeventfd" :
		"see dmesg; iodev needs CONFIG_KPROBES",
		"ioeventfd: single bytes only, and slower");
}

static void check_claim(const struct dbgport_info *module)
{
	if (module->claim == DBGPORT_CLAIM_NEVER)
		finding(NOTE, "claim", "dbgportctl claim --host listening",
			"never: no exits to VMMs are saved");
	else
		finding(GOOD, "claim", NULL, "%s", describe_claim(module->claim));
}

static bool has_taken_port(const struct dbgport_vm_info *info, __u16 *port)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		*port = info->ports[i].port;
		if (info->ports[i].flags & DBGPORT_PORT_TAKEN)
			return true;
	}
	return false;
}

static void check_vms(int fd, const struct dbgport_info *module)
{
	size_t living = 0;
	struct vms vms;
	__u16 port;

	if (vms_load(&vms, fd, module->load_id))
		return;
	for (size_t i = 0; i < vms.count; i++) {
		const struct dbgport_vm_info *info = &vms.vm[i].info;

		living += !(info->flags & DBGPORT_VM_GONE);
		if (has_taken_port(info, &port))
			finding(NOTE, "VM", "the VMM's own ioeventfd on that port must go",
				"%s: port 0x%x is not seen here: something else of KVM's has it",
				vms.vm[i].name, port);
	}
	if (living < module->vms)
		finding(NOTE, "VMs", "run it as root to see all",
			"%zu are yours to see, of %u", living, module->vms);
	else
		finding(GOOD, "VMs", NULL, "%zu", living);
	vms_free(&vms);
}

static void check_daemon_of(const char *dir, const struct daemon *d,
			    const struct dbgport_info *module)
{
	unsigned long long lost = d->lost, dropped = d->dropped;

	if (module->load_id && d->load_id != module->load_id)
		finding(WRONG, "daemon", "systemctl restart dbgportd, or start it again",
			"dbgportd (%d, %s) reads another module than this one", d->pid, dir);
	else if (d->dead)
		finding(WRONG, "daemon", "see .sinks in status.json there",
			"dbgportd (%d, %s) has %u outputs that it cannot write to", d->pid, dir,
			d->dead);
	else if (lost || dropped)
		finding(NOTE, "daemon", "load the module with a larger ring=; see dbgport.rst",
			"dbgportd (%d, %s) lost %llu writes, and dropped %llu bytes", d->pid, dir,
			lost, dropped);
	else
		finding(GOOD, "daemon", NULL, "dbgportd (%d, %s) has lost nothing", d->pid, dir);
}

static void check_daemon(const struct dbgport_info *module)
{
	const char *own = run_dir ?: default_run_dir() ?: ROOT_RUN_DIR;
	char why[512];
	struct daemon d;

	if (!daemon_read(&d, own, why, sizeof(why)))
		check_daemon_of(own, &d, module);
	else if (!run_dir && !daemon_read(&d, ROOT_RUN_DIR, why, sizeof(why)))
		check_daemon_of(ROOT_RUN_DIR, &d, module);
	else
		finding(WRONG, "daemon", "systemctl start dbgportd, or run dbgportd",
			"no dbgportd shows what guests write (%s)", why);
}

static int doctor_run(int argc, char *argv[])
{
	struct dbgport_info module = { 0 };
	int status, fd = -1;

	(void)argc;
	(void)argv;
	findings_begin(as_json);
	doctor_host();
	if (doctor_module())
		fd = doctor_node(&module);
	if (fd >= 0) {
		check_backend(&module);
		check_claim(&module);
		check_vms(fd, &module);
		close(fd);
	}
	check_daemon(&module);
	status = findings_end() ? STATUS_FAILED : STATUS_OK;
	return output_flush() ?: status;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.help = "Check this host from KVM to the console, and say what mends it",
	.text = "It changes nothing. Exit status: 1 if something is wrong.\n",
	.options = { options },
	.run = doctor_run,
};
