// SPDX-License-Identifier: GPL-2.0
/* The config file, good and bad: every mistake is told, with its line. */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/harness.h"

#include "daemon/scratch.h"
#include "dbgportd/config/config.h"

#define ONLY_ONCE	"has other settings in another route, and can have them only once"
#define A_NAME_IS	"up to 200 bytes of letters, digits and . _ - + % ~ and no dot or dash in front"
#define A_PLAIN_NAME_IS \
	"up to 32 of A-Z a-z 0-9 . _ - and no dot or dash in front"
FIXTURE(config)
{
	struct config c;
};

FIXTURE_SETUP(config)
{
	memset(&self->c, 0, sizeof(self->c));
}

FIXTURE_TEARDOWN(config)
{
	config_free(&self->c);
}

static int parse(struct config *c, const char *text)
{
	config_free(c);
	return config_parse(c, "F", text, strlen(text));
}

#define PARSE(text)	parse(&self->c, text)

#define EXPECT_GOOD(text) do {						\
	EXPECT_EQ(0, PARSE(text));					\
	EXPECT_EQ(NULL, self->c.mistakes) {				\
		TH_LOG("%s", self->c.mistakes);				\
	}								\
} while (0)

#define EXPECT_BAD(mistakes_, text) do {				\
	EXPECT_EQ(-1, PARSE(text));					\
	EXPECT_STREQ(mistakes_, self->c.mistakes ?: "");		\
} while (0)

static const struct route *route(const struct config *c, int i)
{
	const struct route *r = c->routes;

	while (r && i--)
		r = r->next;
	return r;
}

TEST_F(config, everything_can_be_said)
{
	EXPECT_GOOD("# comment\n"
		    "; another\n"
		    "[daemon]\n"
		    "device = /dev/x\n"
		    "run-dir = /run/x\n"
		    "engine = poll\n"
		    "log-level = debug\n"
		    "\n"
		    "[sink serial]\n"
		    "mode = file=/var/log/x/%v.log\n"
		    "port = 0x3f8\n"
		    "format = text\n"
		    "time = iso8601\n"
		    "vm = web*\n"
		    "size = 10M\n"
		    "[sink post]\n"
		    "port: post\n"
		    "mode: journal\n"
		    "[names]\n"
		    "qemu-* = build\n"
		    "fc? = fire\n");
	EXPECT_STREQ("/dev/x", self->c.daemon.device);
	EXPECT_STREQ("/run/x", self->c.daemon.run_dir);
	EXPECT_STREQ("poll", self->c.daemon.engine);
	EXPECT_STREQ("debug", self->c.daemon.log_level);
	ASSERT_NE(NULL, route(&self->c, 1));
	EXPECT_EQ(NULL, route(&self->c, 2));
	EXPECT_STREQ(route(&self->c, 0)->text,
		     "0x3f8:file=/var/log/x/%v.log,format=text,vm=web*,time=iso8601,size=10M");
	EXPECT_STREQ("F:9", route(&self->c, 0)->where);
	EXPECT_TRUE(route(&self->c, 0)->given);
	EXPECT_STREQ("0x80:journal", route(&self->c, 1)->text);
	EXPECT_STREQ("build", names_find(self->c.names, "qemu-17"));
	EXPECT_STREQ("fire", names_find(self->c.names, "fc1"));
	EXPECT_EQ(NULL, names_find(self->c.names, "fc12"));
}

TEST_F(config, nothing_needs_to_be_said)
{
	EXPECT_GOOD("");
	EXPECT_GOOD("\n\n");
	EXPECT_GOOD("[daemon]\n[names]\n");
	EXPECT_EQ(NULL, self->c.routes);
}

TEST_F(config, the_last_line_needs_no_end)
{
	EXPECT_GOOD("[sink a]\nport = any\nmode = null");
	EXPECT_STREQ("any:null,format=raw,name=a", route(&self->c, 0)->text);
	EXPECT_GOOD("[sink a]\r\nport = any\r\nmode = null\r\n");
	EXPECT_STREQ("any:null,format=raw,name=a", route(&self->c, 0)->text);
}

TEST_F(config, lines_may_be_indented)
{
	EXPECT_GOOD("\xef\xbb\xbf[sink a]\n\tport = any\n    mode = null\n  # comment\n");
	EXPECT_STREQ("any:null,format=raw,name=a", route(&self->c, 0)->text);
}

