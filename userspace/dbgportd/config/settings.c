// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/account.h"
#include "dbgportd/config/condition.h"
#include "dbgportd/config/settings.h"
#include "dbgportd/spool/spool.h"
#include "lib/array.h"
#include "lib/choice.h"
#include "lib/duration.h"
#include "lib/help.h"
#include "lib/list.h"
#include "lib/nats_address.h"
#include "lib/number.h"
#include "lib/vmname.h"
#include "words/rate.h"

#define K	1024ULL
#define G	(K * K * K)

/* Of rate=, if burst= is not said: enough for the boot of what writes little then. */
#define BURST_S		10

/* A link is VM.NAME. */
#define NAME_MAX_LEN	32

enum type {
	CHOICE,		/* an enum; the default is the first */
	TEXT,
	NAME,		/* text that is safe as a part of a file's name */
	PATTERNS,	/* text: a list of patterns for VMs' names */
	USERS,		/* text: a list of users, of whom their numbers stay */
	SUBJECT,	/* text: words with dots between */
	BYTES,		/* a number with K, M, G or T behind */
	BYTES_2,	/* the same, rounded up to a power of two */
	RATE,		/* the same a second: "64K/s", "64K" */
	NUMBER,
	DURATION,	/* seconds: a time with its unit, or a number of @unit_s */
	OCTAL,
	USER,		/* one more than its id */
	GROUP,
};

/**
 * struct setting - one key
 * @key: its name
 * @takes: what stands behind KEY=, for help; of choices these themselves, in
 *	the order of their enum
 * @help: one line
 * @modes: those that know it, with spaces between; NULL: all
 * @formats: those that know it, likewise
 * @type: what it takes
 * @codes: it is about POST codes
 * @offset: of its member in struct settings
 * @min, @max: of numbers
 * @unit_s: of DURATION: seconds that a number without a unit counts
 * @none: the number that stands for 0, which may be said where the default is another
 */
struct setting {
	const char *key;
	const char *takes;
	const char *help;
	const char *modes;
	const char *formats;
	enum type type;
	bool codes;
	size_t offset;
	__u64 min, max;
	__u64 unit_s;
	__u64 none;
};

#define HOUR_S		3600ULL
#define DAY_S		(24 * HOUR_S)

#define AT(member)	offsetof(struct settings, member)
#define STREAMS		"file pty unix unix-dgram journal nats"
#define WITH_CODES	STYLE_FORMATS_OF_CODES " journal"

