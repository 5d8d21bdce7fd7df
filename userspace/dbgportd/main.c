// SPDX-License-Identifier: GPL-2.0
/* dbgportd: routes what guests write to their debug ports to consoles. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "dbgportd/log.h"
#include "dbgportd/loop.h"
#include "dbgportd/options.h"
#include "dbgportd/rundir.h"
#include "dbgportd/source.h"
#include "dbgportd/std.h"
#include "lib/device.h"

/* How long sinks may take to write what they hold, at the end. */
#define FLUSH_MS	2000

static void signal_done(struct event *ev, int res);
static void deadline_done(struct event *ev, int res);

static struct event signals = { .done = signal_done };
static struct event deadline = { .done = deadline_done };
static int signal_fd = -1;
static bool terminate;
static bool late;

static void signal_done(struct event *ev, int res)
{
	struct signalfd_siginfo info;

	if (res < 0)
		return;
	while (read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			std_check_hangup();
		else
			terminate = true;
	}
	loop_poll(ev, signal_fd, POLLIN);
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
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* In the background, writing to the terminal must not stop us. */
	signal(SIGTTOU, SIG_IGN);
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return signal_fd;
}

/* Descriptors 0 to 2 must be taken, or something else would become them. */
static void fill_std_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
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

	printf("dbgportd %s\nABI %u\nengine %s\n", DBGPORTD_VERSION, DBGPORT_ABI,
	       err ? strerror(-err) : loop_engine());
	return fflush(stdout) || err ? 1 : 0;
}

static int refuse(const char *why)
{
	log_line("%s", why);
	return -1;
}

static int start(const struct options *opt)
{
	const char *run_dir = opt->run_dir ?: options_default_run_dir();
	struct dbgport_info info;
	char why[512];
	int err;

	err = loop_init(opt->engine);
	if (err) {
		log_line("--engine %s: it is refused: %s", opt->engine ?: "poll", strerror(-err));
		return -1;
	}
	if (catch_signals() < 0)
		return refuse("signalfd failed");
	if (source_open(opt->device, &info, why, sizeof(why)))
		return refuse(why);
	if (!run_dir)
		return refuse("XDG_RUNTIME_DIR is not set: say --run-dir DIR");
	if (rundir_open(run_dir, why, sizeof(why)))
		return refuse(why);
	if (router_init(opt->route, why, sizeof(why)) ||
	    router_check_ports(&info, why, sizeof(why))) {
		router_exit();
		rundir_close();
		return refuse(why);
	}
	return 0;
}

static void turn(void)
{
	int err = loop_turn();

	if (err) {
		log_to(NULL);
		log_line("engine %s: %s", loop_engine(), strerror(-err));
		exit(1);
	}
	streams_flush();
}

static void run(void)
{
	loop_poll(&signals, signal_fd, POLLIN);
	source_start();
	streams_flush();
	while (!terminate && router_has_sink())
		turn();
}

static void stop(void)
{
	source_stop();
	while (!source_is_idle())
		turn();
	source_drain();
	sinks_hurry();
	router_exit();
}

static void say_totals(void)
{
	const struct router_totals *t = router_totals();

	log_line("ends; VMs: %llu, writes: %llu, claimed: %llu, lost: %llu, to no sink: %llu",
		 t->vms, t->writes, t->claimed, t->lost, t->unrouted);
	if (streams_dropped())
		log_line("bytes that sinks dropped: %llu", streams_dropped());
	if (late)
		log_line("a sink did not take in time what was left for it");
}

/* Wait until every sink has written what it holds; the log comes last. */
static void flush_sinks(struct sink *log_sink)
{
	loop_timeout(&deadline, FLUSH_MS);
	streams_flush();
	while (sinks_open() > 1 && !late)
		turn();
	say_totals();
	log_to(NULL);
	std_close(log_sink);
	streams_flush();
	while (sinks_open() > 0 && !late)
		turn();
}

int main(int argc, char *argv[])
{
	struct options opt;
	struct sink *log_sink;
	char why[512];
	int status = 0;

	fill_std_fds();
	if (options_parse(&opt, argc, argv, why, sizeof(why)))
		return usage(why);
	if (opt.action == ACTION_HELP) {
		fputs(options_help, stdout);
		return fflush(stdout) ? 1 : 0;
	}
	if (opt.action == ACTION_VERSION)
		return show_version();

	raise_fd_limit();
	if (start(&opt))
		return 1;
	log_sink = std_open(STDERR_FILENO);
	log_to(log_sink);
	log_line("engine %s", loop_engine());
	run();
	if (!terminate) {
		log_line("no sink is left");
		status = 1;
	}
	stop();
	flush_sinks(log_sink);
	rundir_close();
	loop_exit();
	options_free(&opt);
	return status;
}