TEST_F(config, comments_may_stand_behind_something)
{
	char text[1024] = "[sink a]\nport = any\nmode = null\n#";

	EXPECT_GOOD("[sink a] ; one\nport = any ; another\nmode = file=/x;y\t;z\n");
	EXPECT_STREQ("/x;y", route(&self->c, 0)->arg);
	EXPECT_GOOD("[sink a] # one\nport = any # another\nmode = file=/x#y;z\t# note ; more\n");
	EXPECT_STREQ("/x#y;z", route(&self->c, 0)->arg);
	EXPECT_BAD("F:1: is neither [SECTION] nor KEY = VALUE nor # comment\n",
		   "[daemon ; ]\ndevice = x\n");
	EXPECT_BAD("F:2: device is empty\n", "[daemon]\ndevice = ; x\n");
	memset(text + strlen(text), 'x', 400);
	EXPECT_GOOD(text);
}

TEST_F(config, values_keep_commas_and_equals_signs)
{
	EXPECT_GOOD("[sink a]\nport = any\nmode = file=/a,b=c:d [e]\n");
	EXPECT_STREQ("/a,b=c:d [e]", route(&self->c, 0)->arg);
	EXPECT_BAD("F:3: file=/a\": quotes, line ends and single brackets cannot stand in it\n",
		   "[sink a]\nport = any\nmode = file=/a\"\n");
}

TEST_F(config, every_mistake_is_told_with_its_line)
{
	EXPECT_BAD("F:1: 'a' stands before the first [section]\n"
		   "F:3: colour is not known in [daemon]; known are device, run-dir, engine, log-level, boot-begins, metrics, metrics-vms\n"
		   "F:4: engine: 'steam' is not known; known are uring, poll\n"
		   "F:5: is neither [SECTION] nor KEY = VALUE nor # comment\n"
		   "F:6: device is empty\n"
		   "F:8: run-dir is said twice\n"
		   "F:10: 'x' is no port; it is 0x0 to 0xffff, or console, firmware, post, serial, serial2, any\n"
		   "F:12: time=now is not known; it is none|vm|delta|24h|iso8601|epoch|monotonic\n"
		   "F:13: port is said twice\n"
		   "F:15: [else] is not known; known are [daemon], [sink NAME], [names]\n"
		   "F:18: '../x' is no name: " A_NAME_IS "\n"
		   "F:19: is neither [SECTION] nor KEY = VALUE nor # comment\n",
		   "a = b\n"
		   "[daemon]\n"
		   "colour = red\n"
		   "engine = steam\n"
		   "what?\n"
		   "device =\n"
		   "run-dir = /a\n"
		   "run-dir = /b\n"
		   "[sink a]\n"
		   "port = x\n"
		   "mode = pty\n"
		   "time = now\n"
		   "port = any\n"
		   "# fine\n"
		   "[else]\n"
		   "port = y\n"
		   "[names]\n"
		   "a = ../x\n"
		   "[sink\n"
		   "mode = z\n");
	EXPECT_EQ(12, self->c.mistake_count);
}

TEST_F(config, patterns_for_names_may_have_brackets)
{
	EXPECT_GOOD("[names]\n[ab]* = one\nvm-[[:digit:]]: two\n [!c-z]=three ; x\n[=]x = four\n");
	EXPECT_STREQ("one", names_find(self->c.names, "b7"));
	EXPECT_STREQ("two", names_find(self->c.names, "vm-7"));
	EXPECT_EQ(NULL, names_find(self->c.names, "vm-x"));
	EXPECT_STREQ("three", names_find(self->c.names, "A"));
	EXPECT_STREQ("four", names_find(self->c.names, "=x"));
	/* It still is a section if nothing stands behind it. */
	EXPECT_BAD("F:2: [ab] is not known; known are [daemon], [sink NAME], [names]\n",
		   "[names]\n[ab]\n");
	EXPECT_BAD("F:2: is neither [SECTION] nor KEY = VALUE nor # comment\n",
		   "[names]\n[names] x\na = b\n");
}

TEST_F(config, a_sink_needs_port_and_mode)
{
	EXPECT_BAD("F:1: [sink a] needs a line mode = MODE\n"
		   "F:3: [sink b] needs a line port = PORT\n"
		   "F:5: [sink c] needs a line port = PORT\n",
		   "[sink a]\nport = 0xe9\n[sink b]\nmode = pty\n[sink c]\n");
}

TEST_F(config, a_sink_is_checked_as_a_whole)
{
	EXPECT_BAD("F:1: [sink a]: time= is not for format raw, but for: text\n",
		   "[sink a]\nport = 0xe9\nmode = pty\ntime = vm\n");
	EXPECT_BAD("F:4: [sink b]: file=/x " ONLY_ONCE ": F:1\n",
		   "[sink a]\nport = 0xe9\nmode = file=/x\n"
		   "[sink b]\nport = 0x80\nmode = file=/x\nsize = 1M\n");
}

