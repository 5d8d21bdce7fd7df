// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel refuses what the module asks it for, one request after the other:
 * each time there is an error, or nothing is amiss; no write gets lost in silence;
 * and what was asked for works as soon as nothing is refused any more.
 *
 * Run by test_faults.sh on a kernel with fault injection, by root.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

/* Where modules' code is: the kernel's mm.rst. */
#define MODULES_START	0xffffffffa0000000
#define MODULES_END	0xffffffffff000000

static const char * const injectors[] = { "failslab", "fail_page_alloc", "fail_usercopy" };

static void set(const char *injector, const char *name, unsigned long value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", injector, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || dprintf(fd, "%lu", value) < 0)
		err(1, "%s", path);
	close(fd);
}

static long get(const char *injector, const char *name)
{
	char path[128];
	long value;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", injector, name);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%ld", &value) != 1)
		err(1, "%s", path);
	fclose(file);
	return value;
}

/**
 * struct symbol - a line of /proc/kallsyms
 * @address: where it is
 * @type: 't' or 'T': a function
 * @name: what it is called
 * @module: "[dbgport]"; "": it is the kernel's own
 */
struct symbol {
	unsigned long address;
	char type;
	char name[256];
	char module[64];
};

static FILE *open_symbols(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");

	if (!file)
		err(1, "/proc/kallsyms");
	return file;
}

static bool next_symbol(FILE *file, struct symbol *s)
{
	char line[512];

	*s = (struct symbol){ 0 };
	return fgets(line, sizeof(line), file) &&
	       sscanf(line, "%lx %c %255s %63s", &s->address, &s->type, s->name, s->module) >= 3;
}

/* Nothing that @function of the kernel asks for. */
static void spare(const char *function)
{
	unsigned long start = 0, end = -1UL;
	FILE *file = open_symbols();
	struct symbol s;
	size_t i;

	while (next_symbol(file, &s)) {
		if (!strcmp(s.name, function))
			start = s.address;
	}
	if (!start)
		errx(1, "/proc/kallsyms has no %s", function);
	rewind(file);
	while (next_symbol(file, &s)) {
		if (s.address > start && s.address < end)
			end = s.address;
	}
	fclose(file);
	for (i = 0; i < ARRAY_SIZE(injectors); i++) {
		set(injectors[i], "reject-start", start);
		set(injectors[i], "reject-end", end);
	}
}

/* Only what is asked for, however indirectly, by functions from @start to @end. */
static void only_from(unsigned long start, unsigned long end)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(injectors); i++) {
		set(injectors[i], "require-start", start);
		set(injectors[i], "require-end", end);
		set(injectors[i], "verbose", 0);
	}
	for (i = 0; i < 2; i++)
		set(injectors[i], "ignore-gfp-wait", 0);
	set("fail_page_alloc", "ignore-gfp-highmem", 0);
	set("fail_page_alloc", "min-order", 0);
}

/* By the module's functions. */
static void only_from_module(void)
{
	unsigned long start = -1UL, end = 0;
	FILE *file = open_symbols();
	struct symbol s;

	while (next_symbol(file, &s)) {
		if (strcmp(s.module, "[dbgport]") || (s.type != 't' && s.type != 'T'))
			continue;
		if (s.address < start)
			start = s.address;
		if (s.address > end)
			end = s.address;
	}
	fclose(file);
	if (!end)
		errx(1, "/proc/kallsyms has no function of the module");
	/* The last function's own end: code takes whole pages. */
	only_from(start, (end | 0xfff) + 1);
	/*
	 * It cannot fail: without memory the kernel keeps, of a kprobe that ftrace serves,
	 * what points into the module that is about to go.
	 */
	spare("unregister_kprobe");
}

