/* SPDX-License-Identifier: GPL-2.0 */
/* rules.h - which VMs may come in */
#ifndef _DBGPORT_RULES_H
#define _DBGPORT_RULES_H

struct dbgport_rules;
struct task_struct;

/* NULL if there is none.  For the functions below only. */
extern struct dbgport_rules *dbgport_rules_only;
extern struct dbgport_rules *dbgport_rules_except;

int dbgport_rules_set(struct dbgport_rules **rules, const char *name, const char *value);
int dbgport_rules_get(struct dbgport_rules **rules, char *buffer);
void dbgport_rules_free(struct dbgport_rules **rules);

int dbgport_rules_check(struct task_struct *vmm);

#endif /* _DBGPORT_RULES_H */
