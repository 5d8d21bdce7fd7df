// SPDX-License-Identifier: GPL-2.0
#include <limits.h>

#include "lib/harness.h"

#include "lib/utf8.h"
#include "lib/vmname.h"

static const char *name_of(const char *comm, int pid)
{
	static char name[VMNAME_OWN_SIZE];
	struct dbgport_vm_info info = { .pid = pid };

	memcpy(info.comm, comm, strnlen(comm, sizeof(info.comm)));
	vmname_make(name, NULL, &info, 42);
	return name;
}

TEST(a_vm_is_called_after_its_vmm)
{
	EXPECT_STREQ("qemu-system-x86-1234", name_of("qemu-system-x86", 1234));
}

TEST(what_its_vmm_is_called_is_escaped)
{
	EXPECT_STREQ("a%2Fb-1", name_of("a/b", 1));
	EXPECT_STREQ("%2Dx-1", name_of("-x", 1));
	EXPECT_STREQ("ü-1", name_of("ü", 1));
}

TEST(a_command_without_an_end_is_cut)
{
	EXPECT_STREQ("xxxxxxxxxxxxxxx-1", name_of("xxxxxxxxxxxxxxxxxxxx", 1));
}

TEST(the_longest_command_and_number_fit)
{
	EXPECT_STREQ("qemu-system-x86-2147483647", name_of("qemu-system-x86", 2147483647));
}

TEST(without_a_command_the_number_is_the_name)
{
	EXPECT_STREQ("9", name_of("", 9));
}

TEST(without_a_process_the_vms_id_stands_for_it)
{
	char name[VMNAME_OWN_SIZE];

	EXPECT_STREQ("qemu-vm42", name_of("qemu", 0));
	vmname_make(name, NULL, NULL, 4294967295U);
	EXPECT_STREQ("vm4294967295", name);
}

static const char *name_given(const char *given)
{
	static char name[VMNAME_OWN_SIZE];
	const struct dbgport_vm_info info = { .pid = 7, .comm = "qemu" };

	vmname_make(name, given, &info, 42);
	return name;
}

TEST(a_given_name_is_the_vms)
{
	EXPECT_STREQ("web-1.example_2", name_given("web-1.example_2"));
}

TEST(an_empty_name_is_none)
{
	EXPECT_STREQ("qemu-7", name_given(""));
}

TEST(letters_stay_in_any_script)
{
	EXPECT_STREQ("数据库", name_given("数据库"));
	EXPECT_STREQ("Gästehaus", name_given("Gästehaus"));
	EXPECT_STREQ("сервер", name_given("сервер"));
	EXPECT_STREQ("🙂", name_given("🙂"));
}

TEST(what_files_and_terminals_cannot_have_is_escaped)
{
	EXPECT_STREQ("Windows+Server+2019", name_given("Windows Server 2019"));
	EXPECT_STREQ("my%2Cvm", name_given("my,vm"));
	EXPECT_STREQ("%2E.%2F..%2Fetc%2Fpasswd", name_given("../../etc/passwd"));
	EXPECT_STREQ("%2E", name_given("."));
	EXPECT_STREQ("%2E.", name_given(".."));
	EXPECT_STREQ("%2Drf", name_given("-rf"));
	EXPECT_STREQ("%25v%1B%5B31m%0A%7F", name_given("%v\033[31m\n\177"));
	EXPECT_STREQ("a%2Bb%7Ec", name_given("a+b~c"));
	EXPECT_STREQ("%2A%3F%22%27%5C%24%60", name_given("*?\"'\\$`"));
	EXPECT_STREQ("%C2%85", name_given("\xc2\x85"));
	EXPECT_STREQ("a%E2%80%AEb", name_given("a\u202eb"));
	EXPECT_STREQ("%FFx%C0%AF", name_given("\xffx\xc0\xaf"));
	EXPECT_STREQ("%E4%B8", name_given("\xe4\xb8"));
}

TEST(what_is_not_seen_is_escaped)
{
	EXPECT_STREQ("web%E2%80%8B", name_given("web\u200b"));
	EXPECT_STREQ("a%C2%A0b%E3%80%80c", name_given("a\u00a0b\u3000c"));
	EXPECT_STREQ("%EF%BB%BFweb", name_given("\ufeffweb"));
	EXPECT_STREQ("%F3%A0%81%A1", name_given("\U000e0061"));
}

