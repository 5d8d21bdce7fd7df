/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A row for each boot: where and when it was, what it said of itself, and how long it
 * and its phases took.
 */
#ifndef DBGPORTCTL_BOOTS_EACH_H
#define DBGPORTCTL_BOOTS_EACH_H

#include "dbgportctl/boots/boots.h"

void each_text(const struct report *report);
void each_json(const struct report *report);
void each_csv(const struct report *report);

/**
 * struct phase_names - the phases that boots have
 * @name: in the order in which they were met; lives as long as the boots
 * @count: of @name
 */
struct phase_names {
	const char **name;
	size_t count;
};

/* Fill in @names, to be freed. */
void phase_names_make(struct phase_names *names, const struct boots *boots);
void phase_names_free(struct phase_names *names);

/* How long that phase of the boot took; -1: it has none. */
__s64 phase_ns(const struct boot *boot, const char *name);

#endif /* DBGPORTCTL_BOOTS_EACH_H */
