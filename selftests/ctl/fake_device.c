// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into dbgportctl: a device of a module that is not there.
 *
 * $FAKE_DEVICE is a file that says what there is, a line each:
 *
 *	vm ID NAME STATE SECONDS		claimed, tee or ended; how long ago it began
 *	line VM PORT VCPU MS TEXT		so long ago: each byte of it, and a line end
 *	text VM PORT VCPU MS TEXT		the same without the line end
 *	code VM VCPU MS CODE			to port 0x80
 *	read VM PORT MS_COUNT			so many reads of the port were answered
 *	lost VM COUNT				the first writes were overwritten
 *	gone VM					it ends
 *	pid VM PID				its process; else 1000 more than its ID
 *	restored VM MS MS			its VMM began, and it was made, so long before
 *
 * What comes while a reader reads is put into $FAKE_DEVICE.more by a rename, and the
 * reader is woken up by a byte written to its device, a FIFO.
 *
 * All that a VM says stands in the order of time.  One reader at a time; who would
 * claim, or write anything, is told EPERM, so that a command which takes something
 * away from others fails.  How many records were read is in $FAKE_DEVICE.read then.
 */
#include <dbgport.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAX_VMS		16
#define MAX_WRITES	65536
#define NS_PER_MS	1000000ULL

/**
 * struct fake - one VM
 * @info: what is said of it
 * @rec: all that it wrote
 * @seq: the reader's cursor
 * @begun, @ended: the reader was told that it came, and went
 */
struct fake {
	struct dbgport_vm_info info;
	struct dbgport_record *rec;
	__u64 seq;
	bool begun, ended;
};

static struct fake fake[MAX_VMS];
static size_t fakes;
static int device = -1;
static size_t given;

/* The host has been up for long: what came hours ago has a time. */
#define UPTIME_S	1000000

int clock_gettime(clockid_t id, struct timespec *t)
{
	int err = syscall(SYS_clock_gettime, id, t);

	if (!err && id == CLOCK_MONOTONIC)
		t->tv_sec += UPTIME_S;
	return err;
}

/* When all that was said was so. */
static __u64 now_ns;

static struct fake *find(__u32 id)
{
	for (size_t i = 0; i < fakes; i++) {
		if (fake[i].info.vm == id)
			return &fake[i];
	}
	return NULL;
}

static struct fake *need(__u32 id)
{
	struct fake *vm = find(id);

	if (!vm) {
		fprintf(stderr, "fake_device: there is no VM %u\n", id);
		exit(99);
	}
	return vm;
}

static struct dbgport_port_info *port_of(struct fake *vm, __u16 port)
{
	for (__u32 i = 0; i < vm->info.nports; i++) {
		if (vm->info.ports[i].port == port)
			return &vm->info.ports[i];
	}
	return NULL;
}

static void add_vm(__u32 id, const char *name, const char *state, __u64 seconds)
{
	static const __u16 ports[] = { 0x80, 0xe9, 0x402 };
	struct fake *vm = &fake[fakes++];

	vm->info = (struct dbgport_vm_info){
		.vm = id,
		.pid = 1000 + id,
		.zero_ns = now_ns - seconds * 1000 * NS_PER_MS,
		.comm = "qemu-system-x86",
		.claim = DBGPORT_CLAIM_HOST,
		.nports = 3,
	};
	for (int i = 0; i < 3; i++)
		vm->info.ports[i].port = ports[i];
	snprintf(vm->info.name, sizeof(vm->info.name), "%s", name);
	if (!strcmp(state, "claimed"))
		vm->info.flags |= DBGPORT_VM_CLAIMED;
	if (!strcmp(state, "ended")) {
		vm->info.flags |= DBGPORT_VM_GONE;
		vm->info.gone_ns = now_ns;
	}
	vm->rec = calloc(MAX_WRITES, sizeof(*vm->rec));
}

