// SPDX-License-Identifier: GPL-2.0
/* The command line, good and bad. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/harness.h"

#include "dbgportd/config/command_line.h"
#include "dbgportd/config/help.h"
#include "dbgportd/sink/kinds.h"
#include "words/format.h"

#define ONLY_ONCE	"has other settings in another route, and can have them only once"
#define A_NAME_IS	"up to 200 bytes of letters, digits and . _ - + % ~ and no dot or dash in front"
#define NOT_FOR_RAW	"time= is not for format raw, but for: text"
#define MAX_ARGS	8
#define UNKNOWN \
	" is not known; %v is the VM's name, %p the port, %n the VMM's process id, %% a percent sign"
#define MODES \
	"off, pty, tty, null, stdout, file=PATH, unix=PATH, unix-dgram=PATH, journal, " \
	"nats=URL"
#define POST_MODES \
	"off, pty, tty, null, stdout, log, file=PATH, unix=PATH, unix-dgram=PATH, journal, " \
	"nats=URL"

FIXTURE(options)
{
	struct options opt;
	char why[512];
};

FIXTURE_SETUP(options)
{
	self->why[0] = '\0';
	options_default_config = "/nonexistent/dbgportd.conf";
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
	return command_line_parse(opt, argc, argv, why, 512);
}

/* The one route of that name; NULL: there is none. */
static const struct route *route_named(const struct options *opt, const char *name)
{
	const struct route *found = NULL;

	for (const struct route *r = opt->routes; r; r = r->next) {
		if (strcmp(r->name, name))
			continue;
		if (found)
			abort();
		found = r;
	}
	return found;
}

static const struct sink_ops *kind_of(const struct options *opt, const char *name)
{
	const struct route *r = route_named(opt, name);

	return r ? r->kind : NULL;
}

/* 0x10000: it goes nowhere. */
static __u32 port_of(const struct options *opt, const char *name)
{
	const struct route *r = route_named(opt, name);

	return r ? r->port : 0x10000;
}

static const char *arg_of(const struct options *opt, const char *name)
{
	const struct route *r = route_named(opt, name);

	return r ? r->arg : "none";
}

static int count_routes(const struct options *opt)
{
	int count = 0;

	for (const struct route *r = opt->routes; r; r = r->next)
		count++;
	return count;
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
	EXPECT_EQ(NULL, kind_of(&self->opt, "console"));
	EXPECT_EQ(&sink_stdout, kind_of(&self->opt, "firmware"));
	EXPECT_EQ(0x402, port_of(&self->opt, "firmware"));
	EXPECT_EQ(&sink_log, kind_of(&self->opt, "post"));
	EXPECT_EQ(0x80, port_of(&self->opt, "post"));
	EXPECT_EQ(2, count_routes(&self->opt));
	EXPECT_FALSE(route_named(&self->opt, "firmware")->given);
	EXPECT_FALSE(route_named(&self->opt, "post")->given);
	EXPECT_STREQ("/dev/dbgport", self->opt.daemon.device);
	EXPECT_EQ(NULL, self->opt.daemon.run_dir);
	EXPECT_EQ(NULL, self->opt.daemon.engine);
	EXPECT_EQ(NULL, self->opt.daemon.log_level);
	EXPECT_EQ(NULL, self->opt.config_path);
	EXPECT_EQ(NULL, self->opt.names);
	EXPECT_FALSE(self->opt.once);
	EXPECT_FALSE(self->opt.until_vm_exit);
	EXPECT_EQ(0, self->opt.duration_ms);
}

/* As the service manager tells whose standard output and error are the journal's. */
static void set_journal(int fd)
{
	char stream[64];
	struct stat st;

	if (fstat(fd, &st))
		abort();
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
}

