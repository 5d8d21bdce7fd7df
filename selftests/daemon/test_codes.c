// SPDX-License-Identifier: GPL-2.0
#include "lib/harness.h"

#include <sys/stat.h>

#include "lib/codes.h"
#include "lib/utf8.h"

FIXTURE(standard)
{
	struct codes *codes;
};

FIXTURE_SETUP(standard)
{
	char why[512];

	self->codes = codes_load(NULL, why, sizeof(why));
	ASSERT_NE(NULL, self->codes);
}

FIXTURE_TEARDOWN(standard)
{
	codes_free(self->codes);
}

TEST_F(standard, each_range_has_its_component_at_both_ends)
{
	EXPECT_STREQ("Firmware", code_component(self->codes, 0x00));
	EXPECT_STREQ("Firmware", code_component(self->codes, 0x1f));
	EXPECT_STREQ("Bootloader", code_component(self->codes, 0x20));
	EXPECT_STREQ("Bootloader", code_component(self->codes, 0x3f));
	EXPECT_STREQ("Kernel", code_component(self->codes, 0x40));
	EXPECT_STREQ("Kernel", code_component(self->codes, 0x5f));
	EXPECT_STREQ("Userspace", code_component(self->codes, 0x60));
	EXPECT_STREQ("Userspace", code_component(self->codes, 0x7f));
	EXPECT_STREQ("Custom", code_component(self->codes, 0x80));
	EXPECT_STREQ("Custom", code_component(self->codes, 0xff));
}

TEST_F(standard, codes_wider_than_a_byte_are_custom)
{
	EXPECT_STREQ("Custom", code_component(self->codes, 0x100));
	EXPECT_STREQ("Custom", code_component(self->codes, 0x10000));
	EXPECT_STREQ("Custom", code_component(self->codes, 0xffffffff));
}

TEST_F(standard, codes_have_no_names)
{
	struct codes *named = codes_load("cloud-hypervisor", NULL, 0);

	ASSERT_NE(NULL, named);
	for (__u32 code = 0; code < 0x200; code++) {
		ASSERT_EQ(NULL, code_name(self->codes, code));
		ASSERT_EQ(NULL, code_name(named, code));
		ASSERT_STREQ(code_component(self->codes, code), code_component(named, code));
	}
	codes_free(named);
}

/* Components are one word each, and names can be shown anywhere. */
static bool is_fit(const struct codes *codes, __u32 code)
{
	const char *component = code_component(codes, code), *name = code_name(codes, code);
	size_t len;

	if (!component || !*component || strlen(component) >= CODE_COMPONENT_SIZE ||
	    strpbrk(component, " \t"))
		return false;
	if (!name)
		return true;
	if (!*name || strlen(name) >= CODE_NAME_SIZE)
		return false;
	for (; *name; name += len) {
		len = utf8_char(name, strlen(name));
		if (!len || utf8_is_control(name))
			return false;
	}
	return true;
}

TEST(the_tables_that_we_bring_are_fit)
{
	char why[512] = "";
	const char *name;

	for (size_t i = 0; (name = codes_ours_name(i)); i++) {
		struct codes *codes = codes_load(name, why, sizeof(why));

		ASSERT_NE(NULL, codes) {
			TH_LOG("%s", why);
		}
		for (__u32 code = 0; code <= 0x100; code++)
			ASSERT_TRUE(is_fit(codes, code));
		EXPECT_STREQ("Custom", code_component(codes, 0x100));
		EXPECT_STREQ("Custom", code_component(codes, 0xffffffff));
		codes_free(codes);
	}
}

TEST(coreboots_codes_are_known)
{
	struct codes *codes = codes_load("coreboot", NULL, 0);

	ASSERT_NE(NULL, codes);
	EXPECT_STREQ("Bootblock", code_component(codes, 0x01));
	EXPECT_STREQ("Ramstage", code_component(codes, 0x72));
	EXPECT_STREQ("enumerating devices", code_name(codes, 0x72));
	EXPECT_STREQ("FSP", code_component(codes, 0x92));
	EXPECT_STREQ("Payload", code_component(codes, 0xf3));
	EXPECT_STREQ("Failure", code_component(codes, 0xe7));
	EXPECT_STREQ("Failure", code_component(codes, 0xff));
	EXPECT_STREQ("Bootblock", code_component(codes, 0x05));
	EXPECT_STREQ("first C code", code_name(codes, 0x05));
	EXPECT_STREQ("calling multi-phase MemoryInit", code_name(codes, 0xa4));
	EXPECT_STREQ("multi-phase MemoryInit returned", code_name(codes, 0xa5));
	EXPECT_STREQ("coreboot", code_component(codes, 0x06));
	EXPECT_EQ(NULL, code_name(codes, 0x06));
	codes_free(codes);
}

