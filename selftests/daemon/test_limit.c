// SPDX-License-Identifier: GPL-2.0
/* rate=: what VMs write too fast is cut, and that is told. */
#include "lib/harness.h"

#include "daemon/drive.h"
#include "daemon/guests.h"
#include "daemon/scratch.h"
#include "dbgportd/router/limit.h"
#include "dbgportd/router/vm_table.h"

#define LINE		"Found 2 cpu(s) max supported 2 cpu(s)..\n"
#define S		1000000000ULL
/* When VMs begin, long ago. */
#define ZERO		(5 * S)

static unsigned int messages;

static void count_cuts(void *arg, const char *text, size_t n)
{
	(void)arg;
	messages += !!memmem(text, n, "faster than its rate=", 21);
}

FIXTURE(limit)
{
	struct scratch scratch;
	__u64 ns[3], seq[3];
};

FIXTURE_SETUP(limit)
{
	scratch_make(&self->scratch);
	ASSERT_EQ(0, chdir(self->scratch.dir));
	ASSERT_EQ(0, loop_init(ENGINE));
	messages = 0;
	log_to(count_cuts, NULL);
	for (int i = 0; i < 3; i++)
		self->ns[i] = ZERO + S;
}

FIXTURE_TEARDOWN(limit)
{
	router_exit();
	scratch_remove(&self->scratch);
}

static void attach(__u32 vm, const char *name)
{
	const struct dbgport_record rec = {
		.type = DBGPORT_ATTACHED, .vm = vm, .time_ns = ZERO,
	};
	const struct dbgport_vm_info info = { .vm = vm, .pid = 4711, .comm = "vmm" };

	router_record(&rec, &info, name);
}

#define BEGIN(...) ({							\
	guests_route((const char *[]){ __VA_ARGS__, NULL });		\
	attach(1, "web");						\
	attach(2, "db");						\
})

/* @times the text, a byte each microsecond. */
static void put(__u64 *ns, __u64 *seq, __u32 vm, __u16 port, const char *text, int times)
{
	static struct dbgport_record rec[2048];
	size_t n = strlen(text) * times, len = 0, taken;

	for (size_t i = 0; i < n; i++) {
		rec[len++] = (struct dbgport_record){
			.type = DBGPORT_WRITE, .vm = vm, .port = port, .width = 1,
			.value = text[i % strlen(text)], .seq = (*seq)++,
			.time_ns = *ns += 1000,
		};
		if (len < 2048 && i < n - 1)
			continue;
		for (size_t k = 0; k < len; k += taken)
			taken = router_writes(rec + k, len - k);
		len = 0;
	}
}

#define WRITES(vm, port, text, times) \
	put(&self->ns[vm], &self->seq[vm], vm, port, text, times)

static const char *read_out(const struct scratch *s, const char *name)
{
	drive_sinks();
	return scratch_read(s, name);
}

#define OUT(name)	read_out(&self->scratch, name)