/* The @n-th request of this thread's; 0: none. */
static void refuse_nth(unsigned int n)
{
	int fd = open("/proc/thread-self/fail-nth", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%u", n) < 0)
		err(1, "fail-nth");
	close(fd);
}

/* Whether there was one, and an end to it. */
static bool refused(void)
{
	int fd = open("/proc/thread-self/fail-nth", O_RDONLY | O_CLOEXEC);
	char text[16] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(1, "fail-nth");
	close(fd);
	refuse_nth(0);
	return atoi(text) == 0;
}

/*
 * Evaluate @call while the @n-th request in it is refused, and set @error to 0 or,
 * if @call gives less than that, to errno.  Whether there were so many requests.
 */
#define refusing(n, call, error) \
	(refuse_nth(n), *(error) = (call) < 0 ? errno : 0, refused())

/*
 * Any thread's requests for memory, after the first @bytes, up to @times.  Pages are
 * refused from the first on.
 */
static void refuse_memory(long bytes, long times)
{
	int i;

	set("failslab", "space", bytes);
	for (i = 0; i < 2; i++) {
		set(injectors[i], "times", times);
		set(injectors[i], "probability", bytes && i ? 0 : 100);
	}
}

static void refuse_nothing(void)
{
	set("failslab", "probability", 0);
	set("fail_page_alloc", "probability", 0);
}

static int plain_open(void)
{
	return open(DBGPORT_DEVICE, O_RDWR | O_CLOEXEC);
}

/* One that writes a byte each time that it is asked to. */
static struct guest *new_guest(void)
{
	struct code code = { 0 };

	code_say(&code, 0xe9);
	return guest_new(1, &code);
}

static void end_guest(struct guest **guest)
{
	guest_free(*guest);
	*guest = NULL;
}

static void write_byte(struct guest *guest)
{
	guest_say(guest, "x", 1);
}

static unsigned long exits(struct guest *guest)
{
	return guest_exits(guest, 0xe9);
}

FIXTURE(refused) {
	struct guest *guest;
	unsigned int vm;
	unsigned int n;
	int error;
	int fd;
};

FIXTURE_VARIANT(refused) {
	const char *params;
};

FIXTURE_VARIANT_ADD(refused, iodev) {
	.params = "backend=iodev claim=always except=comm:nobody"
};

FIXTURE_VARIANT_ADD(refused, ioeventfd) {
	.params = "backend=ioeventfd claim=always except=comm:nobody ports=0xe9"
};

FIXTURE_SETUP(refused)
{
	module_fresh(variant->params);
	only_from_module();
	self->fd = reader_open(0, 0);
}

FIXTURE_TEARDOWN(refused)
{
	guest_free(self->guest);
	close(self->fd);
}

TEST_F(refused, opening)
{
	int fd;

	for (self->n = 1; refusing(self->n, fd = plain_open(), &self->error); self->n++) {
		EXPECT_TRUE(!self->error || self->error == ENOMEM);
		if (!self->error)
			close(fd);
	}
	EXPECT_LT(1, self->n);
	ASSERT_EQ(0, self->error);
	close(fd);
}

/* Everything that the VM has written comes, in spite of what was refused before. */
static void expect_all(struct __test_metadata *_metadata, int fd, struct stream *stream,
		       unsigned int vm, unsigned int count)
{
	reader_drain(fd, stream);
	EXPECT_EQ(NULL, stream_fault(stream, vm));
	EXPECT_EQ(count, stream_count(stream, vm, DBGPORT_WRITE));
	stream_free(stream);
}

TEST_F(refused, reading)
{
	struct stream stream = { 0 };
	bool more = true;

	self->guest = new_guest();
	self->vm = reader_my_vm(self->fd);
	write_byte(self->guest);
	write_byte(self->guest);
	for (self->n = 1; more; self->n++) {
		int fd = plain_open();
		ssize_t len;

		stream.rec = calloc(8, sizeof(*stream.rec));
		more = refusing(self->n, len = read(fd, stream.rec, 8 * sizeof(*stream.rec)),
				&self->error);
		EXPECT_TRUE(!self->error || self->error == ENOMEM || self->error == EFAULT);
		if (!self->error)
			stream.len = len / sizeof(*stream.rec);
		expect_all(_metadata, fd, &stream, self->vm, 2);
		close(fd);
	}
	EXPECT_LT(3, self->n);
	EXPECT_EQ(0, self->error);
}

TEST_F(refused, ioctls)
{
	struct dbgport_subscribe subscribe = { .flags = DBGPORT_SUB_CLAIM };
	struct dbgport_set_claim claim = { .claim = DBGPORT_CLAIM_ALWAYS };
	struct dbgport_seek seek = { 0 };
	struct dbgport_vm_info info = { 0 };
	struct dbgport_info all;
	const struct {
		unsigned long cmd;
		void *arg;
	} calls[] = {
		{ DBGPORT_GET_INFO, &all },
		{ DBGPORT_SUBSCRIBE, &subscribe },
		{ DBGPORT_SEEK, &seek },
		{ DBGPORT_VM_INFO, &info },
		{ DBGPORT_SET_CLAIM, &claim },
	};
	struct stream stream = { 0 };
	size_t i;

	self->guest = new_guest();
	self->vm = reader_my_vm(self->fd);
	write_byte(self->guest);
	write_byte(self->guest);
	seek.vm = self->vm;
	claim.vm = self->vm;
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		bool more = true;

		for (self->n = 1; more; self->n++) {
			int fd = plain_open();

			/* What it was told last time would not be understood. */
			info = (struct dbgport_vm_info){ .vm = self->vm };
			more = refusing(self->n, ioctl(fd, calls[i].cmd, calls[i].arg),
					&self->error);
			EXPECT_TRUE(!self->error || self->error == ENOMEM ||
				    self->error == EFAULT);
			expect_all(_metadata, fd, &stream, self->vm, 2);
			close(fd);
		}
		EXPECT_LT(2, self->n);
		EXPECT_EQ(0, self->error);
	}
}