/* All that is one or two bytes, and some that is longer: no two become one name. */
TEST(no_two_names_become_one)
{
	static char seen[256 * 257][16];
	char given[4] = "";
	size_t count = 0;

	for (int a = 1; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			given[0] = a;
			given[1] = b;
			snprintf(seen[count++], sizeof(seen[0]), "%s", name_given(given));
		}
	}
	qsort(seen, count, sizeof(seen[0]), (int (*)(const void *, const void *))strcmp);
	for (size_t i = 1; i < count; i++)
		ASSERT_STRNE(seen[i - 1], seen[i]);
}

/* Whatever somebody calls his VM. */
TEST(a_name_is_always_safe)
{
	char given[64];

	srand(1);
	for (int i = 0; i < 100000; i++) {
		size_t n = rand() % sizeof(given);
		const char *name;

		for (size_t j = 0; j < n; j++)
			given[j] = rand() % 3 ? rand() % 255 + 1 : "\xe2\x80\x8b.-/ "[rand() % 7];
		given[n] = '\0';
		name = name_given(given);
		ASSERT_TRUE(*name && vmname_is_safe(name)) {
			TH_LOG("'%s'", name);
		}
		ASSERT_TRUE(vmname_means(name, given) || !n);
		ASSERT_EQ(NULL, strpbrk(name, "/ \t\n*?[]\\'\",=;&|<>(){}$`!#^"));
	}
}

TEST(only_what_a_name_can_have_is_safe)
{
	static const char *const safe[] = { "", "a", "a.2", "数据库", "a+b%20~c", "%", "a-" };
	static const char *const unsafe[] = {
		".", ".a", "-", "-a", "a b", "a/b", "a,b", "a\n", "\033", "a\u202eb", "\u200b",
		"\xc2\x85", "\xff", "\xe4\xb8", "a*",
	};

	for (size_t i = 0; i < ARRAY_SIZE(safe); i++) {
		EXPECT_TRUE(vmname_is_safe(safe[i])) {
			TH_LOG("'%s'", safe[i]);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(unsafe); i++) {
		EXPECT_FALSE(vmname_is_safe(unsafe[i])) {
			TH_LOG("'%s'", unsafe[i]);
		}
	}
	EXPECT_TRUE(vmname_is_plain("a-B.c_9"));
	EXPECT_FALSE(vmname_is_plain(".a"));
	EXPECT_FALSE(vmname_is_plain("-"));
	EXPECT_FALSE(vmname_is_plain("ä"));
	EXPECT_FALSE(vmname_is_plain("a+b"));
}

static const char *repeated(const char *text, int n, const char *end)
{
	static char all[2048];

	all[0] = '\0';
	while (n--)
		strcat(all, text);
	return strcat(all, end);
}

TEST(a_long_name_stays_whole)
{
	const char *given = repeated("0123456789 ", 6, "012345");
	char expected[VMNAME_OWN_SIZE];

	EXPECT_EQ(72, strlen(given));
	EXPECT_STREQ("0123456789+0123456789+0123456789+0123456789+0123456789+0123456789+012345",
		     name_given(given));
	snprintf(expected, sizeof(expected), "%s", repeated("x", 200, ""));
	EXPECT_STREQ(expected, name_given(expected));
	EXPECT_STREQ(repeated("数", 66, ""), name_given(repeated("数", 66, "")));
}

TEST(of_one_that_is_too_long_a_hash_stands_for_the_end)
{
	char first[VMNAME_OWN_SIZE];
	const char *name = name_given(repeated("x", 201, ""));

	EXPECT_EQ(200, strlen(name));
	EXPECT_EQ(191, strspn(name, "x"));
	EXPECT_EQ('~', name[191]);
	EXPECT_EQ(8, strspn(name + 192, "0123456789abcdef"));
	snprintf(first, sizeof(first), "%s", name);
	/* It is the same each time, and another for another end. */
	EXPECT_STREQ(first, name_given(repeated("x", 201, "")));
	EXPECT_STRNE(first, name_given(repeated("x", 200, "y")));
	EXPECT_TRUE(vmname_is_safe(first));
}

TEST(no_character_is_cut_in_two)
{
	static const char *const parts[] = { "数", "🙂", "\u202e", "\U000e0061", "/", "é" };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		for (int n = 0; n < 12; n++) {
			const char *name, *tilde;
			char given[1024];

			snprintf(given, sizeof(given), "%.*s%s", n, "xxxxxxxxxxxx",
				 repeated(parts[i], 210, ""));
			name = name_given(given);
			tilde = strchr(name, '~');
			ASSERT_NE(NULL, tilde);
			ASSERT_EQ(9, strlen(tilde));
			ASSERT_LT(200 - 12 - 9, tilde - name);
			ASSERT_TRUE(vmname_is_safe(name));
			ASSERT_EQ(0, utf8_cut(name, tilde - name));
			if (strchr(name, '%'))
				ASSERT_EQ(0, (tilde - name - n) % 3);
		}
	}
}