static unsigned int count(const char *text, const char *what)
{
	unsigned int n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

#define SLOW_TEXT	"0x402:file=%v,format=text,rate=1K,burst=4K"

/* The burst ends within the 103rd line. */
TEST_F(limit, cut_is_told_where_it_was)
{
	const char *text;

	BEGIN(SLOW_TEXT);
	WRITES(1, 0x402, LINE, 1100);
	self->ns[1] += 10 * S;
	WRITES(1, 0x402, "after\n", 1);
	text = OUT("web");
	EXPECT_EQ(1, count(text, "cut by rate="));
	EXPECT_STREQ("[… 39880 bytes in 0.039879 seconds cut by rate= …]\nafter\n",
		     strstr(text, "[…"));
	EXPECT_EQ(103, count(text, LINE));
	EXPECT_EQ(39880, limits_cut());
	EXPECT_EQ(1100 * 40, 103 * 40 + limits_cut());
}

TEST_F(limit, no_other_vm_is_cut)
{
	BEGIN("0x402:file=out,format=text,rate=1K,burst=4K");
	WRITES(1, 0x402, LINE, 1100);
	WRITES(2, 0x402, LINE, 100);
	WRITES(1, 0x402, LINE, 100);
	EXPECT_EQ(100, count(OUT("out"), "[db] " LINE));
	EXPECT_EQ(103, count(OUT("out"), "[web] " LINE));
}

TEST_F(limit, each_route_cuts_for_itself)
{
	BEGIN(SLOW_TEXT, "0x402:file=%v.all,format=text", "0x402:file=%v.fast,format=text,rate=1M");
	WRITES(1, 0x402, LINE, 1100);
	EXPECT_EQ(103, count(OUT("web"), LINE));
	EXPECT_EQ(1100, count(OUT("web.all"), LINE));
	EXPECT_EQ(1100, count(OUT("web.fast"), LINE));
}

/* A guest that falls silent would leave it untold. */
TEST_F(limit, cut_is_told_though_nothing_follows)
{
	BEGIN(SLOW_TEXT);
	WRITES(1, 0x402, LINE, 1100);
	EXPECT_EQ(0, count(OUT("web"), "cut by rate="));
	EXPECT_TRUE(drive_until(count(OUT("web"), "cut by rate=")));
	self->ns[1] += 10 * S;
	WRITES(1, 0x402, "after\n", 1);
	EXPECT_EQ(1, count(OUT("web"), "cut by rate="));
}

TEST_F(limit, cut_is_told_before_the_vms_end)
{
	const struct dbgport_record gone = { .type = DBGPORT_GONE, .vm = 1, .time_ns = 20 * S };
	const char *text;

	BEGIN("0x402:file=web.json,format=json,rate=1K,burst=4K");
	WRITES(1, 0x402, LINE, 1100);
	router_record(&gone, NULL, NULL);
	text = strstr(OUT("web.json"), "{\"type\":\"cut\"");
	ASSERT_NE(NULL, text);
	EXPECT_NE(NULL, strstr(text, "\"vm\":\"web\","));
	EXPECT_NE(NULL, strstr(text, ",\"port\":1026,\"seq\":4120,\"count\":39880,"));
	EXPECT_NE(NULL, strstr(text, ",\"bytes\":39880,\"duration_ns\":39879000}\n"));
	EXPECT_NE(NULL, strstr(text, "}\n{\"type\":\"gone\""));
}

TEST_F(limit, of_several_ports_none_is_named)
{
	BEGIN("any:file=web.json,format=json,rate=1K,burst=4K");
	WRITES(1, 0x402, LINE, 200);
	router_unplug();
	EXPECT_EQ(1, count(OUT("web.json"), ",\"port\":null,\"seq\":4120,"));
}

/* No byte of ours: in a file of exact bytes the log tells it. */
TEST_F(limit, exact_bytes_are_cut_by_lines)
{
	const char *text;

	BEGIN("0x402:file=%v,rate=1K,burst=4K");
	WRITES(1, 0x402, LINE, 1100);
	self->ns[1] += 10 * S;
	WRITES(1, 0x402, "after\n", 1);
	text = OUT("web");
	EXPECT_EQ(103 * 40 + 6, strlen(text));
	EXPECT_STREQ("after\n", text + 103 * 40);
	EXPECT_EQ(1, messages);
}

TEST_F(limit, clients_of_exact_bytes_are_told)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	static char text[65536];

	BEGIN("0x402:unix=%v.sock,rate=1K,burst=4K");
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s",
		 scratch_path(&self->scratch, "web.sock"));
	ASSERT_EQ(0, connect(fd, (struct sockaddr *)&addr, sizeof(addr)));
	WRITES(1, 0x402, LINE, 1100);
	self->ns[1] += 10 * S;
	WRITES(1, 0x402, "after\n", 1);
	drive_receive(fd, text, sizeof(text), 103 * 40 + 60);
	EXPECT_STREQ("\n[… 39880 bytes in 0.039879 seconds cut by rate= …]\nafter\n",
		     text + 103 * 40);
	close(fd);
}

TEST_F(limit, codes_are_cut_too)
{
	BEGIN("0x80:file=%v,format=text,storm=show,rate=1K,burst=4K");
	WRITES(1, 0x80, "\x10", 10000);
	self->ns[1] += 10 * S;
	WRITES(1, 0x80, "\x11", 1);
	EXPECT_EQ(1, count(OUT("web"), "cut by rate="));
	EXPECT_LE(4096, count(OUT("web"), "0x10 Firmware\n"));
	EXPECT_GT(4196, count(OUT("web"), "0x10 Firmware\n"));
	EXPECT_EQ(1, count(OUT("web"), "0x11 Firmware\n"));
}

/* VMs that are silent, and routes without a rate, have no memory for it. */
TEST_F(limit, is_there_when_a_vm_writes)
{
	const struct vm *vm;

	BEGIN("0x402:null,rate=1K", "0xe9:null");
	vm = vm_table_find(1);
	WRITES(1, 0xe9, LINE, 1);
	EXPECT_EQ(NULL, vm->outputs->limit);
	WRITES(1, 0x402, LINE, 1);
	EXPECT_NE(NULL, vm->outputs->limit);
	EXPECT_EQ(NULL, vm->outputs->next->limit);
}

/* A flood is cut again and again. */
TEST_F(limit, cut_is_logged_now_and_then)
{
	BEGIN(SLOW_TEXT);
	for (int i = 0; i < 20; i++) {
		WRITES(1, 0x402, LINE, 1000);
		self->ns[1] += 10 * S;
	}
	EXPECT_LE(10, count(OUT("web"), "cut by rate="));
	EXPECT_EQ(1, messages);
	router_unplug();
	EXPECT_EQ(2, messages);
}

TEST_HARNESS_MAIN