/* The VM is attached: it writes a byte, and its VMM does not see it. */
static void expect_attached(struct __test_metadata *_metadata, struct guest *guest, int fd)
{
	unsigned long before = exits(guest);
	unsigned int vm = reader_my_vm(fd);
	unsigned long long had = reader_written(fd, vm);

	write_byte(guest);
	EXPECT_EQ(before, exits(guest));
	EXPECT_EQ(had + 1, reader_written(fd, vm));
}

/* It is not: its VMM sees it. */
static void expect_not_attached(struct __test_metadata *_metadata, struct guest *guest, int fd)
{
	unsigned long before = exits(guest);

	EXPECT_EQ(0, reader_info(fd).vms);
	write_byte(guest);
	EXPECT_EQ(before + 1, exits(guest));
}

static void expect_attachable(struct __test_metadata *_metadata, struct guest *guest, int fd)
{
	struct dbgport_attach attach = { .fd = guest_fd(guest) };

	EXPECT_EQ(0, ioctl(fd, DBGPORT_ATTACH, &attach));
	expect_attached(_metadata, guest, fd);
}

TEST_F(refused, new_vms)
{
	unsigned int missed = 0;
	bool more = true;

	klog_start();
	for (self->n = 1; more; self->n++) {
		more = refusing(self->n, (self->guest = new_guest()) ? 0 : -1, &self->error);
		if (reader_info(self->fd).vms) {
			expect_attached(_metadata, self->guest, self->fd);
		} else {
			missed++;
			EXPECT_TRUE(more);
			expect_not_attached(_metadata, self->guest, self->fd);
			expect_attachable(_metadata, self->guest, self->fd);
		}
		end_guest(&self->guest);
		EXPECT_EQ(0, reader_info(self->fd).vms);
	}
	EXPECT_LT(0, missed);
	EXPECT_TRUE(klog_has("was not attached (error -12)"));
}

TEST_F(refused, attaching)
{
	bool more = true;

	for (self->n = 1; more; self->n++) {
		struct dbgport_attach attach;

		self->guest = new_guest();
		self->vm = reader_my_vm(self->fd);
		ASSERT_EQ(0, reader_detach(self->fd, self->vm));
		attach = (struct dbgport_attach) { .fd = guest_fd(self->guest) };
		more = refusing(self->n, ioctl(self->fd, DBGPORT_ATTACH, &attach), &self->error);
		EXPECT_TRUE(!self->error || self->error == ENOMEM || self->error == EFAULT);
		/* It may be attached, and only its id could not be told. */
		if (reader_info(self->fd).vms) {
			EXPECT_NE(ENOMEM, self->error);
			expect_attached(_metadata, self->guest, self->fd);
		} else {
			EXPECT_NE(0, self->error);
			expect_not_attached(_metadata, self->guest, self->fd);
			expect_attachable(_metadata, self->guest, self->fd);
		}
		end_guest(&self->guest);
		EXPECT_EQ(0, reader_info(self->fd).vms);
	}
	EXPECT_LT(3, self->n);
	EXPECT_EQ(0, self->error);
}

