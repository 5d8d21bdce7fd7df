// SPDX-License-Identifier: GPL-2.0
/* The command line, good and bad. */
#include <kselftest_harness.h>

#include "dbgportd/options.h"

#define MAX_ARGS	8
#define UNKNOWN		" is not known; %v is the VM's name, %% a percent sign"
#define MODES		"off, pty, tty, null, stdout, file=PATH"
#define POST_MODES	"off, pty, tty, null, stdout, log, file=PATH"

FIXTURE(options)
{
	struct options opt;
	char why[512];
};

FIXTURE_SETUP(options)
{
	self->why[0] = '\0';
}

FIXTURE_TEARDOWN(options)
{
	options_free(&self->opt);
}

static int parse(struct options *opt, char *why, const char *const args[])
{
	char *argv[MAX_ARGS] = { "dbgportd" };
	int argc = 1;

	while (args[argc - 1]) {
		argv[argc] = (char *)args[argc - 1];
		argc++;
	}
	options_free(opt);
	return options_parse(opt, argc, argv, why, 512);
}

#define PARSE(...) \
	parse(&self->opt, self->why, (const char *const[MAX_ARGS]) { __VA_ARGS__ })

#define EXPECT_BAD(message, ...) do {					\
	EXPECT_EQ(-1, PARSE(__VA_ARGS__));				\
	EXPECT_STREQ(message, self->why);				\
} while (0)

TEST_F(options, defaults)
{
	ASSERT_EQ(0, PARSE());
	EXPECT_EQ(ACTION_RUN, self->opt.action);
	EXPECT_EQ(NULL, self->opt.route[ROLE_CONSOLE].kind);
	EXPECT_EQ(0xe9, self->opt.route[ROLE_CONSOLE].port);
	EXPECT_EQ(&sink_stdout, self->opt.route[ROLE_FIRMWARE].kind);
	EXPECT_EQ(0x402, self->opt.route[ROLE_FIRMWARE].port);
	EXPECT_EQ(&sink_log, self->opt.route[ROLE_POST].kind);
	EXPECT_EQ(0x80, self->opt.route[ROLE_POST].port);
	EXPECT_STREQ("/dev/dbgport", self->opt.device);
	EXPECT_EQ(NULL, self->opt.run_dir);
	EXPECT_EQ(NULL, self->opt.engine);
}

TEST_F(options, values_follow_with_and_without_equals_sign)
{
	ASSERT_EQ(0, PARSE("--device=/dev/x", "--run-dir", "/tmp/y", "--console=null"));
	EXPECT_STREQ("/dev/x", self->opt.device);
	EXPECT_STREQ("/tmp/y", self->opt.run_dir);
	EXPECT_EQ(&sink_null, self->opt.route[ROLE_CONSOLE].kind);
}

TEST_F(options, every_mode_is_known)
{
	static const struct {
		const char *mode;
		const struct sink_ops *kind;
	} modes[] = {
		{ "off", NULL }, { "pty", &sink_pty }, { "tty", &sink_tty },
		{ "null", &sink_null }, { "stdout", &sink_stdout },
		{ "file=/tmp/x", &sink_file },
	};

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		ASSERT_EQ(0, PARSE("--console", modes[i].mode));
		EXPECT_EQ(modes[i].kind, self->opt.route[ROLE_CONSOLE].kind);
		EXPECT_TRUE(self->opt.route[ROLE_CONSOLE].given);
		ASSERT_EQ(0, PARSE("--firmware", modes[i].mode));
		EXPECT_EQ(modes[i].kind, self->opt.route[ROLE_FIRMWARE].kind);
		ASSERT_EQ(0, PARSE("--post", modes[i].mode));
		EXPECT_EQ(modes[i].kind, self->opt.route[ROLE_POST].kind);
	}
	ASSERT_EQ(0, PARSE("--post", "log"));
	EXPECT_EQ(&sink_log, self->opt.route[ROLE_POST].kind);
}

TEST_F(options, iobase_moves_the_console)
{
	ASSERT_EQ(0, PARSE("--console", "pty,iobase=0x3f8"));
	EXPECT_EQ(0x3f8, self->opt.route[ROLE_CONSOLE].port);
	ASSERT_EQ(0, PARSE("--console", "iobase=0xFFFF,null"));
	EXPECT_EQ(0xffff, self->opt.route[ROLE_CONSOLE].port);
	ASSERT_EQ(0, PARSE("--console", "null,iobase=0x0"));
	EXPECT_EQ(0, self->opt.route[ROLE_CONSOLE].port);
	ASSERT_EQ(0, PARSE("--console", "null,iobase=0x0000000e9"));
	EXPECT_EQ(0xe9, self->opt.route[ROLE_CONSOLE].port);
}

