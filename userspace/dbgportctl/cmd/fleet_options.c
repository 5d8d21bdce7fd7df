// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cmd/fleet_options.h"
#include "lib/clock.h"
#include "lib/duration.h"

static struct fleet fleet;
/* --since or --before of the table. */
static bool timed;

static int parse_url(const char *value, char *why, size_t size)
{
	const char *wrong = nats_url_check(value);

	fleet.address.url = value;
	if (!wrong)
		return 0;
	/* There may be a password in it. */
	snprintf(why, size, "--nats: %s", wrong);
	return -1;
}

static int parse_subject(const char *value, char *why, size_t size)
{
	fleet.address.subject = value;
	if (nats_subject_is_prefix(value))
		return 0;
	snprintf(why, size,
		 "--subject %s: up to %d of A-Z a-z 0-9 _ - in words with dots between",
		 value, NATS_SUBJECT_MAX_LEN);
	return -1;
}

/* A length of time becomes the time before now. */
static int parse_ago(const char *option, const char *value, __u64 *when_ns, char *why,
		     size_t size)
{
	__u64 now_ns = clock_ns(CLOCK_REALTIME);
	__s64 ns;

	if (!duration_parse(value, NULL, &ns) && ns > 0 && (__u64)ns < now_ns) {
		*when_ns = now_ns - ns;
		return 0;
	}
	snprintf(why, size, "%s %s: it takes " DURATION_TAKES ", as in 2h", option, value);
	return -1;
}

int fleet_parse_since(const char *value, char *why, size_t size)
{
	return parse_ago("--since", value, &fleet.since_ns, why, size);
}

static int parse_since(const char *value, char *why, size_t size)
{
	timed = true;
	return fleet_parse_since(value, why, size);
}

static int parse_before(const char *value, char *why, size_t size)
{
	timed = true;
	return parse_ago("--before", value, &fleet.before_ns, why, size);
}

const struct option fleet_option_table[] = {
	{ "--nats", .takes = "URL", .parse = parse_url,
	  .help = "what many hosts published, as in nats://HOST:4222, instead of this host" },
	{ "--host", .takes = "PATTERN", .value = &fleet.host,
	  .help = "with --nats: only hosts whose name matches" },
	{ "--creds", .takes = "PATH", .value = &fleet.address.creds,
	  .help = "with --nats: credentials that tell the server who this is" },
	{ "--tls", .takes = "PATH", .value = &fleet.address.tls,
	  .help = "with --nats: certificates of those who may sign the server's" },
	{ "--subject", .takes = "WORD[.WORD]…", .parse = parse_subject,
	  .help = "with --nats: what subjects begin with [" NATS_SUBJECT "]" },
	{ "--stream", .takes = "NAME", .value = &fleet.stream,
	  .help = "with --nats: the stream [the one that takes these subjects]" },
	{ 0 }
};

const struct option fleet_time_table[] = {
	{ "--since", .takes = "TIME", .parse = parse_since,
	  .help = "with --nats: what was published in the last TIME, as in 10min, 2h, 1d" },
	{ "--before", .takes = "TIME", .parse = parse_before,
	  .help = "with --nats: what was published before that, so long ago" },
	{ 0 }
};

/* What makes no sense without --nats, as far as it was said; NULL: nothing. */
static const char *said_of_fleet(void)
{
	const struct nats_address *address = &fleet.address;

	if (fleet.host)
		return "host";
	if (fleet.stream)
		return "stream";
	if (address->creds || address->tls)
		return address->creds ? "creds" : "tls";
	if (address->subject)
		return "subject";
	return timed ? fleet.since_ns ? "since" : "before" : NULL;
}

int fleet_options_check(const char *command, const struct fleet **to)
{
	struct nats_address *address = &fleet.address;
	char why[512];

	*to = NULL;
	if (!address->url) {
		const char *said = said_of_fleet();

		return said ? fail_usage("%s: --%s needs --nats", command, said) : STATUS_OK;
	}
	if (fleet.before_ns && fleet.before_ns <= fleet.since_ns)
		return fail_usage("%s: --before is longer ago than --since", command);
	if (nats_files_check(address->creds, address->tls, "--", why, sizeof(why)))
		return fail_usage("%s: %s", command, why);
	address->subject = address->subject ?: NATS_SUBJECT;
	address->creds = address->creds ?: "";
	address->tls = address->tls ?: "";
	*to = &fleet;
	return STATUS_OK;
}
