// SPDX-License-Identifier: GPL-2.0
/* A table of the user's. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/codes.h"
#include "lib/codes_table.h"

/* Far above any real table. */
#define FILE_MAX	(1 << 20)

/* Editors of other systems begin a file with U+FEFF, which says nothing in UTF-8. */
static void drop_bom(char *text)
{
	static const char bom[] = "\xef\xbb\xbf";
	const size_t len = sizeof(bom) - 1;

	if (!strncmp(text, bom, len))
		memmove(text, text + len, strlen(text + len) + 1);
}

static char *read_all(int fd, const char *path, char *why, size_t size)
{
	struct stat st;
	size_t len = 0;
	char *text;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		snprintf(why, size, "%s: is no regular file", path);
		return NULL;
	}
	if (st.st_size > FILE_MAX) {
		snprintf(why, size, "%s: is larger than 1 MiB", path);
		return NULL;
	}
	text = calloc(1, st.st_size + 1);
	if (!text) {
		snprintf(why, size, "%s: no memory", path);
		return NULL;
	}
	while (len < (size_t)st.st_size) {
		ssize_t n = read(fd, text + len, st.st_size - len);

		if (n < 0) {
			snprintf(why, size, "%s: %s", path, strerror(errno));
			free(text);
			return NULL;
		}
		if (!n)
			break;
		len += n;
	}
	if (memchr(text, '\0', len)) {
		snprintf(why, size, "%s: has NUL bytes, so it is no text file", path);
		free(text);
		return NULL;
	}
	drop_bom(text);
	return text;
}

static int open_table(const char *path)
{
	/* Not to wait until the other end is opened, if it is a FIFO. */
	const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int dir = strchr(path, '/') ? -1 : open(CODES_DIR, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;

	if (dir >= 0) {
		fd = openat(dir, path, flags);
		close(dir);
	}
	return fd >= 0 ? fd : open(path, flags);
}

char *codes_read(const char *path, char *why, size_t size)
{
	int fd = open_table(path);
	char *text;

	if (fd < 0 && errno == ENOENT && !strchr(path, '/')) {
		snprintf(why, size,
			 "%s: there is no such table or file; there are cloud-hypervisor, ami, coreboot, edk2 and u-boot",
			 path);
		return NULL;
	}
	if (fd < 0) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	text = read_all(fd, path, why, size);
	close(fd);
	return text;
}
