// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/complete.h"

static bool begins(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

void complete_offer(const char *word, const char *begin, const char *help)
{
	if (begins(word, begin))
		printf("%s\t%s\n", word, help);
}

static void offer_options(const struct option *table, const char *begin)
{
	for (const struct option *o = table; o->name; o++)
		complete_offer(o->name, begin, o->help);
}

static void offer_commands(const char *begin)
{
	for (int i = 0; command_list[i]; i++)
		complete_offer(command_list[i]->name, begin, command_list[i]->help);
}

/* @choice: a|b|c; anything else gives nothing, and so files */
static void offer_choice(const char *choice, const char *begin)
{
	char words[256], *rest = words, *word;

	if (!strchr(choice, '|'))
		return;
	snprintf(words, sizeof(words), "%s", choice);
	while ((word = strsep(&rest, "|")))
		complete_offer(word, begin, "");
}

static bool awaits_value(const struct option *o, const char *word)
{
	return o->takes && (!strcmp(o->name, word) || (o->letter && word[0] == '-' &&
						       word[1] == o->letter && !word[2]));
}

/* The option of a table whose value comes behind @word; NULL: none does. */
static const struct option *find_awaiting(const struct option *table, const char *word)
{
	for (const struct option *o = table; o->name; o++) {
		if (awaits_value(o, word))
			return o;
	}
	return NULL;
}

static void complete_in(const struct command *cmd, const char *before, const char *begin,
			void (*offer_vms)(const char *begin))
{
	const struct option *o = find_awaiting(common_options, before);

	for (int i = 0; !o && cmd->options[i]; i++)
		o = find_awaiting(cmd->options[i], before);
	if (o) {
		offer_choice(o->takes, begin);
	} else if (*begin == '-') {
		for (int i = 0; cmd->options[i]; i++)
			offer_options(cmd->options[i], begin);
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

void complete(int argc, char *argv[], void (*offer_vms)(const char *begin))
{
	const struct command *cmd;

	argc = drop_equals(argc, argv);
	if (argc < 2) {
		offer_commands(argc ? argv[0] : "");
		if (argc && argv[0][0] == '-')
			offer_options(common_options, argv[0]);
		return;
	}
	cmd = command_named(argv[0]);
	if (cmd)
		complete_in(cmd, argv[argc - 2], argv[argc - 1], offer_vms);
}
