// SPDX-License-Identifier: GPL-2.0
/* Options and arguments of dbgportctl's command lines. */
#include "lib/harness.h"

#include "dbgportctl/cli/args.h"

static bool flag, other;
static const char *value;
static int parsed;

static int take(const char *text, char *why, size_t size)
{
	if (strcmp(text, "bad")) {
		parsed++;
		return 0;
	}
	snprintf(why, size, "--parse bad: no");
	return -1;
}

static const struct option own[] = {
	{ "--flag", 'f', .flag = &flag, .help = "" },
	{ "--value", 'v', .takes = "N", .value = &value, .help = "" },
	{ "--parse", 'p', .takes = "N", .repeats = true, .parse = take, .help = "" },
	{ 0 }
};

static const struct option common[] = {
	{ "--other", 'o', .flag = &other, .help = "" },
	{ "--flat", .flag = &other, .help = "" },
	{ 0 }
};

static char why[256];

/* What is left of a command line, with spaces between; NULL: it is wrong. */
static const char *left(bool first_only, const char *line)
{
	static char text[256], copy[256];
	const struct option *const tables[] = { own, common, NULL };
	char *argv[32], *rest = copy, *word;
	int argc = 0;

	flag = false;
	other = false;
	value = NULL;
	parsed = 0;
	snprintf(copy, sizeof(copy), "%s", line);
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	if (args_parse(tables, &argc, argv, first_only, why, sizeof(why)))
		return NULL;
	text[0] = '\0';
	for (int i = 0; argv[i]; i++) {
		strcat(text, i ? " " : "");
		strcat(text, argv[i]);
	}
	return text;
}

TEST(options_may_stand_anywhere)
{
	EXPECT_STREQ("a b", left(false, "a --flag b --value 7"));
	EXPECT_TRUE(flag);
	EXPECT_STREQ("7", value);
	EXPECT_FALSE(other);
}

TEST(but_not_behind_two_dashes)
{
	EXPECT_STREQ("a --flag -f", left(false, "a -- --flag -f"));
	EXPECT_FALSE(flag);
}

TEST(values_may_be_joined)
{
	EXPECT_STREQ("", left(false, "--value=7"));
	EXPECT_STREQ("7", value);
	EXPECT_STREQ("", left(false, "-v7"));
	EXPECT_STREQ("7", value);
	EXPECT_STREQ("a", left(false, "-fov 7 a"));
	EXPECT_TRUE(flag && other);
	EXPECT_STREQ("7", value);
	EXPECT_STREQ("", left(false, "-fv7"));
	EXPECT_STREQ("7", value);
}

TEST(a_value_may_look_like_an_option)
{
	EXPECT_STREQ("", left(false, "--value --flag"));
	EXPECT_STREQ("--flag", value);
	EXPECT_FALSE(flag);
}

TEST(a_single_dash_is_an_argument)
{
	EXPECT_STREQ("- a", left(false, "- a"));
}

TEST(a_command_has_the_rest)
{
	EXPECT_STREQ("list --flag", left(true, "-o list --flag"));
	EXPECT_TRUE(other);
	EXPECT_FALSE(flag);
}

TEST(long_names_may_be_cut_while_they_are_unique)
{
	EXPECT_STREQ("", left(false, "--oth --val 3"));
	EXPECT_TRUE(other);
	EXPECT_STREQ("3", value);
	EXPECT_EQ(NULL, left(false, "--fla"));
	EXPECT_STREQ("'--fla' may be --flag or --flat", why);
}

TEST(some_may_be_repeated)
{
	EXPECT_STREQ("", left(false, "-p 1 --parse 2 -p3"));
	EXPECT_EQ(3, parsed);
	EXPECT_EQ(NULL, left(false, "-v 1 -v 2"));
	EXPECT_STREQ("--value is given twice", why);
}

TEST(mistakes_are_told)
{
	EXPECT_EQ(NULL, left(false, "--nothing"));
	EXPECT_STREQ("unknown option '--nothing'", why);
	EXPECT_EQ(NULL, left(false, "-fx"));
	EXPECT_STREQ("unknown option '-x'", why);
	EXPECT_EQ(NULL, left(false, "--flag=1"));
	EXPECT_STREQ("--flag takes no value", why);
	EXPECT_EQ(NULL, left(false, "a --value"));
	EXPECT_STREQ("--value needs a value: N", why);
	EXPECT_EQ(NULL, left(false, "--value="));
	EXPECT_STREQ("--value is empty; it takes N", why);
	EXPECT_EQ(NULL, left(false, "-p bad"));
	EXPECT_STREQ("--parse bad: no", why);
}

TEST_HARNESS_MAIN
