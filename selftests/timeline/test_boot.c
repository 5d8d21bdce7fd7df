// SPDX-License-Identifier: GPL-2.0
/* What writes become: lines, marks, phases. */
#include "timeline/one_boot.h"

#include "lib/array.h"

/* "Start 0-10, Firmware 10-20" */
static const char *phases(void)
{
	static char said[512];
	size_t len = 0;

	for (size_t i = 0; i < boot->phases; i++)
		len += snprintf(said + len, sizeof(said) - len, "%s%s %lld-%lld", i ? ", " : "",
				boot->phase[i].name, boot->phase[i].begin_ns,
				boot->phase[i].end_ns);
	return said;
}

/* It ends, and these are its phases. */
#define EXPECT_BOOT(said) do {			\
	EXPECT_EQ(0, boot_finish(boot, -1));	\
	EXPECT_STREQ(said, phases());		\
} while (0)

TEST_F(boot, phases_begin_with_the_first_code_of_their_component)
{
	code("Firmware", 0x00, 10);
	code("Firmware", 0x01, 20);
	code("Bootloader", 0x20, 30);
	code("Kernel", 0x40, 40);
	code("Userspace", 0x60, 50);
	code("Userspace", 0x7f, 60);
	EXPECT_BOOT("Start 0-10, Firmware 10-30, Bootloader 30-40, Kernel 40-50, Userspace 50-60");
	EXPECT_EQ(60, boot->total_ns);
	EXPECT_EQ(2, boot->phase[1].codes);
}

TEST_F(boot, nothing_is_one_phase_of_no_length)
{
	EXPECT_BOOT("Start 0-0");
	EXPECT_EQ(0, boot->marks);
}

TEST_F(boot, text_on_the_firmware_port_is_firmware)
{
	firmware(10, "SeaBIOS\n");
	firmware(20, "more\n");
	code("Kernel", 0x40, 30);
	firmware(40, "runtime services\n");
	EXPECT_BOOT("Start 0-10, Firmware 10-30, Kernel 30-40");
	EXPECT_EQ(2, boot->phase[1].lines);
	EXPECT_EQ(1, boot->phase[2].lines);
}

TEST_F(boot, after_a_reset_it_is_that_only_if_nothing_else_has_begun)
{
	boot->number = 2;
	firmware(0, "SecCoreStartupWithStack(0x1)\n");
	firmware(10, "more\n");
	firmware(20, "Loading PEIM A\n");
	EXPECT_BOOT("SEC 0-20, PEI 20-20");
}

TEST_F(boot, text_on_other_ports_begins_no_phase)
{
	text(DBGPORT_CONSOLE_PORT, 0, 10, "hello\n");
	EXPECT_BOOT("Start 0-10");
}

TEST_F(boot, codes_of_what_is_over_change_nothing)
{
	code("Firmware", 0x01, 10);
	code("Kernel", 0x40, 20);
	/* As io_delay writes them. */
	code("Firmware", 0x00, 30);
	code("Bootloader", 0x34, 40);
	code("Userspace", 0x60, 50);
	EXPECT_BOOT("Start 0-10, Firmware 10-20, Kernel 20-50, Userspace 50-50");
}

TEST_F(boot, custom_counts_once_all_others_have_begun)
{
	code("Firmware", 0x01, 10);
	code("Custom", 0xff, 15);
	code("Userspace", 0x60, 20);
	code("Custom", 0x80, 30);
	code("Custom", 0x81, 40);
	EXPECT_BOOT("Start 0-10, Firmware 10-20, Userspace 20-30, Custom 30-40");
}

TEST_F(boot, components_of_a_table_come_as_they_come_and_once)
{
	code("SEC", 0x01, 10);
	code("PEI", 0x10, 20);
	code("SEC", 0x02, 30);
	code("DXE", 0x60, 40);
	EXPECT_BOOT("Start 0-10, SEC 10-20, PEI 20-40, DXE 40-40");
}

TEST_F(boot, lines_of_known_firmware_begin_phases)
{
	firmware(10, "SeaBIOS (version 1.16.2)\n");
	firmware(20, "Scan for option roms\n");
	firmware(30, "what no table knows\n");
	serial(40, "\033[0m[    0.000000] Linux version 6.12.0\n");
	serial(50, "\033[32m[  OK  ]\033[0m Reached target multi-user.target\n");
	EXPECT_BOOT("Start 0-10, SeaBIOS 10-20, SeaBIOS-ROMs 20-40, Linux 40-50, multi-user 50-50");
	EXPECT_STREQ("Firmware", boot->phase[2].part);
	EXPECT_EQ(2, boot->phase[2].lines);
	EXPECT_STREQ("Userspace", boot->phase[4].part);
}

