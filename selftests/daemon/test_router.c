// SPDX-License-Identifier: GPL-2.0
/* Records in, files out. */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/config/routes.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/router.h"
#include "dbgportd/router/vm_table.h"
#include "dbgportd/service/log.h"
#include "dbgportd/service/rundir.h"
#include "lib/array.h"

#define ZERO	5000000000ULL

/* The next write of each VM. */
static __u64 next_seq[4096];

static unsigned long comparisons;

/* In place of libc's, also for the daemon's parts. */
int strcmp(const char *a, const char *b)
{
	comparisons++;
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

FIXTURE(router)
{
	char dir[64];
	struct route *routes;
};

/* One more route, as --sink has it. */
static void use(struct route **routes, const char *text)
{
	char why[512];
	struct route *r = route_parse(text, "test", why, sizeof(why));

	if (!r) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	routes_append(routes, r);
}

FIXTURE_SETUP(router)
{
	drive_without_log();
	memset(next_seq, 0, sizeof(next_seq));
	ASSERT_EQ(0, loop_init(ENGINE));
	snprintf(self->dir, sizeof(self->dir), "/tmp/test_router.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, chdir(self->dir));
}

FIXTURE_TEARDOWN(router)
{
	char command[128];

	router_exit();
	EXPECT_TRUE(drive_until(!sinks_open()));
	loop_exit();
	snprintf(command, sizeof(command), "rm -r %s", self->dir);
	EXPECT_EQ(0, system(command));
}

/* The router has the routes from now on. */
static int init(struct route **routes)
{
	struct route *list = *routes;
	char why[512] = "";

	*routes = NULL;
	if (!router_init(list, why, sizeof(why)))
		return 0;
	fprintf(stderr, "%s\n", why);
	return -1;
}

/* A VM whose VMM was told its name. */
static void attach_told(__u32 vm, const char *told)
{
	const struct dbgport_record rec = {
		.vm = vm, .type = DBGPORT_ATTACHED, .time_ns = ZERO,
	};
	const struct dbgport_vm_info info = { .pid = 1000 + vm, .comm = "vmm" };
	char own[VMNAME_OWN_SIZE];

	vmname_make(own, told, &info, vm);
	router_record(&rec, &info, own);
}

static void attach_of(pid_t pid, __u32 vm, const char *comm)
{
	const struct dbgport_record rec = {
		.vm = vm, .type = DBGPORT_ATTACHED, .time_ns = ZERO,
	};
	struct dbgport_vm_info info = { .pid = pid };

	memcpy(info.comm, comm, strlen(comm));
	router_record(&rec, &info, NULL);
}

/* A VM of a user; NULL: the module knows nothing of it. */
static void attach_of_user(__u32 vm, const char *told, const uid_t *uid)
{
	const struct dbgport_record rec = {
		.vm = vm, .type = DBGPORT_ATTACHED, .time_ns = ZERO,
	};
	const struct dbgport_vm_info info = { .pid = 1000 + vm, .uid = uid ? *uid : 0 };

	router_record(&rec, uid ? &info : NULL, told);
}

static void attach(__u32 vm, const char *comm)
{
	attach_of(1000 + vm, vm, comm);
}

static void vm_out(__u32 vm, __u16 port, __u8 width, __u32 value)
{
	const struct dbgport_record rec = {
		.seq = next_seq[vm]++,
		.vm = vm, .type = DBGPORT_WRITE, .port = port, .width = width,
		.value = value, .time_ns = ZERO + 19004000, .flags = DBGPORT_CLAIMED,
	};

	router_record(&rec, NULL, NULL);
}

static void say(__u32 vm, __u16 port, const char *text)
{
	for (; *text; text++)
		vm_out(vm, port, 1, (unsigned char)*text);
}

static void lose(__u32 vm, __u64 count)
{
	const struct dbgport_record rec = {
		.seq = next_seq[vm], .vm = vm, .type = DBGPORT_LOST, .count = count,
	};

	next_seq[vm] += count;
	router_record(&rec, NULL, NULL);
}

static void go(__u32 vm)
{
	const struct dbgport_record rec = {
		.seq = next_seq[vm], .vm = vm, .type = DBGPORT_GONE, .time_ns = 2 * ZERO,
	};

	router_record(&rec, NULL, NULL);
}

/* A sink that all VMs share and that takes lines, as stdout is. */
static struct memory_sink screen;

static struct sink *screen_open(const struct sink_request *rq, char *why, size_t size)
{
	(void)rq;
	(void)why;
	(void)size;
	return &screen.sink;
}

static void screen_close(struct sink *sink)
{
	(void)sink;
}

static const struct sink_ops screen_ops = {
	.name = "screen",
	.notices = true,
	.open = screen_open,
	.put = memory_put,
	.close = screen_close,
};

static void use_screen(struct route **routes, const char *port)
{
	struct route *r = route_new("test");
	char why[512];

	memory_init(&screen);
	screen.sink.ops = &screen_ops;
	if (!r || route_port(r, port, why, sizeof(why)))
		abort();
	r->kind = &screen_ops;
	if (route_finish(r, why, sizeof(why)))
		abort();
	routes_append(routes, r);
}

/* What is in a file; NULL if there is none. */
static const char *contents(const char *name)
{
	static char text[65536];
	ssize_t n;
	int fd;

	drive_sinks();
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

TEST_F(router, each_port_goes_its_way)
{
	use(&self->routes, "0xe9:file=console");
	use(&self->routes, "0x402:file=firmware");
	use(&self->routes, "0x80:file=post");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "console\n");
	say(1, 0x402, "firmware\n");
	vm_out(1, 0x80, 1, 0x12);
	EXPECT_STREQ("console\n", contents("console"));
	EXPECT_STREQ("firmware\n", contents("firmware"));
	EXPECT_STREQ("[vmm-1001] [Debug I/O port: Firmware code 0x12] 0.019004 seconds\n",
		     contents("post"));
	EXPECT_EQ(18, router_totals()->writes);
	EXPECT_EQ(18, router_totals()->claimed);
	EXPECT_EQ(0, router_totals()->unrouted);
}

/* All of them; in how many goes. */
static int take_all(const struct dbgport_record *rec, size_t count)
{
	int goes = 0;

	for (const struct dbgport_record *end = rec + count; rec < end; goes++)
		rec += router_writes(rec, end - rec);
	return goes;
}

/* @n writes of one byte of @text. */
static void make_writes(struct dbgport_record *rec, size_t n, __u32 vm, __u16 port,
			const char *text)
{
	for (size_t i = 0; i < n; i++)
		rec[i] = (struct dbgport_record){
			.seq = next_seq[vm]++, .vm = vm, .type = DBGPORT_WRITE, .port = port,
			.width = 1, .value = (unsigned char)text[i], .time_ns = ZERO + 1000,
		};
}

TEST_F(router, writes_that_go_the_same_way_go_at_once)
{
	struct dbgport_record rec[24];

	use(&self->routes, "0xe9:file=%v.console");
	use(&self->routes, "0x402:file=%v.firmware,format=text");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	attach(2, "two");
	make_writes(rec, 4, 1, 0xe9, "abcd");
	make_writes(rec + 4, 4, 1, 0x402, "efg\n");
	make_writes(rec + 8, 4, 2, 0x402, "hij\n");
	make_writes(rec + 12, 4, 1, 0x402, "klm\n");
	make_writes(rec + 16, 8, 1, 0xe9, "nopqrstu");
	rec[17].vcpu = 1;
	EXPECT_EQ(5, take_all(rec, 24));
	EXPECT_STREQ("abcdnopqrstu", contents("one-1001.console"));
	EXPECT_STREQ("efg\nklm\n", contents("one-1001.firmware"));
	EXPECT_STREQ("hij\n", contents("two-1002.firmware"));
	EXPECT_EQ(24, router_totals()->writes);
	EXPECT_EQ(0, router_totals()->claimed);
	EXPECT_EQ(0, router_totals()->unrouted);
}

TEST_F(router, writes_that_differ_go_one_after_the_other)
{
	struct dbgport_record rec[12];

	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	make_writes(rec, 12, 1, 0xe9, "abcdefghijkl");
	rec[2].width = 2;
	rec[2].value = 'C' | 'c' << 8;
	rec[5].flags = DBGPORT_CLAIMED;
	/* Nothing says that some are lost, but they are not there. */
	for (int i = 8; i < 12; i++)
		rec[i].seq += 100;
	EXPECT_EQ(6, take_all(rec, 12));
	EXPECT_STREQ("abCcdefghijkl", contents("console"));
	EXPECT_EQ(1, router_totals()->claimed);
}

TEST_F(router, any_number_of_writes_goes_at_once)
{
	static struct dbgport_record rec[5000];
	char text[ARRAY_SIZE(rec) + 1];

	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = ' ' + i % 95;
	text[sizeof(text) - 1] = '\0';
	make_writes(rec, sizeof(text) - 1, 1, 0xe9, text);
	EXPECT_EQ(1, take_all(rec, sizeof(text) - 1));
	EXPECT_STREQ(text, contents("console"));
}

TEST_F(router, files_get_the_exact_bytes)
{
	static const char all[] = "\033[2J\r\n\n\r\x80\xff\t\x07";

	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	attach(2, "vmm");
	say(1, 0xe9, all);
	EXPECT_STREQ(all, contents("console"));
}

TEST_F(router, wide_writes_give_all_bytes_little_endian)
{
	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	vm_out(1, 0xe9, 1, 0x41);
	vm_out(1, 0xe9, 2, 0x4342);
	vm_out(1, 0xe9, 4, 0x47464544);
	EXPECT_STREQ("ABCDEFG", contents("console"));
}

TEST_F(router, wide_post_codes_are_one_code)
{
	use(&self->routes, "0x80:file=post");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	vm_out(1, 0x80, 4, 0xdeadbeef);
	EXPECT_STREQ("[vmm-1001] [Debug I/O port: Custom code 0xdeadbeef] 0.019004 seconds\n",
		     contents("post"));
}

TEST_F(router, each_vm_has_its_own_file)
{
	use(&self->routes, "0xe9:file=%v.log");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	attach(2, "two");
	say(1, 0xe9, "first");
	say(2, 0xe9, "second");
	EXPECT_STREQ("first", contents("one-1001.log"));
	EXPECT_STREQ("second", contents("two-1002.log"));
}

TEST_F(router, a_shared_file_of_codes_is_labelled_from_the_first_line_on)
{
	use(&self->routes, "0x80:file=post");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	vm_out(1, 0x80, 1, 1);
	attach(2, "two");
	vm_out(1, 0x80, 1, 2);
	vm_out(2, 0x80, 1, 3);
	EXPECT_STREQ("[one-1001] [Debug I/O port: Firmware code 0x1] 0.019004 seconds\n"
		     "[one-1001] [Debug I/O port: Firmware code 0x2] 0.019004 seconds\n"
		     "[two-1002] [Debug I/O port: Firmware code 0x3] 0.019004 seconds\n",
		     contents("post"));
}

TEST_F(router, no_guest_forges_a_label_in_a_shared_file)
{
	use(&self->routes, "0x402:file=all,format=text");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "web");
	say(1, 0x402, "[db-1002] root logged in\n");
	EXPECT_STREQ("[web-1001] [db-1002] root logged in\n", contents("all"));
}

TEST_F(router, a_shared_terminal_is_labelled_from_the_second_vm_on)
{
	use_screen(&self->routes, "0x402");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	say(1, 0x402, "alone\n");
	attach(2, "two");
	say(1, 0x402, "not any more\n");
	EXPECT_STREQ("alone\n[one-1001] not any more\n", screen.text);
}

TEST_F(router, a_file_of_one_vm_has_no_labels)
{
	use(&self->routes, "0x80:file=%v.post");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	attach(2, "two");
	vm_out(1, 0x80, 1, 1);
	EXPECT_STREQ("[Debug I/O port: Firmware code 0x1] 0.019004 seconds\n",
		     contents("one-1001.post"));
}

TEST_F(router, files_are_appended_to)
{
	use(&self->routes, "0xe9:file=%v.log");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "before reboot\n");
	go(1);
	streams_flush();
	/* A VMM that reboots its VM makes a new one in the same process. */
	attach_of(1001, 2, "vmm");
	say(2, 0xe9, "after\n");
	EXPECT_STREQ("before reboot\nafter\n", contents("vmm-1001.log"));
}

