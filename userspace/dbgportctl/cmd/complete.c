// SPDX-License-Identifier: GPL-2.0
/* complete: what may come next in a command line; the shells ask. */
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/vm/vms.h"
#include "lib/device.h"

static bool begins(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

static void offer(const char *word, const char *begin, const char *help)
{
	if (begins(word, begin))
		printf("%s\t%s\n", word, help);
}

static void offer_options(const struct option *table, const char *begin)
{
	for (const struct option *o = table; o && o->name; o++)
		offer(o->name, begin, o->help);
}

static void offer_commands(const char *begin)
{
	for (int i = 0; commands[i]; i++)
		offer(commands[i]->name, begin, commands[i]->help);
}

/* @choice: a|b|c; anything else gives nothing, and so files */
static void offer_choice(const char *choice, const char *begin)
{
	char words[256], *rest = words, *word;

	if (!strchr(choice, '|'))
		return;
	snprintf(words, sizeof(words), "%s", choice);
	while ((word = strsep(&rest, "|")))
		offer(word, begin, "");
}

static void offer_vms(const char *begin)
{
	struct dbgport_info info;
	struct vms vms;
	char why[512];
	int fd = device_open(DEVICE_PATH, &info, why, sizeof(why));

	if (fd < 0 || vms_load(&vms, fd, info.load_id))
		return;
	for (size_t i = 0; i < vms.count; i++)
		offer(vms.vm[i].name, begin, "");
	vms_free(&vms);
}

/* The option whose value comes behind @word; NULL: none does. */
static const struct option *awaits_value(const struct option *table, const char *word)
{
	for (const struct option *o = table; o && o->name; o++) {
		if (!o->takes)
			continue;
		if (!strcmp(o->name, word) ||
		    (o->letter && word[0] == '-' && word[1] == o->letter && !word[2]))
			return o;
	}
	return NULL;
}

static void complete_in(const struct command *cmd, const char *before, const char *begin)
{
	const struct option *o = awaits_value(common_options, before) ?:
				 awaits_value(cmd->options, before);

	if (o) {
		offer_choice(o->takes, begin);
	} else if (*begin == '-') {
		offer_options(cmd->options, begin);
		offer_options(common_options, begin);
	} else if (cmd->takes) {
		if (cmd->words)
			offer_choice(cmd->words, begin);
		if (begins(cmd->takes, "VM") || begins(cmd->takes, "[VM"))
			offer_vms(begin);
	}
}

/* bash takes "--format=js" for three words. */
static int drop_equals(int argc, char *argv[])
{
	static char empty[1];
	int kept = 0;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "="))
			argv[kept++] = argv[i];
		else if (i == argc - 1)
			argv[kept++] = empty;
	}
	return kept;
}

static int complete_run(int argc, char *argv[])
{
	const struct command *cmd;

	argc = drop_equals(argc, argv);
	if (argc < 2) {
		offer_commands(argc ? argv[0] : "");
		if (argc && argv[0][0] == '-')
			offer_options(common_options, argv[0]);
		return output_flush();
	}
	cmd = command_named(argv[0]);
	if (cmd)
		complete_in(cmd, argv[argc - 2], argv[argc - 1]);
	return output_flush();
}

const struct command cmd_complete = {
	.name = "complete",
	.takes = "-- [WORD…]",
	.help = "Show what may come next in a command line, for shells",
	.text = "The last WORD is the one that has been begun. Each line has a word and, behind a\n"
		"tab, what it means. No line: the shell's own completion, of files, fits.\n",
	.max = -1,
	.run = complete_run,
};
