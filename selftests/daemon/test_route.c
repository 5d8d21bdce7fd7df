// SPDX-License-Identifier: GPL-2.0
/* PORT:MODE[=ARG][,KEY=VALUE]…, good and bad. */
#include "lib/harness.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "dbgportd/config/routes.h"
#include "dbgportd/sink/kinds.h"
#include "lib/list.h"
#include "words/format.h"

#define ONLY_ONCE	"has other settings in another route, and can have them only once"
#define IN_PATHS \
	"is not known; %v is the VM's name, %p the port, %n the VMM's process id, %% a percent sign"
#define ALL_FORMATS	"raw, unsafe-raw, text, json, post, cloud-hypervisor"
#define MODES	"pty, tty, null, stdout, log, file=PATH, unix=PATH, unix-dgram=PATH, journal, nats=URL"

FIXTURE(route)
{
	struct route *r;
	char why[1024];
};

FIXTURE_SETUP(route)
{
	self->r = NULL;
	self->why[0] = '\0';
}

FIXTURE_TEARDOWN(route)
{
	routes_free(self->r);
}

static struct route *parse(struct route **r, const char *text, char *why)
{
	routes_free(*r);
	*r = route_parse(text, "--sink", why, 1024);
	return *r;
}

/* One that is right, and what it is in full. */
#define EXPECT_TEXT(expected, said) do {				\
	EXPECT_NE(NULL, parse(&self->r, said, self->why)) {		\
		TH_LOG("%s", self->why);				\
	}								\
	EXPECT_STREQ(expected, self->r ? self->r->text : "");		\
} while (0)

/* One that is not, and why. */
#define EXPECT_BAD(reason, said) do {					\
	EXPECT_EQ(NULL, parse(&self->r, said, self->why));		\
	EXPECT_STREQ("--sink " said ": " reason, self->why);		\
} while (0)

TEST_F(route, ports_have_numbers_and_names)
{
	EXPECT_TEXT("0xe9:pty,format=raw", "0xe9:pty");
	EXPECT_EQ(0xe9, self->r->port);
	EXPECT_TEXT("0xe9:pty,format=raw", "233:pty");
	EXPECT_TEXT("0xe9:pty,format=raw", "console:pty");
	EXPECT_TEXT("0x402:pty,format=raw", "firmware:pty");
	EXPECT_TEXT("0x80:pty,format=post", "post:pty");
	EXPECT_TEXT("any:pty,format=raw", "any:pty");
	EXPECT_EQ(PORT_ANY, self->r->port);
	EXPECT_TEXT("0x0:pty,format=raw", "0:pty");
	EXPECT_TEXT("0xffff:pty,format=raw", " 0XFFFF : pty ");
	/* Nobody means an octal number. */
	EXPECT_TEXT("0x3f8:pty,format=raw", "01016:pty");
}

TEST_F(route, bad_ports_are_named)
{
#define BAD_PORT(number) EXPECT_BAD("'" number "' is no port; it is 0x0 to 0xffff, " \
				    "or console, firmware, post, serial, serial2, any", \
				    number ":pty")
	BAD_PORT("");
	BAD_PORT("x");
	BAD_PORT("0x");
	BAD_PORT("0x10000");
	BAD_PORT("65536");
	BAD_PORT("-1");
	BAD_PORT("+1");
	BAD_PORT("e9");
	BAD_PORT("0xe9z");
	BAD_PORT("99999999999999999999999");
	BAD_PORT("Console");
	EXPECT_BAD("it takes PORT:MODE, as in 0xe9:pty", "");
	EXPECT_BAD("it takes PORT:MODE, as in 0xe9:pty", "0xe9");
}

