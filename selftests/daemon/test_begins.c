// SPDX-License-Identifier: GPL-2.0
/* Where the boots of a VM begin, from what its guest writes alone. */
#include "lib/harness.h"

#include "words/begins.h"

#define MS		1000000ULL
#define S		(1000 * MS)

#define FIRMWARE	0x402
#define CONSOLE		0xe9
#define SERIAL		0x3f8

/* A VM that writes one thing a millisecond, if nothing else is said. */
FIXTURE(begins)
{
	struct begins b;
	struct begins_rule rule;
	__u64 seq;
	__u64 now_ns;
	bool begun;
};

static void attach(struct _test_data_begins *self, bool late, __u64 seq)
{
	begins_end(&self->b);
	begins_init(&self->b, NULL, late);
	self->seq = seq;
	self->now_ns = 10 * S;
	self->begun = false;
}

FIXTURE_SETUP(begins)
{
	self->b.line = NULL;
	attach(self, false, 0);
}

FIXTURE_TEARDOWN(begins)
{
	begins_end(&self->b);
}

static void put(struct _test_data_begins *self, __u16 port, __u16 vcpu, __u32 value)
{
	const struct dbgport_record rec = {
		.type = DBGPORT_WRITE,
		.port = port,
		.vcpu = vcpu,
		.width = 1,
		.value = value,
		.seq = self->seq++,
		.time_ns = self->now_ns,
	};

	self->begun = begins_write(&self->b, &rec) || self->begun;
}

static void say_there(struct _test_data_begins *self, __u16 port, __u16 vcpu, const char *text)
{
	while (*text)
		put(self, port, vcpu, (unsigned char)*text++);
	put(self, port, vcpu, '\n');
	self->now_ns += MS;
}

static void say(struct _test_data_begins *self, const char *text)
{
	say_there(self, FIRMWARE, 0, text);
}

static void code(struct _test_data_begins *self, __u32 value)
{
	put(self, 0x80, 0, value);
	self->now_ns += MS;
}

static void codes(struct _test_data_begins *self, const char *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		code(self, (unsigned char)values[i]);
}

#define CODES(values)	codes(self, values, sizeof(values) - 1)
#define BOOTS(n)	EXPECT_EQ(n, self->b.state.number)

static void seabios(struct _test_data_begins *self)
{
	say(self, "SeaBIOS (version 1.16.2-debian-1.16.2-1)");
	say(self, "BUILD: gcc: (Debian 12.2.0-14) 12.2.0 binutils: (GNU Binutils for Debian) 2.40");
	say(self, "Turning on vga text mode console");
	say(self, "PS2 keyboard initialized");
	say(self, "SeaBIOS (version 1.16.2-debian-1.16.2-1)");
	say(self, "Booting from 0000:7c00");
}

static void ovmf(struct _test_data_begins *self)
{
	say(self, "SecCoreStartupWithStack(0xFFFCC000, 0x820000)");
	say(self, "Register PPI Notify: DCD0BE23-9586-40F4-B643-06522CED4EDE");
}

/* As U-Boot 2023.01 writes them for QEMU. */
static void uboot(struct _test_data_begins *self)
{
	CODES("\x1e\x1f\x28\x2a\x2b\x30\x31\xab\xb2\x30\xb3\x40\xc0\xba\xb4\xb4\x50\xb5\xaf\x50\xb5"
	      "\xaf\xbb");
}

TEST_F(begins, the_first_boot_is_number_one)
{
	BOOTS(1);
	seabios(self);
	BOOTS(1);
	EXPECT_FALSE(self->begun);
}

TEST_F(begins, three_resets_are_four_boots)
{
	for (int i = 1; i <= 4; i++) {
		seabios(self);
		BOOTS(i);
	}
	attach(self, false, 0);
	for (int i = 1; i <= 4; i++) {
		ovmf(self);
		BOOTS(i);
	}
	attach(self, false, 0);
	for (int i = 1; i <= 4; i++) {
		uboot(self);
		BOOTS(i);
	}
}