/* What follows is cloud-hypervisor's behaviour. */

TEST_F(options, the_first_mode_in_order_of_precedence_wins)
{
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null,tty,pty,off"));
	EXPECT_EQ(NULL, self->opt.route[ROLE_CONSOLE].kind);
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null,tty,pty"));
	EXPECT_EQ(&sink_pty, self->opt.route[ROLE_CONSOLE].kind);
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null,tty"));
	EXPECT_EQ(&sink_tty, self->opt.route[ROLE_CONSOLE].kind);
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null"));
	EXPECT_EQ(&sink_null, self->opt.route[ROLE_CONSOLE].kind);
}

TEST_F(options, a_repeated_part_counts_the_last_time)
{
	ASSERT_EQ(0, PARSE("--console", "file=/a,file=/b,iobase=0x1,iobase=0x2"));
	EXPECT_STREQ("/b", self->opt.route[ROLE_CONSOLE].path);
	EXPECT_EQ(2, self->opt.route[ROLE_CONSOLE].port);
}

TEST_F(options, quotes_and_brackets_keep_commas)
{
	ASSERT_EQ(0, PARSE("--console", "file=\"/tmp/a,b\""));
	EXPECT_STREQ("/tmp/a,b", self->opt.route[ROLE_CONSOLE].path);
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/[a,b],iobase=0x1"));
	EXPECT_STREQ("/tmp/[a,b]", self->opt.route[ROLE_CONSOLE].path);
	EXPECT_EQ(1, self->opt.route[ROLE_CONSOLE].port);
	ASSERT_EQ(0, PARSE("--console", " file= /tmp/a b "));
	EXPECT_STREQ("/tmp/a b", self->opt.route[ROLE_CONSOLE].path);
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/a=b"));
	EXPECT_STREQ("/tmp/a=b", self->opt.route[ROLE_CONSOLE].path);
}

TEST_F(options, an_empty_iobase_is_the_default)
{
	ASSERT_EQ(0, PARSE("--console", "null,iobase="));
	EXPECT_EQ(0xe9, self->opt.route[ROLE_CONSOLE].port);
}

TEST_F(options, a_mode_is_needed)
{
	EXPECT_BAD("--console: no mode given; one of " MODES,
		   "--console", "iobase=0x3f8");
	EXPECT_BAD("--console: no mode given; one of " MODES,
		   "--console", "");
}

TEST_F(options, bad_modes_are_named)
{
	EXPECT_BAD("--console: unknown mode 'socket'; known are " MODES,
		   "--console", "socket=/tmp/s");
	EXPECT_BAD("--console: unknown mode 'PTY'; known are " MODES,
		   "--console", "PTY");
	EXPECT_BAD("--console: unknown mode ''; known are " MODES,
		   "--console", "pty,");
	EXPECT_BAD("--console: unknown mode 'log'; known are " MODES,
		   "--console", "log");
	EXPECT_BAD("--post: unknown mode 'x'; known are " POST_MODES,
		   "--post", "x");
}

TEST_F(options, a_file_needs_a_path)
{
	EXPECT_BAD("--console: file needs a path: file=PATH", "--console", "file");
	EXPECT_BAD("--console: file needs a path: file=PATH", "--console", "file=");
	EXPECT_BAD("--firmware: file needs a path: file=PATH", "--firmware", "file= ");
}

TEST_F(options, bad_iobases_are_named)
{
	static const char *const bad[] = {
		"e9", "233", "0xe9z", "0x", "0x10000", "0x-1", "0x+1", "0x 1", "0Xe9",
		"0xfffffffffffffffff",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char arg[64], message[128];

		snprintf(arg, sizeof(arg), "null,iobase=%s", bad[i]);
		snprintf(message, sizeof(message),
			 "--console: iobase=%s is no port; it is 0x0 to 0xffff, with the 0x",
			 bad[i]);
		EXPECT_BAD(message, "--console", arg);
	}
	EXPECT_BAD("--console: iobase needs a port: iobase=0xPORT", "--console", "null,iobase");
}

