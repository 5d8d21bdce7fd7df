// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/follow/form.h"
#include "lib/array.h"
#include "lib/choice.h"
#include "lib/codes.h"
#include "lib/list.h"
#include "lib/log.h"
#include "lib/port.h"
#include "words/format.h"

#define DEFAULT_OUTPUT	"text,time=vm"

/* Parts of --output: the format, and each key once. */
#define PARTS		16

/* KEY=VALUE. */
struct part {
	const char *key;
	const char *value;
};

int form_add_port(struct form *form, const char *value, char *why, size_t size)
{
	__u32 port;

	if (form->ports == DBGPORT_MAX_PORTS) {
		snprintf(why, size, "--port %s: no VM has more than %d", value,
			 DBGPORT_MAX_PORTS);
		return -1;
	}
	if (port_parse(&port, value, why, size))
		return -1;
	if (port == PORT_ANY)
		form->any = true;
	else
		form->port[form->ports++] = port;
	return 0;
}

static bool has_all_ports(const struct form *form)
{
	return form->any || !form->ports;
}

bool form_has_port(const struct form *form, __u16 port)
{
	for (size_t i = 0; i < form->ports; i++) {
		if (form->port[i] == port)
			return true;
	}
	return has_all_ports(form);
}

bool form_takes_codes(const struct form *form, __u16 port)
{
	return form->data == FORM_CODES || (form->data == FORM_AUTO && port == DBGPORT_POST_PORT);
}

/* Whether POST codes, or else bytes, can come. */
static bool can_have(const struct form *form, bool codes)
{
	for (size_t i = 0; i < form->ports; i++) {
		if (form_takes_codes(form, form->port[i]) == codes)
			return true;
	}
	return has_all_ports(form) && form->data != (codes ? FORM_BYTES : FORM_CODES);
}

static int set_format(struct form *form, const char *name, char *why, size_t size)
{
	form->format = format_find(name, why, size);
	return form->format ? 0 : -1;
}

static int set_data(struct form *form, const char *value, char *why, size_t size)
{
	int i = choice_parse("data", "auto|bytes|codes", value, why, size);

	if (i < 0)
		return -1;
	form->data = i;
	return 0;
}

static int set_vm(struct form *form, const char *value, char *why, size_t size)
{
	if (!*value) {
		snprintf(why, size, "vm= is empty; it takes GLOB");
		return -1;
	}
	form->vm = must(strdup(value));
	return 0;
}

static int set_table(struct form *form, const char *value, char *why, size_t size)
{
	form->codes = codes_load(value, why, size);
	return form->codes ? 0 : -1;
}

/**
 * struct own_key - a key that is no style
 * @key, @formats, @codes: as of struct style_key; @formats NULL: all
 * @set: takes its value; 0, or -1 and one line in @why
 */
static const struct own_key {
	const char *key;
	const char *formats;
	bool codes;
	int (*set)(struct form *form, const char *value, char *why, size_t size);
} own_keys[] = {
	{ "format", NULL, false, set_format },
	{ "vm", NULL, false, set_vm },
	{ "data", NULL, false, set_data },
	{ "table", STYLE_FORMATS_OF_CODES, true, set_table },
};

static const struct own_key *find_own_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(own_keys); i++) {
		if (!strcmp(own_keys[i].key, name))
			return &own_keys[i];
	}
	return NULL;
}

static int refuse_key(const char *name, char *why, size_t size)
{
	size_t len = snprintf(why, size, "%s= is not known; known are", name);

	for (size_t i = 0; i < ARRAY_SIZE(own_keys) && len < size; i++)
		len += snprintf(why + len, size - len, "%s %s", i ? "," : "", own_keys[i].key);
	for (const struct style_key *k = style_keys; k->key && len < size; k++)
		len += snprintf(why + len, size - len, ", %s", k->key);
	return -1;
}

static int set_part(struct form *form, const struct part *part, char *why, size_t size)
{
	const struct own_key *own = find_own_key(part->key);
	const struct style_key *style = style_key_find(part->key);

	if (own)
		return own->set(form, part->value, why, size);
	if (style)
		return style_set(&form->style, style, part->value, why, size);
	return refuse_key(part->key, why, size);
}

/* Whether what is shown goes by it at all. */
static int check_part(const struct form *form, const struct part *part, char *why, size_t size)
{
	const struct own_key *own = find_own_key(part->key);
	const struct style_key *style = style_key_find(part->key);
	const char *known = own ? own->formats : style->formats;

	if (known && choice_find(known, ' ', form->format->name) < 0) {
		snprintf(why, size, "%s= is not for format %s, but for: %s", part->key,
			 form->format->name, known);
		return -1;
	}
	if ((own ? own->codes : style->codes) && !can_have(form, true)) {
		snprintf(why, size,
			 "%s= is for POST codes, and none come here: port 0x80, or data=codes",
			 part->key);
		return -1;
	}
	return 0;
}

/* The parts of @list, which is changed; -1: there is no telling. */
static int split(struct part part[PARTS], char *list, char *why, size_t size)
{
	int count = 0;

	while (list) {
		char *text = list_next(&list), *value;

		if (!text || count == PARTS) {
			snprintf(why, size, text ? "these are too many settings" :
				 "quotes or brackets do not match");
			return -1;
		}
		text = list_trim(text);
		value = strchr(text, '=');
		if (value)
			*value++ = '\0';
		part[count].key = value ? text : "format";
		part[count++].value = value ?: text;
	}
	return count;
}

static int set_parts(struct form *form, const struct part *part, int count,
		     char *why, size_t size)
{
	for (int i = 0; i < count; i++) {
		for (int before = 0; before < i; before++) {
			if (!strcmp(part[i].key, part[before].key)) {
				snprintf(why, size, "%s= is said twice", part[i].key);
				return -1;
			}
		}
		if (set_part(form, &part[i], why, size))
			return -1;
	}
	if (!form->format)
		form->format = can_have(form, false) ? &format_text : &format_post;
	for (int i = 0; i < count; i++) {
		if (check_part(form, &part[i], why, size))
			return -1;
	}
	return 0;
}

int form_parse(struct form *form, const char *output, bool several, char *why, size_t size)
{
	char *list = must(strdup(output ?: DEFAULT_OUTPUT));
	struct part part[PARTS];
	int count = split(part, list, why, size);
	int err = count < 0 ? -1 : set_parts(form, part, count, why, size);

	free(list);
	if (!err && !form->codes)
		err = set_table(form, NULL, why, size);
	if (!several && form->style.label == LABEL_AUTO)
		form->style.label = LABEL_NO;
	return err;
}

void form_free(struct form *form)
{
	codes_free(form->codes);
	free(form->vm);
	*form = (struct form){ 0 };
}

int form_check_terminal(const struct form *form, char *why, size_t size)
{
	bool terminal = isatty(STDOUT_FILENO);

	/* "<0>" in front of a line has journald send it to all terminals. */
	if (!form->format->unsafe || (!terminal && !log_is_journal(STDOUT_FILENO)))
		return 0;
	snprintf(why, size,
		 "--output %s: guests' raw bytes can do anything to %s; say text, or unsafe-raw if you trust all of them",
		 form->format->name, terminal ? "a terminal" : "the journal");
	return -1;
}