TEST(amis_ranges_have_their_phase_at_both_ends)
{
	static const struct {
		__u32 first, last;
		const char *component;
	} phase[] = {
		{ 0x01, 0x0b, "SEC" }, { 0x0c, 0x0f, "SEC" }, { 0x10, 0x2f, "PEI" },
		{ 0x30, 0x4f, "PEI" }, { 0x50, 0x5f, "PEI" }, { 0x60, 0x8f, "DXE" },
		{ 0x90, 0xcf, "BDS" }, { 0xd0, 0xdf, "DXE" }, { 0xe0, 0xe8, "S3" },
		{ 0xe9, 0xef, "S3" }, { 0xf0, 0xf8, "Recovery" }, { 0xf9, 0xff, "Recovery" },
	};
	struct codes *codes = codes_load("ami", NULL, 0);

	ASSERT_NE(NULL, codes);
	for (size_t i = 0; i < ARRAY_SIZE(phase); i++) {
		EXPECT_STREQ(phase[i].component, code_component(codes, phase[i].first));
		EXPECT_STREQ(phase[i].component, code_component(codes, phase[i].last));
	}
	EXPECT_STREQ("core started", code_name(codes, 0x60));
	EXPECT_STREQ("ready to boot", code_name(codes, 0xad));
	EXPECT_STREQ("error: no usable memory", code_name(codes, 0x53));
	EXPECT_STREQ("error", code_name(codes, 0x5f));
	codes_free(codes);
}

static char path[32], why[512];
static struct codes *codes;

FIXTURE(file)
{
};

FIXTURE_SETUP(file)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/codes.XXXXXX");
	fd = mkstemp(path);
	ASSERT_LE(0, fd);
	close(fd);
}

FIXTURE_TEARDOWN(file)
{
	codes_free(codes);
	unlink(path);
}

static void load_n(const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text, 1, n, f) != n || fclose(f))
		abort();
	codes_free(codes);
	why[0] = '\0';
	codes = codes_load(path, why, sizeof(why));
}

static void load(const char *text)
{
	load_n(text, strlen(text));
}

TEST_F(file, codes_have_the_users_names)
{
	load("# my board\n\n"
	     "0x10 = Memory found\r\n"
	     "  0x12=Firmware: Memory: tested \t\n"
	     "32-0x2F = Loader\n"
	     "0x40 - 0x4f = Kernel:\n"
	     "0xdeadbeef = Käse = gut\n"
	     "0x60 = Option ROM: done\n"
	     "0x61 = http://x\n"
	     "0 = zero");
	ASSERT_NE(NULL, codes) {
		TH_LOG("%s", why);
	}
	EXPECT_STREQ("Memory found", code_name(codes, 0x10));
	EXPECT_STREQ("Firmware", code_component(codes, 0x10));
	EXPECT_STREQ("Memory: tested", code_name(codes, 0x12));
	EXPECT_STREQ("Firmware", code_component(codes, 0x12));
	EXPECT_EQ(NULL, code_name(codes, 0x11));
	EXPECT_EQ(NULL, code_name(codes, 0x1f));
	EXPECT_STREQ("Loader", code_name(codes, 0x20));
	EXPECT_STREQ("Loader", code_name(codes, 0x2f));
	EXPECT_STREQ("Bootloader", code_component(codes, 0x2f));
	EXPECT_EQ(NULL, code_name(codes, 0x30));
	EXPECT_STREQ("Kernel", code_component(codes, 0x44));
	EXPECT_EQ(NULL, code_name(codes, 0x44));
	EXPECT_STREQ("Käse = gut", code_name(codes, 0xdeadbeef));
	EXPECT_STREQ("Custom", code_component(codes, 0xdeadbeef));
	EXPECT_STREQ("Option ROM: done", code_name(codes, 0x60));
	EXPECT_STREQ("http://x", code_name(codes, 0x61));
	EXPECT_STREQ("zero", code_name(codes, 0));
	EXPECT_EQ(NULL, code_name(codes, 0xffffffff));
}

