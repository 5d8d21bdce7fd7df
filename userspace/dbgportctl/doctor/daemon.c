// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>

#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"
#include "dbgportctl/vm/daemon.h"
#include "dbgportctl/vm/daemon_process.h"
#include "lib/default_dir.h"

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
	else if (!lost && !dropped)
		finding(GOOD, "daemon", NULL, "dbgportd (%d, %s) has lost nothing", d->pid, dir);
	if (lost)
		finding(NOTE, "daemon", "load the module with a larger ring=; see dbgport.rst",
			"dbgportd (%d, %s) lost %llu writes", d->pid, dir, lost);
	/* By what comes behind the ring. */
	if (dropped)
		finding(NOTE, "daemon",
			"see .sinks in status.json there; a larger queue= holds more",
			"dbgportd (%d, %s) dropped %llu bytes for outputs that are too slow",
			d->pid, dir, dropped);
}

/* One in a container, whose run directory is not ours. */
static bool find_contained(const struct dbgport_info *module)
{
	char dir[64], why[512];
	struct daemon d;
	pid_t pid = 0, last = 0;

	while ((pid = daemon_process_next(pid))) {
		last = pid;
		snprintf(dir, sizeof(dir), "/proc/%d/root" ROOT_RUN_DIR, pid);
		if (!daemon_read(&d, dir, why, sizeof(why))) {
			check_daemon_of(dir, &d, module);
			return true;
		}
	}
	if (last)
		finding(NOTE, "daemon", "dbgportctl doctor --run-dir PATH, as it was given",
			"dbgportd (process %d) has its run directory elsewhere", last);
	return last;
}

void doctor_daemon(const struct dbgport_info *module, const char *run_dir)
{
	const char *own = run_dir ?: default_run_dir() ?: ROOT_RUN_DIR;
	char why[512];
	struct daemon d;
	int err = daemon_read(&d, own, why, sizeof(why));

	if (!err) {
		check_daemon_of(own, &d, module);
		return;
	}
	if (!run_dir && !daemon_read(&d, ROOT_RUN_DIR, why, sizeof(why))) {
		check_daemon_of(ROOT_RUN_DIR, &d, module);
		return;
	}
	if (!run_dir && find_contained(module))
		return;
	/* Where none was started, dbgportctl does without. */
	finding(err == -ENOENT ? NOTE : WRONG, "daemon",
		"systemctl start dbgportd, or run dbgportd",
		"no dbgportd shows what guests write (%s)", why);
}