/* Canonical texts have the keys in this order. */
static const struct setting table[] = {
	{ "vm", "GLOB[,GLOB]…", "only VMs whose name matches; with ! in front: does not match",
	  NULL, NULL, PATTERNS, .offset = AT(vm) },
	{ "uid", "USER[,USER]…", "only VMs of this user; with ! in front: of others",
	  NULL, NULL, USERS, .offset = AT(uid) },
	{ "name", "NAME", "what links and messages call it, instead of by its port",
	  NULL, NULL, NAME, .offset = AT(name) },
	{ "data", "auto|bytes|codes", "what the port carries; auto: codes on 0x80",
	  NULL, NULL, CHOICE, .offset = AT(data) },
	{ STYLE_KEY_TIME, .type = CHOICE, .offset = AT(style.time) },
	{ STYLE_KEY_LABEL, .type = CHOICE, .offset = AT(style.label) },
	{ STYLE_KEY_JSON, .type = CHOICE, .offset = AT(style.json) },
	{ STYLE_KEY_STORM, .type = CHOICE, .offset = AT(style.storm) },
	{ STYLE_KEY_SECONDS, .type = CHOICE, .offset = AT(style.seconds) },
	{ STYLE_KEY_COLOURS, .type = CHOICE, .offset = AT(style.colours) },
	{ "table", "cloud-hypervisor|ami|coreboot|edk2|u-boot|PATH", "what POST codes are called",
	  NULL, WITH_CODES, TEXT, .codes = true, .offset = AT(table) },
	{ "rate", "BYTES/s", "what a VM may write here; what comes faster is cut, and counted",
	  NULL, NULL, RATE, .offset = AT(rate), 1 * K, 1 * G },
	{ "burst", "BYTES", "what may come at once before rate= cuts; by default of ten seconds",
	  NULL, NULL, BYTES, .offset = AT(burst), 4 * K, RATE_BURST_MAX },
	{ "queue", "BYTES", "what may wait for a slow reader or a full disk",
	  STREAMS, NULL, BYTES_2, .offset = AT(sink.queue), 16 * K, 1 * G },
	{ "full", "drop-oldest|block",
	  "what happens when the queue is full; block holds all VMs up",
	  "file nats", NULL, CHOICE, .offset = AT(sink.full) },
	{ "scrollback", "BYTES", "earlier output for clients that come later; 0: none",
	  "pty unix", NULL, BYTES_2, .offset = AT(sink.scrollback), 16 * K, 1 * G,
	  .none = SINK_NO_SCROLLBACK },
	{ "linger", "TIME", "how long the last output stays after the VM's end: 30s, 5min",
	  "pty unix", NULL, DURATION, .offset = AT(sink.linger), 1, DAY_S, .unit_s = 1 },
	{ "clients", "N", "how many at a time",
	  "unix", NULL, NUMBER, .offset = AT(sink.clients), 1, 256 },
	{ "perm", "OCTAL", "permission bits of what is created",
	  "file pty unix", NULL, OCTAL, .offset = AT(sink.mode), 1, 0777 },
	{ "owner", "USER", "the owner of what is created",
	  "file pty unix", NULL, USER, .offset = AT(sink.owner) },
	{ "group", "GROUP", "the group of what is created",
	  "file pty unix", NULL, GROUP, .offset = AT(sink.group) },
	{ "size", "BYTES", "a file is renamed to PATH.1 before it exceeds this",
	  "file", NULL, BYTES, .offset = AT(sink.size), 16 * K, K * K * G },
	{ "keep", "N", "how many renamed files stay, up to PATH.N",
	  "file", NULL, NUMBER, .offset = AT(sink.keep), 1, SINK_KEEP_MAX },
	{ "total", "BYTES", "what all files of this PATH, of all VMs, may take on disk",
	  "file", NULL, BYTES, .offset = AT(sink.total), 16 * K, K * K * G },
	{ "max-age", "TIME", "how long a file stays that is not written to any more: 12h, 30d",
	  "file", NULL, DURATION, .offset = AT(sink.max_age), HOUR_S, 36500 * DAY_S,
	  .unit_s = DAY_S },
	{ "subject", "WORD[.WORD]…", "what subjects begin with, before host, VM and port",
	  "nats", NULL, SUBJECT, .offset = AT(server.subject) },
	{ "creds", "PATH", "a file that tells the server who this is",
	  "nats", NULL, TEXT, .offset = AT(server.creds) },
	{ "tls", "PATH", "certificates of those who may sign the server's",
	  "nats", NULL, TEXT, .offset = AT(server.tls) },
	{ "spool", "BYTES", "what may wait on disk for a server that is away",
	  "nats", NULL, BYTES, .offset = AT(sink.spool), SPOOL_MIN, K * K * G },
};

#define KEYS	ARRAY_SIZE(table)
static_assert(KEYS <= 64, "struct settings' given has a bit for each key");

static void *member(const struct settings *set, const struct setting *key)
{
	return (char *)set + key->offset;
}

static unsigned int *choice_of(const struct settings *set, const struct setting *key)
{
	return member(set, key);
}

static char **text_of(const struct settings *set, const struct setting *key)
{
	return member(set, key);
}

static __u64 *number_of(const struct settings *set, const struct setting *key)
{
	return member(set, key);
}

static bool is_text(const struct setting *key)
{
	return key->type == TEXT || key->type == NAME || key->type == PATTERNS ||
	       key->type == USERS || key->type == SUBJECT;
}

static bool is_account(const struct setting *key)
{
	return key->type == USER || key->type == GROUP;
}

static int parse_choice(struct settings *set, const struct setting *key, const char *value,
			char *why, size_t size)
{
	int i = choice_parse(key->key, key->takes, value, why, size);

	if (i < 0)
		return -1;
	*choice_of(set, key) = i;
	return 0;
}

