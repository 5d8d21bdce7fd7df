// SPDX-License-Identifier: GPL-2.0
/* Boots that come, each sent when it is over. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/otlp/batch.h"
#include "dbgportctl/otlp/live.h"
#include "dbgportctl/otlp/otlp.h"
#include "dbgportctl/otlp/outbox.h"
#include "dbgportctl/vm/reader.h"
#include "lib/clock.h"

/* The module may come back. */
#define REOPEN_NS	NSEC_PER_SEC

/* At the end, what waits gets so long to be sent. */
#define LAST_NS		(2 * NSEC_PER_SEC)

/**
 * struct following - what is under way
 * @wish: what is read
 * @reader: of the device; closed while the module is not there
 * @live: when boots begin and end
 * @outbox: those that are over
 * @pattern: only VMs, or boots, whose name matches; NULL: all
 * @sends: boots that are over are sent
 * @signals: can be read when it is to end
 * @now_ns: time of this turn, CLOCK_MONOTONIC
 * @next_ns: how long there is nothing to do; 0: until something comes
 */
struct following {
	struct reader_wish wish;
	struct reader reader;
	struct live_rules live;
	struct outbox outbox;
	const char *pattern;
	bool sends;
	int signals;
	__u64 now_ns;
	__u64 next_ns;
};

static void over(void *arg, const struct boot *boot)
{
	struct following *f = arg;

	if (f->sends && boot_matches(boot, f->pattern) && batch_can_take(boot))
		outbox_add(&f->outbox, boot);
}

static void take(void *arg, struct known_vm *vm, const struct dbgport_record *rec)
{
	struct following *f = arg;
	__u64 count = rec->seq;

	if (vm)
		live_put(&f->live, vm, rec);
	else if (f->sends)
		fail("%llu VMs came and went before they were read", count);
}

static void sooner(struct following *f, __u64 ns)
{
	if (ns && (!f->next_ns || ns < f->next_ns))
		f->next_ns = ns;
}

static void look_at_all(struct following *f)
{
	for (size_t i = 0; i < f->reader.vms.count; i++)
		sooner(f, live_look(&f->live, &f->reader.vms.vm[i], f->now_ns));
}

static void forget_all(struct following *f)
{
	for (size_t i = 0; i < f->reader.vms.count; i++)
		live_forget(&f->reader.vms.vm[i]);
	reader_close(&f->reader);
}

/* Boots that are over already are sent only if @f->sends. */
static int open_device(struct following *f, char *why, size_t size)
{
	int err;

	if (reader_open(&f->reader, &f->wish, why, size))
		return -1;
	err = reader_read_kept(&f->reader, take, f);
	f->now_ns = clock_ns(CLOCK_MONOTONIC);
	look_at_all(f);
	f->sends = true;
	if (!err)
		return 0;
	snprintf(why, size, "%s: %s", device_path, strerror(-err));
	forget_all(f);
	return -1;
}

/* Whether there may be more to be read at once. */
static bool read_some(struct following *f)
{
	char why[512];
	int n;

	if (f->reader.fd < 0 && open_device(f, why, sizeof(why))) {
		sooner(f, REOPEN_NS);
		return false;
	}
	n = reader_read(&f->reader, take, f);
	if (n >= 0)
		return n;
	fail("%s: %s; waiting for it", device_path,
	     n == -ENODEV ? "the module was unplugged" : strerror(-n));
	forget_all(f);
	sooner(f, REOPEN_NS);
	return false;
}

static bool is_over(const struct following *f)
{
	struct signalfd_siginfo info;

	return read(f->signals, &info, sizeof(info)) == sizeof(info);
}

static void wait_for(struct following *f, bool device)
{
	const int fd[HTTP_FDS] = { device ? f->reader.fd : -1, device ? f->signals : -1 };
	__u64 ms = (f->next_ns + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;

	http_wait(&f->outbox.http, fd, HTTP_FDS, f->next_ns && ms < INT_MAX ? (int)ms : INT_MAX);
}

static void run(struct following *f)
{
	while (!is_over(f)) {
		f->now_ns = clock_ns(CLOCK_MONOTONIC);
		f->next_ns = 0;
		if (read_some(f))
			f->next_ns = 1;
		look_at_all(f);
		sooner(f, outbox_turn(&f->outbox, f->now_ns));
		wait_for(f, true);
	}
}

/* What waits is sent, if that goes at once. */
static void send_last(struct following *f)
{
	__u64 end_ns = clock_ns(CLOCK_MONOTONIC) + LAST_NS;

	for (;;) {
		f->now_ns = clock_ns(CLOCK_MONOTONIC);
		f->next_ns = outbox_turn(&f->outbox, f->now_ns);
		if (!f->outbox.first || f->now_ns >= end_ns)
			break;
		sooner(f, end_ns - f->now_ns);
		wait_for(f, false);
	}
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int follow_with(const struct otlp_follow *follow, const struct boot_rules *rules,
		       const struct endpoint *endpoint)
{
	struct following f = {
		.wish = { .names = follow->names, .by_name = *follow->names },
		.reader = { .fd = -1 },
		.live = {
			.begins = follow->load->begins,
			.rules = rules,
			.quiet_ns = follow->quiet_ns,
			.over = over,
			.arg = &f,
		},
		.pattern = follow->load->pattern,
		.sends = follow->kept,
	};
	int status = STATUS_OK;
	char why[512];

	outbox_begin(&f.outbox, endpoint);
	if (open_device(&f, why, sizeof(why))) {
		status = fail("%s", why);
	} else {
		f.signals = open_signals();
		run(&f);
		send_last(&f);
		if (f.outbox.first)
			status = STATUS_FAILED;
		close(f.signals);
	}
	if (f.reader.fd >= 0)
		forget_all(&f);
	outbox_end(&f.outbox);
	return status;
}

int otlp_follow(const struct otlp_follow *follow, const char *url)
{
	const struct load *load = follow->load;
	struct boot_rules rules = { 0 };
	struct endpoint endpoint;
	int status;
	char why[256];

	if (endpoint_parse(&endpoint, url, why, sizeof(why)))
		status = fail_usage("%s", why);
	else
		status = boot_rules_load(&rules, load->table, load->until) ?:
			 follow_with(follow, &rules, &endpoint);
	boot_rules_free(&rules);
	endpoint_free(&endpoint);
	return status;
}
