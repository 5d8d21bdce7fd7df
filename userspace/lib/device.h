/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/dbgport: open it, and ask it. */
#ifndef LIB_DEVICE_H
#define LIB_DEVICE_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#define DEVICE_PATH	"/dev/dbgport"

/**
 * device_open() - open the device and make sure that we speak its language
 * @path: the device node
 * @info: filled with what the module is
 * @why: on failure, one line for the user: what is wrong and what to do
 * @size: size of @why
 *
 * Return: a blocking file descriptor (close-on-exec), or a negative errno;
 * -EPROTO if the module's ABI is not ours.
 */
int device_open(const char *path, struct dbgport_info *info, char *why, size_t size);

/**
 * device_fits() - whether a module speaks the language of this program
 * @info: what the module says that it is
 * @path: its device, for @why
 * @why: if not, one line: which of both is older, and what to do
 * @size: size of @why
 */
bool device_fits(const struct dbgport_info *info, const char *path, char *why, size_t size);

/**
 * device_features() - what a module can do, for people
 * @info: from device_open()
 *
 * Return: "claim, seek, …"; valid until the next call.
 */
const char *device_features(const struct dbgport_info *info);

/* Room for what device_ports() writes. */
#define DEVICE_PORTS_SIZE	(DBGPORT_MAX_PORTS * 11 + 1)
/* "0x80,0xe9,0xf4/tee": what new VMs get, as the module's parameter ports= takes it. */
const char *device_ports(char text[DEVICE_PORTS_SIZE], const struct dbgport_info *info);
/* "0x3f8,0x2f8/tee": the same of UARTs, and uart=. */
const char *device_uarts(char text[DEVICE_PORTS_SIZE], const struct dbgport_info *info);

/* Whether new VMs get @port; if so, @flags is set to its DBGPORT_PORT_*. */
bool device_has_port(const struct dbgport_info *info, __u16 port, __u16 *flags);

#endif /* LIB_DEVICE_H */