TEST_F(config, sinks_have_names_of_their_own)
{
	EXPECT_BAD("F:4: [sink a] is there already: F:1\n",
		   "[sink a]\nport = 0xe9\nmode = pty\n[sink a]\nport = 0x80\nmode = pty\n");
	EXPECT_BAD("F:1: [sink ]: name= is empty; it takes NAME\n",
		   "[sink ]\nport = 0xe9\nmode = pty\n");
	EXPECT_BAD("F:1: [sink a/b]: name=a/b: " A_PLAIN_NAME_IS "\n",
		   "[sink a/b]\nport = 0xe9\nmode = pty\n");
	EXPECT_BAD("F:1: [sink] is not known; known are [daemon], [sink NAME], [names]\n",
		   "[sink]\nport = 0xe9\nmode = pty\n");
	EXPECT_BAD("F:2: name= is said twice\n", "[sink a]\nname = b\nport = any\nmode = pty\n");
}

TEST_F(config, a_line_is_as_long_as_a_path_can_be)
{
	char text[2 * PATH_MAX] = "[sink a]\nport = any\nmode = file=/";

	memset(text + strlen(text), 'x', PATH_MAX - 2);
	EXPECT_GOOD(text);
	ASSERT_NE(NULL, route(&self->c, 0));
	EXPECT_EQ(PATH_MAX - 1, strlen(route(&self->c, 0)->arg));
}

TEST_F(config, long_lines_and_sections_are_named)
{
	char text[3 * PATH_MAX] = "[sink a]\nport = any\nmode = file=/", name[1024] = "[sink ";

	memset(text + strlen(text), 'x', 2 * PATH_MAX);
	EXPECT_BAD("F:1: [sink a] needs a line mode = MODE\n", "[sink a]\nport = any\n");
	EXPECT_EQ(-1, PARSE(text));
	EXPECT_EQ(0, strncmp(self->c.mistakes, "F:3: the line is longer than ", 29)) {
		TH_LOG("%s", self->c.mistakes);
	}
	memset(name + 6, 'x', 60);
	strcat(name, "]\nport = any\nmode = pty\n");
	EXPECT_BAD("F:1: the section's name is longer than 49 characters\n", name);
}

TEST_F(config, bytes_of_any_content_are_survived)
{
	unsigned int x = 7;
	char text[600];

	for (int i = 0; i < 3000; i++) {
		static const char pieces[] = "[]=:;#\"\n\r\t \0%,sinkportmode\xef\xbb\xbf\xff";

		for (size_t b = 0; b < sizeof(text); b++) {
			x = x * 1103515245 + 12345;
			text[b] = pieces[(x >> 16) % sizeof(pieces)];
		}
		config_parse(&self->c, "F", text, sizeof(text));
		config_free(&self->c);
	}
}

TEST_F(config, mistakes_without_end_end)
{
	static char text[100000];

	memset(text, 'x', sizeof(text));
	for (size_t i = 1; i < sizeof(text); i += 2)
		text[i] = '\n';
	EXPECT_EQ(-1, config_parse(&self->c, "F", text, sizeof(text)));
	EXPECT_GT(20000, strlen(self->c.mistakes));
}

TEST_F(config, files_that_cannot_be_read_are_named)
{
	char path[] = "/tmp/test_config.XXXXXX";
	int fd = mkstemp(path);

	EXPECT_EQ(-1, config_read(&self->c, "/nonexistent/x"));
	EXPECT_STREQ("/nonexistent/x: No such file or directory\n", self->c.mistakes);
	config_free(&self->c);
	EXPECT_EQ(-1, config_read(&self->c, "/tmp"));
	EXPECT_STREQ("/tmp: Is a directory\n", self->c.mistakes);
	config_free(&self->c);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, ftruncate(fd, 300 * 1024));
	EXPECT_EQ(-1, config_read(&self->c, path));
	EXPECT_NE(NULL, strstr(self->c.mistakes, "File too large"));
	config_free(&self->c);
	EXPECT_EQ(0, ftruncate(fd, 0));
	EXPECT_EQ(23, write(fd, "[daemon]\nengine = poll\n", 23));
	EXPECT_EQ(0, config_read(&self->c, path));
	EXPECT_STREQ("poll", self->c.daemon.engine);
	close(fd);
	unlink(path);
}

