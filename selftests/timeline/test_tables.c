// SPDX-License-Identifier: GPL-2.0
/* Tables of the host's own beside ours. */
#include "lib/harness.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportctl/boot/tables.h"

FIXTURE(tables)
{
	char dir[32];
	char path[64];
	char why[512];
	struct tables tables;
};

FIXTURE_SETUP(tables)
{
	snprintf(self->dir, sizeof(self->dir), "/tmp/tables.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->path, sizeof(self->path), "%s/mine", self->dir);
}

FIXTURE_TEARDOWN(tables)
{
	tables_free(&self->tables);
	unlink(self->path);
	rmdir(self->dir);
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

#define LOAD(given) tables_load(&self->tables, self->dir, given, self->why, sizeof(self->why))

TEST_F(tables, ours_are_there)
{
	ASSERT_EQ(0, LOAD(NULL));
	EXPECT_STREQ("SeaBIOS", tables_text(&self->tables, "SeaBIOS (version 1"));
	EXPECT_STREQ("Firmware", tables_part(&self->tables, "SeaBIOS"));
	EXPECT_STREQ("Kernel", tables_part(&self->tables, "Kernel"));
	EXPECT_EQ(NULL, tables_part(&self->tables, "Mine"));
	EXPECT_EQ(NULL, tables_text(&self->tables, "hello"));
	EXPECT_EQ(NULL, self->tables.given);
}

TEST_F(tables, one_of_the_host_joins_them)
{
	put(self->path, "[Userspace]\n\"shop: \" = Shop:\n");
	ASSERT_EQ(0, LOAD(NULL));
	EXPECT_STREQ("Shop", tables_text(&self->tables, "shop: open"));
	EXPECT_STREQ("Userspace", tables_part(&self->tables, "Shop"));
	EXPECT_STREQ("SeaBIOS", tables_text(&self->tables, "SeaBIOS (version 1"));
}

TEST_F(tables, it_comes_before_ours)
{
	put(self->path, "[Firmware]\n\"SeaBIOS (version \" = Bios:\n");
	ASSERT_EQ(0, LOAD(NULL));
	EXPECT_STREQ("Bios", tables_text(&self->tables, "SeaBIOS (version 1"));
}

TEST_F(tables, the_longest_text_counts)
{
	put(self->path, "\"Welcome to Shop\" = Shop:\n");
	ASSERT_EQ(0, LOAD(NULL));
	EXPECT_STREQ("Shop", tables_text(&self->tables, "Welcome to Shop 3"));
	EXPECT_STREQ("GRUB", tables_text(&self->tables, "Welcome to GRUB!"));
	EXPECT_STREQ("systemd", tables_text(&self->tables, "Welcome to Debian GNU/Linux 12"));
}

TEST_F(tables, hidden_files_and_copies_of_editors_are_none)
{
	snprintf(self->path, sizeof(self->path), "%s/mine~", self->dir);
	put(self->path, "no table");
	EXPECT_EQ(0, LOAD(NULL));
}

TEST_F(tables, a_mistake_is_told_with_its_file)
{
	char says[128];

	put(self->path, "\n\"shop\" = Shop\n");
	ASSERT_EQ(-1, LOAD(NULL));
	snprintf(says, sizeof(says),
		 "%s:2: behind a text there is one word with a colon, as in Loader:", self->path);
	EXPECT_STREQ(says, self->why);
}

TEST_F(tables, one_can_be_chosen_for_codes)
{
	ASSERT_EQ(0, LOAD("coreboot"));
	EXPECT_STREQ("Ramstage", code_component(self->tables.given, 0x72));
	tables_free(&self->tables);
	EXPECT_EQ(-1, LOAD("none"));
	EXPECT_NE(NULL, strstr(self->why, "there is no such table or file"));
}

TEST_HARNESS_MAIN
