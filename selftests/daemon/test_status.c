// SPDX-License-Identifier: GPL-2.0
/* The status file: what it tells, that it is JSON whatever there is to tell, and always whole. */
#include <errno.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "daemon/guests.h"
#include "daemon/scratch.h"
#include "dbgportd/router/router.h"
#include "dbgportd/service/status.h"

FIXTURE(status)
{
	struct scratch scratch;
};

FIXTURE_SETUP(status)
{
	scratch_make(&self->scratch);
	ASSERT_EQ(0, loop_init(ENGINE));
	drive_without_log();
}

FIXTURE_TEARDOWN(status)
{
	status_stop();
	router_exit();
	scratch_remove(&self->scratch);
}

/* What jq makes of the file; "" if it is no JSON. */
static const char *asked(struct scratch *s, const char *filter)
{
	static char text[65536];
	char command[1024];
	size_t n;
	FILE *f;

	snprintf(command, sizeof(command), "jq -c '%s' %s 2>&1", filter,
		 scratch_path(s, "status.json"));
	f = popen(command, "r");
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	if (n && text[n - 1] == '\n')
		text[n - 1] = '\0';
	return pclose(f) ? "" : text;
}

#define EXPECT_JQ(value, filter) EXPECT_STREQ(value, asked(&self->scratch, filter))

static void begin(struct scratch *s, const char *const texts[])
{
	guests_route(texts);
	status_start(s->dir);
}

TEST_F(status, is_there_before_there_is_a_vm)
{
	begin(&self->scratch, (const char *[]){ "0xe9:null", NULL });
	EXPECT_JQ("[]", ".vms");
	EXPECT_JQ("0", ".totals.records");
	EXPECT_JQ("true", ".uptime_ms >= 0");
	EXPECT_JQ("true", ".engine | startswith(\"" ENGINE "\")");
	EXPECT_JQ("1", ".abi");
	EXPECT_JQ("\"0000000000000000\"", ".load_id");
}

#define WEB	".vms[] | select(.name == \"web\")"
#define SINK	"[.records, .bytes, .written, .dropped, .queue, .dead, .last_error]"

TEST_F(status, tells_per_vm_and_sink)
{
	char text[PATH_MAX + 64];

	snprintf(text, sizeof(text), "0xe9:file=%s", scratch_path(&self->scratch, "%v.txt"));
	begin(&self->scratch, (const char *[]){ text, "0x402:null", NULL });
	guests_attach(7, "web");
	guests_attach(8, "db");
	guests_wrote(7, 0xe9, 100);
	guests_wrote(7, 0x402, 10);
	guests_wrote(8, 0x80, 1);
	router_record(&(struct dbgport_record){
		.type = DBGPORT_LOST, .vm = 8, .seq = 111, .count = 5 }, NULL, NULL);
	drive_sinks();
	status_write();
	EXPECT_JQ("2", ".vms | length");
	EXPECT_JQ("[2,111,111,5,1,0]",
		  ".totals | [.vms, .records, .claimed, .lost, .unrouted, .dropped_bytes]");
	EXPECT_JQ("[7,4711,1000,110,110,110,0]",
		  WEB "| [.id, .pid, .uid, .records, .bytes, .claimed, .lost]");
	EXPECT_JQ("5", ".vms[] | select(.name == \"db\") | .lost");
	/* jq's numbers are not that exact. */
	EXPECT_NE(NULL, strstr(scratch_read(&self->scratch, "status.json"),
			       "\"zero_ns\": 123456789012345678,"));
	EXPECT_JQ("[100,100,100,0,0,false,null]",
		  WEB "| .outputs[0] | " SINK);
	EXPECT_JQ("[10,0]", WEB "| .outputs[1] | [.records, .written]");
	EXPECT_JQ("3", ".sinks | length");
	EXPECT_JQ("[\"file\",\"file\",\"null\"]", "[.sinks[].kind] | sort");
	snprintf(text, sizeof(text), "[.sinks[].path] | index(\"%s\") != null",
		 scratch_path(&self->scratch, "web.txt"));
	EXPECT_JQ("true", text);
}

TEST_F(status, tells_what_is_wrong_with_a_sink)
{
	begin(&self->scratch, (const char *[]){ "0xe9:file=/dev/full", NULL });
	guests_attach(7, "web");
	guests_wrote(7, 0xe9, 100);
	streams_flush();
	status_write();
	EXPECT_JQ("[0,100,\"No space left on device\"]",
		  ".vms[0].outputs[0] | [.written, .queue + .dropped, .last_error]");
}

/* Whatever ports VMs' owners have taken, those that count are the administrator's. */
TEST_F(status, tells_per_port)
{
	const struct dbgport_info info = { .nports = 3, .ports = { 0x80, 0xe9, 0x402 } };
	char why[512];

	begin(&self->scratch, (const char *[]){ "any:null", NULL });
	ASSERT_EQ(0, router_check_ports(NULL, &info, why, sizeof(why)));
	guests_attach(7, "web");
	guests_wrote(7, 0x402, 10);
	guests_wrote(7, 0x80, 5);
	for (int port = 0x500; port < 0x600; port++)
		guests_wrote(7, port, 1);
	status_write();
	EXPECT_JQ("[null,128,233,1026]", "[.ports[].port] | sort");
	EXPECT_JQ("[10,10,10]", ".ports[] | select(.port == 1026) | [.records, .bytes, .claimed]");
	EXPECT_JQ("5", ".ports[] | select(.port == 128) | .records");
	EXPECT_JQ("256", ".ports[] | select(.port == null) | .records");
	EXPECT_JQ("true", "([.ports[].records] | add) == .totals.records");
}

