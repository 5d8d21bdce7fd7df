// SPDX-License-Identifier: GPL-2.0
/* The json format, as jq and a UTF-8 decoder that is not ours see it. */
#include <stdio.h>
#include <unistd.h>

#include "lib/harness.h"

#include "daemon/page.h"
#include "lib/array.h"
#include "lib/json.h"

FIXTURE(json)
{
	struct page page;
	struct writer vm;
};

FIXTURE_SETUP(json)
{
	memset(&self->page, 0, sizeof(self->page));
	writer_init(&self->vm, &self->page, &format_json, "web");
}

FIXTURE_TEARDOWN(json)
{
}

/* What jq makes of @text with @filter, without its last line end. */
static const char *filtered(const char *text, const char *filter)
{
	static char out[65536];
	char path[] = "/tmp/json.XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	char command[4096];
	size_t len;

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
	if (snprintf(command, sizeof(command), "jq -r -c '%s' %s 2>&1", filter, path) >=
	    (int)sizeof(command))
		abort();
	f = popen(command, "r");
	if (!f)
		abort();
	len = fread(out, 1, sizeof(out) - 1, f);
	out[len] = '\0';
	unlink(path);
	if (pclose(f))
		return "jq failed";
	if (len && out[len - 1] == '\n')
		out[len - 1] = '\0';
	return out;
}

/*
 * Whether @s is UTF-8, decoded to code points which are then looked at: apart
 * from how lib/utf8.c goes about it.
 */