TEST_F(file, what_is_behind_a_blank_and_a_hash_is_a_comment)
{
	load("0x19 = PEI # note\n"
	     "0x1a = PEI: memory\t# a = b\n"
	     "0x1b = C# runtime\n"
	     "0x1c = entry#2 # 3#4\n"
	     "0x30-0x3f = Board: #\n"
	     "  # 0x1d = x\n"
	     "#0x1e = x\n");
	ASSERT_NE(NULL, codes) {
		TH_LOG("%s", why);
	}
	EXPECT_STREQ("PEI", code_name(codes, 0x19));
	EXPECT_STREQ("memory", code_name(codes, 0x1a));
	EXPECT_STREQ("C# runtime", code_name(codes, 0x1b));
	EXPECT_STREQ("entry#2", code_name(codes, 0x1c));
	EXPECT_EQ(NULL, code_name(codes, 0x1d));
	EXPECT_EQ(NULL, code_name(codes, 0x1e));
	EXPECT_STREQ("Board", code_component(codes, 0x30));
	EXPECT_EQ(NULL, code_name(codes, 0x30));
}

TEST_F(file, a_byte_order_mark_is_passed_over)
{
	load("\ufeff0x10 = Memory found\n");
	ASSERT_NE(NULL, codes) {
		TH_LOG("%s", why);
	}
	EXPECT_STREQ("Memory found", code_name(codes, 0x10));
	/* At the beginning only. */
	load("\n\ufeff0x10 = Memory found\n");
	EXPECT_EQ(NULL, codes);
	load("\ufeff");
	EXPECT_NE(NULL, codes);
}

TEST_F(file, the_innermost_range_counts_for_what_it_says)
{
	load("0x25 = Disk\n"
	     "0x20-0x2f = Loader: working\n"
	     "0x28-0x2f = late\n"
	     "0x28 = Late:\n"
	     "0-0xffffffff = Board: unknown\n"
	     "0xffffffff = last\n");
	ASSERT_NE(NULL, codes) {
		TH_LOG("%s", why);
	}
	EXPECT_STREQ("Loader", code_component(codes, 0x25));
	EXPECT_STREQ("Disk", code_name(codes, 0x25));
	EXPECT_STREQ("working", code_name(codes, 0x26));
	EXPECT_STREQ("late", code_name(codes, 0x2f));
	EXPECT_STREQ("Loader", code_component(codes, 0x2f));
	EXPECT_STREQ("Late", code_component(codes, 0x28));
	EXPECT_STREQ("late", code_name(codes, 0x28));
	EXPECT_STREQ("Board", code_component(codes, 0x30));
	EXPECT_STREQ("unknown", code_name(codes, 0x1000));
	EXPECT_STREQ("last", code_name(codes, 0xffffffff));
	EXPECT_STREQ("Board", code_component(codes, 0xffffffff));
}

TEST_F(file, random_ranges_are_found_as_by_looking_at_each)
{
	static char text[65536];
	/* Halves of halves: they lie in each other, or apart. */
	struct { __u32 first, last; } range[200];
	int count = 0, len = 0;

	srand(2);
	while (count < 200) {
		__u32 size = 1 << rand() % 10, first = rand() % 1024 / size * size;
		bool there = false;

		for (int i = 0; i < count; i++)
			there |= range[i].first == first && range[i].last == first + size - 1;
		if (there)
			continue;
		range[count].first = first;
		range[count].last = first + size - 1;
		len += sprintf(text + len, "%u-%u = C%d: n%d\n", first, range[count].last,
			       count, count);
		count++;
	}
	load(text);
	ASSERT_NE(NULL, codes) {
		TH_LOG("%s", why);
	}
	for (__u32 code = 0; code < 1100; code++) {
		char name[16] = "";
		__u32 size = ~0;

		for (int i = 0; i < count; i++) {
			if (code < range[i].first || code > range[i].last ||
			    range[i].last - range[i].first >= size)
				continue;
			size = range[i].last - range[i].first;
			sprintf(name, "n%d", i);
		}
		if (!*name) {
			ASSERT_EQ(NULL, code_name(codes, code));
			continue;
		}
		ASSERT_STREQ(name, code_name(codes, code));
		ASSERT_STREQ(name + 1, code_component(codes, code) + 1);
	}
}

#define NO_CODE		": a code is a number up to 0xffffffff, as in 0x10"
#define NO_RANGE	": a code or a range stands before the =, as in 0x20-0x2f"
#define NO_TEXT		": control characters, or what is no UTF-8, cannot stand in a name"
#define NO_PART		": parts are [Firmware], [Bootloader], [Kernel] and [Userspace]"
#define NO_WORD		": behind a text there is one word with a colon, as in Loader:"
#define NO_CLUE		": a firmware is recognised by codes or a text, as in 0x1e 0x1f"
#define IN_PART		": this range and that of line 1 must not overlap in part"