TEST_F(refused, setting_ports)
{
	bool slow = reader_info(self->fd).features & DBGPORT_F_EVENTFD;
	bool more = true;

	for (self->n = 1; more; self->n++) {
		struct dbgport_set_ports set = { .nports = slow ? 1 : 2, .ports = { 0xe9, 0x81 } };

		self->guest = new_guest();
		self->vm = reader_my_vm(self->fd);
		set.vm = self->vm;
		more = refusing(self->n, ioctl(self->fd, DBGPORT_SET_PORTS, &set), &self->error);
		EXPECT_TRUE(!self->error || self->error == ENOMEM || self->error == EFAULT);
		write_byte(self->guest);
		EXPECT_EQ(1, exits(self->guest) + reader_written(self->fd, self->vm));
		end_guest(&self->guest);
	}
	EXPECT_LT(2, self->n);
	EXPECT_EQ(0, self->error);
}

/* What could not be done leaves no name, and can be done again. */
TEST_F(refused, setting_a_name)
{
	struct dbgport_vm_info info;
	bool more = true;

	for (self->n = 1; more; self->n++) {
		struct dbgport_set_name set = { .name = "web" };

		self->guest = new_guest();
		set.vm = reader_my_vm(self->fd);
		more = refusing(self->n, ioctl(self->fd, DBGPORT_SET_NAME, &set), &self->error);
		EXPECT_TRUE(!self->error || self->error == ENOMEM || self->error == EFAULT);
		ASSERT_EQ(0, reader_vm_info(self->fd, set.vm, &info));
		EXPECT_STREQ(self->error ? "" : "web", info.name);
		EXPECT_EQ(self->error ? 0 : -1, ioctl(self->fd, DBGPORT_SET_NAME, &set));
		ASSERT_EQ(0, reader_vm_info(self->fd, set.vm, &info));
		EXPECT_STREQ("web", info.name);
		end_guest(&self->guest);
	}
	EXPECT_LT(2, self->n);
	EXPECT_EQ(0, self->error);
}

TEST_F(refused, setting_rules)
{
	bool more = true;
	char only[64];

	for (self->n = 1; more; self->n++) {
		more = refusing(self->n, module_set("only", "uid:7,comm:x"), &self->error);
		EXPECT_TRUE(!self->error || self->error == ENOMEM);
		ASSERT_EQ(0, module_get("only", only, sizeof(only)));
		EXPECT_STREQ(self->error ? "\n" : "uid:7,comm:x\n", only);
		ASSERT_EQ(0, module_set("only", "\n"));
	}
	EXPECT_LT(2, self->n);
	EXPECT_EQ(0, self->error);
}

/*
 * What could not be begun can be begun again.  Once it is under way nothing stops it: without
 * memory KVM takes the whole bus down, and other devices with it.
 */
TEST_F(refused, detaching)
{
	bool more = true;

	for (self->n = 1; more; self->n++) {
		struct dbgport_detach detach = { 0 };

		self->guest = new_guest();
		self->vm = reader_my_vm(self->fd);
		write_byte(self->guest);
		detach.vm = self->vm;
		more = refusing(self->n, ioctl(self->fd, DBGPORT_DETACH, &detach), &self->error);
		EXPECT_TRUE(!self->error || self->error == ENOMEM || self->error == EFAULT);
		if (self->error)
			EXPECT_EQ(0, ioctl(self->fd, DBGPORT_DETACH, &detach));
		expect_not_attached(_metadata, self->guest, self->fd);
		EXPECT_EQ(1, reader_written(self->fd, self->vm));
		end_guest(&self->guest);
	}
}

TEST_F(refused, unloading)
{
	bool more = true;

	for (self->n = 1; more; self->n++) {
		self->guest = new_guest();
		expect_attached(_metadata, self->guest, self->fd);
		close(self->fd);
		more = refusing(self->n, module_unload(), &self->error);
		EXPECT_EQ(0, self->error);
		EXPECT_FALSE(module_loaded());
		write_byte(self->guest);
		EXPECT_EQ(1, exits(self->guest));
		end_guest(&self->guest);

		module_fresh(variant->params);
		only_from_module();
		self->fd = reader_open(0, 0);
	}
}

TEST_F(refused, loading)
{
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(0, module_unload());
	only_from(MODULES_START, MODULES_END);
	/* What it cannot do the kernel tells with a stack, and leaks a name. */
	spare("__kmem_cache_create_args");
	for (self->n = 1; refusing(self->n, module_load(variant->params), &self->error);
	     self->n++) {
		EXPECT_TRUE(!self->error || self->error == ENOMEM);
		EXPECT_EQ(!self->error, module_loaded());
		if (!self->error)
			ASSERT_EQ(0, module_unload());
	}
	EXPECT_LT(10, self->n);
	EXPECT_EQ(0, self->error);
}

