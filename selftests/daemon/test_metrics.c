// SPDX-License-Identifier: GPL-2.0
/*
 * The file of metrics: what it tells, that its labels are few whatever guests do, that it
 * is always whole, and that no file system holds up the loop.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "daemon/guests.h"
#include "daemon/scratch.h"
#include "dbgportd/router/router.h"
#include "dbgportd/service/metrics.h"
#include "dbgportd/service/metrics_text.h"
#include "dbgportd/sink/writer.h"

FIXTURE(metrics)
{
	struct scratch scratch;
	const char *path;
};

FIXTURE_SETUP(metrics)
{
	const struct dbgport_info info = { .nports = 3, .ports = { 0x80, 0xe9, 0x402 } };
	char why[512];

	scratch_make(&self->scratch);
	self->path = strdup(scratch_path(&self->scratch, "dbgport.prom"));
	ASSERT_EQ(0, loop_init(ENGINE));
	drive_without_log();
	guests_route((const char *[]){ "any:null", "0xe9:null,name=x", NULL });
	ASSERT_EQ(0, router_check_ports(NULL, &info, why, sizeof(why)));
}

FIXTURE_TEARDOWN(metrics)
{
	metrics_stop();
	router_exit();
	scratch_remove(&self->scratch);
	free((void *)self->path);
}

/* What is printed now; no more than is promised. */
static const char *printed(unsigned int vms)
{
	static char text[METRICS_TEXT_MAX + 1];
	FILE *f = fmemopen(text, sizeof(text), "w");

	metrics_print(f, vms);
	if (fflush(f) || ferror(f))
		abort();
	fclose(f);
	return text;
}

