// SPDX-License-Identifier: GPL-2.0
/*
 * Sinks on standard output and standard error.  Each test runs in a child with
 * a session and a terminal of its own; its exit status is what fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/config/roles.h"
#include "dbgportd/config/routes.h"
#include "dbgportd/router/router.h"
#include "dbgportd/service/log.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/std.h"

static const char *const tty_routes[] = { "0xe9:tty", "0x402:stdout", "0x80:log", NULL };

/* In the child: which condition does not hold is told by the exit status. */
#define CHECK(cond) do {						\
	if (!(cond))							\
		_exit(__LINE__ % 255 + 1);				\
} while (0)

static void say(const char *text)
{
	for (; *text; text++) {
		const struct dbgport_record rec = {
			.vm = 1, .type = DBGPORT_WRITE, .port = DBGPORT_CONSOLE_PORT,
			.width = 1, .value = (unsigned char)*text,
		};

		router_record(&rec, NULL, NULL);
	}
}

static void begin_with(struct route *routes)
{
	const struct dbgport_record rec = { .vm = 1, .type = DBGPORT_ATTACHED };
	char why[512];

	CHECK(!loop_init(ENGINE));
	drive_without_log();
	CHECK(!router_init(routes, why, sizeof(why)));
	router_record(&rec, NULL, NULL);
}

static void begin(const char *const *texts)
{
	struct route *routes = NULL;
	char why[512];

	for (; *texts; texts++) {
		struct route *r = route_parse(*texts, "test", why, sizeof(why));

		CHECK(r);
		routes_append(&routes, r);
	}
	begin_with(routes);
}

static void end(void)
{
	router_exit();
	CHECK(drive_until(!sinks_open()));
	loop_exit();
	_exit(0);
}

static bool echoes(void)
{
	struct termios t;

	CHECK(!tcgetattr(STDOUT_FILENO, &t));
	CHECK(t.c_lflag & ISIG && t.c_oflag & OPOST);
	return t.c_lflag & ECHO && t.c_lflag & ICANON;
}

FIXTURE(terminal)
{
	int master;
	pid_t child;
	char text[4096];
};

FIXTURE_SETUP(terminal)
{
	self->child = forkpty(&self->master, NULL, NULL, NULL);
	ASSERT_LE(0, self->child);
}

FIXTURE_TEARDOWN(terminal)
{
}

