// SPDX-License-Identifier: GPL-2.0
/* What Linux tells of its initcalls. */
#include "lib/harness.h"
#include <string.h>

#include "dbgportctl/boot/initcall.h"

static bool told(struct initcall *call, const char *text)
{
	static struct mark mark;

	mark = (struct mark){ .type = MARK_LINE, .time_ns = 7000, .text = (char *)text };
	return initcall_told(call, &mark);
}

static bool is_named(const struct initcall *call, const char *name)
{
	return call->n == strlen(name) && !memcmp(call->name, name, call->n);
}

TEST(an_initcall_has_a_name_a_result_and_a_time)
{
	struct initcall call;

	ASSERT_TRUE(told(&call, "initcall acpi_init+0x0/0x550 returned 0 after 20978 usecs"));
	EXPECT_TRUE(is_named(&call, "acpi_init"));
	EXPECT_FALSE(call.probe);
	EXPECT_EQ(0, call.returned);
	EXPECT_EQ(20978000, call.took_ns);
	EXPECT_EQ(7000, call.end_ns);
}

TEST(an_error_is_negative)
{
	struct initcall call;

	ASSERT_TRUE(told(&call, "initcall init_amd_gart+0x0/0x40 returned -19 after 0 usecs"));
	EXPECT_EQ(-19, call.returned);
	EXPECT_EQ(0, call.took_ns);
}

TEST(a_modules_has_its_module_behind_it)
{
	struct initcall call;

	ASSERT_TRUE(told(&call,
			 "initcall init_module+0x0/0xff0 [virtio_net] returned 0 after 12 usecs"));
	EXPECT_TRUE(is_named(&call, "init_module+0x0/0xff0 [virtio_net]"));
}

TEST(a_probe_is_a_devices)
{
	struct initcall call;

	ASSERT_TRUE(told(&call, "probe of 0000:00:01.1 returned 0 after 5321 usecs"));
	EXPECT_TRUE(is_named(&call, "0000:00:01.1"));
	EXPECT_TRUE(call.probe);
	EXPECT_EQ(5321000, call.took_ns);
	/* A device's name may have a plus. */
	ASSERT_TRUE(told(&call, "probe of a+b returned 1 after 1 usecs"));
	EXPECT_TRUE(is_named(&call, "a+b"));
}

TEST(what_stands_in_brackets_before_it_is_not_it)
{
	struct initcall call;

	ASSERT_TRUE(told(&call,
			 "[    1.234567] initcall pci_init+0x0/0x10 returned 0 after 3 usecs"));
	EXPECT_TRUE(is_named(&call, "pci_init"));
	ASSERT_TRUE(told(&call,
			 "[    1.234567] [    T1] initcall a+0x0/0x10 returned 0 after 3 usecs"));
	EXPECT_TRUE(is_named(&call, "a"));
}

TEST(other_lines_are_none)
{
	static const char *const lines[] = {
		"", "[", "[    1.2", "[    1.234567] ", "] initcall ",
		"calling  acpi_init+0x0/0x550 @ 1",
		"initcall", "initcall ", "initcall a", "initcall a returned",
		"initcall a returned ", "initcall a returned - after 1 usecs",
		"initcall a returned x after 1 usecs", "initcall a returned 0 after",
		"initcall a returned 0 after x usecs", "initcall a returned 0 after -1 usecs",
		"initcall a returned 0 after 1 msecs", "initcall a returned 0 before 1 usecs",
		"initcall a returned 2147483648 after 1 usecs",
		"initcall a returned 0 after 9223372036854776 usecs",
		"initcall a returned 0 after 99999999999999999999 usecs",
		"initcall a returned with preemption imbalance",
		"probe of b", "an initcall a returned 0 after 1 usecs",
	};
	struct initcall call;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		EXPECT_FALSE(told(&call, lines[i]))
			TH_LOG("'%s'", lines[i]);
	}
}

TEST(nor_are_codes_and_losses)
{
	const struct mark code = { .type = MARK_CODE, .text = NULL };
	const struct mark lost = { .type = MARK_LOST };
	struct initcall call;

	EXPECT_FALSE(initcall_told(&call, &code));
	EXPECT_FALSE(initcall_told(&call, &lost));
}

TEST_HARNESS_MAIN
