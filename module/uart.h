/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uart.h - a 16550 of a VMM's, whose polled output ends here
 *
 * A guest that writes a byte, and asks for no interrupt when it is sent, does not need its
 * VMM for that.  What is answered here is what a transmitter says that has sent each byte
 * at once; a VMM that does not hear of some bytes has one that says the same.  So to let
 * the VMM have an access is right at any time, and is what happens to all that is not
 * understood.
 *
 * Knows neither KVM nor rings, and compiles in user space for its tests.
 */
#ifndef _DBGPORT_UART_H
#define _DBGPORT_UART_H

#include <linux/types.h>

#include "uapi/dbgport.h"

/* What its line status says, when that is answered here: all has been sent. */
#define DBGPORT_UART_SENT	0x60

/**
 * struct dbgport_uart - what is known of one
 * @known:	mask of those registers of the next three that were seen written
 * @ier:	interrupts that the guest wants
 * @lcr:	whether the divisor stands where data and @ier else do
 * @mcr:	whether it talks to itself
 * @may_be_ier:	@ier was written while nothing was known of @lcr: it may be half of a divisor
 * @interrupt:	since it last wrote @ier, the guest has asked what an interrupt was for.
 *		The VMM may want more of them than @ier says: its state may be an older one
 *		that it has loaded
 * @sent:	the last access was a byte that ended here, or asked for its status
 * @was_asked:	the VMM has been asked for its line status
 * @asked:	when it last was.  It alone knows of input: who writes and looks, and
 *		writes and looks, would never be told of it otherwise
 *
 * All 0: nothing is known.  Guarded by its user.
 */
struct dbgport_uart {
	u8 known;
	u8 ier;
	u8 lcr;
	u8 mcr;
	bool may_be_ier;
	bool interrupt;
	bool sent;
	bool was_asked;
	unsigned long asked;
};

/**
 * enum dbgport_uart_fate - what becomes of a write
 * @DBGPORT_UART_PASS:	it is the VMM's, and not text
 * @DBGPORT_UART_RECORD: it is text, and the VMM's too
 * @DBGPORT_UART_CLAIM:	it is text, and ends here
 */
enum dbgport_uart_fate {
	DBGPORT_UART_PASS,
	DBGPORT_UART_RECORD,
	DBGPORT_UART_CLAIM,
};

enum dbgport_uart_fate dbgport_uart_write(struct dbgport_uart *uart, u8 reg, int width, u8 value,
					  bool claiming);
bool dbgport_uart_read(struct dbgport_uart *uart, u8 reg, int width, bool claiming,
		       unsigned long now);

#endif /* _DBGPORT_UART_H */