TEST_F(route, every_mode_is_known)
{
	static const struct {
		const char *text;
		const struct sink_ops *kind;
		const char *arg;
	} modes[] = {
		{ "0x80:pty", &sink_pty, NULL }, { "0x80:tty", &sink_tty, NULL },
		{ "0x80:null", &sink_null, NULL }, { "0x80:stdout", &sink_stdout, NULL },
		{ "0x80:log", &sink_log, NULL }, { "0x80:file=/x", &sink_file, "/x" },
		{ "0x80:unix=/x", &sink_unix, "/x" },
		{ "0x80:unix-dgram=/x", &sink_unix_dgram, "/x" },
		{ "0x80:journal", &sink_journal, NULL },
		{ "0x80:nats=nats://x", &sink_nats, "nats://x" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		ASSERT_NE(NULL, parse(&self->r, modes[i].text, self->why));
		EXPECT_EQ(modes[i].kind, self->r->kind);
		EXPECT_STREQ(modes[i].arg ?: "none", self->r->arg ?: "none");
		EXPECT_NE(NULL, sink_kinds[i]);
	}
	EXPECT_EQ(NULL, sink_kinds[ARRAY_SIZE(modes)]);
}

TEST_F(route, bad_modes_are_named)
{
	EXPECT_BAD("unknown mode 'loud'; known are " MODES, "0xe9:loud");
	EXPECT_BAD("unknown mode ''; known are " MODES, "0xe9:");
	EXPECT_BAD("unknown mode 'PTY'; known are " MODES, "0xe9:PTY");
	EXPECT_BAD("unknown mode 'pt'; known are " MODES, "0xe9:pt");
	EXPECT_BAD("unknown mode 'off'; known are " MODES, "0xe9:off");
	EXPECT_BAD("pty takes nothing behind it: '=x'", "0xe9:pty=x");
	EXPECT_BAD("file needs a path: file=PATH", "0xe9:file");
	EXPECT_BAD("file needs a path: file=PATH", "0xe9:file=");
	EXPECT_BAD("file=/%x: '%x' " IN_PATHS,
		   "0xe9:file=/%x");
}

#define TAKEN	"a VM could have the name of what another program has in"
#define OWN	"%v needs a directory of its own, such as"

TEST_F(route, a_vm_cannot_be_called_as_a_file_of_somebody_elses)
{
	EXPECT_BAD("file=/var/log/%v.log: " TAKEN " /var/log; " OWN " /var/log/dbgport",
		   "0xe9:file=/var/log/%v.log");
	EXPECT_BAD("unix=/run/%v.sock: " TAKEN " /run; " OWN " /run/dbgport",
		   "0xe9:unix=/run/%v.sock");
	EXPECT_TEXT("0xe9:unix=/run/dbgport/%v.sock,format=raw", "0xe9:unix=/run/dbgport/%v.sock");
}

TEST_F(route, the_default_format_goes_by_sink_and_port)
{
	EXPECT_TEXT("0xe9:file=/x,format=raw", "0xe9:file=/x");
	EXPECT_TEXT("0xe9:unix=/x,format=raw", "0xe9:unix=/x");
	EXPECT_TEXT("0xe9:unix-dgram=/x,format=raw", "0xe9:unix-dgram=/x");
	EXPECT_TEXT("0xe9:null,format=raw", "0xe9:null");
	EXPECT_TEXT("0xe9:stdout,format=text", "0xe9:stdout");
	EXPECT_TEXT("0xe9:tty,format=text", "0xe9:tty");
	EXPECT_TEXT("0x80:file=/x,format=post", "0x80:file=/x");
	EXPECT_TEXT("0x80:stdout,format=post", "0x80:stdout");
	EXPECT_TEXT("0x80:null,format=raw", "0x80:null");
	EXPECT_TEXT("0x80:file=/x,format=raw,data=bytes", "0x80:file=/x,data=bytes");
	EXPECT_TEXT("0x3f8:file=/x,format=post,data=codes",
		    "0x3f8:file=/x,data=codes");
	/* Codes and bytes in one: as for bytes. */
	EXPECT_TEXT("any:stdout,format=text", "any:stdout");
	EXPECT_TEXT("any:file=/x,format=raw", "any:file=/x");
}

TEST_F(route, every_format_is_known)
{
	static const struct format_ops *const all[] = {
		&format_raw, &format_unsafe_raw, &format_text, &format_json,
		&format_post, &format_cloud_hypervisor,
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		char text[64];

		snprintf(text, sizeof(text), "0xe9:pty,format=%s", all[i]->name);
		ASSERT_NE(NULL, parse(&self->r, text, self->why));
		EXPECT_EQ(all[i], self->r->format);
		EXPECT_STREQ(text, self->r->text);
		EXPECT_NE(NULL, formats[i]);
	}
	EXPECT_EQ(NULL, formats[ARRAY_SIZE(all)]);
	EXPECT_BAD("format=xml is not known; known are " ALL_FORMATS,
		   "0xe9:pty,format=xml");
	EXPECT_BAD("format= is said twice", "0xe9:pty,format=raw,format=raw");
}

TEST_F(route, the_journal_has_a_format_of_its_own)
{
	EXPECT_TEXT("any:journal", "any:journal");
	EXPECT_EQ(NULL, self->r->format);
	EXPECT_BAD("journal has fields of its own: leave format= out", "any:journal,format=text");
	EXPECT_TEXT("any:journal,table=ami", "any:journal,table=ami");
	EXPECT_BAD("time= is not for format journal, but for: text", "any:journal,time=vm");
}

TEST_F(route, the_log_takes_codes_only)
{
	EXPECT_TEXT("0x3f8:log,format=post,data=codes", "0x3f8:log,data=codes");
	EXPECT_BAD("log is for POST codes only: port 0x80, or data=codes", "0xe9:log");
	EXPECT_BAD("log is for POST codes only: port 0x80, or data=codes", "any:log");
	EXPECT_BAD("log is for POST codes only: port 0x80, or data=codes", "0x80:log,data=bytes");
}

TEST_F(route, settings_are_understood_and_checked)
{
	EXPECT_TEXT("0xe9:file=/x,format=text,time=iso8601,size=1M,keep=3",
		    "0xe9:file=/x, keep=3 , size = 1024K,format=text,time=iso8601");
	EXPECT_EQ(STAMP_ISO8601, self->r->set.style.time);
	EXPECT_BAD("time= is not for format raw, but for: text", "0xe9:file=/x,time=vm");
	EXPECT_BAD("size= is not for mode pty, but for: file", "0xe9:pty,size=1M");
	EXPECT_BAD("/%v: PATH.1 could be the file of a VM called NAME.1: say %v.log, or the like",
		   "0xe9:file=/%v,total=1M");
	EXPECT_BAD("table= is for POST codes, and none come here: port 0x80, or data=codes",
		   "0xe9:stdout,table=ami");
	EXPECT_BAD("'time' is no KEY=VALUE", "0xe9:stdout,time");
	EXPECT_BAD("'' is no KEY=VALUE", "0xe9:stdout,");
}

TEST_F(route, tables_of_codes_are_loaded)
{
	EXPECT_TEXT("0x80:stdout,format=text,table=coreboot",
		    "0x80:stdout,format=text,table=coreboot");
	EXPECT_NE(NULL, self->r->codes);
	EXPECT_EQ(NULL, parse(&self->r, "0x80:stdout,table=/nonexistent/t", self->why));
	EXPECT_NE(NULL, strstr(self->why, "/nonexistent/t: No such file"));
}

TEST_F(route, quotes_and_brackets_keep_commas)
{
	EXPECT_TEXT("0xe9:file=\"/a,b\",format=raw", "0xe9:\"file=/a,b\"");
	EXPECT_STREQ("/a,b", self->r->arg);
	EXPECT_TEXT("0xe9:pty,format=raw,vm=\"[a,b]*\"", "0xe9:pty,vm=[a,b]*");
	EXPECT_STREQ("[a,b]*", self->r->set.vm);
	EXPECT_TEXT("0xe9:file=/a=b:c,format=raw", "0xe9:file=/a=b:c");
	EXPECT_BAD("quotes or brackets do not match", "0xe9:file=\"/a");
	EXPECT_BAD("quotes or brackets do not match", "0xe9:pty,vm=[a");
	EXPECT_BAD("quotes or brackets do not match", "0xe9:pty,vm=a]");
}

TEST_F(route, the_canonical_text_means_the_same)
{
	static const char *const texts[] = {
		"0xe9:pty", "any:file=\"/a, b\",vm=\"x,[y,z]\"", "post:tty,seconds=original",
		"0x3f8:unix=/run/x/%v-%p-%n,perm=660,clients=3,scrollback=50000,linger=7",
		"0x80:file=/x,format=json,json=write,storm=show,full=block,total=2G,size=3M,name=x",
		"0x402:file=a b,format=text,label=no,time=epoch,queue=40000",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct route *again;

		ASSERT_NE(NULL, parse(&self->r, texts[i], self->why)) {
			TH_LOG("%s", self->why);
		}
		again = route_parse(self->r->text, "again", self->why, sizeof(self->why));
		ASSERT_NE(NULL, again) {
			TH_LOG("%s", self->why);
		}
		EXPECT_STREQ(self->r->text, again->text);
		EXPECT_EQ(self->r->port, again->port);
		EXPECT_EQ(self->r->format, again->format);
		EXPECT_STREQ(self->r->name, again->name);
		EXPECT_TRUE(sink_settings_equal(&self->r->set.sink, &again->set.sink));
		route_free(again);
	}
}

TEST_F(route, it_is_called_by_its_port_or_as_the_user_says)
{
	EXPECT_TEXT("0xe9:pty,format=raw", "0xe9:pty,name=console");
	EXPECT_STREQ("console", self->r->name);
	EXPECT_TEXT("0x403:pty,format=raw", "0x403:pty");
	EXPECT_STREQ("0x403", self->r->name);
	EXPECT_TEXT("0x2f8:pty,format=raw", "serial2:pty");
	EXPECT_STREQ("serial2", self->r->name);
	EXPECT_TEXT("any:pty,format=raw", "any:pty");
	EXPECT_STREQ("any", self->r->name);
	EXPECT_TEXT("0x3f8:pty,format=raw,name=com1", "0x3f8:pty,name=com1");
	EXPECT_STREQ("com1", self->r->name);
}

TEST_F(route, ports_and_codes_are_told_apart)
{
	ASSERT_NE(NULL, parse(&self->r, "any:stdout", self->why));
	EXPECT_TRUE(route_has_port(self->r, 0) && route_has_port(self->r, 0xffff));
	EXPECT_TRUE(route_takes_codes(self->r, 0x80));
	EXPECT_FALSE(route_takes_codes(self->r, 0xe9));
	ASSERT_NE(NULL, parse(&self->r, "0xe9:stdout,data=codes", self->why));
	EXPECT_TRUE(route_has_port(self->r, 0xe9));
	EXPECT_FALSE(route_has_port(self->r, 0x80));
	EXPECT_TRUE(route_takes_codes(self->r, 0xe9));
	ASSERT_NE(NULL, parse(&self->r, "0x80:stdout,data=bytes", self->why));
	EXPECT_FALSE(route_takes_codes(self->r, 0x80));
}

TEST_F(route, sinks_are_shared_or_per_vm)
{
	ASSERT_NE(NULL, parse(&self->r, "0xe9:file=/x-%p", self->why));
	EXPECT_FALSE(route_is_per_vm(self->r));
	ASSERT_NE(NULL, parse(&self->r, "0xe9:file=/x-%v", self->why));
	EXPECT_TRUE(route_is_per_vm(self->r));
	ASSERT_NE(NULL, parse(&self->r, "0xe9:unix=/x-%n", self->why));
	EXPECT_TRUE(route_is_per_vm(self->r));
	ASSERT_NE(NULL, parse(&self->r, "0xe9:pty", self->why));
	EXPECT_TRUE(route_is_per_vm(self->r));
	ASSERT_NE(NULL, parse(&self->r, "0xe9:stdout", self->why));
	EXPECT_FALSE(route_is_per_vm(self->r));
}

static int check_two(const char *a, const char *b, char *why, size_t size)
{
	struct route *list = NULL, *r;
	int err;

	routes_append(&list, route_parse(a, "first", why, size));
	r = route_parse(b, "second", why, size);
	err = routes_check(list, r, why, size);
	route_free(r);
	routes_free(list);
	return err;
}

#define CHECK_TWO(a, b)		check_two(a, b, self->why, sizeof(self->why))

TEST_F(route, two_routes_may_lead_to_one_path)
{
	EXPECT_EQ(0, CHECK_TWO("0xe9:file=/x", "0x402:file=/x"));
	EXPECT_EQ(0, CHECK_TWO("0xe9:file=/x,size=1M", "0x402:file=/x,format=text,size=1024K"));
	EXPECT_EQ(0, CHECK_TWO("0xe9:pty", "0xe9:pty,format=text"));
}

TEST_F(route, two_routes_must_not_contradict_each_other)
{
	EXPECT_EQ(-1, CHECK_TWO("0xe9:pty", "console:pty"));
	EXPECT_STREQ("0xe9:pty,format=raw is a route already: first", self->why);
	EXPECT_EQ(-1, CHECK_TWO("0xe9:file=/x", "0x402:file=/x,perm=600"));
	EXPECT_STREQ(self->why,
		     "file=/x " ONLY_ONCE ": first");
	EXPECT_EQ(-1, CHECK_TWO("0xe9:file=/x", "0x402:unix=/x"));
	EXPECT_STREQ("/x is file in one route and unix in another: first", self->why);
	EXPECT_EQ(-1, CHECK_TWO("0xe9:journal", "0x402:journal,queue=64K"));
	EXPECT_STREQ("journal " ONLY_ONCE ": first", self->why);
	/* Each VM has ptys of its own for both. */
	EXPECT_EQ(0, CHECK_TWO("0xe9:pty", "0x402:pty,linger=1"));
}

TEST_F(route, raw_bytes_do_not_reach_a_terminal_unasked)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave, saved;

	ASSERT_LE(0, master);
	ASSERT_EQ(0, grantpt(master) || unlockpt(master));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ASSERT_LE(0, slave);
	saved = dup(STDOUT_FILENO);
	ASSERT_NE(NULL, parse(&self->r, "0xe9:stdout,format=raw", self->why));
	EXPECT_EQ(STDOUT_FILENO, dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO));
	EXPECT_EQ(0, routes_check_terminal(self->r, self->why, sizeof(self->why)));
	EXPECT_EQ(STDOUT_FILENO, dup2(slave, STDOUT_FILENO));
	EXPECT_EQ(-1, routes_check_terminal(self->r, self->why, sizeof(self->why)));
	ASSERT_NE(NULL, parse(&self->r, "0xe9:stdout,format=unsafe-raw", self->why + 512));
	EXPECT_EQ(0, routes_check_terminal(self->r, NULL, 0));
	ASSERT_NE(NULL, parse(&self->r, "0xe9:pty,format=raw", self->why + 512));
	EXPECT_EQ(0, routes_check_terminal(self->r, NULL, 0));
	EXPECT_EQ(STDOUT_FILENO, dup2(saved, STDOUT_FILENO));
	EXPECT_STREQ(self->why,
		     "--sink 0xe9:stdout,format=raw: guests' raw bytes can do anything to a terminal; say format=text, or format=unsafe-raw if you trust all of them");
}

