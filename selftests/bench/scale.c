// SPDX-License-Identifier: GPL-2.0
/*
 * Question e: what many VMs, or vCPUs, cost; see "run".  Every VM is claimed, by a
 * reader that lets the rings overflow.
 *
 * Where instructions are counted a nanosecond is one, and a wait lasts as long as
 * it would on a CPU of 1 GHz that makes one each cycle.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "figures.h"
#include "guest.h"
#include "module.h"
#include "reader.h"

#define ATTACHED_MAX	256
#define WRITING_MAX	64
/* Writes of one vCPU; the difference is what is counted. */
#define FEW		500
#define MANY		10500

#define SAMPLES		64

static struct guest *guests[ATTACHED_MAX];

static void __attribute__((format(printf, 3, 4)))
say(double figure, const char *unit, const char *what, ...)
{
	va_list args;

	printf("e\t");
	va_start(args, what);
	vprintf(what, args);
	va_end(args);
	printf("\t%.1f\t%s\n", figure, unit);
	fflush(stdout);
}

static void make(unsigned int from, unsigned int to, unsigned int vcpus,
		 const struct code *code)
{
	for (unsigned int i = from; i < to; i++)
		guests[i] = guest_new(vcpus, code);
}

static void end(unsigned int from, unsigned int to)
{
	for (unsigned int i = from; i < to; i++)
		guest_free(guests[i]);
}

/* How long @n new VMs need for @count writes of each of their vCPUs. */
static unsigned long long run_ns(unsigned int n, unsigned int vcpus, uint32_t count)
{
	unsigned long long start, end_ns;
	struct code code = { 0 };

	code_repeat_out8(&code, DBGPORT_CONSOLE_PORT, count);
	code_hlt(&code);
	make(0, n, vcpus, &code);
	start = now_ns();
	for (unsigned int i = 0; i < n; i++)
		guest_start(guests[i]);
	for (unsigned int i = 0; i < n; i++)
		guest_wait(guests[i]);
	end_ns = now_ns();
	end(0, n);
	return end_ns - start;
}

static double write_ns(unsigned int n, unsigned int vcpus)
{
	unsigned long long few = run_ns(n, vcpus, FEW);

	return ((double)run_ns(n, vcpus, MANY) - few) / (MANY - FEW) / n / vcpus;
}

static void show_attached(void)
{
	struct code code = { 0 };

	code_hlt(&code);
	for (unsigned int n = 1; n <= ATTACHED_MAX; n *= 4) {
		make(1, n, 1, &code);
		say(write_ns(1, 1), unit_of_time(), "a write, by VMs attached: %u", n);
		end(1, n);
	}
}

static void show_writing(void)
{
	for (unsigned int n = 1; n <= WRITING_MAX; n *= 4)
		say(write_ns(n, 1), unit_of_time(), "a write, by VMs writing: %u", n);
	for (unsigned int n = 1; n <= GUEST_MAX_VCPUS; n *= 2)
		say(write_ns(1, n), unit_of_time(), "a write, by vCPUs of one VM writing: %u", n);
}

/* Bytes in use, of all slab caches. */
static double slab_bytes(void)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	unsigned long used, size;
	double sum = 0;
	char line[512];

	if (!file)
		err(1, "/proc/slabinfo");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %lu %*u %lu", &used, &size) == 2)
			sum += (double)used * size;
	}
	fclose(file);
	return sum;
}

/* What an idle VM takes in the kernel's heap. */
static double idle_bytes(void)
{
	struct code code = { 0 };
	double before, after;

	code_hlt(&code);
	/* So that the caches have what they keep. */
	make(0, ATTACHED_MAX, 1, &code);
	end(0, ATTACHED_MAX);
	sleep(1);
	before = slab_bytes();
	make(0, ATTACHED_MAX, 1, &code);
	after = slab_bytes();
	end(0, ATTACHED_MAX);
	return (after - before) / ATTACHED_MAX;
}

