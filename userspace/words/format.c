// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "words/format.h"

const struct format_ops *const formats[] = {
	&format_raw,
	&format_unsafe_raw,
	&format_text,
	&format_json,
	&format_post,
	&format_cloud_hypervisor,
	NULL,
};

const struct format_ops *format_find(const char *name, char *why, size_t size)
{
	size_t len;

	for (int i = 0; formats[i]; i++) {
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	}
	len = snprintf(why, size, "format=%s is not known; known are", name);
	for (int i = 0; formats[i] && len < size; i++)
		len += snprintf(why + len, size - len, "%s %s", i ? "," : "", formats[i]->name);
	return NULL;
}
