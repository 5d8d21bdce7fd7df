// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/memlog/confidential.h"
#include "lib/array.h"
#include "lib/cmdline.h"

/**
 * struct sign - what shows it
 * @text: a word of the command line, or what a file descriptor is
 * @kind: what that means
 */
struct sign {
	const char *text;
	const char *kind;
};

static const struct sign words[] = {
	{ "sev-snp-guest", "SEV-SNP" },		/* QEMU's -object */
	{ "sev-guest", "SEV" },
	{ "tdx-guest", "TDX" },
	{ "sev_snp=on", "SEV-SNP" },		/* cloud-hypervisor's --platform */
	{ "tdx=on", "TDX" },
};

static const struct sign files[] = {
	{ "/dev/sev", "SEV" },
	{ "anon_inode:[kvm-gmem]", "guest_memfd" },
};

/* Options are lists with commas, or JSON. */
static bool has_word(const char *arg, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = strstr(arg, word); p; p = strstr(p + 1, word)) {
		bool begins = p == arg || strchr(",=\"", p[-1]);

		if (begins && strchr(",\"", p[len]))
			return true;
	}
	return false;
}

static const char *by_command_line(pid_t pid)
{
	static char args[CMDLINE_SIZE];
	size_t len = cmdline_read(args, sizeof(args), pid);

	for (const char *arg = args; arg < args + len; arg += strlen(arg) + 1) {
		for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
			if (has_word(arg, words[i].text))
				return words[i].kind;
		}
	}
	return NULL;
}

static const char *kind_of_file(int dir, const char *name)
{
	char target[64];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);

	target[n < 0 ? 0 : n] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!strcmp(target, files[i].text))
			return files[i].kind;
	}
	return NULL;
}

static const char *by_files(pid_t pid)
{
	const char *kind = NULL;
	struct dirent *entry;
	char path[32];
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	fds = opendir(path);
	while (fds && !kind && (entry = readdir(fds)))
		kind = kind_of_file(dirfd(fds), entry->d_name);
	if (fds)
		closedir(fds);
	return kind;
}

const char *confidential_kind(pid_t pid)
{
	return by_command_line(pid) ?: by_files(pid);
}