TEST_F(begins, a_boot_begins_with_its_first_byte)
{
	__u64 seq, time_ns;

	seabios(self);
	seq = self->seq;
	time_ns = self->now_ns;
	put(self, FIRMWARE, 0, 'S');
	self->now_ns += S;
	say(self, "eaBIOS (version 1.16.2-debian-1.16.2-1)");
	BOOTS(2);
	EXPECT_EQ(seq, self->b.state.seq);
	EXPECT_EQ(time_ns, self->b.state.time_ns);
}

TEST_F(begins, a_banner_on_the_screen_is_no_boot)
{
	seabios(self);
	seabios(self);
	say(self, "Turning on vga text mode console");
	say(self, "SeaBIOS (version 1.16.2-debian-1.16.2-1)");
	BOOTS(2);
}

TEST_F(begins, a_banner_on_two_ports_is_one_boot)
{
	for (int i = 1; i <= 3; i++) {
		say_there(self, FIRMWARE, 0, "SeaBIOS (version 1)");
		say_there(self, SERIAL, 0, "SeaBIOS (version 1)");
		say_there(self, FIRMWARE, 0, "Turning on vga text mode console");
		say_there(self, SERIAL, 0, "Turning on vga text mode console");
		say_there(self, SERIAL, 0, "SeaBIOS (version 1)");
		say_there(self, FIRMWARE, 0, "SeaBIOS (version 1)");
		BOOTS(i);
	}
}

TEST_F(begins, a_firmware_inside_another_is_no_boot)
{
	/* SeaBIOS as coreboot's payload. */
	for (int i = 1; i <= 2; i++) {
		CODES("\x01\x10\x13\x24\x6f\xf3");
		seabios(self);
		BOOTS(i);
	}
}

TEST_F(begins, a_loop_of_codes_is_no_boot)
{
	for (int i = 0; i < 5; i++)
		CODES("\x01\x10\x13");
	BOOTS(1);
	/* Nor is it one later. */
	code(self, 0x40);
	CODES("\x01\x10\x13");
	BOOTS(1);
}

TEST_F(begins, a_loop_after_a_reset_is_one_boot)
{
	CODES("\x01\x10\x40");
	for (int i = 0; i < 5; i++)
		CODES("\x01\x10");
	BOOTS(2);
}

TEST_F(begins, codes_of_the_same_phase_are_no_boot)
{
	CODES("\x01\x1f\x01");
	BOOTS(1);
}

TEST_F(begins, codes_without_a_phase_begin_no_boot)
{
	CODES("\xaa\x40\x60\xaa\x60\xaa");
	BOOTS(1);
}

TEST_F(begins, zeros_of_io_delay_are_no_boots)
{
	for (int i = 0; i < 20; i++)
		put(self, 0x80, 0, 0);
	CODES("\x40\x60");
	code(self, 0);
	BOOTS(1);
}

TEST_F(begins, a_storm_is_no_boot)
{
	uboot(self);
	for (int i = 0; i < 100000; i++) {
		put(self, 0x80, 0, i % 0x80);
		self->now_ns += 1000;
	}
	BOOTS(1);
}

TEST_F(begins, a_slower_storm_is_some_boots_at_most)
{
	/* Only what would be shown counts, and that is not much. */
	for (int i = 0; i < 100000; i++)
		code(self, i & 1 ? 0x40 : 0x01);
	EXPECT_GT(200, self->b.state.number);
}

TEST_F(begins, a_code_right_behind_another_is_no_boot)
{
	uboot(self);
	put(self, 0x80, 0, 0x40);
	put(self, 0x80, 0, 0x1e);
	BOOTS(1);
	self->now_ns += MS;
	put(self, 0x80, 0, 0x1e);
	BOOTS(2);
}

TEST_F(begins, other_text_begins_a_boot_after_a_later_phase)
{
	for (int i = 1; i <= 3; i++) {
		say_there(self, SERIAL, 0, "BdsDxe: starting Boot0001");
		say_there(self, SERIAL, 0, "[    0.000000] Linux version 6.1.0-50-amd64");
		say_there(self, SERIAL, 0, "[    1.000000] Run /init as init process");
		BOOTS(i);
	}
}

TEST_F(begins, a_kernel_that_begins_is_one_after_user_space)
{
	for (int i = 1; i <= 3; i++) {
		say_there(self, SERIAL, 0, "[    0.000000] Linux version 6.1.0-50-amd64");
		say_there(self, SERIAL, 0, "[    1.000000] Run /init as init process");
		BOOTS(i);
	}
}