TEST_F(boot, a_part_of_the_stack_that_is_over_says_nothing_new)
{
	firmware(10, "SeaBIOS (version 1.16.2)\n");
	serial(20, "Linux version 6.12.0\n");
	code("Firmware", 0x00, 30);
	firmware(40, "Scan for option roms\n");
	serial(50, "GRUB loading.\n");
	serial(60, "Linux version 6.12.0\n");
	EXPECT_BOOT("Start 0-10, SeaBIOS 10-20, Linux 20-60");
}

TEST_F(boot, a_code_of_a_part_that_lines_have_begun_is_in_it)
{
	serial(10, "Linux version 6.12.0\n");
	code("Kernel", 0x40, 20);
	code("Userspace", 0x60, 30);
	serial(40, "systemd[1]: systemd 252 running in system mode\n");
	EXPECT_BOOT("Start 0-10, Linux 10-30, Userspace 30-40, systemd 40-40");
}

/* What the codes are called. */
#define EXPECT_CODES(...) do {						\
	static const char *const _c[] = { __VA_ARGS__ };		\
	size_t _n = 0;							\
									\
	EXPECT_EQ(0, boot_finish(boot, -1));				\
	for (size_t i = 0; i < boot->marks; i++) {			\
		if (boot->mark[i].type == MARK_CODE)			\
			EXPECT_STREQ(_c[_n++], boot->mark[i].component); \
	}								\
	EXPECT_EQ(ARRAY_SIZE(_c), _n);					\
} while (0)

TEST_F(boot, u_boot_is_recognised_by_its_first_codes)
{
	code("Firmware", 0x1e, 10);
	code("Firmware", 0x1f, 20);
	code("Kernel", 0x40, 30);
	code("Custom", 0xbb, 40);
	EXPECT_CODES("U-Boot", "U-Boot", "U-Boot", "U-Boot");
	EXPECT_STREQ("start", boot->mark[0].text);
	EXPECT_STREQ("Start 0-10, U-Boot 10-40", phases());
}

TEST_F(boot, a_firmwares_table_counts_until_a_kernel_speaks)
{
	code("Firmware", 0x1e, 10);
	code("Firmware", 0x1f, 20);
	serial(30, "Linux version 6.12.0\n");
	code("Kernel", 0x40, 40);
	code("Userspace", 0x60, 50);
	EXPECT_CODES("U-Boot", "U-Boot", "Kernel", "Userspace");
}

TEST_F(boot, coreboot_is_recognised_by_its_banner)
{
	code("Firmware", 0x01, 10);
	firmware(20, "[NOTE ]  coreboot-24.12 x86_32 bootblock starting\n");
	code("Userspace", 0x72, 30);
	EXPECT_CODES("Bootblock", "Ramstage");
}

TEST_F(boot, other_codes_are_what_the_standard_says)
{
	code("Firmware", 0x1e, 10);
	code("Bootloader", 0x20, 20);
	code("Kernel", 0x40, 30);
	EXPECT_CODES("Firmware", "Bootloader", "Kernel");
}

TEST_F(boot, codes_that_another_table_named_keep_their_names)
{
	code("Mine", 0x1e, 10);
	code("Firmware", 0x1f, 20);
	EXPECT_CODES("Mine", "U-Boot");
}

TEST_F(boot, it_ends_at_the_code_that_was_asked_for)
{
	code("Kernel", 0x40, 10);
	code("Userspace", 0x7f, 20);
	text(DBGPORT_CONSOLE_PORT, 0, 30, "an hour later\n");
	EXPECT_EQ(0, boot_finish(boot, 0x7f));
	EXPECT_EQ(20, boot->total_ns);
	EXPECT_EQ(2, boot->marks);
	EXPECT_TRUE(boot->complete);
}

TEST_F(boot, one_that_does_not_come_to_it_is_incomplete)
{
	code("Kernel", 0x40, 10);
	EXPECT_EQ(0, boot_finish(boot, 0x7f));
	EXPECT_FALSE(boot->complete);
	EXPECT_EQ(1, boot->marks);
}

TEST_F(boot, lines_are_assembled_per_vcpu_and_port)
{
	firmware(10, "a");
	text(DBGPORT_FIRMWARE_PORT, 1, 20, "x");
	text(DBGPORT_CONSOLE_PORT, 0, 30, "1");
	firmware(40, "b\r\n\r");
	text(DBGPORT_FIRMWARE_PORT, 1, 50, "y\nz");
	EXPECT_EQ(0, boot_finish(boot, -1));
	ASSERT_EQ(4, boot->marks);
	EXPECT_STREQ("ab", boot->mark[0].text);
	EXPECT_EQ(10, boot->mark[0].time_ns);
	EXPECT_STREQ("xy", boot->mark[1].text);
	EXPECT_STREQ("1", boot->mark[2].text);
	EXPECT_STREQ("z", boot->mark[3].text);
	EXPECT_EQ(50, boot->mark[3].time_ns);
	EXPECT_EQ(1, boot->mark[3].vcpu);
}

