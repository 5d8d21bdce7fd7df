// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportd/sink/kinds.h"

const struct sink_ops *const sink_kinds[] = {
	&sink_pty,
	&sink_tty,
	&sink_null,
	&sink_stdout,
	&sink_log,
	&sink_file,
	&sink_unix,
	&sink_unix_dgram,
	&sink_journal,
	&sink_nats,
	NULL,
};

void sink_list_kinds(char *dst, size_t size, bool codes)
{
	size_t len = 0;

	*dst = '\0';
	for (int i = 0; sink_kinds[i] && len < size; i++) {
		const struct sink_ops *kind = sink_kinds[i];

		if (codes || !kind->codes_only)
			len += snprintf(dst + len, size - len, "%s%s%s%s", len ? ", " : "",
					kind->name, kind->arg ? "=" : "", kind->arg ?: "");
	}
}

const struct sink_ops *sink_kind(const char *name, size_t len)
{
	for (int i = 0; sink_kinds[i]; i++) {
		const char *known = sink_kinds[i]->name;

		if (strlen(known) == len && !memcmp(known, name, len))
			return sink_kinds[i];
	}
	return NULL;
}