TEST_F(router, files_are_for_owner_and_group)
{
	struct stat st;

	umask(0);
	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, init(&self->routes));
	ASSERT_EQ(0, stat("console", &st));
	EXPECT_EQ(0640, st.st_mode & 07777);
}

TEST_F(router, links_are_not_followed)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, symlink("target", "console"));
	EXPECT_EQ(-1, router_init(self->routes, why, sizeof(why)));
	EXPECT_STREQ("console: is a symbolic link, which is not followed", why);
	EXPECT_EQ(NULL, contents("target"));
}

TEST_F(router, a_file_that_cannot_be_opened_is_named)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=missing/console");
	EXPECT_EQ(-1, router_init(self->routes, why, sizeof(why)));
	EXPECT_STREQ("missing/console: there is no such directory; make it first", why);
}

TEST_F(router, a_fifo_without_reader_does_not_stop_the_start)
{
	char got[16] = "";
	int fd;

	use(&self->routes, "0xe9:file=fifo");
	ASSERT_EQ(0, mkfifo("fifo", 0600));
	ASSERT_EQ(0, init(&self->routes));
	EXPECT_TRUE(router_has_sink());
	attach(1, "vmm");
	say(1, 0xe9, "words");
	streams_flush();
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	EXPECT_TRUE(drive_until(read(fd, got, sizeof(got)) > 0));
	EXPECT_STREQ("words", got);
	close(fd);
}