TEST_F(config, a_fifo_is_not_waited_for)
{
	char dir[] = "/tmp/test_config.XXXXXX", path[64];

	ASSERT_NE(NULL, mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	ASSERT_EQ(0, mkfifo(path, 0600));
	EXPECT_EQ(0, config_read(&self->c, path));
	unlink(path);
	rmdir(dir);
}

/* A config file with others beside it. */
FIXTURE(drop_ins)
{
	struct config c;
	struct scratch s;
	char path[64];
};

FIXTURE_SETUP(drop_ins)
{
	memset(&self->c, 0, sizeof(self->c));
	scratch_make(&self->s);
	snprintf(self->path, sizeof(self->path), "%s/conf", self->s.dir);
	ASSERT_EQ(0, mkdir(scratch_path(&self->s, "conf.d"), 0700));
}

FIXTURE_TEARDOWN(drop_ins)
{
	config_free(&self->c);
	scratch_remove(&self->s);
}

static void write_text(const struct scratch *s, const char *name, const char *text)
{
	scratch_write(s, name, text, strlen(text));
}

#define ONE_SINK(name)	"[sink " name "]\nport = 0xe9\nmode = null\n"

TEST_F(drop_ins, are_read_in_the_order_of_their_names)
{
	write_text(&self->s, "conf", ONE_SINK("first") "[names]\na = 1\n");
	write_text(&self->s, "conf.d/b.conf", ONE_SINK("fourth"));
	write_text(&self->s, "conf.d/a.conf", ONE_SINK("third") "[names]\na = 2\nb = 2\n");
	write_text(&self->s, "conf.d/B.conf", ONE_SINK("second"));
	ASSERT_EQ(0, config_read(&self->c, self->path)) TH_LOG("%s", self->c.mistakes);
	EXPECT_STREQ("first", route(&self->c, 0)->name);
	EXPECT_STREQ("second", route(&self->c, 1)->name);
	EXPECT_STREQ("third", route(&self->c, 2)->name);
	EXPECT_STREQ("fourth", route(&self->c, 3)->name);
	EXPECT_EQ(NULL, route(&self->c, 4));
	EXPECT_STREQ("1", names_find(self->c.names, "a"));
	EXPECT_STREQ("2", names_find(self->c.names, "b"));
}

TEST_F(drop_ins, win_over_the_daemons_settings_before)
{
	write_text(&self->s, "conf", "[daemon]\nengine = poll\nlog-level = info\n");
	write_text(&self->s, "conf.d/1.conf", "[daemon]\nlog-level = debug\n");
	write_text(&self->s, "conf.d/2.conf", "[daemon]\nlog-level = error\n");
	ASSERT_EQ(0, config_read(&self->c, self->path)) TH_LOG("%s", self->c.mistakes);
	EXPECT_STREQ("poll", self->c.daemon.engine);
	EXPECT_STREQ("error", self->c.daemon.log_level);
}

TEST_F(drop_ins, mistakes_have_their_file_and_line)
{
	char expected[512];

	write_text(&self->s, "conf", ONE_SINK("a"));
	write_text(&self->s, "conf.d/1.conf", "[daemon]\nengine = poll\nengine = poll\n");
	write_text(&self->s, "conf.d/2.conf", "\n" ONE_SINK("a") "port = x\n");
	EXPECT_EQ(-1, config_read(&self->c, self->path));
	snprintf(expected, sizeof(expected),
		 "%s.d/1.conf:3: engine is said twice\n"
		 "%s.d/2.conf:2: [sink a] is there already: %s:1\n",
		 self->path, self->path, self->path);
	EXPECT_STREQ(expected, self->c.mistakes ?: "");
	ASSERT_NE(NULL, route(&self->c, 0));
}

TEST_F(drop_ins, other_files_are_passed_over)
{
	static const char *const others[] = {
		"conf.d/.hidden.conf", "conf.d/.conf", "conf.d/conf", "conf.d/a.conf~",
		"conf.d/a.conf.rpmnew",
	};

	write_text(&self->s, "conf", ONE_SINK("a"));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		write_text(&self->s, others[i], "mistake\n");
	EXPECT_EQ(0, config_read(&self->c, self->path));
	EXPECT_EQ(NULL, self->c.mistakes);
}

TEST_F(drop_ins, do_without_the_file_that_they_add_to)
{
	EXPECT_EQ(-1, config_read(&self->c, self->path));
	config_free(&self->c);
	write_text(&self->s, "conf.d/a.conf", ONE_SINK("a"));
	EXPECT_EQ(0, config_read(&self->c, self->path));
	EXPECT_NE(NULL, self->c.routes);
}

TEST_F(drop_ins, one_that_cannot_be_read_is_a_mistake)
{
	write_text(&self->s, "conf", ONE_SINK("a"));
	ASSERT_EQ(0, symlink("nowhere", scratch_path(&self->s, "conf.d/a.conf")));
	EXPECT_EQ(-1, config_read(&self->c, self->path));
	EXPECT_NE(NULL, strstr(self->c.mistakes, "conf.d/a.conf: No such file or directory\n"));
}

TEST_HARNESS_MAIN