TEST_F(begins, linux_is_known_by_how_its_lines_begin)
{
	say_there(self, SERIAL, 0, "BdsDxe: starting Boot0001");
	say_there(self, SERIAL, 0, "echo Linux version");
	say_there(self, SERIAL, 0, "Run setup as root");
	say_there(self, SERIAL, 0, "BdsDxe: starting Boot0001");
	BOOTS(1);
	attach(self, false, 0);
	say_there(self, SERIAL, 0, "BdsDxe: starting Boot0001");
	say_there(self, SERIAL, 0, "[    0.000000][    T0] Linux version 6.1.0-50-amd64");
	say_there(self, SERIAL, 0, "BdsDxe: starting Boot0001");
	BOOTS(2);
}

TEST_F(begins, another_kernel_in_the_same_boot_is_none)
{
	seabios(self);
	for (int i = 0; i < 3; i++) {
		say_there(self, SERIAL, 0, "[    0.000000] Linux version 6.1.0-50-amd64");
		say_there(self, SERIAL, 0, "[    1.000000] Run /init as init process");
	}
	BOOTS(1);
}

TEST_F(begins, text_that_repeats_itself_is_no_boot)
{
	for (int i = 0; i < 3; i++)
		say_there(self, CONSOLE, 0, "tick");
	CODES("\x40\x60");
	say_there(self, CONSOLE, 0, "tick");
	BOOTS(1);
}

TEST_F(begins, the_same_text_elsewhere_is_no_boot)
{
	say_there(self, CONSOLE, 0, "hello");
	CODES("\x40\x60");
	say_there(self, SERIAL, 0, "hello");
	BOOTS(1);
	say_there(self, CONSOLE, 0, "hello");
	BOOTS(2);
}

TEST_F(begins, colours_and_blanks_do_not_matter)
{
	say_there(self, CONSOLE, 0, "");
	say_there(self, CONSOLE, 0, "\r\033[1;32mhello\033[0m world \r");
	CODES("\x40\x60");
	say_there(self, CONSOLE, 0, "  hello \033[31mworld");
	BOOTS(2);
}

TEST_F(begins, a_long_line_counts_as_far_as_it_is_looked_at)
{
	char text[2 * BEGINS_TEXT + 1];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	say_there(self, CONSOLE, 0, text);
	CODES("\x40\x60");
	memset(text + BEGINS_TEXT, 'y', BEGINS_TEXT);
	say_there(self, CONSOLE, 0, text);
	BOOTS(2);
	memset(text, 'y', sizeof(text) - 1);
	CODES("\x40\x60");
	say_there(self, CONSOLE, 0, text);
	BOOTS(2);
}

TEST_F(begins, lines_of_other_vcpus_do_not_mix)
{
	seabios(self);
	put(self, FIRMWARE, 1, 'x');
	for (const char *c = "SeaBIOS (version 1)"; *c; c++) {
		put(self, FIRMWARE, 0, *c);
		put(self, FIRMWARE, 1, 'x');
	}
	put(self, FIRMWARE, 1, '\n');
	BOOTS(1);
	put(self, FIRMWARE, 0, '\n');
	BOOTS(2);
}

TEST_F(begins, any_number_of_vcpus_is_followed_in_turn)
{
	seabios(self);
	for (int vcpu = 1; vcpu < 1000; vcpu++)
		say_there(self, FIRMWARE, vcpu, "hello");
	seabios(self);
	BOOTS(2);
}

TEST_F(begins, wide_writes_are_their_bytes)
{
	static const char text[] = "SeaBIOS (version 1.0)\n\n\n";

	seabios(self);
	for (size_t i = 0; i + 4 <= sizeof(text); i += 4) {
		const struct dbgport_record rec = {
			.type = DBGPORT_WRITE,
			.port = FIRMWARE,
			.width = 4,
			.value = (unsigned char)text[i] | text[i + 1] << 8 | text[i + 2] << 16 |
				 text[i + 3] << 24,
			.seq = self->seq++,
			.time_ns = self->now_ns,
		};

		begins_write(&self->b, &rec);
	}
	BOOTS(2);
}

