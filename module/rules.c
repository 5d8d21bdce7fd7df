// SPDX-License-Identifier: GPL-2.0
/*
 * rules.c - which VMs may come in
 *
 * A VM does if there are no rules in "only" or one of them fits its VMM, and
 * none in "except" does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/parser.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "rules.h"

enum rule_kind {
	RULE_UID,
	RULE_GID,
	RULE_COMM,
	RULE_CGROUP,
};

static const char * const rules_prefixes[] = {
	[RULE_UID]	= "uid:",
	[RULE_GID]	= "gid:",
	[RULE_COMM]	= "comm:",
	[RULE_CGROUP]	= "cgroup:",
};

struct rule {
	enum rule_kind kind;
	union {
		kuid_t uid;
		kgid_t gid;
		const char *text;	/* a part of dbgport_rules.text */
	};
};

struct dbgport_rules {
	char *text;
	unsigned int n;
	struct rule rules[];
};

/* What rules ask of a VMM. */
struct subject {
	const struct cred *cred;
	char comm[TASK_COMM_LEN];
	char cgroup[PATH_MAX];
};

/* Guards both, and what they point to.  No other lock of ours is taken under it. */
static DEFINE_MUTEX(rules_mutex);
struct dbgport_rules *dbgport_rules_only;
struct dbgport_rules *dbgport_rules_except;

static bool rules_parse_id(u32 *id, const char *value)
{
	return !kstrtou32(value, 10, id);
}

static bool rules_parse_value(struct rule *rule, char *value)
{
	size_t len;
	u32 id;

	switch (rule->kind) {
	case RULE_UID:
		if (!rules_parse_id(&id, value))
			return false;
		rule->uid = make_kuid(&init_user_ns, id);
		return uid_valid(rule->uid);
	case RULE_GID:
		if (!rules_parse_id(&id, value))
			return false;
		rule->gid = make_kgid(&init_user_ns, id);
		return gid_valid(rule->gid);
	case RULE_COMM:
		rule->text = value;
		return *value;
	case RULE_CGROUP:
		if (*value != '/')
			return false;
		/* The root is "" then. */
		for (len = strlen(value); len && value[len - 1] == '/'; len--)
			value[len - 1] = '\0';
		rule->text = value;
		return true;
	}
	return false;
}

static bool rules_parse_one(struct rule *rule, char *word)
{
	unsigned int kind;

	for (kind = 0; kind < ARRAY_SIZE(rules_prefixes); kind++) {
		size_t len = str_has_prefix(word, rules_prefixes[kind]);

		if (len) {
			rule->kind = kind;
			return rules_parse_value(rule, word + len);
		}
	}
	return false;
}

static void rules_free(struct dbgport_rules *rules)
{
	if (rules)
		kfree(rules->text);
	kfree(rules);
}

/* Return: NULL if there are none, or an error; the log then has a line. */
static struct dbgport_rules *rules_parse(const char *name, const char *value)
{
	size_t len = strlen(value);
	struct dbgport_rules *rules;
	unsigned int n = 1;
	char *rest, *word;
	size_t i;
	int ret;

	if (len && value[len - 1] == '\n')
		len--;
	if (!len)
		return NULL;
	/* What can be set can be read, in one page and with its newline. */
	if (len > PAGE_SIZE - 2) {
		pr_err("%s=: too long: give up to %lu bytes\n", name, PAGE_SIZE - 2);
		return ERR_PTR(-EINVAL);
	}

	for (i = 0; i < len; i++)
		n += value[i] == ',';
	rules = kzalloc(struct_size(rules, rules, n), GFP_KERNEL);
	if (!rules)
		return ERR_PTR(-ENOMEM);
	rest = kstrndup(value, len, GFP_KERNEL);
	if (!rest) {
		ret = -ENOMEM;
		goto err_rules;
	}

	rules->text = rest;
	while ((word = strsep(&rest, ","))) {
		if (!rules_parse_one(&rules->rules[rules->n++], word)) {
			pr_err("%s=: \"%s\" is not a rule: give uid:N, gid:N, comm:PATTERN or cgroup:/PATH\n",
			       name, word);
			ret = -EINVAL;
			goto err_rules;
		}
	}
	return rules;

err_rules:
	rules_free(rules);
	return ERR_PTR(ret);
}

/**
 * dbgport_rules_set() - put other rules in the place of those that there are
 * @rules:	&dbgport_rules_only or &dbgport_rules_except
 * @name:	what the log calls them
 * @value:	rules with commas between them, and possibly a newline at the end;
 *		empty: none
 *
 * VMs that are attached stay.  May sleep.
 *
 * Return: 0; -EINVAL, with a line in the log, or -ENOMEM: the old ones stay.
 */