static bool is_utf8(const unsigned char *s, size_t n)
{
	static const __u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	for (size_t i = 0; i < n;) {
		int len = s[i] < 0x80 ? 1 : s[i] >> 5 == 6 ? 2 : s[i] >> 4 == 14 ? 3 :
			  s[i] >> 3 == 30 ? 4 : 0;
		__u32 point = s[i] & (0xff >> (len == 1 ? 1 : len + 1));

		if (!len || i + len > n)
			return false;
		for (int j = 1; j < len; j++) {
			if (s[i + j] >> 6 != 2)
				return false;
			point = point << 6 | (s[i + j] & 0x3f);
		}
		if (point < least[len] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
			return false;
		/* And none that a terminal obeys, but for the line end. */
		if (point != '\n' && (point < 0x20 || (point >= 0x7f && point < 0xa0)))
			return false;
		i += len;
	}
	return true;
}

static void line_n(struct writer *w, const char *text, size_t n)
{
	const struct entry entry = {
		.type = ENTRY_LINE, .vm = &w->vm, .port = 0x402, .vcpu = 3, .line = w,
		.claimed = true, .seq = 17, .count = n + 1, .text = text, .len = n,
		.time_ns = w->vm.zero_ns + 19004123,
	};

	write_entry(w, &entry);
}

static void line(struct writer *w, const char *text)
{
	line_n(w, text, strlen(text));
}

TEST(the_utf8_check_can_fail)
{
	static const char right[] = "Grüße, 世界 🙂\n";
	static const char *const wrong[] = {
		"\xff", "\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe4\xb8", "\xe4\xb8x", "\xc2\x9b",
		"\033", "\x7f",
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		ASSERT_FALSE(is_utf8((const unsigned char *)wrong[i], strlen(wrong[i])));
	ASSERT_TRUE(is_utf8((const unsigned char *)right, strlen(right)));
}

TEST_F(json, a_line_has_all_its_fields)
{
	char all[512] = "";

	static const char *const fields[] = {
		"type", "line", "vm", "web", "vm_id", "5", "pid", "4711", "boot", "2",
		"time", "0.019004123",
		"time_ns", "19004123", "monotonic_ns", "1019004123", "port", "1026", "vcpu", "3",
		"seq", "17", "count", "6", "claimed", "true", "text", "hello", "begun", "false",
		"unfinished", "false",
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i += 2)
		sprintf(all + strlen(all), "%s %s\n", fields[i], fields[i + 1]);
	all[strlen(all) - 1] = '\0';
	self->vm.vm.id = 5;
	self->vm.vm.boot = 2;
	line(&self->vm, "hello");
	EXPECT_EQ(1, self->page.puts);
	EXPECT_STREQ(all, filtered(self->page.text,
				   "del(.realtime) | to_entries | map(\"\\(.key) \\(.value)\")[]"));
}

TEST_F(json, the_host_is_named_where_there_is_a_name)
{
	const struct hostname host = { "hv-1.example", strlen("hv-1.example") };
	const struct hostname none = { 0 };

	self->vm.formatter.host = &host;
	line(&self->vm, "hello");
	EXPECT_STREQ("hv-1.example", filtered(self->page.text, ".host"));
	page_forget(&self->page);
	self->vm.formatter.host = &none;
	line(&self->vm, "hello");
	EXPECT_STREQ("false", filtered(self->page.text, "has(\"host\")"));
}

TEST(this_host_has_a_name_that_is_safe)
{
	struct hostname host;
	char name[HOSTNAME_SIZE] = "", longer[HOSTNAME_SIZE + 1] = "";

	hostname_get(&host);
	gethostname(name, sizeof(name) - 1);
	EXPECT_EQ(strlen(name), host.len);
	EXPECT_TRUE(hostname_is_safe(host.name));
	EXPECT_FALSE(hostname_is_safe(""));
	EXPECT_FALSE(hostname_is_safe("a b"));
	EXPECT_FALSE(hostname_is_safe("<b>"));
	memset(name, 'x', HOSTNAME_SIZE - 1);
	EXPECT_TRUE(hostname_is_safe(name));
	memset(longer, 'x', HOSTNAME_SIZE);
	EXPECT_FALSE(hostname_is_safe(longer));
}

TEST_F(json, what_was_written_before_a_reset_is_of_the_boot_before)
{
	struct entry entry = { .type = ENTRY_LOST, .vm = &self->vm.vm, .count = 1 };

	self->vm.vm.boot = 3;
	self->vm.vm.boot_seq = 100;
	for (entry.seq = 99; entry.seq <= 101; entry.seq++)
		write_entry(&self->vm, &entry);
	EXPECT_STREQ("2\n3\n3", filtered(self->page.text, ".boot"));
}

TEST_F(json, an_object_is_a_line_without_blanks)
{
	line(&self->vm, "hello");
	EXPECT_EQ(NULL, strchr(self->page.text, ' '));
	EXPECT_TRUE(strchr(self->page.text, '\n') == self->page.text + self->page.len - 1);
	/* Exact, which jq's numbers are not. */
	EXPECT_NE(NULL, strstr(self->page.text, ",\"time\":0.019004123,\"time_ns\":19004123,"));
}

TEST_F(json, seconds_and_nanoseconds_are_the_same_time)
{
	static const struct {
		__s64 ns;
		const char *json;
	} times[] = {
		{ 0, ",\"time\":0.000000000,\"time_ns\":0," },
		{ 999999999, ",\"time\":0.999999999,\"time_ns\":999999999," },
		{ 1000000000, ",\"time\":1.000000000,\"time_ns\":1000000000," },
		{ 86400000000001, ",\"time\":86400.000000001,\"time_ns\":86400000000001," },
		{ -5, ",\"time\":-0.000000005,\"time_ns\":-5," },
		{ -2000000005, ",\"time\":-2.000000005,\"time_ns\":-2000000005," },
	};

	self->vm.vm.zero_ns = 10000000000;
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		const struct entry entry = {
			.type = ENTRY_LINE, .vm = &self->vm.vm, .line = self, .text = "",
			.time_ns = self->vm.vm.zero_ns + times[i].ns,
		};

		page_forget(&self->page);
		write_entry(&self->vm, &entry);
		EXPECT_NE(NULL, strstr(self->page.text, times[i].json)) {
			TH_LOG("%s", self->page.text);
		}
	}
}

TEST_F(json, the_wall_clock_is_utc_with_nine_digits)
{
	static const char filter[] = ".realtime | sub(\"[.][0-9]{9}Z$\"; \"Z\") | fromdate";
	struct timespec now, mono;
	long long real;

	line(&self->vm, "x");
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	real = now.tv_sec - mono.tv_sec + 1;
	EXPECT_GE(1, llabs(atoll(filtered(self->page.text, filter)) - real));
}

TEST_F(json, parts_of_a_line_are_told_as_such)
{
	struct entry part = {
		.type = ENTRY_LINE, .vm = &self->vm.vm, .text = "login: ", .len = 7,
		.unfinished = true, .time_ns = 1,
	};

	write_entry(&self->vm, &part);
	part.begun = true;
	part.unfinished = false;
	part.len = 0;
	write_entry(&self->vm, &part);
	EXPECT_STREQ("[false,true,\"login: \"]\n[true,false,\"\"]",
		     filtered(self->page.text, "[.begun,.unfinished,.text]"));
}

TEST_F(json, a_time_before_the_vms_zero_is_negative)
{
	const struct entry early = {
		.type = ENTRY_LINE, .vm = &self->vm.vm, .text = "", .time_ns = 999999999,
	};

	write_entry(&self->vm, &early);
	EXPECT_NE(NULL, strstr(self->page.text, "\"time\":-0.000000001,\"time_ns\":-1,"));
	/* Versions of jq write it in different ways. */
	EXPECT_STREQ("[true,-1]", filtered(self->page.text, "[.time == -1e-9,.time_ns]"));
}

#define WRITER ".type,.port,.vcpu,.seq,.count,.claimed"
#define CODE_AND_NAME \
	"[\"code\",128,1,9,1,false,4,3735928559,\"Custom\",\"a \\\"name\\\" \\\\ Käse\"]"

TEST_F(json, a_code_has_all_its_fields)
{
	struct entry code = {
		.type = ENTRY_CODE, .vm = &self->vm.vm, .port = 0x80, .vcpu = 1, .width = 4,
		.value = 0xdeadbeef, .component = "Custom", .seq = 9, .count = 1, .time_ns = 5,
	};

	write_entry(&self->vm, &code);
	code.text = "a \"name\" \\ Käse";
	code.len = strlen(code.text);
	write_entry(&self->vm, &code);
	EXPECT_STREQ("[\"code\",128,1,9,1,false,4,3735928559,\"Custom\",null]\n" CODE_AND_NAME,
		     filtered(self->page.text, "[" WRITER ",.width,.value,.component,.name]"));
}

TEST_F(json, a_write_has_all_its_fields)
{
	const struct entry write = {
		.type = ENTRY_WRITE, .vm = &self->vm.vm, .port = 0xe9, .vcpu = 255, .width = 2,
		.value = 0x4142, .claimed = true, .seq = 1ULL << 40, .count = 1, .time_ns = 5,
	};

	write_entry(&self->vm, &write);
	EXPECT_STREQ("[\"write\",233,255,1099511627776,1,true,2,16706]",
		     filtered(self->page.text, "[" WRITER ",.width,.value]"));
	EXPECT_FALSE(format_json.per_write(&self->vm.style));
	self->vm.style.json = JSON_WRITE;
	EXPECT_TRUE(format_json.per_write(&self->vm.style));
}

/* The values of all fields but those that every object has, in their order. */
#define OWN_FIELDS \
	"del(.vm,.vm_id,.pid,.boot,.time,.monotonic_ns,.realtime) | map(tostring) | join(\" \")"

TEST_F(json, events_have_their_fields)
{
	struct entry event = {
		.vm = &self->vm.vm, .seq = 12, .count = 30, .time_ns = 2000000000,
		.end_ns = 2250000001, .port = 0x80,
	};

	self->vm.vm.uid = 1000;
	self->vm.vm.late = true;
	self->vm.vm.started_ns = 400000000;
	self->vm.vm.created_ns = 999999998;
	self->vm.vm.lost = 4;
	self->vm.vm.pid = 0;
	event.type = ENTRY_ATTACHED;
	write_entry(&self->vm, &event);
	event.type = ENTRY_GONE;
	write_entry(&self->vm, &event);
	event.type = ENTRY_STORM;
	write_entry(&self->vm, &event);
	event.type = ENTRY_LOST;
	event.time_ns = 0;
	write_entry(&self->vm, &event);
	EXPECT_STREQ("attached 1000000000 12 1000 true false -600000000 -2\n"
		     "gone 1000000000 12 4\n"
		     "storm 1000000000 128 12 30 250000001\n"
		     "lost null 12 30",
		     filtered(self->page.text, OWN_FIELDS));
	EXPECT_STREQ("[\"web\",null]\n[\"web\",null]\n[\"web\",null]\n[\"web\",null]",
		     filtered(self->page.text, "[.vm,.pid]"));
	EXPECT_STREQ("[null,null,null]",
		     filtered(strstr(self->page.text, "{\"type\":\"lost\""),
			      "[.time,.monotonic_ns,.realtime]"));
}

/* Before the VM's zero, which is at 1 s; what is not known or cannot be is not there. */
TEST_F(json, a_moment_before_the_zero_is_told_if_it_is_known)
{
	static const struct {
		__u64 started, created;
		const char *is;
	} cases[] = {
		{ 0, 0, "[true,null,null]" },
		{ 1, 0, "[true,-999999999,null]" },
		{ 0, 1000000000, "[true,null,0]" },
		{ 1000000001, ~0ULL, "[true,null,null]" },
	};
	const struct entry event = { .type = ENTRY_ATTACHED, .vm = &self->vm.vm, .time_ns = 1 };

	self->vm.vm.restored = true;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		self->vm.vm.started_ns = cases[i].started;
		self->vm.vm.created_ns = cases[i].created;
		page_forget(&self->page);
		write_entry(&self->vm, &event);
		EXPECT_STREQ(cases[i].is, filtered(self->page.text,
						   "[.restored,.started_ns,.created_ns]"));
	}
}