TEST_F(file, mistakes_have_a_line_and_a_reason)
{
	static const struct {
		const char *text;
		const char *says;
	} wrong[] = {
		{ "x", ":1: lines are CODE = NAME or FIRST-LAST = NAME" },
		{ "\n\nten = x", ":3" NO_CODE },
		{ " = x", ":1" NO_CODE },
		{ "-1 = x", ":1" NO_CODE },
		{ "0x = x", ":1" NO_CODE },
		{ "0x100000000 = x", ":1" NO_CODE },
		{ "99999999999999999999 = x", ":1" NO_CODE },
		{ "1 2 = x", ":1" NO_RANGE },
		{ "10h = x", ":1" NO_RANGE },
		{ "1- = x", ":1: a range is two numbers, as in 0x20-0x2f" },
		{ "2-1 = x", ":1: the range ends before it begins" },
		{ "1 =", ":1: the name is missing" },
		{ "1 = \t ", ":1: the name is missing" },
		{ "1 = # x", ":1: the name is missing" },
		{ "1 # = x", ":1: lines are CODE = NAME or FIRST-LAST = NAME" },
		{ "1 = \u202e", ":1" NO_TEXT },
		{ "1 = \033[2J", ":1" NO_TEXT },
		{ "1 = \xff", ":1" NO_TEXT },
		{ "[Boot]", ":1" NO_PART },
		{ "[Kernel", ":1" NO_PART },
		{ "[Kernel] x", ":1" NO_PART },
		{ "\"a = Loader:",
		  ":1: a text stands in quotation marks, as in \"Linux version\"" },
		{ "\"\" = Loader:", ":1: the text is empty" },
		{ "\"a\" Loader:", ":1: lines are \"TEXT\" = COMPONENT:" },
		{ "\"a\" = Loader", ":1" NO_WORD },
		{ "\"a\" = Loader: disk", ":1" NO_WORD },
		{ "recognise =", ":1: the codes, or the text, are missing" },
		{ "recognise = a", ":1" NO_CLUE },
		{ "recognise = 1,2", ":1" NO_CLUE },
		{ "recognise = 1 2 3 4 5 6 7 8 9",
		  ":1: a firmware is recognised by 8 codes at most" },
		{ "recognise = \"a\" 1", ":1: nothing stands behind the text" },
		{ "1 = a\n1 = b", ":2: line 1 has said it already" },
		{ "1-5 = a\n9 = x\n0-3 = b", ":3" IN_PART },
		{ "0-3 = b\n1-5 = a", ":2" IN_PART },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		load(wrong[i].text);
		EXPECT_EQ(NULL, codes);
		EXPECT_EQ(0, strncmp(path, why, strlen(path)));
		EXPECT_STREQ(wrong[i].says, why + strlen(path));
	}
	load_n("1 = a\0b", 7);
	EXPECT_EQ(NULL, codes);
	EXPECT_NE(NULL, strstr(why, "NUL"));
}

/* What table @name says of @line: component and part. */
#define EXPECT_SAYS(name, component, part, line) do {			\
	struct codes *_c = codes_load(name, why, sizeof(why));		\
	size_t _len;							\
									\
	ASSERT_NE(NULL, _c);						\
	EXPECT_STREQ(component, text_component(_c, text_begin(line), &_len));	\
	EXPECT_STREQ(part, codes_part(_c, component));			\
	codes_free(_c);							\
} while (0)

TEST(lines_of_known_firmware_have_a_component)
{
	char why[512];

	EXPECT_SAYS("seabios", "SeaBIOS", "Firmware", "SeaBIOS (version 1.16.2-debian-1.16.2-1)");
	EXPECT_SAYS("edk2", "DXE", "Firmware",
		    "Loading DXE CORE at 0x0007EA8000 EntryPoint=0x0007EBA000");
	EXPECT_SAYS("edk2", "UEFI-boot", "Bootloader", "[Bds]Booting UEFI Misc Device");
	EXPECT_SAYS("coreboot", "Ramstage", "Firmware",
		    "[NOTE ]  coreboot-24.12 Thu Jan 01 00:00:00 UTC 1970 x86_32 ramstage starting");
	EXPECT_SAYS("grub", "GRUB-entry", "Bootloader", "  Booting `Debian GNU/Linux'");
	EXPECT_SAYS("linux", "Linux", "Kernel", "[    0.000000] Linux version 6.1.0-50-amd64");
	EXPECT_SAYS("linux", "Linux", "Kernel", "[    0.000000][    T0] Linux version 7.2");
	EXPECT_SAYS("linux", "initramfs", "Userspace", "Run /init as init process");
	EXPECT_SAYS("systemd", "multi-user", "Userspace",
		    "[  OK  ] Reached target Multi-User System.");
}