/* Everything that came to the terminal, and the child's exit status. */
static int finish(int master, char *text, size_t size, pid_t child)
{
	size_t len = 0;
	int status;
	ssize_t n;

	while (len < size - 1 && (n = read(master, text + len, size - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define FINISH() finish(self->master, self->text, sizeof(self->text), self->child)

TEST_F(terminal, tty_does_not_echo_and_is_restored)
{
	if (!self->child) {
		CHECK(echoes());
		begin(tty_routes);
		CHECK(!echoes());
		say("words\n");
		drive_for(20);
		router_exit();
		CHECK(drive_until(!sinks_open()));
		CHECK(echoes());
		_exit(0);
	}
	EXPECT_EQ(0, FINISH());
	EXPECT_STREQ("words\r\n", self->text);
}

TEST_F(terminal, no_control_byte_of_a_guest_reaches_it)
{
	if (!self->child) {
		begin(tty_routes);
		say("\033[2J\a\x9b\n");
		end();
	}
	EXPECT_EQ(0, FINISH());
	EXPECT_STREQ("<1b>[2J<07><9b>\r\n", self->text);
}

TEST_F(terminal, output_and_messages_keep_their_order)
{
	if (!self->child) {
		struct sink *log;

		begin(tty_routes);
		log = std_open(STDERR_FILENO);
		log_to_sink(log);
		say("one\n");
		log_line("two");
		say("three");
		drive_for(300);
		log_line("four");
		say("five\n");
		drive_without_log();
		std_close(log);
		end();
	}
	EXPECT_EQ(0, FINISH());
	EXPECT_STREQ("one\r\ndbgportd: two\r\nthree…\r\ndbgportd: four\r\n…five\r\n",
		     self->text);
}

TEST_F(terminal, a_hangup_kills_the_sink_and_nothing_else)
{
	static const char *const hangup_routes[] = { "0xe9:stdout", NULL };
	int status;

	if (!self->child) {
		signal(SIGHUP, SIG_IGN);
		begin(hangup_routes);
		CHECK(router_has_sink());
		CHECK(write(STDOUT_FILENO, "ready", 5) == 5);
		CHECK(drive_until((std_check_hangup(), !router_has_sink())));
		say("to nobody\n");
		end();
	}
	ASSERT_LT(0, read(self->master, self->text, sizeof(self->text)));
	close(self->master);
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	EXPECT_EQ(0, status);
}

/* Whoever shares the terminal with us would find it non-blocking. */
TEST_F(terminal, it_stays_as_it_is_for_others)
{
	if (!self->child) {
		begin(tty_routes);
		say("words\n");
		drive_for(20);
		CHECK(!(fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK));
		CHECK(!(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK));
		end();
	}
	EXPECT_EQ(0, FINISH());
	EXPECT_STREQ("words\r\n", self->text);
}

FIXTURE(piped)
{
	int fd[2];
	pid_t child;
	char text[2 * 1024 * 1024];
};

FIXTURE_SETUP(piped)
{
	ASSERT_EQ(0, pipe(self->fd));
	self->child = fork();
	if (self->child) {
		close(self->fd[1]);
		return;
	}
	close(self->fd[0]);
	dup2(self->fd[1], STDOUT_FILENO);
	close(self->fd[1]);
}

FIXTURE_TEARDOWN(piped)
{
}

#define FINISH_PIPE() finish(self->fd[0], self->text, sizeof(self->text), self->child)

static const char *const stdout_routes[] = { "0xe9:stdout", NULL };

TEST_F(piped, a_turn_of_more_than_a_pipe_holds_loses_nothing)
{
	const char *p = self->text;
	int n = 0;

	if (!self->child) {
		begin(stdout_routes);
		for (int i = 0; i < 10000; i++) {
			char line[64];

			snprintf(line, sizeof(line), "%07d, and more than a pipe takes\n", i);
			say(line);
		}
		CHECK(!streams_dropped());
		CHECK(!(fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK));
		end();
	}
	EXPECT_EQ(0, FINISH_PIPE());
	for (; *p; p = strchr(p, '\n') + 1) {
		ASSERT_EQ(0, strncmp(p, "[vm1] ", 6));
		ASSERT_EQ(n++, atoi(p + 6));
	}
	EXPECT_EQ(10000, n);
}

TEST_F(piped, the_end_of_the_reader_is_noticed_without_a_write)
{
	if (!self->child) {
		begin(stdout_routes);
		CHECK(router_has_sink());
		CHECK(drive_until(!router_has_sink()));
		end();
	}
	close(self->fd[0]);
	self->fd[0] = open("/dev/null", O_RDONLY);
	EXPECT_EQ(0, FINISH_PIPE());
}

TEST_F(piped, codes_in_the_log_that_nobody_asked_for_do_not_keep_it)
{
	if (!self->child) {
		struct route *routes = NULL, *r;
		char why[512];

		for (enum role role = ROLE_FIRMWARE; role <= ROLE_POST; role++) {
			CHECK(!role_default(role, &r, why, sizeof(why)) && r);
			routes_append(&routes, r);
		}
		begin_with(routes);
		CHECK(router_has_sink());
		CHECK(drive_until(!router_has_sink()));
		end();
	}
	close(self->fd[0]);
	self->fd[0] = open("/dev/null", O_RDONLY);
	EXPECT_EQ(0, FINISH_PIPE());
}

TEST_F(piped, one_that_is_closed_and_opened_again_is_watched_again)
{
	if (!self->child) {
		char why[512];

		begin(stdout_routes);
		router_exit();
		streams_flush();
		CHECK(!router_init(route_parse("0x402:stdout", "test", why, sizeof(why)), why,
				   sizeof(why)));
		CHECK(router_has_sink());
		CHECK(drive_until(!router_has_sink()));
		end();
	}
	close(self->fd[0]);
	self->fd[0] = open("/dev/null", O_RDONLY);
	EXPECT_EQ(0, FINISH_PIPE());
}

TEST_F(piped, a_guest_cannot_choose_the_priority_of_a_line_in_the_journal)
{
	if (!self->child) {
		char stream[64];
		struct stat st;

		CHECK(!fstat(STDOUT_FILENO, &st));
		snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
			 (unsigned long long)st.st_ino);
		setenv("JOURNAL_STREAM", stream, 1);
		begin(stdout_routes);
		say("<0>panic\nharmless\n");
		end();
	}
	EXPECT_EQ(0, FINISH_PIPE());
	EXPECT_STREQ("<6>[vm1] <0>panic\n<6>[vm1] harmless\n", self->text);
}

TEST(tty_without_a_terminal_is_refused)
{
	const struct sink_request rq = { .kind = &sink_tty, .path = "", .where = "--console" };
	char why[512] = "";
	int fd = open("/dev/null", O_RDWR), out = dup(STDOUT_FILENO);
	struct sink *sink;

	dup2(fd, STDOUT_FILENO);
	sink = sink_tty.open(&rq, why, sizeof(why));
	dup2(out, STDOUT_FILENO);
	EXPECT_EQ(NULL, sink);
	EXPECT_STREQ("--console tty: standard output is not a terminal; use stdout or file=PATH",
		     why);
}

TEST_HARNESS_MAIN