TEST_F(router, one_vms_bad_file_leaves_the_others)
{
	use(&self->routes, "0xe9:file=%v/log");
	ASSERT_EQ(0, mkdir("two-1002", 0700));
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	attach(2, "two");
	say(1, 0xe9, "dropped");
	say(2, 0xe9, "kept");
	EXPECT_STREQ("kept", contents("two-1002/log"));
	EXPECT_EQ(7, router_totals()->unrouted);
}

TEST_F(router, writes_without_a_route_are_counted)
{
	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe8, "port without route");
	say(1, 0x402, "port switched off");
	say(2, 0xe9, "VM never seen");
	EXPECT_STREQ("", contents("console"));
	EXPECT_EQ(18 + 17 + 13, router_totals()->unrouted);
}

TEST_F(router, losses_are_counted)
{
	use(&self->routes, "0xe9:file=console");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	lose(1, 10);
	lose(1, 5);
	lose(0, 7);
	EXPECT_EQ(22, router_totals()->lost);
	/* Exact bytes only. */
	EXPECT_STREQ("", contents("console"));
}

TEST_F(router, losses_are_said_once_where_people_look)
{
	use_screen(&self->routes, "0xe9");
	use_screen(&self->routes, "0x402");
	use_screen(&self->routes, "0x80");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "before\n");
	lose(1, 10);
	say(1, 0x402, "after\n");
	EXPECT_STREQ("before\n[… 10 writes lost …]\nafter\n", screen.text);
}

TEST_F(router, ports_on_one_sink_keep_their_lines_apart)
{
	use_screen(&self->routes, "0xe9");
	use_screen(&self->routes, "0x402");
	use_screen(&self->routes, "0x80");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	attach(2, "two");
	say(1, 0xe9, "con");
	say(1, 0x402, "firm");
	say(2, 0x402, "other\n");
	vm_out(1, 0x80, 1, 0x41);
	say(1, 0xe9, "sole\n");
	say(1, 0x402, "ware\n");
	EXPECT_STREQ("[two-1002] other\n"
		     "[one-1001] [Debug I/O port: Kernel code 0x41] 0.019004 seconds\n"
		     "[one-1001] console\n"
		     "[one-1001] firmware\n", screen.text);
}

TEST_F(router, the_end_of_a_vm_shows_its_unfinished_line)
{
	use_screen(&self->routes, "0xe9");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "last words");
	EXPECT_STREQ("", screen.text);
	go(1);
	EXPECT_STREQ("last words\n", screen.text);
}

TEST_F(router, an_unfinished_line_is_shown_when_it_stays_quiet)
{
	use_screen(&self->routes, "0xe9");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "login: ");
	EXPECT_STREQ("", screen.text);
	EXPECT_TRUE(drive_until(screen.len));
	EXPECT_STREQ("login: ", screen.text);
}

