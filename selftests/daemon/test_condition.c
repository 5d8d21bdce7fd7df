// SPDX-License-Identifier: GPL-2.0
/* vm= and uid=: which VMs a list means, and what is no list. */
#include "lib/harness.h"

#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/condition.h"

static bool has(const char *list, const char *name)
{
	return condition_has_name(list, name, name);
}

TEST(a_list_means_what_one_of_it_fits)
{
	EXPECT_TRUE(has("web*,db", "web1"));
	EXPECT_TRUE(has("web*,db", "db"));
	EXPECT_FALSE(has("web*,db", "db1"));
	EXPECT_FALSE(has("web*,db", "mail"));
	EXPECT_TRUE(has(" web* , db ", "db"));
	EXPECT_TRUE(has(NULL, "web"));
}

TEST(what_is_negated_is_left_out_wherever_it_stands)
{
	EXPECT_TRUE(has("web*,!web-test*", "web1"));
	EXPECT_FALSE(has("web*,!web-test*", "web-test1"));
	EXPECT_FALSE(has("!web-test*,web*", "web-test1"));
	EXPECT_FALSE(has("web*,!web-test*", "db"));
	EXPECT_FALSE(has("web* , ! web-test*", "web-test1"));
}

TEST(negated_ones_alone_leave_everything_else)
{
	EXPECT_TRUE(has("!web*", "db"));
	EXPECT_FALSE(has("!web*", "web"));
	EXPECT_TRUE(has("!web*,!db", "mail"));
	EXPECT_FALSE(has("!web*,!db", "db"));
}

TEST(a_vm_is_known_with_its_number_and_without)
{
	EXPECT_TRUE(condition_has_name("web", "web.2", "web"));
	EXPECT_TRUE(condition_has_name("web.2", "web.2", "web"));
	EXPECT_FALSE(condition_has_name("!web", "web.2", "web"));
	EXPECT_FALSE(condition_has_name("!web.2", "web.2", "web"));
	EXPECT_FALSE(condition_has_name("web,!web.2", "web.2", "web"));
	EXPECT_TRUE(condition_has_name("web,!web.2", "web.3", "web"));
	EXPECT_TRUE(condition_has_name("*,!Windows Server*", "db", "db"));
	EXPECT_FALSE(condition_has_name("*,!Windows Server*", "Windows+Server", "Windows+Server"));
}

TEST(commas_and_marks_within_brackets_belong_to_the_pattern)
{
	EXPECT_TRUE(has("x[a,b]y", "xby"));
	EXPECT_FALSE(has("x[a,b]y", "b]y"));
	EXPECT_TRUE(has("[!a]*,x", "b"));
	EXPECT_FALSE(has("[!a]*,x", "a"));
}

TEST(a_list_without_something_is_none)
{
	static const char *const bad[] = { "", ",", "a,", ",a", "a,,b", "!", "a,!", " ", "! " };
	char why[256], list[300];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-1, condition_check_names(bad[i], why, sizeof(why)));
		EXPECT_STREQ("a pattern is empty", why);
	}
	EXPECT_EQ(0, condition_check_names("a,!b,[c,d]", why, sizeof(why)));

	memset(list, 'x', sizeof(list));
	list[CONDITION_PATTERN_MAX] = '\0';
	EXPECT_EQ(0, condition_check_names(list, why, sizeof(why)));
	EXPECT_TRUE(has(list, list));
	list[CONDITION_PATTERN_MAX] = 'x';
	list[CONDITION_PATTERN_MAX + 1] = '\0';
	EXPECT_EQ(-1, condition_check_names(list, why, sizeof(why)));
	EXPECT_STREQ("a pattern is longer than 255 bytes", why);
}

#define EXPECT_USERS(numbers, list) do {				\
	char why[256] = "", *users = condition_read_users(list, why, sizeof(why)); \
									\
	EXPECT_STREQ(numbers, users ?: why);				\
	free(users);							\
} while (0)

TEST(users_have_names_and_numbers)
{
	EXPECT_USERS("1000", "1000");
	EXPECT_USERS("0", "root");
	EXPECT_USERS("0,!1000,65534", " root, ! 1000,nobody ");
	EXPECT_USERS("4294967294", "4294967294");
	EXPECT_USERS("there is no user 'no-such-user'", "0,no-such-user");
	EXPECT_USERS("there is no user '4294967295'", "4294967295");
	EXPECT_USERS("there is no user '-1'", "-1");
	EXPECT_USERS("there is no user ''", "0,");
	EXPECT_USERS("there is no user ''", "!");
}

TEST(users_are_meant_as_names_are)
{
	const uid_t root = 0, a = 1000, b = 100;

	EXPECT_TRUE(condition_has_user("1000,0", &root));
	EXPECT_TRUE(condition_has_user("1000,0", &a));
	EXPECT_FALSE(condition_has_user("1000,0", &b));
	EXPECT_FALSE(condition_has_user("!0", &root));
	EXPECT_TRUE(condition_has_user("!0", &a));
	EXPECT_FALSE(condition_has_user("!0,!1000", &a));
	EXPECT_TRUE(condition_has_user(NULL, &a));
}

TEST(a_vm_whose_user_is_not_known_has_no_route_that_asks_for_one)
{
	EXPECT_FALSE(condition_has_user("0", NULL));
	EXPECT_FALSE(condition_has_user("!0", NULL));
	EXPECT_TRUE(condition_has_user(NULL, NULL));
}

TEST_HARNESS_MAIN
