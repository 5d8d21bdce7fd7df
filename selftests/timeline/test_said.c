// SPDX-License-Identifier: GPL-2.0
/* What boots say of themselves, and when they were. */
#include "lib/harness.h"
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/moment.h"
#include "dbgportctl/boot/said.h"
#include "dbgportctl/boot/setting.h"
#include "lib/array.h"
#include "timeline/boots.h"

FIXTURE(boot)
{
	struct boots boots;
	struct boot *boot;
	__u64 seq;
};

FIXTURE_SETUP(boot)
{
	self->boot = boots_get(&self->boots, "", 1, 1000000000);
}

FIXTURE_TEARDOWN(boot)
{
	boots_free(&self->boots);
}

static void line(struct boot *boot, __u64 seq, const char *text)
{
	const struct mark mark = { .type = MARK_LINE, .port = 0x402, .seq = seq };

	boot_add_line(boot, &mark, text, strlen(text));
}

static const char *said(struct boot *boot, enum said what)
{
	static char text[SAID_SIZE];

	return boot_said(text, boot, what);
}

TEST_F(boot, lines_that_tell)
{
	static const struct {
		const char *line;
		enum said what;
		const char *said;
	} told[] = {
		{ "SeaBIOS (version 1.16.2-debian-1.16.2-1)", SAID_FIRMWARE,
		  "SeaBIOS 1.16.2-debian-1.16.2-1" },
		{ "SeaBIOS (version rel-1.16.3-0-ga6ed6b701f0a-prebuilt.qemu.org)", SAID_FIRMWARE,
		  "SeaBIOS rel-1.16.3-0-ga6ed6b701f0a-prebuilt.qemu.org" },
		{ "SecCoreStartupWithStack(0xFFFCC000, 0x820000)", SAID_FIRMWARE, "OVMF" },
		{ "U-Boot 2023.01+dfsg-2+deb12u1 (Apr 27 2024 - 12:00:00 +0000)", SAID_FIRMWARE,
		  "U-Boot 2023.01+dfsg-2+deb12u1" },
		{ "[NOTE ]  coreboot-4.19 Sun Jan 29 2023 x86_32 bootblock starting",
		  SAID_FIRMWARE, "coreboot 4.19" },
		{ "Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org)", SAID_KERNEL,
		  "Linux 6.1.0-28-amd64" },
		{ "[    0.000000][    T0] Linux version 6.12.0 (root@x)", SAID_KERNEL,
		  "Linux 6.12.0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(told); i++) {
		struct boot *boot = boots_get(&self->boots, "", 2 + i, 0);

		line(boot, 0, "something");
		line(boot, 1, told[i].line);
		EXPECT_STREQ(told[i].said, said(boot, told[i].what));
		EXPECT_EQ(NULL, said(boot, !told[i].what));
	}
}

TEST_F(boot, lines_that_do_not)
{
	static const char *const lines[] = {
		"U-Boot SPL", "U-Boot ", "Linux version ", "the Linux version 6.1", "coreboot-x",
		"Booting Linux version 6.1", "[ Linux version 6.1", "SeaBIOS (version )", "",
		"Linux version \xc3\xa4\x31", "SeaBIOS",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		line(self->boot, i, lines[i]);
	EXPECT_EQ(NULL, said(self->boot, SAID_FIRMWARE));
	EXPECT_EQ(NULL, said(self->boot, SAID_KERNEL));
}

TEST_F(boot, the_first_one_counts_and_a_long_one_is_cut)
{
	char text[300] = "Linux version 6.1-";

	memset(text + strlen(text), 'x', 200);
	line(self->boot, 0, text);
	line(self->boot, 1, "Linux version 5.10");
	EXPECT_EQ(SAID_SIZE - 1, strlen(said(self->boot, SAID_KERNEL)));
	EXPECT_EQ(0, strncmp("Linux 6.1-xxx", said(self->boot, SAID_KERNEL), 13));
}

TEST(what_stamp_utc_writes_can_be_read)
{
	static const __u64 times[] = { 0, 1, 1795418382019004123, 951782400999999999 };
	struct stamp_clock clock = { 0 };
	char text[STAMP_MAX + 1];
	__u64 ns;

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		*stamp_utc(text, &clock, times[i]) = '\0';
		ASSERT_EQ(0, stamp_utc_parse(text, &ns));
		EXPECT_EQ(times[i], ns);
	}
}

TEST(what_is_no_such_time)
{
	static const char *const none[] = {
		"", "x", "2026-11-23", "2026-11-23T07:19:42Z", "2026-11-23T07:19:42.01900412Z",
		"2026-11-23T07:19:42.0190041234Z", "2026-11-23T07:19:42.019004123",
		"2026-11-23T07:19:42.019004123Zx", "2026-11-23T07:19:42.-19004123Z",
		"1969-11-23T07:19:42.019004123Z", "2500-11-23T07:19:42.019004123Z",
	};
	__u64 ns;

	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		EXPECT_EQ(-1, stamp_utc_parse(none[i], &ns))
			TH_LOG("%s", none[i]);
	}
}

TEST_F(boot, moments_are_those_of_the_hosts_clock)
{
	const struct setting setting = { .offset_ns = 1795418381000000000 };
	char text[MOMENT_SIZE];

	setenv("TZ", "UTC-1", 1);
	EXPECT_EQ(NULL, moment_utc(text, self->boot));
	EXPECT_STREQ("?", moment_text(text, self->boot, 19004123, STAMP_ISO8601));
	boot_add_setting(self->boot, &setting);
	boots_set_clock(self->boots.boot, 1);
	EXPECT_STREQ("2026-11-23T07:19:42.000000000Z", moment_utc(text, self->boot));
	EXPECT_STREQ("2026-11-23T08:19:42.019004+01:00",
		     moment_text(text, self->boot, 19004123, STAMP_ISO8601));
	EXPECT_STREQ("08:19:42.019004", moment_text(text, self->boot, 19004123, STAMP_24H));
	EXPECT_STREQ("[1795418382.019004]", moment_text(text, self->boot, 19004123, STAMP_EPOCH));
	EXPECT_STREQ("[    1.019004]", moment_text(text, self->boot, 19004123, STAMP_MONOTONIC));
}

/* The host's clock was set between the second boot and the third one. */
TEST_F(boot, each_boot_has_the_clock_of_its_time)
{
	const struct setting settings[] = {
		{ .boot = 1, .seq = 0, .offset_ns = 100 },
		{ .boot = 3, .seq = 20, .offset_ns = 500 },
	};
	struct boot *all[3] = { self->boot };

	EXPECT_FALSE(boot_has_setting(self->boot, 0));
	boot_add_setting(self->boot, &settings[0]);
	EXPECT_TRUE(boot_has_setting(self->boot, 1));
	EXPECT_FALSE(boot_has_setting(self->boot, 3));
	boot_add_setting(self->boot, &settings[1]);
	snprintf(self->boot->host, sizeof(self->boot->host), "hv1");
	for (int i = 1; i < 3; i++)
		all[i] = boots_get(&self->boots, "", 1, 1000000000ULL * (i + 1));
	for (int i = 0; i < 3; i++)
		line(all[i], 10 * i, "x");
	boots_set_clock(all, 3);
	EXPECT_EQ(1000000100, all[0]->real_ns);
	EXPECT_EQ(2000000100, all[1]->real_ns);
	EXPECT_EQ(3000000500, all[2]->real_ns);
	EXPECT_STREQ("hv1", all[2]->host);
}

TEST_HARNESS_MAIN