static int parse_text(struct settings *set, const struct setting *key, const char *value,
		      char *why, size_t size)
{
	char reason[512] = "no memory";

	if (!*value) {
		snprintf(why, size, "%s= is empty; it takes %s", key->key, key->takes);
		return -1;
	}
	if (!list_can_have(value)) {
		snprintf(why, size,
			 "%s=%s: quotes, line ends and single brackets cannot stand in it",
			 key->key, value);
		return -1;
	}
	if (key->type == NAME && (!vmname_is_plain(value) || strlen(value) > NAME_MAX_LEN)) {
		snprintf(why, size,
			 "%s=%s: up to %d of A-Z a-z 0-9 . _ - and no dot or dash in front",
			 key->key, value, NAME_MAX_LEN);
		return -1;
	}
	if (key->type == SUBJECT && !nats_subject_is_prefix(value)) {
		snprintf(why, size, "%s=%s: up to %d of A-Z a-z 0-9 _ - in words with dots between",
			 key->key, value, NATS_SUBJECT_MAX_LEN);
		return -1;
	}
	if (key->type == PATTERNS && condition_check_names(value, reason, sizeof(reason)))
		goto bad;
	*text_of(set, key) = key->type == USERS ?
		condition_read_users(value, reason, sizeof(reason)) : strdup(value);
	if (*text_of(set, key))
		return 0;
bad:
	snprintf(why, size, "%s=%s: %s", key->key, value, reason);
	return -1;
}

/* As a number where it always could be, so that the text of a route stays what it was. */
static void print_duration(char *dst, size_t size, const struct setting *key, __u64 s)
{
	char text[DURATION_SIZE];

	if (s % key->unit_s)
		snprintf(dst, size, "%s", duration_whole(text, s));
	else
		snprintf(dst, size, "%llu", s / key->unit_s);
}

static void print_number(char *dst, size_t size, const struct setting *key, __u64 n)
{
	static const char *const units[] = { "", "K", "M", "G", "T" };
	unsigned int power = 0;

	if (key->type == OCTAL) {
		snprintf(dst, size, "%04llo", n);
		return;
	}
	if (key->type == DURATION) {
		print_duration(dst, size, key, n);
		return;
	}
	if (key->none && n == key->none)
		n = 0;
	if (is_account(key))
		n--;
	if (key->type != NUMBER && !is_account(key)) {
		for (; n && !(n % K) && power < 4; power++)
			n /= K;
	}
	snprintf(dst, size, "%llu%s%s", n, units[power], key->type == RATE ? "/s" : "");
}

static int parse_account(struct settings *set, const struct setting *key, const char *value,
			 char *why, size_t size)
{
	char reason[512];
	__u32 id = 0;

	if (key->type == USER ? account_user(value, &id, reason, sizeof(reason)) :
				account_group(value, &id, reason, sizeof(reason))) {
		snprintf(why, size, "%s=%s: %s", key->key, value, reason);
		return -1;
	}
	*number_of(set, key) = id + 1ULL;
	return 0;
}

static __u64 power_of_two(__u64 n)
{
	__u64 p = 1;

	while (p < n)
		p *= 2;
	return p;
}

static int parse_duration(struct settings *set, const struct setting *key, const char *value,
			  char *why, size_t size)
{
	char min[DURATION_SIZE], max[DURATION_SIZE];
	__u64 s;

	if (duration_parse_seconds(value, key->unit_s, &s) || s < key->min || s > key->max) {
		snprintf(why, size, "%s=%s: it takes " DURATION_TAKES ", from %s to %s; %s",
			 key->key, value, duration_whole(min, key->min),
			 duration_whole(max, key->max),
			 key->unit_s == 1 ? "a number alone is seconds" : "a number alone is days");
		return -1;
	}
	*number_of(set, key) = s;
	return 0;
}

static int read_number(const struct setting *key, enum number_kind kind, const char *value,
		       __u64 *n)
{
	const char *unit = key->type == RATE ? number_scan(value, kind, n) : NULL;

	if (unit && !strcmp(unit, "/s"))
		return *n < key->min || *n > key->max ? -1 : 0;
	return number_parse(value, kind, key->min, key->max, n);
}

static int parse_number(struct settings *set, const struct setting *key, const char *value,
			char *why, size_t size)
{
	bool units = key->type == BYTES || key->type == BYTES_2 || key->type == RATE;
	enum number_kind kind = key->type == OCTAL ? NUMBER_OCTAL :
				units ? NUMBER_BYTES : NUMBER_DECIMAL;
	char min[32], max[32];
	__u64 n;

	if (key->none && !number_parse(value, kind, 0, 0, &n)) {
		*number_of(set, key) = key->none;
		return 0;
	}
	if (read_number(key, kind, value, &n)) {
		print_number(min, sizeof(min), key, key->min);
		print_number(max, sizeof(max), key, key->max);
		snprintf(why, size, "%s=%s: it takes %s from %s to %s%s%s", key->key, value,
			 key->takes, min, max, units ? ", with K, M, G or T" : "",
			 key->none ? ", or 0" : "");
		return -1;
	}
	*number_of(set, key) = key->type == BYTES_2 ? power_of_two(n) : n;
	return 0;
}