static void add_write(struct fake *vm, __u16 port, __u16 vcpu, __u64 ms, __u8 value)
{
	struct dbgport_port_info *p = port_of(vm, port);

	vm->rec[vm->info.written] = (struct dbgport_record){
		.seq = vm->info.written,
		.time_ns = now_ns - ms * NS_PER_MS,
		.vm = vm->info.vm,
		.port = port,
		.type = DBGPORT_WRITE,
		.width = 1,
		.value = value,
		.vcpu = vcpu,
	};
	vm->info.written++;
	if (p) {
		p->writes++;
		p->bytes++;
	}
}

static void take(const char *line)
{
	unsigned int id, port, vcpu, value;
	unsigned long long ms, count;
	char name[256], state[16];
	int at = 0;

	if (sscanf(line, "vm %u %255s %15s %llu", &id, name, state, &ms) == 4) {
		add_vm(id, name, state, ms);
	} else if (sscanf(line, "code %u %u %llu %x", &id, &vcpu, &ms, &value) == 4) {
		add_write(need(id), 0x80, vcpu, ms, value);
	} else if (sscanf(line, "read %u %x %llu", &id, &port, &count) == 3) {
		port_of(need(id), port)->reads = count;
	} else if (sscanf(line, "lost %u %llu", &id, &count) == 2) {
		need(id)->info.oldest = count;
	} else if (sscanf(line, "pid %u %u", &id, &value) == 2) {
		need(id)->info.pid = value;
	} else if (sscanf(line, "restored %u %llu %llu", &id, &ms, &count) == 3) {
		need(id)->info.flags |= DBGPORT_VM_RESTORED;
		need(id)->info.started_ns = need(id)->info.zero_ns - ms * NS_PER_MS;
		need(id)->info.created_ns = need(id)->info.zero_ns - count * NS_PER_MS;
	} else if (sscanf(line, "gone %u", &id) == 1) {
		need(id)->info.flags |= DBGPORT_VM_GONE;
		need(id)->info.gone_ns = now_ns;
	} else if (sscanf(line, "%*s %u %x %u %llu %n", &id, &port, &vcpu, &ms, &at) == 4 && at) {
		for (const char *c = line + at; *c; c++)
			add_write(need(id), port, vcpu, ms, *c);
		if (*line == 'l')
			add_write(need(id), port, vcpu, ms, '\n');
	} else {
		fprintf(stderr, "fake_device: '%s' says nothing\n", line);
		exit(99);
	}
}

static void take_all(FILE *from)
{
	struct timespec t;
	char line[4096];

	clock_gettime(CLOCK_MONOTONIC, &t);
	now_ns = t.tv_sec * 1000000000ULL + t.tv_nsec;
	while (from && fgets(line, sizeof(line), from)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			take(line);
	}
	if (from)
		fclose(from);
}

static void load(void)
{
	for (size_t i = 0; i < fakes; i++)
		free(fake[i].rec);
	memset(fake, 0, sizeof(fake));
	fakes = 0;
	take_all(fopen(getenv("FAKE_DEVICE"), "r"));
	for (size_t i = 0; i < fakes; i++)
		fake[i].seq = 0;
}

/* What has come since. */
static void load_more(int fd)
{
	char path[4096], byte;
	FILE *from;

	snprintf(path, sizeof(path), "%s.more", getenv("FAKE_DEVICE"));
	from = fopen(path, "r");
	if (!from)
		return;
	unlink(path);
	take_all(from);
	if (read(fd, &byte, 1) != 1)
		exit(99);
}

__attribute__((destructor)) static void say_given(void)
{
	char path[4096];
	FILE *to;

	if (device < 0)
		return;
	snprintf(path, sizeof(path), "%s.read", getenv("FAKE_DEVICE"));
	to = fopen(path, "w");
	if (to)
		fprintf(to, "%zu\n", given);
	if (to)
		fclose(to);
}

static int fail(int err)
{
	errno = err;
	return -1;
}

