// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cli/writer.h"
#include "dbgportctl/vm/describe.h"
#include "lib/array.h"
#include "lib/clock.h"
#include "lib/escape.h"
#include "words/stamp.h"

static_assert(DBGPORT_COMM_LEN * ESCAPE_MAX < DESCRIBE_SIZE, "a command fits in");

static __u32 port_count(const struct dbgport_vm_info *info)
{
	return info->nports < DBGPORT_MAX_PORTS ? info->nports : DBGPORT_MAX_PORTS;
}

const char *describe_ports(char text[DESCRIBE_SIZE], const struct dbgport_vm_info *info)
{
	int len = 0;

	text[0] = '\0';
	for (__u32 i = 0; i < port_count(info); i++) {
		if (!(info->ports[i].flags & DBGPORT_PORT_OFF))
			len += snprintf(text + len, DESCRIBE_SIZE - len, "%s0x%x%s%s",
					len ? "," : "", info->ports[i].port,
					info->ports[i].flags & DBGPORT_PORT_UART ? "/uart" : "",
					info->ports[i].flags & DBGPORT_PORT_TEE ? "/tee" : "");
	}
	return text;
}

const char *describe_comm(char text[DESCRIBE_SIZE], const struct dbgport_vm_info *info)
{
	text[escape_all(text, info->comm, strnlen(info->comm, sizeof(info->comm)))] = '\0';
	return text;
}

const char *describe_user(char text[DESCRIBE_SIZE], __u32 uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user)
		snprintf(text, DESCRIBE_SIZE, "%s", user->pw_name);
	else
		snprintf(text, DESCRIBE_SIZE, "%u", uid);
	return text;
}

const char *describe_state(const struct dbgport_vm_info *info)
{
	if (info->flags & DBGPORT_VM_DETACHED)
		return "detached";
	if (info->flags & DBGPORT_VM_GONE)
		return "ended";
	return info->flags & DBGPORT_VM_CLAIMED ? "claimed" : "tee";
}

static const char *const claims[] = {
	[DBGPORT_CLAIM_LISTENING] = "listening",
	[DBGPORT_CLAIM_ALWAYS] = "always",
	[DBGPORT_CLAIM_NEVER] = "never",
	[DBGPORT_CLAIM_HOST] = "host",
};

const char *describe_claim(__u32 claim)
{
	return claim < ARRAY_SIZE(claims) ? claims[claim] : "unknown";
}

int describe_claim_number(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(claims); i++) {
		if (!strcmp(claims[i], text))
			return i;
	}
	return -1;
}

const char *describe_backend(__u32 backend)
{
	static const char *const names[] = {
		[DBGPORT_BACKEND_IODEV] = "iodev",
		[DBGPORT_BACKEND_IOEVENTFD] = "ioeventfd",
	};

	return backend < ARRAY_SIZE(names) ? names[backend] : "unknown";
}

__u64 describe_age(const struct dbgport_vm_info *info)
{
	return (info->gone_ns ?: clock_ns(CLOCK_MONOTONIC)) - info->zero_ns;
}

__s64 describe_silence(const struct known_vm *vm)
{
	return vm->wrote_ns ? (__s64)(clock_ns(CLOCK_MONOTONIC) - vm->wrote_ns) : -1;
}

const char *describe_moment(char text[DESCRIBE_SIZE], enum time_style style, __u64 ns)
{
	struct stamp_clock clock = { 0 };

	stamp_clock_update(&clock);
	return stamp_text(text, &clock, style, ns);
}

__u64 describe_saved(const struct dbgport_vm_info *info)
{
	__u64 sum = 0;

	for (__u32 i = 0; i < port_count(info); i++)
		sum += info->ports[i].claimed;
	return sum;
}

static void json_last(const struct known_vm *vm)
{
	if (vm->wrote_ns) {
		json_number("last_ns", vm->wrote_ns);
		json_seconds("last_age", describe_silence(vm));
	} else {
		json_none("last_ns");
		json_none("last_age");
	}
}

static void json_port(const struct dbgport_port_info *port)
{
	json_open(NULL, '{');
	json_number("port", port->port);
	json_bool("off", port->flags & DBGPORT_PORT_OFF);
	json_bool("taken", port->flags & DBGPORT_PORT_TAKEN);
	json_bool("tee", port->flags & DBGPORT_PORT_TEE);
	json_bool("uart", port->flags & DBGPORT_PORT_UART);
	json_number("writes", port->writes);
	json_number("bytes", port->bytes);
	json_number("reads", port->reads);
	json_number("passed", port->passed);
	json_number("passed_at", port->passed_at);
	json_number("saved", port->claimed);
	json_close('}');
}

void describe_json(const struct known_vm *vm)
{
	const struct dbgport_vm_info *info = &vm->info;
	char text[DESCRIBE_SIZE];

	json_number("id", info->vm);
	json_text("name", vm->name);
	json_text("own_name", vm->own);
	json_text("comm", info->comm);
	json_number_or_none("pid", info->pid > 0 ? info->pid : 0);
	json_number("uid", info->uid);
	json_text("user", describe_user(text, info->uid));
	json_text("state", describe_state(info));
	json_text("claim", describe_claim(info->claim));
	json_bool("late", info->flags & DBGPORT_VM_LATE);
	json_bool("restored", info->flags & DBGPORT_VM_RESTORED);
	json_text("backend", describe_backend(info->backend));
	json_number_or_none("started_ns", info->started_ns);
	json_number_or_none("created_ns", info->created_ns);
	json_number("zero_ns", info->zero_ns);
	json_seconds("age", describe_age(info));
	json_last(vm);
	json_number("writes", info->written);
	json_number("oldest", info->oldest);
	json_number("saved", describe_saved(info));
	if (vm->lost < 0)
		json_none("lost");
	else
		json_number("lost", vm->lost);
	json_number_or_none("boot", vm->boot);
	json_open("ports", '[');
	for (__u32 i = 0; i < port_count(info); i++)
		json_port(&info->ports[i]);
	json_close(']');
}
