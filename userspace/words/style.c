// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "lib/choice.h"
#include "words/style.h"

#define AT(member)	offsetof(struct style, member)

const struct style_key style_keys[] = {
	{ STYLE_KEY_TIME, .offset = AT(time) },
	{ STYLE_KEY_LABEL, .offset = AT(label) },
	{ STYLE_KEY_JSON, .offset = AT(json) },
	{ STYLE_KEY_STORM, .offset = AT(storm) },
	{ STYLE_KEY_SECONDS, .offset = AT(seconds) },
	{ STYLE_KEY_COLOURS, .offset = AT(colours) },
	{ 0 }
};

const struct style_key *style_key_find(const char *name)
{
	const struct style_key *key = style_keys;

	while (key->key && strcmp(key->key, name))
		key++;
	return key->key ? key : NULL;
}

int style_set(struct style *style, const struct style_key *key, const char *value,
	      char *why, size_t size)
{
	int i = choice_parse(key->key, key->takes, value, why, size);

	if (i < 0)
		return -1;
	*(unsigned int *)((char *)style + key->offset) = i;
	return 0;
}