TEST_F(options, what_would_go_to_the_journal_goes_there_with_fields)
{
	int null = open("/dev/null", O_WRONLY), saved[2] = { dup(1), dup(2) }, fds[2];

	/* Neither of what the tests themselves have, nor the same. */
	ASSERT_EQ(0, pipe(fds));
	EXPECT_EQ(1, dup2(fds[1], 1));
	EXPECT_EQ(2, dup2(null, 2));
	set_journal(1);
	EXPECT_EQ(0, PARSE());
	EXPECT_EQ(&sink_journal, kind_of(&self->opt, "firmware"));
	EXPECT_EQ(&sink_log, kind_of(&self->opt, "post"));
	EXPECT_FALSE(route_named(&self->opt, "firmware")->given);
	EXPECT_EQ(0, PARSE("--firmware", "stdout"));
	EXPECT_EQ(&sink_stdout, kind_of(&self->opt, "firmware"));
	set_journal(2);
	EXPECT_EQ(0, PARSE());
	EXPECT_EQ(&sink_stdout, kind_of(&self->opt, "firmware"));
	EXPECT_EQ(&sink_journal, kind_of(&self->opt, "post"));
	unsetenv("JOURNAL_STREAM");
	dup2(saved[0], 1);
	dup2(saved[1], 2);
}

TEST_F(options, values_follow_with_and_without_equals_sign)
{
	ASSERT_EQ(0, PARSE("--device=/dev/x", "--run-dir", "/tmp/y", "--console=null"));
	EXPECT_STREQ("/dev/x", self->opt.daemon.device);
	EXPECT_STREQ("/tmp/y", self->opt.daemon.run_dir);
	EXPECT_EQ(&sink_null, kind_of(&self->opt, "console"));
}

TEST_F(options, every_mode_is_known)
{
	static const struct {
		const char *mode;
		const struct sink_ops *kind;
	} modes[] = {
		{ "off", NULL }, { "pty", &sink_pty }, { "tty", &sink_tty },
		{ "null", &sink_null }, { "stdout", &sink_stdout },
		{ "file=/tmp/x", &sink_file }, { "unix=/tmp/x", &sink_unix },
		{ "unix-dgram=/tmp/x", &sink_unix_dgram }, { "journal", &sink_journal },
	};

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		ASSERT_EQ(0, PARSE("--console", modes[i].mode));
		EXPECT_EQ(modes[i].kind, kind_of(&self->opt, "console"));
		EXPECT_TRUE(!modes[i].kind || route_named(&self->opt, "console")->given);
		ASSERT_EQ(0, PARSE("--firmware", modes[i].mode));
		EXPECT_EQ(modes[i].kind, kind_of(&self->opt, "firmware"));
		ASSERT_EQ(0, PARSE("--post", modes[i].mode));
		EXPECT_EQ(modes[i].kind, kind_of(&self->opt, "post"));
		ASSERT_EQ(0, PARSE("--serial", modes[i].mode));
		EXPECT_EQ(modes[i].kind, kind_of(&self->opt, "serial"));
		EXPECT_EQ(modes[i].kind ? 0x3f8 : 0x10000, port_of(&self->opt, "serial"));
	}
	ASSERT_EQ(0, PARSE("--post", "log"));
	EXPECT_EQ(&sink_log, kind_of(&self->opt, "post"));
}

TEST_F(options, iobase_moves_the_console)
{
	ASSERT_EQ(0, PARSE("--console", "pty,iobase=0x3f8"));
	EXPECT_EQ(0x3f8, port_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "iobase=0xFFFF,null"));
	EXPECT_EQ(0xffff, port_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "null,iobase=0x0"));
	EXPECT_EQ(0, port_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "null,iobase=0x0000000e9"));
	EXPECT_EQ(0xe9, port_of(&self->opt, "console"));
}

/* What follows is cloud-hypervisor's behaviour. */