TEST_F(route, of_the_log_standard_error_is_asked)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave, out, err;

	ASSERT_LE(0, master);
	ASSERT_EQ(0, grantpt(master) || unlockpt(master));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ASSERT_LE(0, slave);
	ASSERT_NE(NULL, parse(&self->r, "0x80:log,format=raw", self->why));
	out = dup(STDOUT_FILENO);
	err = dup(STDERR_FILENO);
	dup2(slave, STDOUT_FILENO);
	dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
	EXPECT_EQ(0, routes_check_terminal(self->r, self->why, sizeof(self->why)));
	dup2(slave, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	EXPECT_EQ(-1, routes_check_terminal(self->r, self->why, sizeof(self->why)));
	dup2(err, STDERR_FILENO);
	EXPECT_NE(NULL, strstr(self->why, "can do anything to a terminal; say format=text"));
}

TEST_F(route, nor_do_they_reach_the_journals_stream)
{
	char stream[64], null[64];
	struct stat st;
	int fds[2], saved;

	ASSERT_EQ(0, pipe(fds));
	ASSERT_EQ(0, fstat(fds[1], &st));
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino);
	snprintf(null, sizeof(null), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino + 1);
	ASSERT_NE(NULL, parse(&self->r, "0xe9:stdout,format=raw", self->why));
	saved = dup(STDOUT_FILENO);
	EXPECT_EQ(STDOUT_FILENO, dup2(fds[1], STDOUT_FILENO));
	setenv("JOURNAL_STREAM", null, 1);
	EXPECT_EQ(0, routes_check_terminal(self->r, self->why, sizeof(self->why)));
	setenv("JOURNAL_STREAM", stream, 1);
	EXPECT_EQ(-1, routes_check_terminal(self->r, self->why, sizeof(self->why)));
	unsetenv("JOURNAL_STREAM");
	EXPECT_EQ(STDOUT_FILENO, dup2(saved, STDOUT_FILENO));
	EXPECT_NE(NULL, strstr(self->why, "can do anything to the journal; say format=text"));
}

TEST(lists_are_taken_apart)
{
	char text[] = "a,\"b,c\",[d,e],,f";
	char *list = text;

	EXPECT_STREQ("a", list_next(&list));
	EXPECT_STREQ("b,c", list_next(&list));
	EXPECT_STREQ("[d,e]", list_next(&list));
	EXPECT_STREQ("", list_next(&list));
	EXPECT_STREQ("f", list_next(&list));
	EXPECT_EQ(NULL, list);
}

TEST_HARNESS_MAIN