/* Devices that KVM itself puts on a VM's bus: zones of coalesced writes. */
static void add_zones(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct kvm_coalesced_mmio_zone zone = {
			.addr = 0x1000 + i,
			.size = 1,
			.pio = 1,
		};

		if (ioctl(guest_fd(guests[0]), KVM_REGISTER_COALESCED_MMIO, &zone))
			err(1, "KVM_REGISTER_COALESCED_MMIO");
	}
}

/*
 * How long a VM with @zones takes to be made: the median of many, since what else the
 * kernel does meanwhile adds to some.  Where somebody listens, as dbgportd does, he
 * reads what came of each VM, or all of them would be kept.
 */
static double begin_ns(unsigned int zones, int listener)
{
	unsigned long long start, ns[SAMPLES];
	struct stream told = { 0 };
	struct code code = { 0 };

	code_hlt(&code);
	for (int i = 0; i < SAMPLES; i++) {
		start = now_ns();
		make(0, 1, 1, &code);
		add_zones(zones);
		ns[i] = now_ns() - start;
		end(0, 1);
		if (listener >= 0)
			reader_drain(listener, &told);
	}
	stream_free(&told);
	sort_ns(ns, SAMPLES);
	return ns[SAMPLES / 2];
}

static void say_beginning(const char *what, double ns)
{
	say(ns, unit_of_time(), "a VM that begins: %s", what);
}

/* How long an idle VM takes to be let go of, or to be taken in again. */
static void say_detaching(int reader, const char *what)
{
	unsigned long long detach_ns[SAMPLES], attach_ns[SAMPLES];
	struct dbgport_attach attach = { 0 };
	struct code code = { 0 };
	unsigned int vm;

	code_hlt(&code);
	make(0, 1, 1, &code);
	attach.fd = guest_fd(guests[0]);
	for (int i = 0; i < SAMPLES; i++) {
		unsigned long long start;

		vm = reader_my_vm(reader);
		start = now_ns();
		if (reader_detach(reader, vm))
			errx(1, "DBGPORT_DETACH");
		detach_ns[i] = now_ns() - start;
		start = now_ns();
		if (ioctl(reader, DBGPORT_ATTACH, &attach))
			err(1, "DBGPORT_ATTACH");
		attach_ns[i] = now_ns() - start;
	}
	end(0, 1);
	sort_ns(detach_ns, SAMPLES);
	sort_ns(attach_ns, SAMPLES);
	say(detach_ns[SAMPLES / 2], unit_of_time(), "a VM that is detached: %s", what);
	say(attach_ns[SAMPLES / 2], unit_of_time(), "a VM that is attached: %s", what);
}

static void show_ioeventfds(double without)
{
	int listener;

	module_fresh("backend=ioeventfd");
	listener = reader_open(O_NONBLOCK, DBGPORT_SUB_CLAIM);
	say_beginning("dbgport's three ioeventfds", begin_ns(0, listener) - without);
	say_detaching(listener, "three ioeventfds");
	close(listener);
}

int main(void)
{
	double bytes, with, without;
	int listener;

	module_fresh("");
	module_unload();
	bytes = idle_bytes();

	module_fresh("");
	listener = reader_open(O_NONBLOCK, DBGPORT_SUB_CLAIM);
	show_attached();
	show_writing();
	say(bytes, "bytes", "an idle VM in the kernel: without dbgport");
	say(idle_bytes() - bytes, "bytes", "an idle VM in the kernel: more with dbgport");

	/* With it and then without, so that the kernel's heap is in the same state. */
	with = begin_ns(0, listener);
	say_detaching(listener, "three devices");
	close(listener);
	module_unload();
	without = begin_ns(0, -1);
	say_beginning("one device of KVM's own", begin_ns(1, -1) - without);
	say_beginning("three devices of KVM's own", begin_ns(3, -1) - without);
	say_beginning("dbgport's three devices", with - without);
	show_ioeventfds(without);
	return 0;
}