static bool none_taken(const char *name)
{
	(void)name;
	return false;
}

static bool first_two_taken(const char *name)
{
	return !strcmp(name, "web") || !strcmp(name, "web.2");
}

TEST(a_taken_name_gets_a_number)
{
	char name[VMNAME_SIZE];

	vmname_number(name, "web", none_taken);
	EXPECT_STREQ("web", name);
	vmname_number(name, "web", first_two_taken);
	EXPECT_STREQ("web.3", name);
}

static bool taken_but_for_the_last(const char *name)
{
	const char *dot = strrchr(name, '.');

	return !dot || strcmp(dot, ".100000");
}

TEST(the_longest_name_keeps_its_number_and_fits_a_file)
{
	const char *own = name_given(repeated("x", 1000, ""));
	char name[VMNAME_SIZE];

	vmname_number(name, own, taken_but_for_the_last);
	EXPECT_EQ(0, strncmp(own, name, 200));
	EXPECT_STREQ(".100000", name + 200);
	EXPECT_GE(NAME_MAX, (int)(VMNAME_SIZE - 1 + strlen(".firmware.json.999")));
}

TEST(a_users_word_means_the_vm)
{
	static const char *const told[] = {
		"web", "Windows Server 2019", "数据库", "my,vm", "..", "-x", "a+b", "100%", "~",
		"a%20b",
	};
	char other[VMNAME_OWN_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(told); i++) {
		const char *name = name_given(told[i]);

		EXPECT_TRUE(vmname_means(name, told[i]));
		EXPECT_TRUE(vmname_means(name, name));
		for (size_t j = 0; j < ARRAY_SIZE(told); j++)
			EXPECT_EQ(i == j, vmname_means(name, told[j]));
	}
	snprintf(other, sizeof(other), "%s", name_given(repeated("y", 500, "")));
	EXPECT_TRUE(vmname_means(other, repeated("y", 500, "")));
	EXPECT_FALSE(vmname_means(other, repeated("y", 501, "")));
	EXPECT_FALSE(vmname_means("web", ""));
	EXPECT_FALSE(vmname_means("web", "we"));
	EXPECT_FALSE(vmname_means("web", "web*"));
}

TEST(a_users_pattern_fits_what_the_vmm_was_told)
{
	EXPECT_TRUE(vmname_matches("web", "web"));
	EXPECT_TRUE(vmname_matches("web", "w?b*"));
	EXPECT_FALSE(vmname_matches("web", "web.*"));
	EXPECT_TRUE(vmname_matches("Windows+Server+2019", "Windows+Server+*"));
	EXPECT_TRUE(vmname_matches("Windows+Server+2019", "Windows Server*"));
	EXPECT_TRUE(vmname_matches("数据库", "数据*"));
	EXPECT_TRUE(vmname_matches("my%2Cvm", "my,vm"));
	EXPECT_TRUE(vmname_matches("100%25", "100%"));
	EXPECT_TRUE(vmname_matches("a%4", "a%4"));
	EXPECT_FALSE(vmname_matches("my%2Cvm", "my vm"));
}

/* What one of us told the module is not escaped again. */
TEST(what_the_module_knows_comes_first)
{
	struct dbgport_vm_info info = { .pid = 7, .comm = "qemu", .name = "Windows+Server+2019" };
	char name[VMNAME_OWN_SIZE];

	vmname_make(name, "web", &info, 1);
	EXPECT_STREQ("Windows+Server+2019", name);
	sprintf(info.name, "../x y");
	vmname_make(name, NULL, &info, 1);
	EXPECT_STREQ("%2E.%2Fx+y", name);
	memset(info.name, 'x', sizeof(info.name) - 1);
	vmname_make(name, NULL, &info, 1);
	EXPECT_EQ(sizeof(name) - 1, strlen(name));
	info.name[0] = '\0';
	vmname_make(name, NULL, &info, 1);
	EXPECT_STREQ("qemu-7", name);
}

TEST_HARNESS_MAIN