TEST_F(router, comings_and_goings_are_logged)
{
	static struct memory_sink log;

	memory_init(&log);
	log_to_sink(&log.sink);
	use(&self->routes, "0xe9:null");
	ASSERT_EQ(0, init(&self->routes));
	attach(7, "vmm");
	lose(7, 3);
	go(7);
	EXPECT_STREQ("dbgportd: vmm-1007: attached; VM 7, pid 1007, uid 0\n"
		     "dbgportd: vmm-1007: 3 writes lost\n"
		     "dbgportd: vmm-1007: gone; writes: 3, lost: 3\n", log.text);
	drive_without_log();
}

/* As a daemon in a container sees the host's VMs. */
TEST_F(router, a_vmm_in_another_pid_namespace_has_not_ended)
{
	static struct memory_sink log;

	memory_init(&log);
	log_to_sink(&log.sink);
	use(&self->routes, "0xe9:null");
	ASSERT_EQ(0, init(&self->routes));
	attach_of(0, 7, "vmm");
	EXPECT_NE(NULL, strstr(log.text, "VM 7, uid 0, its VMM is in another pid namespace\n"));
	drive_without_log();
}

/* As on a host whose VMs nobody has named. */
TEST_F(router, many_vms_of_one_name_are_numbered_in_reasonable_time)
{
	enum { COUNT = 1000 };
	const struct vm *vm;

	use(&self->routes, "0xe9:null");
	ASSERT_EQ(0, init(&self->routes));
	comparisons = 0;
	for (__u32 id = 1; id <= COUNT; id++)
		attach_told(id, "web");
	/* Each looks for a free number, and finds at once whether it is taken. */
	EXPECT_GT(COUNT * COUNT, comparisons);
	vm = vm_table_find(COUNT);
	ASSERT_NE(NULL, vm);
	EXPECT_STREQ("web.1000", vm->info.name);
	/* One that is free again is taken. */
	go(500);
	EXPECT_FALSE(vm_table_has_name("web.500"));
	attach_told(COUNT + 1, "web");
	EXPECT_STREQ("web.500", vm_table_find(COUNT + 1)->info.name);
}

static unsigned int logged;

static void count_message(void *arg, const char *text, size_t n)
{
	(void)n;
	if (strstr(text, arg))
		logged++;
}

TEST_F(router, losses_of_a_whole_host_do_not_flood_the_log)
{
	log_to(count_message, "lost");
	use(&self->routes, "0xe9:null");
	ASSERT_EQ(0, init(&self->routes));
	for (__u32 vm = 1; vm <= 3000; vm++) {
		const struct dbgport_record lost = {
			.vm = vm, .type = DBGPORT_LOST, .count = 5,
		};

		attach(vm, "vmm");
		router_record(&lost, NULL, NULL);
		router_record(&lost, NULL, NULL);
	}
	EXPECT_LT(0, logged);
	EXPECT_GE(LOG_LIMIT_LINES, logged);
	EXPECT_EQ(30000, router_totals()->lost);

	logged = 0;
	log_to(count_message, "unseen");
	for (int i = 0; i < 3000; i++) {
		const struct dbgport_record unseen = {
			.type = DBGPORT_LOST, .count = 5, .seq = 2,
		};

		router_record(&unseen, NULL, NULL);
	}
	EXPECT_LT(0, logged);
	EXPECT_GE(LOG_LIMIT_LINES, logged);
	drive_without_log();
}

TEST_F(router, an_unplugged_device_ends_all_vms)
{
	use(&self->routes, "0xe9:file=%v.log");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "one");
	attach(257, "two");
	say(1, 0xe9, "one");
	say(257, 0xe9, "two");
	router_unplug();
	EXPECT_TRUE(drive_until(!sinks_open()));
	/* The ids begin anew, as the source says when the module is back. */
	positions_reload(2);
	memset(next_seq, 0, sizeof(next_seq));
	attach(1, "three");
	say(1, 0xe9, "three");
	EXPECT_STREQ("one", contents("one-1001.log"));
	EXPECT_STREQ("two", contents("two-1257.log"));
	EXPECT_STREQ("three", contents("three-1001.log"));
}

TEST_F(router, a_port_that_the_module_lacks_is_an_error_only_if_asked_for)
{
	const struct dbgport_info info = { .nports = 2, .ports = { 0x80, 0x402 } };
	const struct dbgport_info tee = {
		.nports = 1, .ports = { 0xf4 }, .port_flags = { DBGPORT_PORT_TEE },
	};
	char why[512] = "";

	use(&self->routes, "any:null");
	use_screen(&self->routes, "0xe9");
	self->routes->next->given = false;
	EXPECT_EQ(0, router_check_ports(self->routes, &info, why, sizeof(why)));
	self->routes->next->given = true;
	EXPECT_EQ(-1, router_check_ports(self->routes, &info, why, sizeof(why)));
	EXPECT_STREQ("test: the module does not take port 0xe9; load it with ports=0x80,0x402,0xe9",
		     why);
	self->routes->next->port = 0x402;
	EXPECT_EQ(0, router_check_ports(self->routes, &info, why, sizeof(why)));

	self->routes->next->port = 0xe9;
	EXPECT_EQ(-1, router_check_ports(self->routes, &tee, why, sizeof(why)));
	EXPECT_STREQ("test: the module does not take port 0xe9; load it with ports=0xf4/tee,0xe9",
		     why);
	routes_free(self->routes);
}

