// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boot/json.h"
#include "dbgportctl/boot/published.h"
#include "dbgportctl/fleet/messages.h"

static int read_messages(struct json_reader *r, struct fleet_messages *m, char *why)
{
	struct fleet_message msg;
	bool some = false;
	int n;

	while ((n = fleet_next(m, &msg, why)) > 0) {
		some = true;
		r->host = msg.host;
		r->number = msg.number;
		json_reader_take(r, msg.text, msg.len);
	}
	json_reader_report(r, jetstream_name());
	if (n < 0 || some)
		return n;
	fleet_explain_none(m, why);
	return -1;
}

int boots_read_published(struct boots *boots, const struct fleet *fleet, const char *vm,
			 const struct codes *codes, char *why, size_t size)
{
	struct json_reader r = { .boots = boots, .codes = codes };
	char *const names[] = { (char *)vm, NULL };
	char reason[JETSTREAM_WHY];
	struct fleet_messages m;
	int err = fleet_open(&m, fleet, names, reason) ?: fleet_begin_since(&m, reason) ?:
		  read_messages(&r, &m, reason);

	jetstream_close();
	if (err)
		snprintf(why, size, "%s", reason);
	return err;
}