TEST_F(options, the_first_mode_in_order_of_precedence_wins)
{
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null,tty,pty,off"));
	EXPECT_EQ(NULL, kind_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null,tty,pty"));
	EXPECT_EQ(&sink_pty, kind_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null,tty"));
	EXPECT_EQ(&sink_tty, kind_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/x,null"));
	EXPECT_EQ(&sink_null, kind_of(&self->opt, "console"));
}

TEST_F(options, a_repeated_part_counts_the_last_time)
{
	ASSERT_EQ(0, PARSE("--console", "file=/a,file=/b,iobase=0x1,iobase=0x2"));
	EXPECT_STREQ("/b", arg_of(&self->opt, "console"));
	EXPECT_EQ(2, port_of(&self->opt, "console"));
}

TEST_F(options, quotes_and_brackets_keep_commas)
{
	ASSERT_EQ(0, PARSE("--console", "file=\"/tmp/a,b\""));
	EXPECT_STREQ("/tmp/a,b", arg_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/[a,b],iobase=0x1"));
	EXPECT_STREQ("/tmp/[a,b]", arg_of(&self->opt, "console"));
	EXPECT_EQ(1, port_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", " file= /tmp/a b "));
	EXPECT_STREQ("/tmp/a b", arg_of(&self->opt, "console"));
	ASSERT_EQ(0, PARSE("--console", "file=/tmp/a=b"));
	EXPECT_STREQ("/tmp/a=b", arg_of(&self->opt, "console"));
}

TEST_F(options, an_empty_iobase_is_the_default)
{
	ASSERT_EQ(0, PARSE("--console", "null,iobase="));
	EXPECT_EQ(0xe9, port_of(&self->opt, "console"));
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
	EXPECT_BAD("unknown option '--d'", "--d", "x");
	EXPECT_BAD("unknown option '--hel'", "--hel");
	EXPECT_BAD("unknown option '-hV'", "-hV");
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
	EXPECT_STREQ("uring", self->opt.daemon.engine);
	ASSERT_EQ(0, PARSE("--engine=poll"));
	EXPECT_STREQ("poll", self->opt.daemon.engine);
	EXPECT_BAD("--engine: unknown engine 'epoll'; known are uring, poll",
		   "--engine", "epoll");
}

TEST_F(options, all_off_is_nothing_to_do)
{
	EXPECT_BAD("nothing to do: --console, --firmware, --post and --serial are all off",
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

TEST_F(options, roles_have_the_formats_that_they_always_had)
{
	ASSERT_EQ(0, PARSE("--console", "file=/x", "--firmware", "stdout", "--post", "file=/y"));
	EXPECT_EQ(&format_raw, route_named(&self->opt, "console")->format);
	EXPECT_EQ(&format_text, route_named(&self->opt, "firmware")->format);
	EXPECT_EQ(&format_post, route_named(&self->opt, "post")->format);
}

TEST_F(options, sinks_come_besides_what_roles_say)
{
	ASSERT_EQ(0, PARSE("--console", "pty", "--sink", "0xe9:file=/a", "--sink=any:null"));
	EXPECT_EQ(3, count_routes(&self->opt));
	EXPECT_STREQ("0xe9:pty,format=raw", self->opt.routes->text);
	EXPECT_STREQ("0xe9:file=/a,format=raw", self->opt.routes->next->text);
	EXPECT_STREQ("any:null,format=raw", self->opt.routes->next->next->text);
}

TEST_F(options, a_sink_takes_the_place_of_the_defaults)
{
	ASSERT_EQ(0, PARSE("--sink", "0x3f8:null"));
	EXPECT_EQ(1, count_routes(&self->opt));
	EXPECT_TRUE(self->opt.routes->given);
	ASSERT_EQ(0, PARSE("--sink", "0x3f8:null", "--post", "stdout"));
	EXPECT_EQ(2, count_routes(&self->opt));
}

TEST_F(options, bad_sinks_are_named)
{
	EXPECT_BAD("--sink pty: it takes PORT:MODE, as in 0xe9:pty", "--sink", "pty");
	EXPECT_BAD("--sink 0xe9:file=/x,format=raw,time=vm: " NOT_FOR_RAW,
		   "--sink", "0xe9:file=/x,format=raw,time=vm");
}

TEST_F(options, routes_that_get_in_each_others_way_are_named)
{
	EXPECT_BAD("--sink: 0xe9:pty,format=raw is a route already: --console",
		   "--console", "pty", "--sink", "0xe9:pty");
	EXPECT_BAD("--sink: file=/x " ONLY_ONCE ": --sink",
		   "--sink", "0xe9:file=/x,size=1M", "--sink", "0x402:file=/x,size=2M");
	EXPECT_EQ(0, PARSE("--sink", "0xe9:file=/x,size=1M", "--sink", "0x402:file=/x,size=1M"));
}

TEST_F(options, names_are_mapped)
{
	ASSERT_EQ(0, PARSE("--name", "qemu-*=build", "--name=*=other"));
	EXPECT_STREQ("build", names_find(self->opt.names, "qemu-12"));
	EXPECT_STREQ("other", names_find(self->opt.names, "crosvm-12"));
	EXPECT_BAD("--name x: it takes PATTERN=NAME, as in qemu-*=build", "--name", "x");
	EXPECT_BAD("--name =x: it takes PATTERN=NAME, as in qemu-*=build", "--name", "=x");
	EXPECT_BAD("--name a=../b: '../b' is no name: " A_NAME_IS,
		   "--name", "a=../b");
}

TEST_F(options, the_end_is_said_in_three_ways)
{
	ASSERT_EQ(0, PARSE("--once", "--until-vm-exit", "--duration", "30"));
	EXPECT_TRUE(self->opt.once);
	EXPECT_TRUE(self->opt.until_vm_exit);
	EXPECT_EQ(30000, self->opt.duration_ms);
	EXPECT_BAD("--once takes no value", "--once=1");
#define DURATION(value)	"--duration " value ": it takes a number and ns, us, ms, s, min, h or d," \
			" of 1s to 49d in whole seconds; a number alone is seconds"
	EXPECT_BAD(DURATION("0"), "--duration", "0");
	EXPECT_BAD(DURATION("1.5"), "--duration", "1.5");
	EXPECT_BAD(DURATION("500ms"), "--duration", "500ms");
	EXPECT_BAD(DURATION("-1"), "--duration", "-1");
	EXPECT_BAD(DURATION("4294968"), "--duration", "4294968");
	EXPECT_BAD(DURATION("50d"), "--duration", "50d");
	EXPECT_EQ(0, PARSE("--duration", "4294967"));
	EXPECT_EQ(0, PARSE("--duration", "2h"));
	EXPECT_EQ(7200000, self->opt.duration_ms);
}

TEST_F(options, levels_of_the_log_are_known)
{
	ASSERT_EQ(0, PARSE("--log-level", "debug"));
	EXPECT_STREQ("debug", self->opt.daemon.log_level);
	EXPECT_BAD("--log-level: unknown level 'loud'; known are error|warning|info|debug",
		   "--log-level", "loud");
	ASSERT_EQ(0, PARSE("--boot-begins", "U-Boot SPL"));
	EXPECT_STREQ("U-Boot SPL", self->opt.daemon.boot_begins);
	ASSERT_EQ(0, PARSE("--metrics", "/tmp/a.prom"));
	EXPECT_STREQ("/tmp/a.prom", self->opt.daemon.metrics);
	EXPECT_EQ(100, daemon_metrics_vms(&self->opt.daemon));
	ASSERT_EQ(0, PARSE("--metrics-vms", "0"));
	EXPECT_EQ(0, daemon_metrics_vms(&self->opt.daemon));
	EXPECT_BAD("--metrics: unknown file of metrics '/a.txt'; known are those that end in .prom",
		   "--metrics", "/a.txt");
	EXPECT_BAD("--metrics-vms: unknown number of VMs '101'; known are 0 to 100",
		   "--metrics-vms", "101");
	EXPECT_BAD("--boot-begins: unknown beginning '  '; known are a POST code or a line's text",
		   "--boot-begins", "  ");
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

FIXTURE(config_file)
{
	struct options opt;
	char why[512];
	char path[64];
};

FIXTURE_SETUP(config_file)
{
	int fd;

	snprintf(self->path, sizeof(self->path), "/tmp/test_options.XXXXXX");
	fd = mkstemp(self->path);
	ASSERT_LE(0, fd);
	close(fd);
	options_default_config = self->path;
	write_file(self->path, "[sink one]\nport = 0xe9\nmode = null\n[names]\na = b\n");
}

FIXTURE_TEARDOWN(config_file)
{
	options_free(&self->opt);
	unlink(self->path);
}

TEST_F(config_file, the_default_one_is_read_if_no_route_is_given)
{
	ASSERT_EQ(0, PARSE());
	EXPECT_STREQ(self->path, self->opt.config_path);
	EXPECT_EQ(1, count_routes(&self->opt));
	EXPECT_STREQ("0xe9:null,format=raw,name=one", self->opt.routes->text);
	EXPECT_STREQ("b", names_find(self->opt.names, "a"));
	ASSERT_EQ(0, PARSE("--console", "off"));
	EXPECT_EQ(NULL, self->opt.config_path);
	EXPECT_EQ(NULL, self->opt.names);
	ASSERT_EQ(0, PARSE("--sink", "any:null"));
	EXPECT_EQ(NULL, self->opt.config_path);
	EXPECT_EQ(1, count_routes(&self->opt));
}

TEST_F(config_file, the_default_one_may_have_drop_ins_alone)
{
	char dir[80], drop_in[96];

	snprintf(dir, sizeof(dir), "%s.d", self->path);
	snprintf(drop_in, sizeof(drop_in), "%s/a.conf", dir);
	ASSERT_EQ(0, unlink(self->path));
	ASSERT_EQ(0, PARSE());
	EXPECT_EQ(NULL, self->opt.config_path);
	ASSERT_EQ(0, mkdir(dir, 0700));
	ASSERT_EQ(0, PARSE());
	EXPECT_EQ(NULL, self->opt.config_path);
	write_file(drop_in, "[sink two]\nport = 0xe9\nmode = null\n");
	EXPECT_EQ(0, PARSE());
	EXPECT_STREQ(self->path, self->opt.config_path);
	EXPECT_EQ(1, count_routes(&self->opt));
	unlink(drop_in);
	rmdir(dir);
}

TEST_F(config_file, a_named_one_is_read_besides_the_options)
{
	ASSERT_EQ(0, PARSE("--config", self->path, "--sink", "any:null", "--name", "a=c"));
	EXPECT_EQ(2, count_routes(&self->opt));
	/* What is on the command line comes first. */
	EXPECT_STREQ("c", names_find(self->opt.names, "a"));
}

TEST_F(config_file, one_without_sinks_leaves_the_defaults)
{
	write_file(self->path, "[daemon]\nrun-dir = /a\nlog-level = debug\n");
	ASSERT_EQ(0, PARSE("--run-dir", "/b"));
	EXPECT_EQ(2, count_routes(&self->opt));
	EXPECT_STREQ("/b", self->opt.daemon.run_dir);
	EXPECT_STREQ("debug", self->opt.daemon.log_level);
}

TEST_F(config_file, mistakes_in_it_are_named)
{
	char message[256];

	EXPECT_BAD("/nonexistent/x: No such file or directory", "--config", "/nonexistent/x");
	write_file(self->path, "[sink one]\nport = 0xe9\nmode = loud=1\n");
	EXPECT_EQ(-1, PARSE("--check-config"));
	EXPECT_EQ(ACTION_CHECK_CONFIG, self->opt.action);
	EXPECT_EQ(1, self->opt.config.mistake_count);
	write_file(self->path, "[sink one]\nport = x\nmode = pty\ncolour = red\n");
	snprintf(message, sizeof(message),
		 "%s:2: 'x' is no port; it is 0x0 to 0xffff, or console, firmware, post, serial, serial2, any (the first of 2; --check-config shows all)",
		 self->path);
	EXPECT_BAD(message, "--config", self->path);
}

static char *help(void)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	help_print(f);
	fclose(f);
	return text;
}

TEST_F(options, help_names_every_option_mode_format_and_setting)
{
	char *text = help(), entry[64];

	for (int i = 0; command_line_option(i); i++) {
		snprintf(entry, sizeof(entry), "--%s", command_line_option(i));
		EXPECT_NE(NULL, strstr(text, entry)) {
			TH_LOG("option %s", entry);
		}
	}
	for (int i = 0; sink_kinds[i]; i++) {
		snprintf(entry, sizeof(entry), "\n  %s%s%s ", sink_kinds[i]->name,
			 sink_kinds[i]->arg ? "=" : "", sink_kinds[i]->arg ?: "");
		EXPECT_NE(NULL, strstr(text, entry)) {
			TH_LOG("mode %s", entry);
		}
	}
	for (int i = 0; formats[i]; i++) {
		snprintf(entry, sizeof(entry), "\n  %s ", formats[i]->name);
		EXPECT_NE(NULL, strstr(text, entry)) {
			TH_LOG("format %s", entry);
		}
	}
	for (int i = 0; settings_key(i); i++) {
		snprintf(entry, sizeof(entry), "\n  %s=", settings_key(i));
		EXPECT_NE(NULL, strstr(text, entry)) {
			TH_LOG("setting %s", entry);
		}
	}
	free(text);
}

TEST_F(options, help_fits_in_80_columns)
{
	char *text = help(), *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		int columns = 0;

		for (char *c = line; *c; c++)
			columns += (*c & 0xc0) != 0x80;
		EXPECT_LE(columns, 80) {
			TH_LOG("%s", line);
		}
		EXPECT_FALSE(columns && line[strlen(line) - 1] == ' ') {
			TH_LOG("%s", line);
		}
	}
	free(text);
}

TEST_HARNESS_MAIN