/* How often @what is in the text. */
static unsigned int count(const char *text, const char *what)
{
	unsigned int n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

/* The line is there, once. */
#define EXPECT_LINE(line)	EXPECT_EQ(1, count(printed(100), "\n" line "\n"))
#define EXPECT_NO(what)		EXPECT_EQ(0, count(printed(100), what))

TEST_F(metrics, has_all_of_the_host_before_there_is_a_vm)
{
	EXPECT_LINE("dbgport_writes_total{port=\"0x402\",state=\"claimed\"} 0");
	EXPECT_LINE("dbgport_lost_total 0");
	EXPECT_LINE("dbgport_vms{state=\"silent\"} 0");
	EXPECT_LINE("dbgport_sinks{mode=\"pty\",state=\"held\"} 0");
	EXPECT_LINE("# TYPE dbgport_vm_writes_total counter");
	EXPECT_NO("vm=");
}

TEST_F(metrics, tells_of_ports_and_states)
{
	struct dbgport_record tee = {
		.type = DBGPORT_WRITE, .vm = 8, .port = 0x80, .width = 4, .seq = 1000,
	};

	guests_attach(7, "web");
	guests_attach(8, "db");
	guests_attach(9, "idle");
	guests_wrote(7, 0xe9, 100);
	guests_wrote(8, 0x80, 1);
	router_record(&tee, NULL, NULL);
	EXPECT_LINE("dbgport_writes_total{port=\"0xe9\",state=\"claimed\"} 100");
	EXPECT_LINE("dbgport_writes_total{port=\"0x80\",state=\"claimed\"} 1");
	EXPECT_LINE("dbgport_writes_total{port=\"0x80\",state=\"tee\"} 1");
	EXPECT_LINE("dbgport_written_bytes_total{port=\"0x80\"} 5");
	EXPECT_LINE("dbgport_vms{state=\"claimed\"} 1");
	EXPECT_LINE("dbgport_vms{state=\"tee\"} 1");
	EXPECT_LINE("dbgport_vms{state=\"silent\"} 1");
	EXPECT_LINE("dbgport_vms_seen_total 3");
	EXPECT_LINE("dbgport_vm_writes_total{vm=\"web\"} 100");
	EXPECT_LINE("dbgport_vm_claimed_total{vm=\"db\"} 1");
	EXPECT_LINE("dbgport_vm_boots_total{vm=\"idle\"} 1");
	/* Which all have together. */
	EXPECT_LINE("dbgport_sinks{mode=\"null\",state=\"ok\"} 1");
}

TEST_F(metrics, tells_what_was_lost)
{
	guests_attach(7, "web");
	router_record(&(struct dbgport_record){
		.type = DBGPORT_LOST, .vm = 7, .seq = 0, .count = 5 }, NULL, NULL);
	EXPECT_LINE("dbgport_lost_total 5");
	EXPECT_LINE("dbgport_vm_lost_total{vm=\"web\"} 5");
}

TEST_F(metrics, of_the_host_keep_what_vms_wrote_that_have_ended)
{
	guests_attach(7, "web");
	guests_wrote(7, 0xe9, 100);
	guests_gone(7);
	EXPECT_LINE("dbgport_writes_total{port=\"0xe9\",state=\"claimed\"} 100");
	EXPECT_LINE("dbgport_vms_seen_total 1");
	EXPECT_LINE("dbgport_vms{state=\"claimed\"} 0");
	EXPECT_NO("vm=\"web\"");
}

/* Nor do any that come and go. */
TEST_F(metrics, owners_ports_make_no_labels)
{
	unsigned int lines = count(printed(100), "\n");

	guests_attach(7, "web");
	lines += count(printed(100), "{vm=");
	for (int port = 0x500; port < 0x700; port++)
		guests_wrote(7, port, 1);
	EXPECT_LINE("dbgport_writes_total{port=\"other\",state=\"claimed\"} 512");
	EXPECT_EQ(lines, count(printed(100), "\n"));
}

#define WRITES_OF	"dbgport_vm_writes_total{vm="

TEST_F(metrics, are_of_so_many_vms_and_no_more)
{
	for (int i = 300; i; i--)
		guests_attach(i, "vm");
	EXPECT_EQ(100, count(printed(100), WRITES_OF));
	EXPECT_LINE("dbgport_vms_unlisted 200");
	EXPECT_EQ(2, count(printed(2), WRITES_OF));
	EXPECT_EQ(0, count(printed(0), WRITES_OF));
	EXPECT_EQ(0, count(printed(0), "{vm="));
	EXPECT_EQ(1, count(printed(0), "\ndbgport_vms_unlisted 300\n"));
}

/* The oldest have them, so that no counter vanishes and comes again. */
TEST_F(metrics, of_a_vm_stay_until_it_ends)
{
	guests_attach(1, "first");
	guests_attach(3, "third");
	EXPECT_EQ(1, count(printed(1), WRITES_OF "\"first\""));
	guests_attach(2, "second");
	EXPECT_EQ(1, count(printed(1), WRITES_OF "\"first\""));
	EXPECT_EQ(1, count(printed(2), WRITES_OF "\"second\""));
	guests_gone(1);
	EXPECT_EQ(1, count(printed(1), WRITES_OF "\"second\""));
}

TEST_F(metrics, have_room_for_the_longest_names_and_numbers)
{
	char name[VMNAME_OWN_SIZE];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (int i = 1; i <= 300; i++) {
		const struct dbgport_record lost = {
			.type = DBGPORT_LOST, .vm = i, .count = ~0ULL / 2,
		};

		guests_attach(i, name);
		router_record(&lost, NULL, NULL);
	}
	EXPECT_EQ(100, count(printed(100), WRITES_OF));
}

TEST_F(metrics, labels_are_quoted)
{
	guests_attach(7, "a\"b\\c\nd");
	EXPECT_LINE("dbgport_vm_writes_total{vm=\"a\\\"b\\\\c\\nd\"} 0");
}

#define IS_THERE	(!access(self->path, F_OK))

TEST_F(metrics, file_is_there_soon_and_readable_for_all)
{
	struct stat st;

	umask(0077);
	metrics_start(self->path, 100);
	ASSERT_TRUE(drive_until(IS_THERE));
	ASSERT_EQ(0, stat(self->path, &st));
	EXPECT_EQ(0644, st.st_mode & 0777);
	EXPECT_NE(NULL, strstr(scratch_read(&self->scratch, "dbgport.prom"), "dbgport_vms{"));
	EXPECT_EQ(-1, access(scratch_path(&self->scratch, "dbgport.prom.new"), F_OK));
	metrics_stop();
	EXPECT_FALSE(IS_THERE);
}

TEST_F(metrics, file_is_written_anew_as_asked)
{
	metrics_start(self->path, 100);
	ASSERT_TRUE(drive_until(IS_THERE));
	guests_attach(7, "web");
	metrics_write();
	EXPECT_TRUE(drive_until(strstr(scratch_read(&self->scratch, "dbgport.prom"),
				       "vm=\"web\"")));
}

TEST_F(metrics, file_is_not_written_through_a_link)
{
	scratch_write(&self->scratch, "precious", "gold", 4);
	ASSERT_EQ(0, symlink("precious", scratch_path(&self->scratch, "dbgport.prom.new")));
	ASSERT_EQ(0, symlink("precious", self->path));
	metrics_start(self->path, 100);
	EXPECT_TRUE(drive_until(strstr(scratch_read(&self->scratch, "dbgport.prom"),
				       "dbgport_vms{")));
	EXPECT_STREQ("gold", scratch_read(&self->scratch, "precious"));
}

static unsigned int warnings;

static void count_warnings(void *arg, const char *text, size_t n)
{
	(void)arg;
	warnings += !!memmem(text, n, "metrics: ", 9);
}

TEST_F(metrics, file_that_cannot_be_written_is_told_once)
{
	log_to(count_warnings, NULL);
	metrics_start("/nonexistent/dbgport.prom", 100);
	EXPECT_TRUE(drive_until(warnings));
	for (int i = 0; i < 3; i++) {
		metrics_write();
		drive_for(50);
	}
	EXPECT_EQ(1, warnings);
	drive_without_log();
}

/* The writer stands for a file system that does not answer. */
TEST_F(metrics, file_system_that_hangs_holds_up_neither_the_loop_nor_the_end)
{
	int writer[2];
	__u64 begin;

	metrics_start(self->path, 100);
	ASSERT_TRUE(drive_until(IS_THERE));
	ASSERT_EQ(1, drive_writers(writer, 2));
	ASSERT_EQ(0, kill(writer[0], SIGSTOP));
	begin = drive_clock();
	for (int i = 0; i < 10; i++) {
		guests_attach(1 + i, "web");
		metrics_write();
		drive_for(10);
	}
	metrics_stop();
	writers_end();
	EXPECT_LT(drive_clock() - begin, PATIENCE_MS / 2);
	EXPECT_TRUE(IS_THERE);
}

TEST_F(metrics, writer_that_is_killed_is_replaced)
{
	int writer[2];

	metrics_start(self->path, 100);
	ASSERT_TRUE(drive_until(IS_THERE));
	ASSERT_EQ(1, drive_writers(writer, 2));
	ASSERT_EQ(0, kill(writer[0], SIGKILL));
	ASSERT_EQ(0, unlink(self->path));
	EXPECT_TRUE(drive_until(({ metrics_write(); IS_THERE; })));
}

TEST_HARNESS_MAIN
