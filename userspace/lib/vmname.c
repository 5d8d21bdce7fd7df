// SPDX-License-Identifier: GPL-2.0
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/utf8.h"
#include "lib/vmname.h"

/* Longest that one character becomes: four bytes that are not seen, each as %XX. */
#define ESCAPED_MAX	12

/* What stands for the rest of a name that is too long. */
#define REST_SIZE	sizeof("~01234567")

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static bool is_begin(char c)
{
	return c != '.' && c != '-';
}

/*
 * Whether nothing is seen of the valid sequence at @s, of 2 bytes or more: blanks,
 * fillers, and what joins or parts the characters around it.
 */
static bool is_blank(const char *s, size_t len)
{
	/* U+00A0, 00AD, 034F, 115F, 1160, 1680, 180E, 202F, 205F, 3000, 3164, FEFF, FFA0 */
	static const char *const blanks[] = {
		"\302\240", "\302\255", "\315\217", "\341\205\237", "\341\205\240",
		"\341\232\200", "\341\240\216", "\342\200\257", "\342\201\237",
		"\343\200\200", "\343\205\244", "\357\273\277", "\357\276\240", NULL
	};

	/* U+2000 to U+200D, U+2060 to U+2064 */
	if (len == 3 && !memcmp(s, "\xe2\x80", 2) && (unsigned char)s[2] <= 0x8d)
		return true;
	if (len == 3 && !memcmp(s, "\xe2\x81", 2) && (unsigned char)s[2] >= 0xa0 &&
	    (unsigned char)s[2] <= 0xa4)
		return true;
	/* The tags and selectors of plane 14. */
	if (len == 4 && !memcmp(s, "\xf3\xa0", 2))
		return true;
	for (int i = 0; blanks[i]; i++) {
		if (strlen(blanks[i]) == len && !memcmp(s, blanks[i], len))
			return true;
	}
	return false;
}

/* Length of the character at @s if a name may have it as it is, else 0. */
static size_t kept(const char *s)
{
	size_t len;

	if (is_plain(*s))
		return 1;
	if (!(*s & 0x80))
		return 0;
	len = utf8_char(s, strlen(s));
	return len && !utf8_is_control(s) && !is_blank(s, len) ? len : 0;
}

bool vmname_is_plain(const char *name)
{
	const char *c = name;

	while (is_plain(*c))
		c++;
	return !*c && is_begin(*name);
}

bool vmname_is_safe(const char *name)
{
	const char *c = name;

	while (*c) {
		size_t len = strchr("+%~", *c) ? 1 : kept(c);

		if (!len)
			return false;
		c += len;
	}
	return is_begin(*name);
}

/* One character of *@src, which is moved behind it; returns how many bytes @dst got. */
static size_t put_escaped(char dst[ESCAPED_MAX], const char **src, bool first)
{
	const char *s = *src;
	size_t len = kept(s), n = 0;

	if (len && (!first || is_begin(*s))) {
		memcpy(dst, s, len);
		*src += len;
		return len;
	}
	if (*s == ' ') {
		*dst = '+';
		++*src;
		return 1;
	}
	len = utf8_char(s, strlen(s)) ?: 1;
	for (size_t i = 0; i < len; i++)
		n += sprintf(dst + n, "%%%02X", (unsigned char)s[i]);
	*src += len;
	return n;
}

/* Of what is too long only as much that its hash has room. */
static void put_name(char name[VMNAME_OWN_SIZE], const char *told)
{
	char escaped[ESCAPED_MAX + 1];
	const char *src = told;
	size_t len = 0, cut = 0;

	while (*src) {
		size_t n = put_escaped(escaped, &src, !len);

		if (len + n >= VMNAME_OWN_SIZE) {
			snprintf(name + cut, REST_SIZE, "~%08x",
				 (unsigned int)hash(told, strlen(told)));
			return;
		}
		memcpy(name + len, escaped, n);
		len += n;
		if (len + REST_SIZE <= VMNAME_OWN_SIZE)
			cut = len;
	}
	name[len] = '\0';
}

/* command-pid, command-vmID, or only what is behind the dash. */
static void name_after_vmm(char name[VMNAME_OWN_SIZE], const struct dbgport_vm_info *info,
			   __u32 id)
{
	char comm[sizeof(info->comm) + 1] = "", told[64];
	const char *dash;

	if (info)
		snprintf(comm, sizeof(comm), "%.*s", (int)sizeof(info->comm) - 1, info->comm);
	dash = *comm ? "-" : "";
	if (info && info->pid > 0)
		snprintf(told, sizeof(told), "%s%s%d", comm, dash, info->pid);
	else
		snprintf(told, sizeof(told), "%s%svm%u", comm, dash, id);
	put_name(name, told);
}

/* One of us has told it, or else another program that sees the VM. */
static void put_kept(char name[VMNAME_OWN_SIZE], const char *kept)
{
	if (strlen(kept) < VMNAME_OWN_SIZE && vmname_is_safe(kept))
		memcpy(name, kept, strlen(kept) + 1);
	else
		put_name(name, kept);
}

void vmname_make(char name[VMNAME_OWN_SIZE], const char *vmm_name,
		 const struct dbgport_vm_info *info, __u32 id)
{
	if (info && *info->name)
		put_kept(name, info->name);
	else if (vmm_name && *vmm_name)
		put_name(name, vmm_name);
	else
		name_after_vmm(name, info, id);
}

void vmname_number(char name[VMNAME_SIZE], const char *own, bool (*taken)(const char *name))
{
	size_t len = strnlen(own, VMNAME_OWN_SIZE - 1);

	memcpy(name, own, len);
	name[len] = '\0';
	for (unsigned int n = 2; taken(name); n++)
		snprintf(name + len, VMNAME_SIZE - len, ".%u", n);
}

bool vmname_means(const char *name, const char *word)
{
	char made[VMNAME_OWN_SIZE];

	if (!strcmp(name, word))
		return true;
	put_name(made, word);
	return *word && !strcmp(name, made);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What put_name() was told, but for the end of what was too long. */
static void read_back(char told[VMNAME_SIZE], const char *name)
{
	char *d = told, *end = told + VMNAME_SIZE - 1;

	for (; *name && d < end; name++) {
		if (*name == '+') {
			*d++ = ' ';
		} else if (*name == '%' && digit(name[1]) >= 0 && digit(name[2]) >= 0) {
			*d++ = digit(name[1]) << 4 | digit(name[2]);
			name += 2;
		} else {
			*d++ = *name;
		}
	}
	*d = '\0';
}

bool vmname_matches(const char *name, const char *pattern)
{
	char told[VMNAME_SIZE];

	if (!fnmatch(pattern, name, 0))
		return true;
	read_back(told, name);
	return !fnmatch(pattern, told, 0);
}
