/* SPDX-License-Identifier: GPL-2.0 */
/* How entries are put into words, as far as a user can choose. */
#ifndef WORDS_STYLE_H
#define WORDS_STYLE_H

#include <stdbool.h>
#include <stddef.h>

/* TIME_ is the C library's. */
enum time_style {
	STAMP_NONE,
	STAMP_VM,		/* seconds since the VM's zero */
	STAMP_DELTA,		/* seconds since the line before on this output */
	STAMP_24H,		/* local time of day, microseconds */
	STAMP_ISO8601,		/* local time with its offset, microseconds */
	STAMP_EPOCH,		/* seconds since 1970, UTC */
	STAMP_MONOTONIC,		/* CLOCK_MONOTONIC, as in the host's dmesg */
};

enum label_style {
	LABEL_AUTO,		/* on a shared sink; a terminal: once there is more than one VM */
	LABEL_YES,
	LABEL_NO,
};

enum json_unit {
	JSON_LINE,		/* an object for each line; for each code on the POST port */
	JSON_WRITE,		/* an object for each write */
};

enum storm_policy {
	STORM_COUNT,		/* what Linux's io_delay writes is counted, not shown */
	STORM_SHOW,
};

enum colour_style {
	COLOURS_DROP,
	COLOURS_SHOW,		/* what would set them, as other bytes that a terminal obeys */
};

enum seconds_style {
	SECONDS_RIGHT,
	SECONDS_ORIGINAL,	/* as cloud-hypervisor prints them: wrong above a second */
};

/**
 * struct style - what a format goes by; 0: its default
 * @time: text: the time before each line
 * @label: text, post, cloud-hypervisor: the VM's name before each line
 * @json: json: what an object is made for
 * @storm: what happens to codes that come by the thousand
 * @seconds: post, cloud-hypervisor: how they print them
 * @colours: text: what becomes of those that a guest sets
 */
struct style {
	enum time_style time;
	enum label_style label;
	enum json_unit json;
	enum storm_policy storm;
	enum seconds_style seconds;
	enum colour_style colours;
};

/* The formats that say what codes stand for. */
#define STYLE_FORMATS_OF_CODES	"text json post cloud-hypervisor"

/*
 * The keys that choose a style, as designated initialisers of a row in a table of
 * keys: @takes has the words of the enum in its order, with | between, @formats the
 * formats that go by it, with spaces between.
 */
#define STYLE_KEY_TIME							\
	.key = "time", .formats = "text",				\
	.takes = "none|vm|delta|24h|iso8601|epoch|monotonic",		\
	.help = "a time before each line: since the VM's zero, since the line before, …"
#define STYLE_KEY_LABEL							\
	.key = "label", .formats = "text post cloud-hypervisor", .takes = "auto|yes|no", \
	.help = "the VM's name before each line; auto: on sinks that VMs share"
#define STYLE_KEY_JSON							\
	.key = "json", .formats = "json", .takes = "line|write",	\
	.help = "an object for each line, or for each write"
#define STYLE_KEY_STORM							\
	.key = "storm", .formats = STYLE_FORMATS_OF_CODES " journal", .codes = true, \
	.takes = "count|show", .help = "what Linux's io_delay writes to port 0x80"
#define STYLE_KEY_SECONDS						\
	.key = "seconds", .formats = "post cloud-hypervisor", .codes = true,	\
	.takes = "right|original",					\
	.help = "original: as cloud-hypervisor prints them, wrong above 1"
#define STYLE_KEY_COLOURS						\
	.key = "colours", .formats = "text", .takes = "drop|show",	\
	.help = "the sequences by which guests set colours"

/**
 * struct style_key - one of them
 * @key, @takes, @help, @formats: as above
 * @codes: it is about POST codes
 * @offset: of its member in struct style
 */
struct style_key {
	const char *key;
	const char *takes;
	const char *help;
	const char *formats;
	bool codes;
	size_t offset;
};

/* All of them, ending with one whose @key is NULL. */
extern const struct style_key style_keys[];

/* The one of that name; NULL: none. */
const struct style_key *style_key_find(const char *name);

/**
 * style_set() - choose
 * @style: where
 * @key: what
 * @value: one of @key->takes
 * @why: on failure, one line for the user, beginning with the key
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int style_set(struct style *style, const struct style_key *key, const char *value,
	      char *why, size_t size);

#endif /* WORDS_STYLE_H */