TEST_F(router, a_serial_port_must_be_a_uarts)
{
	struct dbgport_info info = {
		.features = DBGPORT_F_ALL | DBGPORT_F_UART,
		.nports = 2, .ports = { 0x80, 0x2f8 }, .port_flags = { 0, DBGPORT_PORT_UART },
	};
	char why[512] = "";

	use(&self->routes, "serial:null");
	EXPECT_EQ(-1, router_check_ports(self->routes, &info, why, sizeof(why)));
	EXPECT_STREQ("test: the module does not take port 0x3f8; load it with uart=0x2f8,0x3f8",
		     why);
	info.features = DBGPORT_F_ALL;
	EXPECT_EQ(-1, router_check_ports(self->routes, &info, why, sizeof(why)));
	EXPECT_STREQ("test: the module does not take port 0x3f8; load it with ports=0x80,0x3f8/tee",
		     why);

	info.ports[1] = 0x3f8;
	EXPECT_EQ(0, router_check_ports(self->routes, &info, why, sizeof(why)));
	info.port_flags[1] = DBGPORT_PORT_TEE;
	EXPECT_EQ(0, router_check_ports(self->routes, &info, why, sizeof(why)));
	info.port_flags[1] = 0;
	EXPECT_EQ(-1, router_check_ports(self->routes, &info, why, sizeof(why)));
	EXPECT_NE(NULL, strstr(why, "0x3f8 as a plain port, which makes half a UART of it"));
	EXPECT_NE(NULL, strstr(why, "; load it with uart=0x3f8 instead"));
	routes_free(self->routes);
}

TEST_F(router, nothing_follows_a_vms_end)
{
	use(&self->routes, "0xe9:file=%v.log");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "last words");
	go(1);
	go(1);
	say(1, 0xe9, "ghost");
	EXPECT_STREQ("last words", contents("vmm-1001.log"));
}

TEST_F(router, repeated_attach_is_ignored)
{
	use(&self->routes, "0xe9:file=%v.log");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	attach(1, "other");
	EXPECT_EQ(1, router_totals()->vms);
	EXPECT_EQ(NULL, contents("other-1001.log"));
}

TEST_F(router, records_of_any_content_are_survived)
{
	static const __u16 ports[] = { 0xe9, 0x402, 0x80 };
	struct dbgport_record rec;
	unsigned int x = 7;

	use(&self->routes, "0xe9:file=console");
	use(&self->routes, "0x402:file=%v.firmware");
	use(&self->routes, "0x80:file=post");
	use(&self->routes, "any:file=%v.json,format=json");
	use(&self->routes, "any:file=writes,format=json,json=write");
	use(&self->routes, "any:file=text,format=text,time=iso8601,storm=show");
	ASSERT_EQ(0, init(&self->routes));
	for (int i = 0; i < 5000; i++) {
		unsigned char *bytes = (unsigned char *)&rec;

		for (size_t b = 0; b < sizeof(rec); b++) {
			x = x * 1103515245 + 12345;
			bytes[b] = x >> 16;
		}
		rec.vm %= 16;
		if (i % 4)
			rec.type %= 6;
		if (i % 3)
			rec.port = ports[i % ARRAY_SIZE(ports)];
		router_record(&rec, NULL, NULL);
		if (!(i % 64))
			streams_flush();
	}
	EXPECT_LT(0, router_totals()->vms);
}

/* The routes are these from now on. */
static int reload(struct route **routes, char *why, size_t size)
{
	struct route *list = *routes;
	int err = router_reload(list, why, size);

	*routes = NULL;
	if (err)
		routes_free(list);
	return err;
}

static int count_open(void)
{
	drive_sinks();
	return sinks_open();
}

/* No further descriptor can be had; or, at @spare of -1, as many as before. */
static void leave_descriptors(int spare)
{
	static rlim_t before;
	struct rlimit r;
	int lowest = dup(STDIN_FILENO);

	if (lowest < 0 && spare >= 0)
		abort();
	close(lowest);
	getrlimit(RLIMIT_NOFILE, &r);
	if (spare >= 0)
		before = r.rlim_cur;
	r.rlim_cur = spare >= 0 ? (rlim_t)(lowest + spare) : before;
	setrlimit(RLIMIT_NOFILE, &r);
}

TEST_F(router, outputs_come_back_when_there_are_descriptors)
{
	char run[80], why[512];

	snprintf(run, sizeof(run), "%s/run", self->dir);
	ASSERT_EQ(0, rundir_open(run, why, sizeof(why)));
	use(&self->routes, "0xe9:file=%v.log");
	use(&self->routes, "0xe9:file=%v.json,format=json");
	use(&self->routes, "0xe9:unix=%v.sock");
	use(&self->routes, "0xe9:pty,name=first");
	use(&self->routes, "0xe9:file=no/such/%v");
	ASSERT_EQ(0, init(&self->routes));
	leave_descriptors(0);
	attach(1, "vmm");
	say(1, 0xe9, "too early ");
	EXPECT_EQ(0, count_open());
	leave_descriptors(-1);
	/* What is no matter of descriptors stays as it is. */
	EXPECT_TRUE(drive_until(count_open() == 4));
	say(1, 0xe9, "in time\n");
	EXPECT_STREQ("in time\n", contents("vmm-1001.log"));
	EXPECT_NE(NULL, strstr(contents("vmm-1001.json"), "\"attached\""));
	EXPECT_NE(NULL, strstr(contents("vmm-1001.json"), "\"text\":\"in time\""));
	EXPECT_EQ(0, access("vmm-1001.sock", F_OK));
	EXPECT_EQ(0, access("run/vmm-1001.first", F_OK));
	EXPECT_EQ(18, router_totals()->writes);
	EXPECT_EQ(10, router_totals()->unrouted);
	sinks_hurry();
	router_exit();
	EXPECT_TRUE(drive_until(!sinks_open()));
	rundir_close();
}