/* Installed, the tests are in build/selftests/daemon. */
#define SCHEMA "../../../Documentation/json.rst"

TEST_F(json, every_type_and_field_is_documented)
{
	static const enum entry_type types[] = {
		ENTRY_LINE, ENTRY_CODE, ENTRY_WRITE, ENTRY_ATTACHED, ENTRY_GONE, ENTRY_LOST,
		ENTRY_STORM, ENTRY_CUT,
	};
	struct entry entry = { .vm = &self->vm.vm, .text = "\xff", .len = 1, .time_ns = 1 };
	static char rst[65536];
	char word[64], *save = NULL;
	FILE *f = fopen(SCHEMA, "r");
	int words = 0;

	self->vm.vm.started_ns = 1;
	self->vm.vm.created_ns = 1;
	ASSERT_NE(NULL, f) {
		TH_LOG("%s: %m", SCHEMA);
	}
	ASSERT_LT(fread(rst, 1, sizeof(rst) - 1, f), sizeof(rst) - 1);
	fclose(f);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		entry.type = types[i];
		write_entry(&self->vm, &entry);
	}
	snprintf(self->page.text, sizeof(self->page.text), "%s",
		 filtered(self->page.text, ".type, keys_unsorted[]"));
	for (char *w = strtok_r(self->page.text, "\n", &save); w; w = strtok_r(NULL, "\n", &save)) {
		snprintf(word, sizeof(word), "``%s``", w);
		EXPECT_NE(NULL, strstr(rst, word)) {
			TH_LOG("%s is not in %s", word, SCHEMA);
		}
		words++;
	}
	EXPECT_LT(7 * 9, words);
}

