// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/boot/firmware_log.h"
#include "dbgportctl/boot/undated.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/memlog/memlog.h"
#include "dbgportctl/memlog/text.h"

/* Where the first whole line begins: a ring cuts its oldest one. */
static size_t first_line(const struct text *t)
{
	const char *end = t->header.truncated ? memchr(t->bytes, '\n', t->n) : NULL;

	return end ? end + 1 - t->bytes : 0;
}

static void read_log(struct boot *boot)
{
	struct text text;
	size_t from;

	if (!boot->running) {
		fail_warn("%s: it has ended, and its memory with it", boot->vm);
		return;
	}
	if (boot->pid <= 0) {
		fail_warn("%s: its process, whose memory has the log, is not seen from here",
			  boot->vm);
		return;
	}
	if (memlog_read(&text, boot->pid, boot->vm))
		return;
	from = first_line(&text);
	boot_add_undated(boot, text.bytes + from, text.n - from);
	text_free(&text);
}

void boots_read_firmware_logs(const struct boots *boots)
{
	bool any = false;

	for (size_t i = 0; i < boots->count; i++) {
		if (!boots->boot[i]->latest)
			continue;
		read_log(boots->boot[i]);
		any = true;
	}
	if (!any && boots->count)
		fail_warn("--memlog: a log is that of its VM's last boot, which is not drawn");
}