int dbgport_rules_set(struct dbgport_rules **rules, const char *name, const char *value)
{
	struct dbgport_rules *fresh = rules_parse(name, value);

	if (IS_ERR(fresh))
		return PTR_ERR(fresh);
	mutex_lock(&rules_mutex);
	swap(*rules, fresh);
	mutex_unlock(&rules_mutex);
	rules_free(fresh);
	return 0;
}

static int rules_emit_one(char *buffer, int at, const struct rule *rule)
{
	at += sysfs_emit_at(buffer, at, "%s", rules_prefixes[rule->kind]);
	switch (rule->kind) {
	case RULE_UID:
		return at + sysfs_emit_at(buffer, at, "%u", from_kuid(&init_user_ns, rule->uid));
	case RULE_GID:
		return at + sysfs_emit_at(buffer, at, "%u", from_kgid(&init_user_ns, rule->gid));
	case RULE_COMM:
		return at + sysfs_emit_at(buffer, at, "%s", rule->text);
	case RULE_CGROUP:
		return at + sysfs_emit_at(buffer, at, "%s", *rule->text ? rule->text : "/");
	}
	return at;
}

/**
 * dbgport_rules_get() - write rules as dbgport_rules_set() takes them
 * @rules:	&dbgport_rules_only or &dbgport_rules_except
 * @buffer:	a page, as sysfs gives it
 *
 * May sleep.
 *
 * Return: bytes, with the newline.
 */
int dbgport_rules_get(struct dbgport_rules **rules, char *buffer)
{
	unsigned int i;
	int len = 0;

	mutex_lock(&rules_mutex);
	for (i = 0; *rules && i < (*rules)->n; i++) {
		if (i)
			len += sysfs_emit_at(buffer, len, ",");
		len = rules_emit_one(buffer, len, &(*rules)->rules[i]);
	}
	mutex_unlock(&rules_mutex);
	return len + sysfs_emit_at(buffer, len, "\n");
}

/**
 * dbgport_rules_free() - forget rules
 * @rules:	&dbgport_rules_only or &dbgport_rules_except
 *
 * No VM is checked any more.
 */
void dbgport_rules_free(struct dbgport_rules **rules)
{
	rules_free(*rules);
	*rules = NULL;
}

static struct subject *rules_subject_new(struct task_struct *vmm)
{
	struct subject *subject = kzalloc(sizeof(*subject), GFP_KERNEL);

	if (!subject)
		return NULL;
	subject->cred = get_task_cred(vmm);
	/* What does not fit is cut off; no rule is long enough to see that. */
	rcu_read_lock();
	get_task_comm(subject->comm, vmm->group_leader);
	cgroup_path(task_dfl_cgroup(vmm), subject->cgroup, sizeof(subject->cgroup));
	rcu_read_unlock();
	return subject;
}

static void rules_subject_free(struct subject *subject)
{
	put_cred(subject->cred);
	kfree(subject);
}

static bool rules_one_fits(const struct rule *rule, const struct subject *subject)
{
	size_t len;

	switch (rule->kind) {
	case RULE_UID:
		return uid_eq(rule->uid, subject->cred->euid);
	case RULE_GID:
		return gid_eq(rule->gid, subject->cred->egid);
	case RULE_COMM:
		return match_wildcard(rule->text, subject->comm);
	case RULE_CGROUP:
		len = strlen(rule->text);
		return !strncmp(subject->cgroup, rule->text, len) &&
		       (!subject->cgroup[len] || subject->cgroup[len] == '/');
	}
	return false;
}

static bool rules_any_fits(const struct dbgport_rules *rules, const struct subject *subject)
{
	unsigned int i;

	for (i = 0; rules && i < rules->n; i++)
		if (rules_one_fits(&rules->rules[i], subject))
			return true;
	return false;
}

/**
 * dbgport_rules_check() - whether a VM may come in
 * @vmm:	a thread of its VMM
 *
 * May sleep.
 *
 * Return: 0; -EACCES if it may not; -ENOMEM.
 */
int dbgport_rules_check(struct task_struct *vmm)
{
	struct subject *subject;
	int ret = 0;

	mutex_lock(&rules_mutex);
	if (dbgport_rules_only || dbgport_rules_except) {
		subject = rules_subject_new(vmm);
		if (!subject)
			ret = -ENOMEM;
		else if ((dbgport_rules_only && !rules_any_fits(dbgport_rules_only, subject)) ||
			 rules_any_fits(dbgport_rules_except, subject))
			ret = -EACCES;
		if (subject)
			rules_subject_free(subject);
	}
	mutex_unlock(&rules_mutex);
	return ret;
}