int settings_parse(struct settings *set, const char *name, const char *value,
		   char *why, size_t size)
{
	const struct setting *key = table;

	while (key < table + KEYS && strcmp(key->key, name))
		key++;
	if (key == table + KEYS) {
		size_t len = snprintf(why, size, "%s= is not known; known are format", name);

		for (size_t i = 0; i < KEYS && len < size; i++)
			len += snprintf(why + len, size - len, ", %s", table[i].key);
		return -1;
	}
	if (set->given & 1ULL << (key - table)) {
		snprintf(why, size, "%s= is said twice", name);
		return -1;
	}
	set->given |= 1ULL << (key - table);
	if (key->type == CHOICE)
		return parse_choice(set, key, value, why, size);
	if (is_text(key))
		return parse_text(set, key, value, why, size);
	if (is_account(key))
		return parse_account(set, key, value, why, size);
	if (key->type == DURATION)
		return parse_duration(set, key, value, why, size);
	return parse_number(set, key, value, why, size);
}

int settings_check(const struct settings *set, const char *mode, const char *format,
		   bool codes, char *why, size_t size)
{
	for (size_t i = 0; i < KEYS; i++) {
		const struct setting *key = &table[i];

		if (!(set->given & 1ULL << i))
			continue;
		if (key->modes && choice_find(key->modes, ' ', mode) < 0) {
			snprintf(why, size, "%s= is not for mode %s, but for: %s", key->key,
				 mode, key->modes);
			return -1;
		}
		if (key->formats && choice_find(key->formats, ' ', format) < 0) {
			snprintf(why, size, "%s= is not for format %s, but for: %s", key->key,
				 format, key->formats);
			return -1;
		}
		if (key->codes && !codes) {
			snprintf(why, size,
				 "%s= is for POST codes, and none come here: port 0x80, or data=codes",
				 key->key);
			return -1;
		}
	}
	if (set->sink.keep && !set->sink.size && !set->sink.total) {
		snprintf(why, size, "keep= needs to be told when to rename: by size= or total=");
		return -1;
	}
	if (set->burst && !set->rate) {
		snprintf(why, size, "burst= is what may come before rate= cuts: say rate=, too");
		return -1;
	}
	return 0;
}

__u64 settings_burst(const struct settings *set)
{
	__u64 burst = set->burst ?: BURST_S * set->rate;

	return burst < RATE_BURST_MAX ? burst : RATE_BURST_MAX;
}

void settings_print(char *dst, size_t size, const struct settings *set)
{
	for (size_t i = 0; i < KEYS; i++) {
		const struct setting *key = &table[i];
		char before[32], number[32], word[CHOICE_SIZE];
		const char *value = NULL;

		if (key->type == CHOICE) {
			if (*choice_of(set, key))
				value = choice_word(word, key->takes, '|', *choice_of(set, key));
		} else if (is_text(key)) {
			value = *text_of(set, key);
		} else if (*number_of(set, key)) {
			print_number(number, sizeof(number), key, *number_of(set, key));
			value = number;
		}
		if (!value)
			continue;
		snprintf(before, sizeof(before), ",%s=", key->key);
		list_print(dst, size, before, value);
	}
}

void settings_help(FILE *to)
{
	for (size_t i = 0; i < KEYS; i++) {
		const struct setting *key = &table[i];
		const char *who = key->modes ?: key->formats;
		char head[64], text[256];

		snprintf(head, sizeof(head), "%s=%s", key->key, key->takes);
		snprintf(text, sizeof(text), "%s%s%s%s", key->help, who ? " (" : "",
			 who ?: "", who ? ")" : "");
		help_entry(to, head, 21, text);
	}
}

const char *settings_key(size_t i)
{
	return i < KEYS ? table[i].key : NULL;
}

void settings_free(struct settings *set)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (!is_text(&table[i]))
			continue;
		free(*text_of(set, &table[i]));
		*text_of(set, &table[i]) = NULL;
	}
}
