// SPDX-License-Identifier: GPL-2.0
/* dbgportd: routes what guests write to their debug ports to consoles. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "dbgportd/config/command_line.h"
#include "dbgportd/config/help.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/reload.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/router.h"
#include "dbgportd/service/log.h"
#include "dbgportd/service/metrics.h"
#include "dbgportd/service/notify.h"
#include "dbgportd/service/rundir.h"
#include "dbgportd/service/status.h"
#include "dbgportd/sink/sink.h"
#include "dbgportd/sink/std.h"
#include "dbgportd/sink/writer.h"
#include "dbgportd/source/source.h"
#include "lib/asker.h"
#include "lib/default_dir.h"
#include "lib/device.h"
#include "lib/log.h"
#include "lib/std_fds.h"
#include "words/begins.h"

/* Exit status: there is no module that could be read; trying again does not help. */
#define STATUS_NO_MODULE	3

/* How long sinks may take to write what they hold, at the end. */
#define FLUSH_MS	2000

static void signal_done(struct event *ev, int res);
static void deadline_done(struct event *ev, int res);

static struct event signals = { .done = signal_done };
static struct event deadline = { .done = deadline_done };
static struct options opt;
static int signal_fd = -1;
static bool terminate;
static bool late;

/* For reading the options again. */
static int arg_count;
static char **args;

static void write_status(void)
{
	status_write();
	metrics_write();
}

static void signal_done(struct event *ev, int res)
{
	struct signalfd_siginfo info;

	(void)ev;
	if (res < 0)
		return;
	while (read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			reload(&opt, arg_count, args);
		else if (info.ssi_signo == SIGUSR1)
			write_status();
		else
			terminate = true;
	}
}

static void deadline_done(struct event *ev, int res)
{
	(void)ev;
	(void)res;
	late = true;
}

static int catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* In the background, writing to the terminal must not stop us. */
	signal(SIGTTOU, SIG_IGN);
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return signal_fd;
}

/* A pty or file for each VM takes descriptors. */
static void raise_fd_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
}

static int usage(const char *why)
{
	fprintf(stderr, "dbgportd: %s\nTry 'dbgportd --help'.\n", why);
	return 2;
}

static int show_version(void)
{
	int err = loop_init(NULL);
	struct dbgport_info info;
	char why[512];
	int fd = device_open(opt.daemon.device ?: DEVICE_PATH, &info, why, sizeof(why));

	printf("dbgportd %s\nABI %u, records of %zu bytes\nengine %s\n", DBGPORTD_VERSION,
	       DBGPORT_ABI, sizeof(struct dbgport_record), err ? strerror(-err) : loop_engine());
	printf("journal: by its own protocol, needs no library\n");
	if (fd < 0)
		printf("module: %s\n", why);
	else
		printf("module: ABI %u, records of %u bytes; %s\n", info.abi, info.record_size,
		       device_features(&info));
	return fflush(stdout) || err ? 1 : 0;
}

static int show_routes(void)
{
	for (const struct route *r = opt.routes; r; r = r->next)
		printf("%s\n", r->text);
	return fflush(stdout) ? 1 : 0;
}

static int refuse(const char *why)
{
	log_error("%s", why);
	return 1;
}

static int refuse_device(int err, const char *why)
{
	refuse(why);
	return err == -ENOENT || err == -ENOTTY || err == -EPROTO ? STATUS_NO_MODULE : 1;
}

static void open_positions(const char *run_dir)
{
	char why[1024];

	if (positions_open(run_dir, source_info()->load_id, source_has_vm, why, sizeof(why)))
		log_warning("%s; a restart begins anew", why);
}

static int open_routes(char *why, size_t size)
{
	static struct begins_rule begins;
	int err = router_init(opt.routes, why, size);

	opt.routes = NULL;
	if (opt.daemon.boot_begins &&
	    !begins_rule_parse(&begins, opt.daemon.boot_begins, why, size))
		router_set_begins(&begins);
	router_set_names(opt.names);
	opt.names = NULL;
	return err ? err : router_check_ports(NULL, source_info(), why, size);
}