/* A path may hold anything that a file's name may. */
TEST_F(status, is_json_whatever_it_tells_of)
{
	char text[PATH_MAX + 64];

	snprintf(text, sizeof(text), "0xe9:file=%s",
		 scratch_path(&self->scratch, "a\\b\t\x01\x7f\xff\xc3\x28\xe2\x82 \xe2\x82\xac."));
	begin(&self->scratch, (const char *[]){ text, NULL });
	guests_attach(1, "web");
	guests_wrote(1, 0xe9, 3);
	status_write();
	EXPECT_JQ("3", ".vms[0].outputs[0].records");
	EXPECT_JQ("true", ".sinks[0].path | contains(\"a\\\\b\\t\\u0001\\u007f\\ufffd\")");
	EXPECT_JQ("true", ".sinks[0].path | endswith(\" €.\")");
}

TEST_F(status, tells_of_many)
{
	begin(&self->scratch, (const char *[]){ "any:null", "0xe9:null,name=x", NULL });
	for (int i = 1; i <= 500; i++) {
		guests_attach(i, "vm");
		guests_wrote(i, 0xe9, 2);
	}
	status_write();
	EXPECT_JQ("500", ".vms | length");
	EXPECT_JQ("500", "[.vms[].name] | unique | length");
	EXPECT_JQ("1000", "[.vms[].records] | add");
}

TEST_F(status, file_tells_nobody_else_of_other_users_vms_and_is_alone)
{
	struct stat st;

	begin(&self->scratch, (const char *[]){ "0xe9:null", NULL });
	ASSERT_EQ(0, stat(scratch_path(&self->scratch, "status.json"), &st));
	EXPECT_EQ(0600, st.st_mode & 0600);
	EXPECT_EQ(0, st.st_mode & 0027);
	EXPECT_EQ(-1, access(scratch_path(&self->scratch, ".status.json"), F_OK));
	status_stop();
	EXPECT_EQ(-1, access(scratch_path(&self->scratch, "status.json"), F_OK));
}

/* What was being written when a daemon was killed, or what somebody else has put there. */
TEST_F(status, is_not_written_through_a_link)
{
	scratch_write(&self->scratch, "precious", "gold", 4);
	ASSERT_EQ(0, symlink("precious", scratch_path(&self->scratch, ".status.json")));
	ASSERT_EQ(0, symlink("precious", scratch_path(&self->scratch, "status.json")));
	begin(&self->scratch, (const char *[]){ "0xe9:null", NULL });
	EXPECT_STREQ("gold", scratch_read(&self->scratch, "precious"));
	EXPECT_JQ("[]", ".vms");
}

TEST_F(status, is_whole_whenever_it_is_read)
{
	pid_t reader;
	int status;

	begin(&self->scratch, (const char *[]){ "any:null", NULL });
	for (int i = 1; i <= 100; i++)
		guests_attach(i, "vm");
	reader = fork();
	if (!reader) {
		for (int i = 0; i < 2000; i++) {
			const char *text = scratch_read(&self->scratch, "status.json");
			size_t n = strlen(text);

			if (n < 4 || text[0] != '{' || strcmp(text + n - 3, "\n}\n"))
				_exit(1);
		}
		_exit(0);
	}
	while (!waitpid(reader, &status, WNOHANG))
		status_write();
	EXPECT_EQ(0, status);
}

TEST_F(status, is_written_by_itself_only_if_something_changed)
{
	char buf[4096];
	int fd = inotify_init1(IN_NONBLOCK);

	begin(&self->scratch, (const char *[]){ "0xe9:null", NULL });
	ASSERT_LE(0, inotify_add_watch(fd, self->scratch.dir, IN_MOVED_TO));
	drive_for(STATUS_MS + 500);
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	guests_attach(1, "web");
	/* One patience is no longer than the time between two. */
	drive_for(STATUS_MS);
	EXPECT_TRUE(drive_until(read(fd, buf, sizeof(buf)) > 0));
	EXPECT_JQ("1", ".vms | length");
}

TEST_F(status, is_written_at_once_when_vms_come_and_go)
{
	const struct dbgport_record gone = { .type = DBGPORT_GONE, .vm = 1 };

	begin(&self->scratch, (const char *[]){ "0xe9:null", NULL });
	guests_attach(1, "web");
	status_follow();
	drive_for(2 * STATUS_SOON_MS);
	EXPECT_JQ("1", ".vms | length");
	router_record(&gone, NULL, NULL);
	status_follow();
	drive_for(2 * STATUS_SOON_MS);
	EXPECT_JQ("0", ".vms | length");
}

TEST_HARNESS_MAIN