/* What a guest writes meanwhile is claimed, counted, and told to be lost. */
TEST(a_ring_without_memory)
{
	const unsigned int n = 3000;
	struct stream stream = { 0 };
	struct code code = { 0 };
	struct guest *guest;
	unsigned int vm;
	int fd;

	code_count8(&code, 0xe9, n);
	code_hlt(&code);
	code_count8(&code, 0xe9, n);
	code_hlt(&code);
	module_fresh("backend=iodev");
	only_from_module();
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	guest = guest_new(1, &code);
	vm = reader_my_vm(fd);

	refuse_memory(0, INT_MAX);
	guest_run(guest);
	refuse_nothing();
	EXPECT_EQ(0, guest_exits(guest, 0xe9));
	EXPECT_EQ(n, reader_written(fd, vm));
	reader_drain(fd, &stream);
	EXPECT_EQ(n, stream_lost(&stream, vm));

	/* Memory is asked for again every now and then. */
	guest_run(guest);
	EXPECT_EQ(0, guest_exits(guest, 0xe9));
	reader_drain(fd, &stream);
	EXPECT_EQ(NULL, stream_fault(&stream, vm));
	EXPECT_LT(n / 2, stream_count(&stream, vm, DBGPORT_WRITE));
	EXPECT_EQ(2 * n, stream_lost(&stream, vm) + stream_count(&stream, vm, DBGPORT_WRITE));
	guest_free(guest);
	stream_free(&stream);
	close(fd);
}

FIXTURE(ioeventfd) {
	struct guest *guest;
	unsigned int vm;
	int fd;
};

/* A request of KVM, in a worker in the place of the VMM, while a VM is claimed. */
FIXTURE_SETUP(ioeventfd)
{
	module_fresh("backend=ioeventfd ports=0xe9 claim=never");
	only_from_module();
	self->fd = reader_open(0, 0);
}

FIXTURE_TEARDOWN(ioeventfd)
{
	guest_free(self->guest);
	close(self->fd);
}

/*
 * Have all VMs claimed while, after so many @bytes, up to @times requests are
 * refused.  Returns when one was or, false, when @vm is claimed without.
 */
static bool claim_refused(int fd, unsigned int vm, long bytes, long times)
{
	bool was;

	refuse_memory(bytes, times);
	module_set("claim", "always");
	while (!(was = get("failslab", "times") < times) && !reader_is_claimed(fd, vm))
		poll(NULL, 0, 1);
	return was;
}

/* Most steps are where most requests are small. */
static long next(long bytes)
{
	return bytes + bytes / 2 + 50;
}

TEST_F(ioeventfd, one_refused)
{
	bool more = true;
	unsigned long before;
	long bytes;

	for (bytes = 0; more; bytes = next(bytes)) {
		module_set("claim", "never");
		self->guest = new_guest();
		self->vm = reader_my_vm(self->fd);
		more = claim_refused(self->fd, self->vm, bytes, 1);
		refuse_nothing();
		write_byte(self->guest);
		EXPECT_EQ(1, reader_written(self->fd, self->vm));

		module_set("claim", "never");
		module_set("claim", "always");
		reader_await_claimed(self->fd, self->vm, true);
		before = exits(self->guest);
		EXPECT_GE(1, before);
		write_byte(self->guest);
		EXPECT_EQ(before, exits(self->guest));
		EXPECT_EQ(2, reader_written(self->fd, self->vm));
		end_guest(&self->guest);
	}
	EXPECT_LT(200, bytes);
}

TEST_F(ioeventfd, all_refused_from_one_on)
{
	bool more = true;
	long bytes;

	for (bytes = 0; more; bytes = next(bytes)) {
		module_set("claim", "never");
		self->guest = new_guest();
		self->vm = reader_my_vm(self->fd);
		more = claim_refused(self->fd, self->vm, bytes, INT_MAX);
		/* Else it is the end of this that is refused. */
		if (!more)
			refuse_nothing();
		/* Waits for the worker. */
		EXPECT_EQ(0, reader_detach(self->fd, self->vm));
		refuse_nothing();
		write_byte(self->guest);
		EXPECT_EQ(1, exits(self->guest));
		end_guest(&self->guest);
		EXPECT_EQ(0, reader_info(self->fd).vms);
	}
	EXPECT_LT(200, bytes);
}

TEST_HARNESS_MAIN
