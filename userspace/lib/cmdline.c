// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/cmdline.h"

/**
 * struct naming - one way in which one VMM is told its VM's name
 * @program: how the name of its file begins
 * @option: without its dashes
 * @name: takes the name out of the option's value
 */
struct naming {
	const char *program;
	const char *option;
	void (*name)(char *name, size_t size, const char *value);
};

size_t cmdline_read(char *buf, size_t size, pid_t pid)
{
	size_t len = 0;
	char path[32];
	ssize_t n;
	int fd;

	buf[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	/*
	 * The kernel shows anonymous memory only, and does not wait for a
	 * userfaultfd: the process cannot make us wait.
	 */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while (len < size - 1 && (n = read(fd, buf + len, size - 1 - len)) > 0)
		len += n;
	close(fd);
	if (len == size - 1) {
		while (len && buf[len - 1])
			len--;
	}
	buf[len] = '\0';
	return len;
}

static void copy(char *name, size_t size, const char *value)
{
	snprintf(name, size, "%s", value);
}

/*
 * One value of a list as QEMU writes them: up to a comma, ",," being one that
 * belongs to it.  Return: where the next part begins.
 */
static const char *qemu_value(char *value, size_t size, const char *p)
{
	size_t len = 0;

	while (*p && (*p != ',' || *++p == ',')) {
		if (len < size - 1)
			value[len++] = *p;
		p++;
	}
	value[len] = '\0';
	return p;
}

/* [guest=]NAME[,process=…][,debug-threads=…]; of several the last counts. */
static void qemu_name(char *name, size_t size, const char *value)
{
	const char *p = value;

	while (*p) {
		size_t key = strcspn(p, "=,");
		bool has_key = p[key] == '=';
		bool is_guest = has_key ? key == strlen("guest") && !strncmp(p, "guest", key) :
			p == value;
		char other[1];

		p = qemu_value(is_guest ? name : other, is_guest ? size : sizeof(other),
			       p + (has_key ? key + 1 : 0));
	}
}

static bool is_one_of(const char *word, size_t len, const char *const words[])
{
	while (*words && (strlen(*words) != len || strncmp(*words, word, len)))
		words++;
	return *words;
}

/* Where many VMs' sockets lie, so that the directory's name says nothing. */
static bool is_shared_dir(const char *path, size_t len)
{
	static const char *const shared[] = {
		"/tmp", "/var/tmp", "/run", "/var/run", "/dev/shm", "", ".", "..", NULL
	};
	static const char *const users[] = { "/run/user/", "/var/run/user/", NULL };

	for (int i = 0; users[i]; i++) {
		size_t n = strlen(users[i]);

		if (len > n && !strncmp(path, users[i], n) && !memchr(path + n, '/', len - n))
			return true;
	}
	return is_one_of(path, len, shared);
}

/* The name of the directory that the @len bytes at @path are; false: it is no VM's. */
static bool dir_name(char *name, size_t size, const char *path, size_t len)
{
	const char *slash;

	while (len && path[len - 1] == '/')
		len--;
	if (is_shared_dir(path, len))
		return false;
	slash = memrchr(path, '/', len);
	if (slash) {
		len -= slash + 1 - path;
		path = slash + 1;
	}
	snprintf(name, size, "%.*s", (int)len, path);
	return true;
}

/*
 * /run/ch/web.sock, and libvirt's web-socket; or, where all sockets have one name
 * and each VM a directory, /run/vc/vm/web/clh-api.sock, as Kata's.
 */
static void socket_name(char *name, size_t size, const char *value)
{
	static const char *const ends[] = { ".sock", ".socket", "-socket" };
	static const char *const every[] = {
		"api", "ch", "ch-api", "chv", "clh", "clh-api", "cloud-hypervisor", "control",
		"crosvm", "hypervisor", "sock", "socket", "vm", "vmm", NULL
	};
	const char *slash = strrchr(value, '/');
	const char *base = slash ? slash + 1 : value;
	size_t len = strlen(base);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t n = strlen(ends[i]);

		if (len > n && !strcmp(base + len - n, ends[i])) {
			len -= n;
			break;
		}
	}
	if (is_one_of(base, len, every) && dir_name(name, size, value, base - value))
		return;
	snprintf(name, size, "%.*s", (int)len, base);
}

/* PATH, path=PATH, or fd=N, which has no name. */
static void api_socket_name(char *name, size_t size, const char *value)
{
	if (!strncmp(value, "path=", 5))
		value += 5;
	if (strncmp(value, "fd=", 3))
		socket_name(name, size, value);
}

/* Where one VMM has several, the first that gives a name counts. */
static const struct naming namings[] = {
	{ "qemu", "name", qemu_name },
	{ "kvm", "name", qemu_name },
	{ "cloud-hypervisor", "api-socket", api_socket_name },
	{ "firecracker", "id", copy },
	{ "crosvm", "name", copy },
	{ "crosvm", "socket", socket_name },
	{ "crosvm", "s", socket_name },
	{ "lkvm", "name", copy },
	{ 0 }
};

static const char *next_arg(const char *arg, const char *end)
{
	arg += strlen(arg) + 1;
	return arg < end ? arg : NULL;
}

/* What stands behind --OPTION, -OPTION, --OPTION=; NULL: @arg is another one. */
static const char *value_of(const char *arg, const char *end, const char *option)
{
	size_t len = strlen(option);

	if (*arg++ != '-')
		return NULL;
	if (*arg == '-')
		arg++;
	if (strncmp(arg, option, len))
		return NULL;
	if (arg[len] == '=')
		return arg + len + 1;
	return arg[len] ? NULL : next_arg(arg, end);
}

/* The name of the file that runs. */
static const char *program_of(const char *args)
{
	const char *slash = strrchr(args, '/');

	return slash ? slash + 1 : args;
}

static bool is_program(const char *program, const char *begin)
{
	return !strncmp(program, begin, strlen(begin));
}

bool cmdline_vm_name(char *name, size_t size, const char *args, size_t len)
{
	const char *program = program_of(args), *end = args + len;

	name[0] = '\0';
	for (const struct naming *n = namings; n->program && !name[0]; n++) {
		if (!is_program(program, n->program))
			continue;
		for (const char *arg = args; arg; arg = next_arg(arg, end)) {
			const char *value = value_of(arg, end, n->option);

			if (value)
				n->name(name, size, value);
		}
	}
	return name[0];
}

bool cmdline_is_restored(const char *args, size_t len)
{
	static const struct { const char *program, *option; } restores[] = {
		{ "qemu", "incoming" }, { "qemu", "loadvm" },
		{ "kvm", "incoming" }, { "kvm", "loadvm" },
		{ "cloud-hypervisor", "restore" },
		{ "crosvm", "restore" },
	};
	const char *program = program_of(args), *end = args + len;

	for (size_t i = 0; i < ARRAY_SIZE(restores); i++) {
		if (!is_program(program, restores[i].program))
			continue;
		for (const char *arg = args; arg; arg = next_arg(arg, end)) {
			if (value_of(arg, end, restores[i].option))
				return true;
		}
	}
	return false;
}