TEST_F(boot, text_is_harmless)
{
	firmware(10, "\033[2J\xff<b>\n");
	EXPECT_EQ(0, boot_finish(boot, -1));
	EXPECT_STREQ("<1b>[2J<ff><b>", boot->mark[0].text);
}

TEST_F(boot, a_line_without_end_is_cut)
{
	for (int i = 0; i < 3000; i++)
		firmware(i, "x");
	EXPECT_EQ(0, boot_finish(boot, -1));
	ASSERT_EQ(3, boot->marks);
	EXPECT_EQ(1024, strlen(boot->mark[0].text));
	EXPECT_EQ(1024, boot->mark[1].time_ns);
	EXPECT_EQ(3000 - 2048, strlen(boot->mark[2].text));
}

TEST_F(boot, what_is_there_twice_counts_once)
{
	for (int i = 0; i < 2; i++) {
		seq = 0;
		code("Firmware", 0x01, 10);
		firmware(20, "once\n");
	}
	EXPECT_EQ(0, boot_finish(boot, -1));
	EXPECT_EQ(2, boot->marks);
}

TEST_F(boot, order_is_that_of_the_numbers)
{
	seq = 1;
	code("Kernel", 0x40, 20);
	seq = 0;
	firmware(10, "first\n");
	EXPECT_EQ(0, boot_finish(boot, -1));
	EXPECT_EQ(MARK_LINE, boot->mark[0].type);
	EXPECT_STREQ("Start 0-10, Firmware 10-20, Kernel 20-20", phases());
}

TEST_F(boot, a_loss_stands_where_it_was)
{
	const struct mark lost = { .type = MARK_LOST, .seq = 1, .count = 7 };

	code("Firmware", 0x01, 10);
	seq = 8;
	code("Kernel", 0x40, 20);
	boot_add(boot, &lost);
	EXPECT_EQ(0, boot_finish(boot, -1));
	ASSERT_EQ(3, boot->marks);
	EXPECT_EQ(MARK_LOST, boot->mark[1].type);
	EXPECT_EQ(10, boot->mark[1].time_ns);
	EXPECT_EQ(7, boot->lost);
}

TEST_F(boot, times_that_contradict_the_numbers_are_refused)
{
	code("Firmware", 0x01, 20);
	code("Kernel", 0x40, 10);
	EXPECT_EQ(-1, boot_finish(boot, -1));
}

TEST_F(boot, gaps_are_from_mark_to_mark)
{
	code("Firmware", 0x01, 10);
	code("Kernel", 0x40, 1000);
	EXPECT_EQ(0, boot_finish(boot, -1));
	EXPECT_EQ(10, boot_gap(boot, 0));
	EXPECT_EQ(990, boot_gap(boot, 1));
	EXPECT_EQ(100, boot_long_gap(boot));
}

TEST_F(boot, the_same_id_at_another_zero_is_another_boot)
{
	EXPECT_EQ(boot, boots_get(&boots, "", 1, 1000000));
	EXPECT_NE(boot, boots_get(&boots, "", 1, 2000000));
	EXPECT_EQ(boots.boot[1], boots_last(&boots, "", 1));
	EXPECT_EQ(NULL, boots_last(&boots, "", 2));
}

TEST_F(boot, the_same_id_of_another_host_is_another_boot)
{
	struct boot *other = boots_get(&boots, "alpha", 1, 1000000);

	EXPECT_NE(boot, other);
	EXPECT_EQ(other, boots_get(&boots, "alpha", 1, 1000000));
	EXPECT_EQ(other, boots_last(&boots, "alpha", 1));
	EXPECT_EQ(boot, boots_last(&boots, "", 1));
	EXPECT_EQ(NULL, boots_last(&boots, "beta", 1));
}

TEST_F(boot, boots_of_many_hosts_are_told_apart)
{
	char host[HOSTNAME_SIZE];

	for (int i = 0; i < 100; i++) {
		snprintf(host, sizeof(host), "host-%d", i);
		boots_get(&boots, host, 1, 1000000)->pid = 1 + i;
	}
	for (int i = 0; i < 100; i++) {
		snprintf(host, sizeof(host), "host-%d", i);
		EXPECT_EQ(1 + i, boots_last(&boots, host, 1)->pid);
	}
	EXPECT_EQ(101, boots.count);
}

TEST_HARNESS_MAIN