/* Return: 0, or the exit status. */
static int start(void)
{
	const char *run_dir = opt.daemon.run_dir ?: default_run_dir();
	char why[1024];
	int err;

	err = loop_init(opt.daemon.engine);
	if (err) {
		log_error("--engine %s: it is refused: %s", opt.daemon.engine ?: "poll",
			  strerror(-err));
		return 1;
	}
	if (catch_signals() < 0)
		return refuse("signalfd failed");
	source_set_limits(opt.once, opt.duration_ms, opt.until_vm_exit);
	err = source_open(opt.daemon.device, why, sizeof(why));
	if (err)
		return refuse_device(err, why);
	if (!run_dir)
		return refuse("no XDG_RUNTIME_DIR, no /run/user/UID: say --run-dir DIR");
	if (rundir_open(run_dir, why, sizeof(why)))
		return refuse(why);
	open_positions(run_dir);
	if (open_routes(why, sizeof(why))) {
		router_exit();
		positions_close();
		rundir_close();
		return refuse(why);
	}
	status_start(run_dir);
	metrics_start(opt.daemon.metrics, daemon_metrics_vms(&opt.daemon));
	return 0;
}

static void turn(void)
{
	int err = loop_turn();

	if (err) {
		log_to_sink(NULL);
		log_error("engine %s: %s", loop_engine(), strerror(-err));
		exit(1);
	}
	streams_flush();
	positions_keep();
	status_follow();
	source_go_on();
}

static void run(void)
{
	loop_watch(&signals, signal_fd, POLLIN);
	source_start();
	streams_flush();
	source_go_on();
	notify_start();
	while (!terminate && !source_is_over() && router_has_sink())
		turn();
}

static void stop(void)
{
	notify_stopping();
	status_stop();
	metrics_stop();
	source_stop();
	while (!source_is_idle())
		turn();
	source_drain();
	sinks_hurry();
	router_exit();
}

static void log_totals(void)
{
	const struct router_totals *t = router_totals();

	log_line("ends; VMs: %llu, writes: %llu, claimed: %llu, lost: %llu, to no sink: %llu",
		 t->vms, t->writes, t->claimed, t->lost, t->unrouted);
	if (streams_dropped())
		log_line("bytes that sinks dropped: %llu", streams_dropped());
	if (late)
		log_warning("a sink did not take in time what was left for it");
}

static bool is_done_flushing(int sinks_left)
{
	/* --once into a slow pipe takes its time; a signal still ends it. */
	return sinks_open() <= sinks_left || late || (opt.once && terminate);
}

/* Wait until every sink has written what it holds; the log comes last. */
static void flush_sinks(struct sink *log_sink)
{
	if (!opt.once || terminate)
		loop_timeout(&deadline, FLUSH_MS);
	streams_flush();
	while (!is_done_flushing(log_sink ? 1 : 0))
		turn();
	log_totals();
	log_to_sink(NULL);
	if (log_sink)
		std_close(log_sink);
	streams_flush();
	while (!is_done_flushing(0))
		turn();
}

int main(int argc, char *argv[])
{
	struct sink *log_sink;
	char why[1024];
	int status = 0;

	std_fds_fill();
	arg_count = argc;
	args = argv;
	if (command_line_parse(&opt, argc, argv, why, sizeof(why))) {
		if (opt.action != ACTION_CHECK_CONFIG || !opt.config.mistakes)
			return usage(why);
		fputs(opt.config.mistakes, stderr);
		return 2;
	}
	if (opt.action == ACTION_HELP) {
		help_print(stdout);
		return fflush(stdout) ? 1 : 0;
	}
	if (opt.action == ACTION_VERSION)
		return show_version();
	if (opt.action == ACTION_CHECK_CONFIG)
		return show_routes();

	log_set_level(opt.daemon.log_level);
	raise_fd_limit();
	status = asker_start(opt.daemon.device);
	if (status) {
		log_error("cannot start a process that asks for names: %s", strerror(-status));
		return 1;
	}
	status = start();
	if (status)
		return status;
	log_sink = std_open(STDERR_FILENO);
	log_to_sink(log_sink);
	log_line("engine %s", loop_engine());
	run();
	if (!terminate && !source_is_over()) {
		log_error("no sink is left");
		status = 1;
	}
	if (source_has_failed())
		status = 1;
	stop();
	flush_sinks(log_sink);
	writers_end();
	positions_close();
	rundir_close();
	loop_exit();
	options_free(&opt);
	asker_stop();
	return status;
}
