// SPDX-License-Identifier: GPL-2.0
/* uart.c - a 16550 of a VMM's, whose polled output ends here */
#include <linux/serial_reg.h>
#include <linux/string.h>

#include "uart.h"

#define UART_KNOWS_IER	0x1
#define UART_KNOWS_LCR	0x2
#define UART_KNOWS_MCR	0x4
#define UART_KNOWS_ALL	(UART_KNOWS_IER | UART_KNOWS_LCR | UART_KNOWS_MCR)

/* VMMs split what is wider, each in its way. */
static bool uart_understands(struct dbgport_uart *uart, int width)
{
	if (width == 1)
		return true;
	memset(uart, 0, sizeof(*uart));
	return false;
}

static enum dbgport_uart_fate uart_transmit(struct dbgport_uart *uart, bool claiming)
{
	if (uart->lcr & UART_LCR_DLAB || uart->mcr & UART_MCR_LOOP)
		return DBGPORT_UART_PASS;
	if (!claiming || uart->known != UART_KNOWS_ALL || uart->ier & UART_IER_THRI ||
	    uart->interrupt)
		return DBGPORT_UART_RECORD;
	uart->sent = true;
	return DBGPORT_UART_CLAIM;
}

static void uart_know_ier(struct dbgport_uart *uart)
{
	uart->known |= UART_KNOWS_IER;
	uart->interrupt = false;
}

/* Or half of the divisor, unless that is known not to be there. */
static void uart_set_ier(struct dbgport_uart *uart, u8 value)
{
	if (uart->lcr & UART_LCR_DLAB)
		return;
	uart->ier = value;
	if (uart->known & UART_KNOWS_LCR)
		uart_know_ier(uart);
	else
		uart->may_be_ier = true;
}

/* Who switches to the divisor did not have it there before. */
static void uart_set_lcr(struct dbgport_uart *uart, u8 value)
{
	if (uart->may_be_ier && value & UART_LCR_DLAB)
		uart_know_ier(uart);
	uart->may_be_ier = false;
	uart->lcr = value;
	uart->known |= UART_KNOWS_LCR;
}

/**
 * dbgport_uart_write() - a guest writes to a UART
 * @uart:	the UART
 * @reg:	which of its DBGPORT_UART_PORTS it writes to
 * @width:	in bytes
 * @value:	the lowest of them
 * @claiming:	what can end here is to
 *
 * Return: what becomes of it.
 */
enum dbgport_uart_fate dbgport_uart_write(struct dbgport_uart *uart, u8 reg, int width, u8 value,
					  bool claiming)
{
	if (!uart_understands(uart, width))
		return DBGPORT_UART_PASS;
	uart->sent = false;
	switch (reg) {
	case UART_TX:
		return uart_transmit(uart, claiming);
	case UART_IER:
		uart_set_ier(uart, value);
		break;
	case UART_LCR:
		uart_set_lcr(uart, value);
		break;
	case UART_MCR:
		uart->mcr = value;
		uart->known |= UART_KNOWS_MCR;
		break;
	}
	return DBGPORT_UART_PASS;
}

static bool uart_is_asked(struct dbgport_uart *uart, bool claiming, unsigned long now)
{
	if (uart->sent && claiming && uart->was_asked && uart->asked == now)
		return true;
	uart->was_asked = true;
	uart->asked = now;
	uart->sent = false;
	return false;
}

/**
 * dbgport_uart_read() - a guest reads from a UART
 * @uart:	the UART
 * @reg:	which of its DBGPORT_UART_PORTS it reads from
 * @width:	in bytes
 * @claiming:	what can be answered here is to be
 * @now:	the time, in jiffies: within one, the VMM need not be asked again
 *
 * Return: the answer is DBGPORT_UART_SENT; false: the VMM must give it.
 */
bool dbgport_uart_read(struct dbgport_uart *uart, u8 reg, int width, bool claiming,
		       unsigned long now)
{
	if (!uart_understands(uart, width))
		return false;
	if (reg == UART_LSR)
		return uart_is_asked(uart, claiming, now);
	uart->sent = false;
	if (reg == UART_IIR || reg == UART_MSR) {
		uart->interrupt = true;
		uart->may_be_ier = false;
	}
	return false;
}