TEST_F(json, what_is_utf8_needs_no_hex)
{
	line(&self->vm, "Grüße, 世界 🙂 \"\\/\033[0m\t\x7f\302\233");
	EXPECT_NE(NULL, strstr(self->page.text,
			       "\"Grüße, 世界 🙂 \\\"\\\\/\\u001b[0m\\t\\u007f\\u009b\""));
	EXPECT_STREQ("false", filtered(self->page.text, "has(\"hex\")"));
	EXPECT_TRUE(is_utf8((unsigned char *)self->page.text, self->page.len));
}

/* For JavaScript, and for Python's splitlines(), U+2028 and U+2029 end a line. */
TEST_F(json, no_character_ends_a_line_or_turns_its_direction)
{
	line(&self->vm, "a\u2028b\u2029\u202ec\u2067\u061c");
	EXPECT_NE(NULL, strstr(self->page.text,
			       "\"a\\u2028b\\u2029\\u202ec\\u2067\\u061c\""));
	EXPECT_STREQ("a\u2028b\u2029\u202ec\u2067\u061c", filtered(self->page.text, ".text"));
	EXPECT_STREQ("false", filtered(self->page.text, "has(\"hex\")"));
}

TEST_F(json, what_is_not_is_told_exactly_in_hex)
{
	line_n(&self->vm, "a\xff\xe4\xb8\0z", 6);
	EXPECT_STREQ("[\"a\357\277\275\357\277\275\357\277\275\\u0000z\",\"61ffe4b8007a\"]",
		     filtered(self->page.text, "[.text,.hex]"));
	page_forget(&self->page);
	line_n(&self->vm, "a\0", 2);
	EXPECT_STREQ("[\"a\\u0000\",\"6100\"]", filtered(self->page.text, "[.text,.hex]"));
	EXPECT_TRUE(is_utf8((unsigned char *)self->page.text, self->page.len));
}