TEST_F(options, iobase_may_not_be_another_ports)
{
	EXPECT_BAD("--console: iobase=0x80 is the port of --post", "--console",
		   "pty,iobase=0x80");
	EXPECT_BAD("--console: iobase=0x402 is the port of --firmware", "--console",
		   "pty,iobase=0x402");
	/* Switched off, it is not there to be in the way. */
	EXPECT_EQ(0, PARSE("--console", "off,iobase=0x80"));
}

TEST_F(options, only_the_console_takes_iobase)
{
	EXPECT_BAD("--firmware: only --console takes iobase", "--firmware", "pty,iobase=0x1");
	EXPECT_BAD("--post: only --console takes iobase", "--post", "pty,iobase=0x1");
}

TEST_F(options, unmatched_quotes_and_brackets_are_named)
{
	EXPECT_BAD("--console file=\"x: quotes or brackets do not match", "--console", "file=\"x");
	EXPECT_BAD("--console file=[x: quotes or brackets do not match", "--console", "file=[x");
	EXPECT_BAD("--console file=x]: quotes or brackets do not match", "--console", "file=x]");
}

TEST_F(options, unknown_percent_in_a_path_is_named)
{
	EXPECT_BAD("--console file=/x/%d: '%d'" UNKNOWN, "--console", "file=/x/%d");
	EXPECT_BAD("--post file=/x/%: '%'" UNKNOWN, "--post", "file=/x/%");
	EXPECT_EQ(0, PARSE("--console", "file=/x/%v%%"));
}

TEST_F(options, unknown_options_and_arguments_are_named)
{
	EXPECT_BAD("unknown option '--consol'", "--consol", "pty");
	EXPECT_BAD("unknown option '--consolepty'", "--consolepty");
	EXPECT_BAD("unknown option '--'", "--");
	EXPECT_BAD("unknown option '-x'", "-x");
	EXPECT_BAD("unknown option '-'", "-");
	EXPECT_BAD("unknown option '--a-very-long-option-name'", "--a-very-long-option-name=1");
	EXPECT_BAD("unexpected argument 'pty'", "pty");
	EXPECT_BAD("unexpected argument ''", "");
}

TEST_F(options, missing_empty_and_repeated_values_are_named)
{
	EXPECT_BAD("--console needs a value", "--console");
	EXPECT_BAD("--device needs a value", "--device");
	EXPECT_BAD("--device is empty", "--device=");
	EXPECT_BAD("--run-dir is given twice", "--run-dir", "a", "--run-dir", "b");
	EXPECT_BAD("--post is given twice", "--post", "off", "--post", "off");
	EXPECT_BAD("--engine needs a value", "--engine");
	EXPECT_BAD("--engine is given twice", "--engine", "poll", "--engine", "uring");
}

TEST_F(options, both_engines_are_known_and_no_other)
{
	ASSERT_EQ(0, PARSE("--engine", "uring"));
	EXPECT_STREQ("uring", self->opt.engine);
	ASSERT_EQ(0, PARSE("--engine=poll"));
	EXPECT_STREQ("poll", self->opt.engine);
	EXPECT_BAD("--engine: unknown engine 'epoll'; known are uring, poll",
		   "--engine", "epoll");
}

TEST_F(options, all_off_is_nothing_to_do)
{
	EXPECT_BAD("nothing to do: --console, --firmware and --post are all off",
		   "--firmware", "off", "--post", "off");
	EXPECT_EQ(0, PARSE("--firmware", "off", "--post", "off", "--console", "null"));
}

TEST_F(options, help_and_version_win)
{
	ASSERT_EQ(0, PARSE("--console", "nonsense", "--help"));
	EXPECT_EQ(ACTION_HELP, self->opt.action);
	ASSERT_EQ(0, PARSE("-h"));
	EXPECT_EQ(ACTION_HELP, self->opt.action);
	ASSERT_EQ(0, PARSE("--version"));
	EXPECT_EQ(ACTION_VERSION, self->opt.action);
	ASSERT_EQ(0, PARSE("-V"));
	EXPECT_EQ(ACTION_VERSION, self->opt.action);
}

TEST_F(options, help_names_every_mode)
{
	for (int i = 0; sink_kinds[i]; i++) {
		char entry[32];

		snprintf(entry, sizeof(entry), "\n  %s%s ", sink_kinds[i]->name,
			 sink_kinds[i]->takes_path ? "=PATH" : "");
		EXPECT_NE(NULL, strstr(options_help, entry)) {
			TH_LOG("mode %s", sink_kinds[i]->name);
		}
	}
}

TEST_HARNESS_MAIN