TEST_F(router, a_pty_that_lacked_its_second_descriptor_comes_back)
{
	char run[80], why[512];

	snprintf(run, sizeof(run), "%s/run", self->dir);
	ASSERT_EQ(0, rundir_open(run, why, sizeof(why)));
	use(&self->routes, "0xe9:pty");
	ASSERT_EQ(0, init(&self->routes));
	leave_descriptors(1);
	attach(1, "vmm");
	EXPECT_EQ(0, count_open());
	/* Nor is it given up while there is none. */
	drive_for(1200);
	EXPECT_EQ(0, count_open());
	leave_descriptors(-1);
	EXPECT_TRUE(drive_until(count_open() == 1));
	sinks_hurry();
	router_exit();
	EXPECT_TRUE(drive_until(!sinks_open()));
	rundir_close();
}

TEST_F(router, one_port_goes_to_any_number_of_sinks)
{
	use(&self->routes, "0xe9:file=raw");
	use(&self->routes, "0xe9:file=text,format=text,time=vm");
	use(&self->routes, "any:file=all");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "a\033\r\n");
	say(1, 0x3f8, "b");
	EXPECT_STREQ("a\033\r\n", contents("raw"));
	EXPECT_STREQ("[    0.019004] [vmm-1001] a<1b>\n", contents("text"));
	EXPECT_STREQ("a\033\r\nb", contents("all"));
	EXPECT_EQ(0, router_totals()->unrouted);
	EXPECT_EQ(5, router_totals()->writes);
}

TEST_F(router, ports_are_told_apart_in_paths)
{
	use(&self->routes, "0xe9:file=%p-%n");
	use(&self->routes, "0x402:file=%p-%n");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "a");
	say(1, 0x402, "b");
	EXPECT_STREQ("a", contents("0xe9-1001"));
	EXPECT_STREQ("b", contents("0x402-1001"));
}

TEST_F(router, routes_are_for_vms_of_some_names)
{
	use(&self->routes, "0xe9:file=web,vm=web*");
	use(&self->routes, "0xe9:file=all");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "web");
	attach(2, "db");
	say(1, 0xe9, "w");
	say(2, 0xe9, "d");
	EXPECT_STREQ("w", contents("web"));
	EXPECT_STREQ("wd", contents("all"));
}

TEST_F(router, a_pattern_is_for_what_the_vmm_was_told_too)
{
	use(&self->routes, "0xe9:file=windows,vm=Windows Server*");
	use(&self->routes, "0xe9:file=escaped,vm=Windows+*");
	use(&self->routes, "0xe9:file=db,vm=数据库");
	ASSERT_EQ(0, init(&self->routes));
	attach_told(1, "Windows Server 2019");
	attach_told(2, "数据库");
	say(1, 0xe9, "w");
	say(2, 0xe9, "d");
	EXPECT_STREQ("w", contents("windows"));
	EXPECT_STREQ("w", contents("escaped"));
	EXPECT_STREQ("d", contents("db"));
}

TEST_F(router, a_route_leaves_out_what_is_negated)
{
	use(&self->routes, "0xe9:file=web,vm=\"web*,!web-test*\"");
	use(&self->routes, "0xe9:file=others,vm=!web*");
	ASSERT_EQ(0, init(&self->routes));
	attach_told(1, "web");
	attach_told(2, "web-test");
	attach_told(3, "db");
	attach_told(4, "web");
	for (__u32 vm = 1; vm <= 4; vm++)
		vm_out(vm, 0xe9, 1, '0' + vm);
	EXPECT_STREQ("14", contents("web"));
	EXPECT_STREQ("3", contents("others"));
}

TEST_F(router, routes_are_for_vms_of_some_users)
{
	const uid_t root = 0, user = 1000;

	use(&self->routes, "0xe9:file=root,uid=root");
	use(&self->routes, "0xe9:file=users,uid=!0,vm=!c");
	use(&self->routes, "0xe9:file=all");
	ASSERT_EQ(0, init(&self->routes));
	attach_of_user(1, "a", &root);
	attach_of_user(2, "b", &user);
	attach_of_user(3, "c", &user);
	/* It could be anybody's. */
	attach_of_user(4, "d", NULL);
	for (__u32 vm = 1; vm <= 4; vm++)
		vm_out(vm, 0xe9, 1, '0' + vm);
	EXPECT_STREQ("1", contents("root"));
	EXPECT_STREQ("2", contents("users"));
	EXPECT_STREQ("1234", contents("all"));
}

TEST_F(router, vms_without_a_route_are_not_served)
{
	use(&self->routes, "0xe9:null,vm=web*,uid=!1000");
	ASSERT_EQ(0, init(&self->routes));
	EXPECT_FALSE(router_serves_any());
	attach_told(1, "db");
	attach_of_user(2, "web", &(const uid_t){ 1000 });
	EXPECT_FALSE(router_serves(1));
	EXPECT_FALSE(router_serves(2));
	EXPECT_FALSE(router_serves_any());
	attach_told(3, "web-test");
	EXPECT_TRUE(router_serves(3));
	EXPECT_TRUE(router_serves_any());
	go(3);
	EXPECT_FALSE(router_serves(3));
	EXPECT_FALSE(router_serves_any());
}

TEST_F(router, a_vm_whose_name_is_taken_has_the_routes_of_that_name)
{
	use(&self->routes, "0xe9:file=web,vm=web");
	use(&self->routes, "0xe9:file=second,vm=web.2");
	use(&self->routes, "0xe9:file=%v.log");
	ASSERT_EQ(0, init(&self->routes));
	attach_told(1, "web");
	attach_told(2, "web");
	attach_told(3, "web.20");
	say(1, 0xe9, "1");
	say(2, 0xe9, "2");
	say(3, 0xe9, "3");
	EXPECT_STREQ("12", contents("web"));
	EXPECT_STREQ("2", contents("second"));
	EXPECT_STREQ("1", contents("web.log"));
	EXPECT_STREQ("2", contents("web.2.log"));
}