TEST_F(file, lines_of_text_have_a_component_and_a_part)
{
	size_t len;

	load("recognise = 0x1e 0x1f\n"
	     "recognise = *\"# loader = 2\"	# a comment\n"
	     "[Bootloader]\n"
	     "\"Reading\" = Loader:\n"
	     "\"Reading # = disk\" = Loader-disk:	# another\n"
	     "*\"login: \"=Login:\n"
	     "0x10-0x1f = Loader: it\n");
	ASSERT_NE(NULL, codes) {
		TH_LOG("%s", why);
	}
	EXPECT_STREQ("Loader", text_component(codes, "Reading", &len));
	EXPECT_EQ(7, len);
	EXPECT_STREQ("Loader-disk", text_component(codes, text_begin(" Reading # = disk 1"), &len));
	EXPECT_STREQ("Login", text_component(codes, "web login: ", &len));
	EXPECT_EQ(NULL, text_component(codes, "is Reading", &len));
	EXPECT_EQ(0, len);
	EXPECT_EQ(NULL, text_component(codes, text_begin("[ x] Reading"), &len));
	EXPECT_EQ(NULL, text_component(codes, "", &len));
	EXPECT_STREQ("Bootloader", codes_part(codes, "Loader"));
	EXPECT_STREQ("Bootloader", codes_own_part(codes));
	EXPECT_EQ(NULL, codes_part(codes, "Kernel"));
	EXPECT_TRUE(codes_know_text(codes, "a # loader = 2"));
	EXPECT_FALSE(codes_know_text(codes, "a loader"));
	EXPECT_TRUE(codes_know(codes, (__u32[]){ 0x1e, 0x1f, 0x28 }, 3));
	EXPECT_FALSE(codes_know(codes, (__u32[]){ 0x1e }, 1));
	EXPECT_FALSE(codes_know(codes, (__u32[]){ 0x1e, 0x20 }, 2));
}

TEST_F(file, what_is_too_long_is_refused)
{
	char text[256];

	sprintf(text, "1 = %0127d", 7);
	load(text);
	ASSERT_NE(NULL, codes);
	EXPECT_STREQ(text + 4, code_name(codes, 1));
	sprintf(text, "1 = %0128d", 7);
	load(text);
	EXPECT_EQ(NULL, codes);
	EXPECT_NE(NULL, strstr(why, ":1: the name is longer than 127 bytes"));
	sprintf(text, "1 = %032d: x", 7);
	load(text);
	EXPECT_EQ(NULL, codes);
	EXPECT_NE(NULL, strstr(why, ":1: the component is longer than 31 bytes"));
}

TEST_F(file, what_is_no_ordinary_file_is_refused)
{
	EXPECT_EQ(NULL, codes_load("amd", why, sizeof(why)));
	EXPECT_NE(NULL, strstr(why, "cloud-hypervisor, ami, coreboot, edk2 and u-boot"));
	EXPECT_EQ(NULL, codes_load("/nonexistent/table", why, sizeof(why)));
	EXPECT_STREQ("/nonexistent/table: No such file or directory", why);
	EXPECT_EQ(NULL, codes_load("/tmp", why, sizeof(why)));
	EXPECT_STREQ("/tmp: is no regular file", why);
	ASSERT_EQ(0, unlink(path));
	ASSERT_EQ(0, mkfifo(path, 0600));
	EXPECT_EQ(NULL, codes_load(path, why, sizeof(why)));
	EXPECT_NE(NULL, strstr(why, "is no regular file"));
	EXPECT_EQ(NULL, codes_load("", why, sizeof(why)));
}

TEST_F(file, an_empty_file_is_the_standard_table)
{
	load("");
	ASSERT_NE(NULL, codes);
	EXPECT_STREQ("Kernel", code_component(codes, 0x40));
	EXPECT_EQ(NULL, code_name(codes, 0x40));
}

TEST_HARNESS_MAIN
