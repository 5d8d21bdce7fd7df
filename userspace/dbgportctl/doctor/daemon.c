// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>

#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"
#include "dbgportctl/vm/daemon.h"
#include "dbgportctl/vm/daemon_process.h"
#include "lib/default_dir.h"

/* Return: whether there was something to say of what it writes to. */
static bool check_outputs(const char *dir, const struct daemon *d)
{
	if (d->dead)
		finding(WRONG, "daemon", "see .sinks in status.json there",
			"dbgportd (%d, %s) has %u outputs that it cannot write to", d->pid, dir,
			d->dead);
	if (d->unopened)
		finding(WRONG, "daemon", "see what dbgportd said of them: journalctl -u dbgportd",
			"dbgportd (%d, %s) has %u outputs that it could not open", d->pid, dir,
			d->unopened);
	if (d->stalled)
		finding(NOTE, "daemon", "see .sinks in status.json there",
			"dbgportd (%d, %s) has %u outputs that take nothing now; it tries again",
			d->pid, dir, d->stalled);
	return d->dead || d->unopened || d->stalled;
}

static void check_losses(const char *dir, const struct daemon *d)
{
	if (d->lost)
		finding(NOTE, "daemon",
			"load the module with a larger ring=; see dbgport.rst. A VM whose cgroup has no memory for a ring is named above",
			"dbgportd (%d, %s) lost %llu writes", d->pid, dir,
			(unsigned long long)d->lost);
	/* By what comes behind the ring. */
	if (d->dropped)
		finding(NOTE, "daemon",
			"see .sinks in status.json there; a larger queue= holds more",
			"dbgportd (%d, %s) dropped %llu bytes for outputs that are too slow",
			d->pid, dir, (unsigned long long)d->dropped);
}

static void check_daemon_of(const char *dir, const struct daemon *d,
			    const struct dbgport_info *module)
{
	bool is_well = !check_outputs(dir, d) && !d->lost && !d->dropped;

	check_losses(dir, d);
	if (!module->load_id)
		finding(NOTE, "daemon", NULL,
			"dbgportd (%d, %s) runs; what it misses cannot be said without the device",
			d->pid, dir);
	else if (d->load_id != module->load_id)
		finding(WRONG, "daemon", "systemctl restart dbgportd, or start it again",
			"dbgportd (%d, %s) reads another module than this one", d->pid, dir);
	else if (is_well)
		finding(GOOD, "daemon", NULL, "dbgportd (%d, %s) has lost nothing", d->pid, dir);
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
	int err = daemon_read(&d, own, why, sizeof(why)), roots = err;

	if (!err) {
		check_daemon_of(own, &d, module);
		return;
	}
	if (!run_dir)
		roots = daemon_read(&d, ROOT_RUN_DIR, why, sizeof(why));
	if (!roots) {
		check_daemon_of(ROOT_RUN_DIR, &d, module);
		return;
	}
	if (roots == -EACCES) {
		finding(NOTE, "daemon", "run it as root to see how that fares",
			"there is a dbgportd, whose status is not yours to read (%s)", why);
		return;
	}
	if (!run_dir && find_contained(module))
		return;
	/* Where none was started, dbgportctl does without. */
	finding(err == -ENOENT ? NOTE : WRONG, "daemon",
		"systemctl start dbgportd, or run dbgportd",
		"no dbgportd shows what guests write (%s)", why);
}