TEST_F(router, what_vmms_were_told_stays_apart_in_files)
{
	char longest[201], path[256];

	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	use(&self->routes, "0xe9:file=%v.json");
	ASSERT_EQ(0, init(&self->routes));
	attach_told(1, "数据库");
	attach_told(2, "数据表");
	attach_told(3, "my vm");
	attach_told(4, "my_vm");
	attach_told(5, longest);
	attach_told(6, longest);
	for (int vm = 1; vm <= 6; vm++)
		vm_out(vm, 0xe9, 1, '0' + vm);
	EXPECT_STREQ("1", contents("数据库.json"));
	EXPECT_STREQ("2", contents("数据表.json"));
	EXPECT_STREQ("3", contents("my+vm.json"));
	EXPECT_STREQ("4", contents("my_vm.json"));
	snprintf(path, sizeof(path), "%s.json", longest);
	EXPECT_STREQ("5", contents(path));
	snprintf(path, sizeof(path), "%s.2.json", longest);
	EXPECT_STREQ("6", contents(path));
}

TEST_F(router, vms_are_called_as_the_user_says)
{
	struct name *names = NULL;
	char why[512];

	ASSERT_EQ(0, names_append(&names, "one-*", "first", why, sizeof(why)));
	ASSERT_EQ(0, names_append(&names, "my vm", "数据", why, sizeof(why)));
	use(&self->routes, "0xe9:file=%v");
	ASSERT_EQ(0, init(&self->routes));
	router_set_names(names);
	attach(1, "one");
	attach(2, "two");
	attach(3, "one");
	say(1, 0xe9, "1");
	say(2, 0xe9, "2");
	say(3, 0xe9, "3");
	EXPECT_STREQ("1", contents("first"));
	EXPECT_STREQ("2", contents("two-1002"));
	/* Two of them are still told apart. */
	EXPECT_STREQ("3", contents("first.2"));
	attach_told(4, "my vm");
	say(4, 0xe9, "4");
	EXPECT_STREQ("4", contents("数据"));
}

TEST_F(router, routes_to_one_path_share_it)
{
	use(&self->routes, "0xe9:file=out,size=1M");
	use(&self->routes, "0x402:file=out,size=1M,format=text");
	ASSERT_EQ(0, init(&self->routes));
	EXPECT_EQ(1, count_open());
	attach(1, "vmm");
	attach(2, "vmm");
	say(1, 0xe9, "a");
	say(2, 0x402, "b\n");
	say(1, 0xe9, "c");
	EXPECT_STREQ("a[vmm-1002] b\nc", contents("out"));
	EXPECT_EQ(1, count_open());
}

TEST_F(router, a_path_that_another_route_has_open_otherwise_is_refused)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=vmm-1001,size=1M");
	use(&self->routes, "0xe9:file=%p");
	use(&self->routes, "0x402:file=0xe9,size=1M");
	EXPECT_EQ(-1, router_init(self->routes, why, sizeof(why)));
	EXPECT_STREQ("0xe9: is open already, with other settings", why);
}

TEST_F(router, events_are_told_in_json_once_on_each_sink)
{
	use(&self->routes, "0xe9:file=out,format=json");
	use(&self->routes, "0x402:file=out,format=json");
	use(&self->routes, "0x80:file=codes");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "unfinished");
	lose(1, 3);
	go(1);
	drive_sinks();
	EXPECT_EQ(0, system("grep -o '\"type\":\"[a-z]*\"' out | tr -d '\\n' >types"));
	EXPECT_STREQ("\"type\":\"attached\"\"type\":\"lost\"\"type\":\"line\"\"type\":\"gone\"",
		     contents("types"));
	EXPECT_STREQ("[vmm-1001] [… 3 writes lost …]\n", contents("codes"));
}

/* The boots of the objects in "out", in their order. */
static const char *boots_of_objects(void)
{
	drive_sinks();
	if (system("grep -o '\"boot\":[0-9]*' out | cut -d: -f2 | tr '\\n' ' ' >boots"))
		return NULL;
	return contents("boots");
}

TEST_F(router, json_says_which_boot_it_is)
{
	use(&self->routes, "any:file=out,format=json");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	for (int i = 0; i < 4; i++)
		say(1, 0x402, "SeaBIOS (version 1)\nBooting\n");
	go(1);
	EXPECT_STREQ("1 1 1 2 2 3 3 4 4 4 ", boots_of_objects());
}

TEST_F(router, boots_are_known_by_what_goes_nowhere)
{
	use(&self->routes, "0xe9:file=out,format=json");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	attach(2, "vmm");
	for (int i = 0; i < 3; i++) {
		say(1, 0x402, "SeaBIOS (version 1)\n");
		say(1, 0xe9, "web\n");
	}
	say(2, 0xe9, "db\n");
	EXPECT_STREQ("1 1 1 2 3 1 ", boots_of_objects());
}

TEST_F(router, a_boot_that_begins_among_many_writes_is_told_apart)
{
	static const char text[] = "SeaBIOS (version 1)\nx\n";
	struct dbgport_record recs[4 * (sizeof(text) - 1)];
	const size_t count = ARRAY_SIZE(recs);

	use(&self->routes, "any:file=out,format=json");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	for (size_t i = 0; i < count; i++)
		recs[i] = (struct dbgport_record){
			.vm = 1, .type = DBGPORT_WRITE, .port = 0x402, .width = 1, .seq = i,
			.value = text[i % (sizeof(text) - 1)], .time_ns = ZERO + i,
		};
	for (size_t i = 0; i < count;)
		i += router_writes(recs + i, count - i);
	EXPECT_STREQ("1 1 1 2 2 3 3 4 4 ", boots_of_objects());
}

