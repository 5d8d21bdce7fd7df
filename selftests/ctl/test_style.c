// SPDX-License-Identifier: GPL-2.0
/* Words of which one is chosen, and the styles that are chosen so. */
#include "lib/harness.h"

#include "lib/choice.h"
#include "words/style.h"

TEST(a_word_is_found_whole)
{
	EXPECT_EQ(0, choice_find("auto|yes|no", '|', "auto"));
	EXPECT_EQ(2, choice_find("auto|yes|no", '|', "no"));
	EXPECT_EQ(1, choice_find("raw text", ' ', "text"));
	EXPECT_EQ(-1, choice_find("auto|yes|no", '|', "ye"));
	EXPECT_EQ(-1, choice_find("auto|yes|no", '|', "yes|no"));
	EXPECT_EQ(-1, choice_find("auto|yes|no", '|', ""));
	EXPECT_EQ(-1, choice_find("", '|', "auto"));
}

TEST(each_word_has_its_number)
{
	char text[CHOICE_SIZE];

	EXPECT_STREQ("auto", choice_word(text, "auto|yes|no", '|', 0));
	EXPECT_STREQ("yes", choice_word(text, "auto|yes|no", '|', 1));
	EXPECT_STREQ("no", choice_word(text, "auto|yes|no", '|', 2));
}

/* What a style says of @member when @key=@value was chosen. */
#define CHOSEN(member, key, value) ({						\
	struct style style = { 0 };						\
	char why[256];								\
	EXPECT_EQ(0, style_set(&style, style_key_find(key), value, why, sizeof(why))); \
	style.member;								\
})

TEST(words_are_those_of_the_enums)
{
	EXPECT_EQ(STAMP_NONE, CHOSEN(time, "time", "none"));
	EXPECT_EQ(STAMP_DELTA, CHOSEN(time, "time", "delta"));
	EXPECT_EQ(STAMP_MONOTONIC, CHOSEN(time, "time", "monotonic"));
	EXPECT_EQ(LABEL_NO, CHOSEN(label, "label", "no"));
	EXPECT_EQ(JSON_WRITE, CHOSEN(json, "json", "write"));
	EXPECT_EQ(STORM_SHOW, CHOSEN(storm, "storm", "show"));
	EXPECT_EQ(SECONDS_ORIGINAL, CHOSEN(seconds, "seconds", "original"));
}

TEST(what_is_not_known_is_told)
{
	struct style style = { .label = LABEL_YES };
	char why[256];

	EXPECT_EQ(-1, style_set(&style, style_key_find("label"), "maybe", why, sizeof(why)));
	EXPECT_STREQ("label=maybe is not known; it is auto|yes|no", why);
	EXPECT_EQ(LABEL_YES, style.label);
	EXPECT_EQ(NULL, style_key_find("colour"));
	EXPECT_EQ(NULL, style_key_find(""));
}

TEST_HARNESS_MAIN