/* Escaped, replaced and cut at every place: nothing is written beyond the room. */
TEST_F(json, the_largest_objects_fit)
{
	char text[LINES_MAX];
	struct entry entry = {
		.type = ENTRY_LINE, .vm = &self->vm.vm, .port = 65535, .vcpu = 65535,
		.seq = ~0ULL, .count = ~0ULL, .time_ns = ~0ULL, .text = text, .len = sizeof(text),
		.begun = true, .unfinished = false,
	};

	self->vm.formatter.eol = "\r\n";
	self->vm.vm.id = ~0U;
	self->vm.vm.zero_ns = 0;
	self->vm.vm.pid = 0x7fffffff;
	memset(self->vm.vm.name, 'n', sizeof(self->vm.vm.name) - 1);
	for (int c = 0; c < 256; c++) {
		memset(text, c, sizeof(text));
		text[0] = '\0';
		self->page.unfinished = text;
		page_forget(&self->page);
		write_entry(&self->vm, &entry);
		ASSERT_TRUE(is_utf8((unsigned char *)strchr(self->page.text, '{'),
				    strlen(strchr(self->page.text, '{')) - 2));
		ASSERT_NE(NULL, strstr(self->page.text, "\"time_ns\":18446744073709551615,"));
	}
}

/* Each line to the file @to. */
static FILE *to;

static void emit(void *arg, const struct entry *entry)
{
	struct writer *w = arg;

	page_forget(w->page);
	write_entry(w, entry);
	fwrite(w->page->text, 1, w->page->len, to);
}

static size_t unhex(char *dst, const char *s)
{
	size_t n = 0;

	for (; *s; s += 2) {
		unsigned int byte;

		if (sscanf(s, "%2x", &byte) != 1)
			abort();
		dst[n++] = byte;
	}
	return n;
}