TEST_F(begins, writes_are_taken_up_to_the_one_by_which_a_boot_begins)
{
	static const char text[] = "SeaBIOS (version 1)\nBooting\nSeaBIOS (version 1)\nx\n";
	struct dbgport_record recs[sizeof(text) - 1];
	const size_t count = sizeof(text) - 1, all = count - 2;
	bool begun;

	for (size_t i = 0; i < count; i++)
		recs[i] = (struct dbgport_record){
			.type = DBGPORT_WRITE, .port = FIRMWARE, .width = 1, .value = text[i],
			.seq = i, .time_ns = 1000 + i,
		};
	EXPECT_EQ(all, begins_writes(&self->b, recs, count, &begun));
	EXPECT_TRUE(begun);
	BOOTS(2);
	EXPECT_EQ(28, self->b.state.seq);
	EXPECT_EQ(2, begins_writes(&self->b, recs + all, 2, &begun));
	EXPECT_FALSE(begun);
	/* Again: all are known. */
	EXPECT_EQ(count, begins_writes(&self->b, recs, count, &begun));
	EXPECT_FALSE(begun);
	BOOTS(2);
}

/* Three boots of Linux: coloured, indented and overlong lines, of two vCPUs in turn. */
static size_t make_boots(struct dbgport_record *recs, size_t room)
{
	static const char *const says[] = {
		"[    0.000000] Linux version 6.12\n", "  [    0.1", "ab\n", "00000] one\r\n",
		"\033[1m[    0.2] two\033[0m\n", "", "\n", "x\n",
		"[    0.3] Run /init as init process\n", "[    0.4", "0] half a line\n",
	};
	size_t n = 0;

	for (int boot = 0; boot < 3; boot++) {
		for (size_t i = 0; i < ARRAY_SIZE(says); i++) {
			size_t len = strlen(says[i]), long_len = len ? len : 2 * BEGINS_TEXT + 3;

			for (size_t c = 0; c < long_len && n < room; c++, n++)
				recs[n] = (struct dbgport_record){
					.type = DBGPORT_WRITE, .port = SERIAL, .width = 1,
					.value = (unsigned char)(len ? says[i][c] : '.'),
					.vcpu = i % 2, .seq = n, .time_ns = 1000 * n,
				};
		}
	}
	return n;
}

/* By so many at a time; @seqs: where boots begin. */
static size_t boots_by(struct _test_data_begins *self, const struct dbgport_record *recs,
		       size_t count, size_t most, __u64 *seqs)
{
	size_t boots = 0, n = 0;

	attach(self, false, 0);
	while (n < count) {
		size_t left = count - n;
		bool begun;

		n += begins_writes(&self->b, recs + n, left < most ? left : most, &begun);
		if (begun)
			seqs[boots++] = self->b.state.seq;
	}
	return boots;
}

TEST_F(begins, it_does_not_matter_how_many_writes_come_at_once)
{
	struct dbgport_record recs[3000];
	size_t count = make_boots(recs, ARRAY_SIZE(recs));
	__u64 single[8], some[8];

	ASSERT_GT(ARRAY_SIZE(recs), count);
	ASSERT_EQ(2, boots_by(self, recs, count, 1, single));
	EXPECT_EQ(count / 3, single[0]);
	EXPECT_EQ(count / 3 * 2, single[1]);
	for (size_t most = 2; most <= count; most++) {
		ASSERT_EQ(2, boots_by(self, recs, count, most, some));
		ASSERT_EQ(0, memcmp(single, some, 2 * sizeof(*some)));
		ASSERT_EQ(count, self->b.state.next_seq);
	}
}

TEST_F(begins, of_a_late_vm_only_known_firmware_begins_a_boot)
{
	attach(self, true, 0);
	CODES("\x1e\x40\x1e\x40\x1e");
	BOOTS(1);
	seabios(self);
	BOOTS(2);
	seabios(self);
	BOOTS(3);
}

TEST_F(begins, of_a_vm_with_a_lost_beginning_too)
{
	attach(self, false, 4711);
	CODES("\x1e\x40\x1e\x40\x1e");
	BOOTS(1);
	ovmf(self);
	BOOTS(2);
	/* The one that came first from then on. */
	seabios(self);
	BOOTS(2);
	ovmf(self);
	BOOTS(3);
}

