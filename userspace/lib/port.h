/* SPDX-License-Identifier: GPL-2.0 */
/* I/O ports as people write them: "0xe9", "console", "serial", "any". */
#ifndef LIB_PORT_H
#define LIB_PORT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define PORT_ANY	0x10000
#define PORT_SERIAL	0x3f8
#define PORT_SERIAL2	0x2f8
/* Room for what port_text() writes. */
#define PORT_TEXT_SIZE	8

/**
 * port_parse() - understand a port
 * @port: set to 0x0 to 0xffff, or PORT_ANY
 * @text: 0x…, a decimal number, "post", "console", "firmware", "serial" (COM1),
 *	"serial2" (COM2) or "any"
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int port_parse(__u32 *port, const char *text, char *why, size_t size);

/* "0xe9" or "any". */
void port_text(char text[PORT_TEXT_SIZE], __u32 port);

/*
 * Whether to claim it takes it from a device that the VMM has there: it is none of the
 * three debug ports.
 */
bool port_may_be_device(__u16 port);

/* Whether PCs have a UART from there on: COM1 to COM4. */
bool port_is_serial(__u16 port);

/* "console"; NULL: the port has no name. */
const char *port_name(__u32 port);

#endif /* LIB_PORT_H */