TEST_F(router, a_boot_begins_with_what_the_user_says)
{
	static const struct begins_rule rule = { .text = "hello" };

	use(&self->routes, "0xe9:file=out,format=json");
	ASSERT_EQ(0, init(&self->routes));
	router_set_begins(&rule);
	attach(1, "vmm");
	router_set_begins(NULL);
	say(1, 0xe9, "hello\nyou\nhello\n");
	EXPECT_STREQ("1 1 1 2 ", boots_of_objects());
}

TEST_F(router, resets_are_logged)
{
	static struct memory_sink log;

	memory_init(&log);
	log_to_sink(&log.sink);
	use(&self->routes, "0xe9:null");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0x402, "SeaBIOS (version 1)\n");
	EXPECT_EQ(NULL, strstr(log.text, "reset"));
	say(1, 0x402, "SeaBIOS (version 1)\n");
	EXPECT_NE(NULL, strstr(log.text, "dbgportd: vmm-1001: reset; boot 2 begins\n"));
	drive_without_log();
}

TEST_F(router, codes_of_a_storm_are_counted)
{
	use(&self->routes, "0x80:file=counted");
	use(&self->routes, "0x80:file=shown,storm=show");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	for (int i = 0; i < 2000; i++)
		vm_out(1, 0x80, 1, 0x10);
	go(1);
	drive_sinks();
	EXPECT_EQ(0, system("test $(wc -l <shown) = 2000"));
	EXPECT_EQ(0, system("test $(grep -c 'code 0x10' counted) -lt 1000"));
	EXPECT_EQ(0, system("grep -q 'codes in .* not shown' counted"));
}

TEST_F(router, a_reload_keeps_what_stays_the_same)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=stays,format=text");
	use(&self->routes, "0xe9:file=goes");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "be");
	use(&self->routes, "0xe9:file=new");
	use(&self->routes, "console:file=stays,format=text");
	EXPECT_EQ(0, reload(&self->routes, why, sizeof(why)));
	say(1, 0xe9, "fore\n");
	/* The line that was unfinished is whole: its output went on. */
	EXPECT_STREQ("[vmm-1001] before\n", contents("stays"));
	EXPECT_STREQ("be", contents("goes"));
	EXPECT_STREQ("fore\n", contents("new"));
	EXPECT_EQ(2, count_open());
	attach(2, "vmm");
	say(2, 0xe9, "x\n");
	EXPECT_STREQ("fore\nx\n", contents("new"));
	EXPECT_STREQ("be", contents("goes"));
}

TEST_F(router, a_reload_can_change_how_a_file_is_written)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=%v,perm=600");
	use(&self->routes, "0x402:file=out,size=1M");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "a");
	say(1, 0x402, "1");
	use(&self->routes, "0xe9:file=%v,perm=640,format=text");
	use(&self->routes, "0x402:file=out,size=2M");
	EXPECT_EQ(0, reload(&self->routes, why, sizeof(why)));
	say(1, 0xe9, "b\n");
	say(1, 0x402, "2");
	/* Text begins on a line of its own. */
	EXPECT_STREQ("a\nb\n", contents("vmm-1001"));
	EXPECT_STREQ("12", contents("out"));
	EXPECT_EQ(2, count_open());
}

TEST_F(router, a_reload_that_fails_changes_nothing)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=old");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "a");
	use(&self->routes, "0xe9:file=new");
	use(&self->routes, "0xe9:file=missing/new");
	EXPECT_EQ(-1, reload(&self->routes, why, sizeof(why)));
	EXPECT_STREQ("missing/new: there is no such directory; make it first", why);
	say(1, 0xe9, "b");
	EXPECT_STREQ("ab", contents("old"));
	EXPECT_STREQ("", contents("new"));
	EXPECT_EQ(1, count_open());
}

TEST_F(router, a_reload_tries_again_what_could_not_be_opened)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=%v/log");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	say(1, 0xe9, "dropped");
	ASSERT_EQ(0, mkdir("vmm-1001", 0700));
	use(&self->routes, "0xe9:file=%v/log");
	EXPECT_EQ(0, reload(&self->routes, why, sizeof(why)));
	say(1, 0xe9, "kept");
	EXPECT_STREQ("kept", contents("vmm-1001/log"));
}

TEST_F(router, a_reload_to_and_fro_leaves_nothing_behind)
{
	char why[512] = "";

	use(&self->routes, "0xe9:file=a");
	ASSERT_EQ(0, init(&self->routes));
	attach(1, "vmm");
	for (int i = 0; i < 100; i++) {
		use(&self->routes, i % 2 ? "0xe9:file=a" : "any:file=%v,format=json");
		if (i % 3)
			use(&self->routes, "0x80:null");
		EXPECT_EQ(0, reload(&self->routes, why, sizeof(why)));
		say(1, 0xe9, "x");
	}
	EXPECT_EQ(1, count_open());
}

TEST_F(router, all_vms_can_be_walked_through)
{
	const struct vm *vm = NULL;
	__u32 sum = 0;

	use(&self->routes, "0xe9:null");
	ASSERT_EQ(0, init(&self->routes));
	EXPECT_EQ(NULL, vm_table_next(NULL));
	for (__u32 id = 1; id <= 600; id += 3)
		attach(id, "vmm");
	while ((vm = vm_table_next(vm)))
		sum += vm->info.id;
	EXPECT_EQ(200 * 599 / 2, sum);
}

TEST_HARNESS_MAIN
