// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/account.h"
#include "dbgportd/config/condition.h"
#include "lib/number.h"
#include "lib/vmname.h"

/**
 * struct part - one of a list
 * @text: without the !, and without white space at its ends
 * @len: how long it is
 * @negated: there was a !
 */
struct part {
	const char *text;
	size_t len;
	bool negated;
};

/* What a list says of one VM, part by part. */
struct verdict {
	bool wanted;		/* one without ! fits */
	bool unwanted;		/* one with ! fits */
	bool all_negated;
};

static bool is_blank(char c)
{
	return isspace((unsigned char)c);
}

/* The next part of @list, which moves on, and becomes NULL behind the last one. */
static struct part next_part(const char **list)
{
	struct part part = { .text = *list };
	const char *end = *list;

	for (int depth = 0; *end && (*end != ',' || depth); end++)
		depth += (*end == '[') - (*end == ']');
	*list = *end ? end + 1 : NULL;
	while (part.text < end && is_blank(*part.text))
		part.text++;
	if (part.text < end && *part.text == '!') {
		part.negated = true;
		part.text++;
	}
	while (part.text < end && is_blank(*part.text))
		part.text++;
	while (end > part.text && is_blank(end[-1]))
		end--;
	part.len = end - part.text;
	return part;
}

static void weigh(struct verdict *v, const struct part *part, bool fits)
{
	v->wanted |= fits && !part->negated;
	v->unwanted |= fits && part->negated;
	v->all_negated &= part->negated;
}

static bool means(const struct verdict *v)
{
	return (v->wanted || v->all_negated) && !v->unwanted;
}

int condition_check_names(const char *list, char *why, size_t size)
{
	while (list) {
		struct part part = next_part(&list);

		if (!part.len) {
			snprintf(why, size, "a pattern is empty");
			return -1;
		}
		if (part.len > CONDITION_PATTERN_MAX) {
			snprintf(why, size, "a pattern is longer than %d bytes",
				 CONDITION_PATTERN_MAX);
			return -1;
		}
	}
	return 0;
}

bool condition_has_name(const char *list, const char *name, const char *plain)
{
	struct verdict v = { .all_negated = true };

	while (list) {
		char pattern[CONDITION_PATTERN_MAX + 1];
		struct part part = next_part(&list);

		memcpy(pattern, part.text, part.len);
		pattern[part.len] = '\0';
		weigh(&v, &part, vmname_matches(name, pattern) || vmname_matches(plain, pattern));
	}
	return means(&v);
}

char *condition_read_users(const char *list, char *why, size_t size)
{
	const char *comma = "";
	char *users = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&users, &len);

	if (!f) {
		snprintf(why, size, "no memory");
		return NULL;
	}
	while (list) {
		char user[ACCOUNT_NAME_MAX + 1];
		struct part part = next_part(&list);
		uid_t uid;

		snprintf(user, sizeof(user), "%.*s", (int)part.len, part.text);
		if (account_user(user, &uid, why, size)) {
			fclose(f);
			free(users);
			return NULL;
		}
		fprintf(f, "%s%s%u", comma, part.negated ? "!" : "", uid);
		comma = ",";
	}
	if (!fclose(f))
		return users;
	snprintf(why, size, "no memory");
	free(users);
	return NULL;
}

bool condition_has_user(const char *list, const uid_t *uid)
{
	struct verdict v = { .all_negated = true };

	if (!list)
		return true;
	if (!uid)
		return false;
	while (list) {
		struct part part = next_part(&list);
		__u64 number;

		weigh(&v, &part, number_scan(part.text, NUMBER_DECIMAL, &number) &&
		      number == *uid);
	}
	return means(&v);
}
