// SPDX-License-Identifier: GPL-2.0
#include <limits.h>

#include "dbgportctl/boot/finish.h"
#include "dbgportctl/boot/label.h"
#include "dbgportctl/boot/rules.h"
#include "dbgportctl/cli/fail.h"
#include "lib/number.h"

static int parse_until(const char *text, __s64 *until)
{
	__u64 code;

	*until = -1;
	if (!text)
		return STATUS_OK;
	if (number_parse(text, NUMBER_ANY, 0, UINT_MAX, &code))
		return fail_usage("--until %s: it takes a POST code, as in 0x7f", text);
	*until = code;
	return STATUS_OK;
}

int boot_rules_load(struct boot_rules *rules, const char *table, const char *until)
{
	char why[1024];

	if (tables_load(&rules->tables, CODES_DIR, table, why, sizeof(why)))
		return table ? fail_usage("--table: %s", why) : fail("%s", why);
	return parse_until(until, &rules->until);
}

void boot_rules_free(struct boot_rules *rules)
{
	tables_free(&rules->tables);
}

const struct codes *boot_rules_codes(const struct boot_rules *rules)
{
	return rules->tables.given ?: rules->tables.standard;
}

void boot_rules_apply(const struct boot_rules *rules, struct boot *boot)
{
	boot_label(boot, &rules->tables);
	boot_end(boot, rules->until);
}
