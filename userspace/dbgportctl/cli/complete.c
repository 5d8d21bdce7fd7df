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

static const struct option *find_option(const struct command *cmd, const char *word)
{
	const struct option *o = find_awaiting(common_options, word);

	for (int i = 0; !o && cmd->options[i]; i++)
		o = find_awaiting(cmd->options[i], word);
	return o;
}

/* What stands before the word that has been begun. */
struct before {
	const struct option *option;	/* it is the value of this one; NULL: of none */
	bool no_options;		/* a "--" was there */
	bool no_vm;			/* the option that stands for a VM was there */
	int arguments;
};

static void look_before(struct before *before, const struct command *cmd, int argc, char *argv[])
{
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];

		if (before->option) {
			before->option = NULL;
		} else if (before->no_options || word[0] != '-' || !word[1]) {
			before->arguments++;
		} else if (!strcmp(word, "--")) {
			before->no_options = true;
		} else {
			before->option = find_option(cmd, word);
			before->no_vm |= cmd->without_vm && !strcmp(word, cmd->without_vm);
		}
	}
}

static void offer_argument(const struct command *cmd, const struct before *before,
			   const char *begin, void (*offer_vms)(const char *begin))
{
	bool first = !before->no_vm && !before->arguments;

	if (!cmd->takes)
		return;
	if (begins(cmd->takes, "[VM") || (first && begins(cmd->takes, "VM")))
		offer_vms(begin);
	else if (begins(cmd->takes, "[COMMAND") && !before->arguments)
		offer_commands(begin);
	else if (cmd->words && before->arguments == !before->no_vm)
		offer_choice(cmd->words, begin);
}

/* @argc, @argv: the words behind the command, without the last one, which is @begin */
static void complete_in(const struct command *cmd, int argc, char *argv[], const char *begin,
			void (*offer_vms)(const char *begin))
{
	struct before before = { 0 };

	look_before(&before, cmd, argc, argv);
	if (before.option) {
		offer_choice(before.option->takes, begin);
	} else if (*begin == '-' && !before.no_options) {
		for (int i = 0; cmd->options[i]; i++)
			offer_options(cmd->options[i], begin);
		offer_options(common_options, begin);
	} else {
		offer_argument(cmd, &before, begin, offer_vms);
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
		complete_in(cmd, argc - 2, argv + 1, argv[argc - 1], offer_vms);
}