static size_t unbase64(char *dst, const char *s)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned int bits = 0, have = 0;
	size_t n = 0;

	for (; *s && *s != '='; s++) {
		bits = bits << 6 | (strchr(digit, *s) - digit);
		have += 6;
		if (have >= 8) {
			have -= 8;
			dst[n++] = bits >> have;
		}
	}
	return n;
}

/* The next line of what was said, as it should be told; the end of @said: -1. */
static ssize_t next_line(const char **said, const char *end, const char **line)
{
	const char *s = *said, *eol;

	if (s == end)
		return -1;
	eol = memchr(s, '\n', end - s);
	*said = eol ? eol + 1 : end;
	if (!eol)
		eol = end;
	while (s < eol && *s == '\r')
		s++;
	*line = s;
	while (eol > s && eol[-1] == '\r')
		eol--;
	return eol - s;
}

#define RANDOM_BYTES	(1 << 20)

TEST_F(json, a_mebibyte_of_random_bytes_can_be_had_back)
{
	static const char likely[] = "aZ\"\\\n\r\xc3\xa9\xe4\xb8\x96\xf0\x9f\x99\x82\xc2";
	static char said[RANDOM_BYTES], all[16 * RANDOM_BYTES];
	char path[] = "/tmp/json.XXXXXX", command[1024];
	char token[4 * LINES_MAX], heard[4 * LINES_MAX], unfinished[8];
	unsigned long long first = 0, seq, count, counted = 0;
	struct lines_pending pending = LINES_PENDING_INIT(pending);
	const char *from = said, *line;
	struct lines lines;
	size_t objects = 0, hex = 0;
	ssize_t expected;
	size_t len;
	FILE *p;

	to = fdopen(mkstemp(path), "w");
	ASSERT_NE(NULL, to);
	lines_init(&lines, &pending, &self->vm.vm, emit, &self->vm);
	srand(4);
	for (size_t i = 0; i < RANDOM_BYTES; i++) {
		const struct dbgport_record rec = {
			.type = DBGPORT_WRITE, .seq = i, .time_ns = 1000000000 + i, .width = 1,
		};

		/* In turn anything, and what is nearly text. */
		said[i] = i >> 10 & 1 ? rand() >> 8 : likely[rand() % (sizeof(likely) - 1)];
		lines_put(&lines, &rec, &said[i], 1, 0);
	}
	lines_end(&lines);
	fclose(to);

	to = fopen(path, "r");
	len = fread(all, 1, sizeof(all), to);
	fclose(to);
	ASSERT_LT(len, sizeof(all));
	EXPECT_TRUE(is_utf8((unsigned char *)all, len));

	/* The exact bytes: the hex where there is some, else the text. */
	snprintf(command, sizeof(command), "jq -r '%s + \"%s\"' %s",
		 "(if has(\"hex\") then \"h:\" + .hex else \"t:\" + (.text | @base64) end)",
		 " \\(.seq) \\(.count) \\(.unfinished)", path);
	p = popen(command, "r");
	ASSERT_NE(NULL, p);
	len = 0;
	while (fscanf(p, "%4095s %llu %llu %7s", token, &seq, &count, unfinished) == 4) {
		if (!len)
			first = seq;
		len += (*token == 'h' ? unhex : unbase64)(heard + len, token + 2);
		objects++;
		hex += *token == 'h';
		counted += count;
		if (!strcmp(unfinished, "true"))
			continue;
		expected = next_line(&from, said + sizeof(said), &line);
		ASSERT_EQ(expected, len);
		ASSERT_EQ(0, memcmp(line, heard, len));
		ASSERT_TRUE(!len || said + first == line);
		len = 0;
	}
	EXPECT_EQ(0, pclose(p));
	EXPECT_EQ(-1, next_line(&from, said + sizeof(said), &line));
	EXPECT_EQ(RANDOM_BYTES, counted);
	/* Both kinds were there. */
	EXPECT_LT(1000, hex);
	EXPECT_LT(1000, objects - hex);
	unlink(path);
}

TEST_HARNESS_MAIN