static int get_info(int fd, struct dbgport_info *info)
{
	load();
	device = fd;
	*info = (struct dbgport_info){
		.abi = DBGPORT_ABI,
		.record_size = sizeof(struct dbgport_record),
		.features = DBGPORT_F_ALL,
		.load_id = 0xfa4e,
		.ring = 16384,
		.vms = fakes,
	};
	return 0;
}

static int subscribe(const struct dbgport_subscribe *sub)
{
	if (sub->flags & DBGPORT_SUB_CLAIM)
		return fail(EPERM);
	for (size_t i = 0; i < fakes && sub->flags & DBGPORT_SUB_NEWEST; i++)
		fake[i].seq = fake[i].info.written;
	return 0;
}

static int seek(const struct dbgport_seek *where)
{
	struct fake *vm = find(where->vm);

	if (!vm)
		return fail(ENOENT);
	if (where->seq > vm->info.written)
		return fail(EINVAL);
	vm->seq = where->seq;
	vm->ended = false;
	return 0;
}

static int next_vm(struct dbgport_next_vm *next)
{
	__u32 best = 0;

	for (size_t i = 0; i < fakes; i++) {
		__u32 id = fake[i].info.vm;

		if (id > next->vm && (!best || id < best))
			best = id;
	}
	next->vm = best;
	return best ? 0 : fail(ENOENT);
}

static int vm_info(struct dbgport_vm_info *info)
{
	const struct fake *vm = find(info->vm);

	if (!vm)
		return fail(ENOENT);
	*info = vm->info;
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int fd, unsigned long request, void *arg) = dlsym(RTLD_NEXT, "ioctl");
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch (request) {
	case DBGPORT_GET_INFO:
		return get_info(fd, arg);
	case DBGPORT_SUBSCRIBE:
		return subscribe(arg);
	case DBGPORT_SEEK:
		return seek(arg);
	case DBGPORT_NEXT_VM:
		return next_vm(arg);
	case DBGPORT_VM_INFO:
		return vm_info(arg);
	}
	return _IOC_TYPE(request) == DBGPORT_IOC ? fail(EPERM) : real(fd, request, arg);
}

/* The next record of @vm for the reader; false: there is none. */
static bool next_record(struct fake *vm, struct dbgport_record *rec)
{
	bool gone = vm->info.flags & DBGPORT_VM_GONE;

	*rec = (struct dbgport_record){ .seq = vm->seq, .vm = vm->info.vm };
	if (!vm->begun) {
		vm->begun = true;
		rec->type = DBGPORT_ATTACHED;
		rec->time_ns = vm->info.zero_ns;
	} else if (vm->seq < vm->info.oldest) {
		rec->type = DBGPORT_LOST;
		rec->count = vm->info.oldest - vm->seq;
		vm->seq = vm->info.oldest;
	} else if (vm->seq < vm->info.written) {
		*rec = vm->rec[vm->seq++];
	} else if (gone && !vm->ended) {
		vm->ended = true;
		rec->type = DBGPORT_GONE;
		rec->time_ns = vm->info.gone_ns;
	} else {
		return false;
	}
	return true;
}

ssize_t preadv2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	ssize_t (*real)(int fd, const struct iovec *iov, int count, off_t offset, int flags);
	size_t room = iov->iov_len / sizeof(struct dbgport_record), n = 0;
	struct dbgport_record *to = iov->iov_base;

	if (fd != device) {
		real = dlsym(RTLD_NEXT, "preadv2");
		return real(fd, iov, count, offset, flags);
	}
	load_more(fd);
	for (size_t i = 0; i < fakes; i++) {
		while (n < room && next_record(&fake[i], &to[n]))
			n++;
	}
	given += n;
	return n ? (ssize_t)(n * sizeof(struct dbgport_record)) : fail(EAGAIN);
}

ssize_t preadv64v2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	return preadv2(fd, iov, count, offset, flags);
}
