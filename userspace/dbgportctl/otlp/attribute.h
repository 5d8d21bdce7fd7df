/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of resources, spans and events, in the JSON that OTLP has for them. */
#ifndef DBGPORTCTL_OTLP_ATTRIBUTE_H
#define DBGPORTCTL_OTLP_ATTRIBUTE_H

#include <jansson.h>
#include <linux/types.h>
#include <stdbool.h>

/* The longest text, in bytes; what is longer is cut. */
#define ATTRIBUTE_TEXT	1024

/* Add one to @list, an array.  @text: UTF-8; NULL or empty: there is no such attribute. */
void attribute_text(json_t *list, const char *key, const char *text);
void attribute_number(json_t *list, const char *key, __u64 number);
void attribute_bool(json_t *list, const char *key, bool value);

#endif /* DBGPORTCTL_OTLP_ATTRIBUTE_H */