TEST_F(begins, a_late_vm_that_had_not_begun_is_at_its_first_boot)
{
	attach(self, true, 0);
	seabios(self);
	BOOTS(1);
	seabios(self);
	BOOTS(2);
}

TEST_F(begins, a_line_with_a_loss_in_it_is_none)
{
	seabios(self);
	say(self, "end");
	for (const char *c = "SeaBIOS (ver"; *c; c++)
		put(self, FIRMWARE, 0, *c);
	begins_lost(&self->b);
	say(self, "sion 1.0)");
	BOOTS(1);
	seabios(self);
	BOOTS(2);
}

TEST_F(begins, what_was_taken_already_is_passed_over)
{
	struct begins_state state;

	seabios(self);
	seabios(self);
	state = self->b.state;
	self->seq = 0;
	seabios(self);
	seabios(self);
	BOOTS(2);
	EXPECT_EQ(0, memcmp(&state, &self->b.state, sizeof(state)));
	seabios(self);
	BOOTS(3);
}

TEST_F(begins, whoever_goes_on_finds_the_next_boots)
{
	struct begins_state state;

	uboot(self);
	uboot(self);
	state = self->b.state;
	attach(self, false, self->seq);
	self->b.state = state;
	uboot(self);
	BOOTS(3);
}

TEST_F(begins, changes_are_told)
{
	code(self, 0x1e);
	EXPECT_TRUE(self->b.changed);
	code(self, 0x1f);
	EXPECT_FALSE(self->b.changed);
	code(self, 0x40);
	EXPECT_TRUE(self->b.changed);
	code(self, 0x40);
	EXPECT_FALSE(self->b.changed);
	code(self, 0x1e);
	EXPECT_TRUE(self->b.changed);
}

#define RULE(value) do {								\
	char why[256];									\
	attach(self, false, 0);								\
	ASSERT_EQ(0, begins_rule_parse(&self->rule, value, why, sizeof(why)));		\
	self->b.rule = &self->rule;							\
} while (0)

TEST_F(begins, a_code_begins_boots_on_request)
{
	RULE("0xaa");
	for (int i = 1; i <= 3; i++) {
		CODES("\x01\xaa\x40\xab");
		BOOTS(i);
	}
	RULE("10");
	CODES("\x0a\x0a\x0a");
	BOOTS(3);
}

TEST_F(begins, a_text_begins_boots_on_request)
{
	RULE("Linux version");
	for (int i = 1; i <= 3; i++) {
		seabios(self);
		say_there(self, SERIAL, 0, "[    0.000000] Linux version 6.1.0-50-amd64");
		BOOTS(i);
	}
}

TEST_F(begins, no_storm_begins_boots_on_request)
{
	RULE("0x00");
	for (int i = 0; i < 100000; i++)
		put(self, 0x80, 0, 0);
	EXPECT_GE(STORM_BURST, self->b.state.number);
}

TEST_F(begins, of_a_late_vm_the_first_is_a_boot_on_request)
{
	RULE("0x40");
	self->b.state.whole = false;
	code(self, 0x60);
	code(self, 0x40);
	BOOTS(2);
}

TEST_F(begins, what_begins_no_boot_is_told)
{
	char why[256], text[BEGINS_TEXT + 2];

	EXPECT_EQ(-1, begins_rule_parse(&self->rule, "", why, sizeof(why)));
	EXPECT_NE(NULL, strstr(why, "'': it takes a POST code"));
	EXPECT_EQ(-1, begins_rule_parse(&self->rule, " \t", why, sizeof(why)));
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	EXPECT_EQ(-1, begins_rule_parse(&self->rule, text, why, sizeof(why)));
	text[BEGINS_TEXT] = '\0';
	EXPECT_EQ(0, begins_rule_parse(&self->rule, text, why, sizeof(why)));
	/* Too large for a code, so it is a text. */
	EXPECT_EQ(0, begins_rule_parse(&self->rule, "4294967296", why, sizeof(why)));
	EXPECT_NE(NULL, self->rule.text);
	EXPECT_EQ(0, begins_rule_parse(&self->rule, "0xffffffff", why, sizeof(why)));
	EXPECT_EQ(NULL, self->rule.text);
	EXPECT_EQ(0xffffffff, self->rule.code);
}

TEST_HARNESS_MAIN
