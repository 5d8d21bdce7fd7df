// SPDX-License-Identifier: GPL-2.0
/*
 * What of a UART's output ends here, with a VMM's 16550 behind it; and what guests do
 * with that, input and interrupts too.
 */
#include <linux/serial_reg.h>

#include "uart.h"

#include "lib/harness.h"

#define PASS	DBGPORT_UART_PASS
#define RECORD	DBGPORT_UART_RECORD
#define CLAIM	DBGPORT_UART_CLAIM

/* What it sends is sent at once, as every VMM's. */
struct vmms {
	u8 ier, lcr, mcr;
	bool sent_all;			/* and has not been asked for that interrupt */
	u8 input[32];
	unsigned int input_len, input_at;
	char out[4096];
	size_t out_len;
	unsigned int exits;
};

FIXTURE(uart) {
	struct dbgport_uart uart;
	struct vmms vmms;
	char text[4096];		/* recorded */
	size_t len;
	unsigned long now;
	bool claiming;
	bool forgets_interrupts;	/* the rule about these is switched off */
};

FIXTURE_SETUP(uart)
{
	self->now = 1000;
	self->claiming = true;
}

FIXTURE_TEARDOWN(uart)
{
}

#define guest FIXTURE_DATA(uart)

static void vmms_write(struct vmms *v, u8 reg, u8 value)
{
	v->exits++;
	switch (reg) {
	case UART_TX:
		if (v->lcr & UART_LCR_DLAB || v->mcr & UART_MCR_LOOP)
			return;
		v->out[v->out_len++] = value;
		v->sent_all = true;
		break;
	case UART_IER:
		if (v->lcr & UART_LCR_DLAB)
			return;
		if (value & ~v->ier & UART_IER_THRI)
			v->sent_all = true;
		v->ier = value;
		break;
	case UART_LCR:
		v->lcr = value;
		break;
	case UART_MCR:
		v->mcr = value;
		break;
	}
}

static bool vmms_has_input(const struct vmms *v)
{
	return v->input_at < v->input_len;
}

static bool vmms_interrupts(const struct vmms *v)
{
	return (v->ier & UART_IER_THRI && v->sent_all) ||
	       (v->ier & UART_IER_RDI && vmms_has_input(v));
}

static u8 vmms_read(struct vmms *v, u8 reg)
{
	v->exits++;
	switch (reg) {
	case UART_RX:
		return vmms_has_input(v) ? v->input[v->input_at++] : 0;
	case UART_IER:
		return v->ier;
	case UART_IIR:
		if (v->ier & UART_IER_RDI && vmms_has_input(v))
			return UART_IIR_RDI;
		if (!vmms_interrupts(v))
			return UART_IIR_NO_INT;
		v->sent_all = false;
		return UART_IIR_THRI;
	case UART_LSR:
		return UART_LSR_THRE | UART_LSR_TEMT | (vmms_has_input(v) ? UART_LSR_DR : 0);
	default:
		return 0;
	}
}

static enum dbgport_uart_fate out(guest *g, u8 reg, u8 value)
{
	enum dbgport_uart_fate fate = dbgport_uart_write(&g->uart, reg, 1, value, g->claiming);

	if (fate != PASS)
		g->text[g->len++] = value;
	if (fate != CLAIM)
		vmms_write(&g->vmms, reg, value);
	return fate;
}

static u8 in(guest *g, u8 reg)
{
	bool answered = dbgport_uart_read(&g->uart, reg, 1, g->claiming, g->now);

	if (g->forgets_interrupts)
		g->uart.interrupt = false;
	return answered ? DBGPORT_UART_SENT : vmms_read(&g->vmms, reg);
}

static bool is_answered(guest *g, u8 reg)
{
	return dbgport_uart_read(&g->uart, reg, 1, g->claiming, g->now);
}

/* As Linux's earlyprintk does. */
static void init(guest *g)
{
	out(g, UART_LCR, UART_LCR_WLEN8);
	out(g, UART_IER, 0);
	out(g, UART_FCR, 0);
	out(g, UART_MCR, UART_MCR_DTR | UART_MCR_RTS);
	out(g, UART_LCR, UART_LCR_WLEN8 | UART_LCR_DLAB);
	out(g, UART_DLL, 'x');
	out(g, UART_DLM, 'y');
	out(g, UART_LCR, UART_LCR_WLEN8);
}

/* Text until then has been seen by nobody but the VMM. */
static void expect_unknown(struct __test_metadata *_metadata, guest *g)
{
	EXPECT_EQ(RECORD, out(g, UART_TX, 'u'));
	EXPECT_FALSE(is_answered(g, UART_LSR));
}

static void expect_known(struct __test_metadata *_metadata, guest *g)
{
	EXPECT_EQ(CLAIM, out(g, UART_TX, 'k'));
}

TEST_F(uart, is_claimed_when_ier_lcr_and_mcr_are_known)
{
	out(self, UART_LCR, UART_LCR_WLEN8);
	expect_unknown(_metadata, self);
	out(self, UART_IER, 0);
	expect_unknown(_metadata, self);
	out(self, UART_MCR, UART_MCR_DTR);
	expect_known(_metadata, self);
}

TEST_F(uart, takes_what_may_be_a_divisor_for_no_ier)
{
	out(self, UART_IER, 0);
	out(self, UART_LCR, UART_LCR_WLEN8);
	out(self, UART_MCR, UART_MCR_DTR);
	expect_unknown(_metadata, self);
	out(self, UART_LCR, UART_LCR_WLEN8 | UART_LCR_DLAB);
	out(self, UART_DLM, 0);
	out(self, UART_LCR, UART_LCR_WLEN8);
	expect_unknown(_metadata, self);
	out(self, UART_IER, 0);
	expect_known(_metadata, self);
}

/* As GRUB sets it up: whoever switches to the divisor had IER there. */
static void init_by_divisor(guest *g, u8 ier)
{
	out(g, UART_IER, ier);
	out(g, UART_LCR, UART_LCR_DLAB);
	out(g, UART_DLL, 1);
	out(g, UART_DLM, 0);
	out(g, UART_LCR, UART_LCR_WLEN8);
	out(g, UART_FCR, UART_FCR_ENABLE_FIFO);
	out(g, UART_MCR, UART_MCR_DTR | UART_MCR_RTS);
}

TEST_F(uart, takes_what_is_before_the_switch_to_the_divisor_for_ier)
{
	init_by_divisor(self, 0);
	expect_known(_metadata, self);
}

TEST_F(uart, is_passed_when_that_ier_wants_interrupts)
{
	init_by_divisor(self, UART_IER_THRI);
	expect_unknown(_metadata, self);
}

TEST_F(uart, takes_no_such_ier_from_before_it_was_asked_for_an_interrupt)
{
	in(self, UART_IIR);
	init_by_divisor(self, 0);
	expect_known(_metadata, self);
	dbgport_uart_write(&self->uart, UART_TX, 4, 0, true);
	out(self, UART_IER, 0);
	in(self, UART_IIR);
	out(self, UART_LCR, UART_LCR_DLAB);
	out(self, UART_LCR, UART_LCR_WLEN8);
	out(self, UART_MCR, UART_MCR_DTR);
	expect_unknown(_metadata, self);
}

TEST_F(uart, passes_the_divisor_which_is_no_text)
{
	init(self);
	EXPECT_EQ(0, self->len);
	out(self, UART_LCR, UART_LCR_DLAB);
	EXPECT_EQ(PASS, out(self, UART_DLL, 'a'));
	EXPECT_EQ(PASS, out(self, UART_DLM, UART_IER_THRI));
	out(self, UART_LCR, UART_LCR_WLEN8);
	EXPECT_EQ(0, self->len);
	expect_known(_metadata, self);
}

TEST_F(uart, records_a_divisor_while_lcr_is_not_known)
{
	EXPECT_EQ(RECORD, out(self, UART_DLL, 'a'));
	EXPECT_EQ(PASS, out(self, UART_DLM, 0));
	EXPECT_EQ(1, self->len);
}

TEST_F(uart, passes_what_is_for_itself)
{
	init(self);
	out(self, UART_MCR, UART_MCR_LOOP);
	EXPECT_EQ(PASS, out(self, UART_TX, 'a'));
	EXPECT_EQ(0, self->len);
	out(self, UART_MCR, UART_MCR_DTR);
	expect_known(_metadata, self);
}

TEST_F(uart, passes_text_whose_end_is_to_interrupt)
{
	init(self);
	out(self, UART_IER, UART_IER_THRI | UART_IER_RDI);
	EXPECT_EQ(RECORD, out(self, UART_TX, 'a'));
	EXPECT_FALSE(is_answered(self, UART_LSR));
	out(self, UART_IER, UART_IER_RDI);
	expect_known(_metadata, self);
}

TEST_F(uart, passes_text_after_it_was_asked_for_an_interrupt)
{
	static const u8 regs[] = { UART_IIR, UART_MSR };

	init(self);
	for (int i = 0; i < 2; i++) {
		in(self, regs[i]);
		EXPECT_EQ(RECORD, out(self, UART_TX, 'a'));
		EXPECT_FALSE(is_answered(self, UART_LSR));
		EXPECT_EQ(RECORD, out(self, UART_TX, 'b'));
		/* That is no IER. */
		out(self, UART_LCR, UART_LCR_DLAB);
		out(self, UART_DLM, 0);
		out(self, UART_LCR, UART_LCR_WLEN8);
		EXPECT_EQ(RECORD, out(self, UART_TX, 'c'));
		out(self, UART_IER, 0);
		expect_known(_metadata, self);
	}
	EXPECT_EQ(8, self->len);
	EXPECT_EQ(6, self->vmms.out_len);
}

TEST_F(uart, passes_resets_of_the_fifo_and_claims_on)
{
	init(self);
	expect_known(_metadata, self);
	self->vmms.exits = 0;
	EXPECT_EQ(PASS, out(self, UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_XMIT));
	EXPECT_EQ(1, self->vmms.exits);
	EXPECT_FALSE(is_answered(self, UART_LSR));
	expect_known(_metadata, self);
}

TEST_F(uart, records_all_and_takes_nothing_when_it_is_not_to_claim)
{
	self->claiming = false;
	init(self);
	EXPECT_EQ(RECORD, out(self, UART_TX, 'a'));
	EXPECT_FALSE(is_answered(self, UART_LSR));
	EXPECT_EQ(RECORD, out(self, UART_TX, 'b'));

	/* It has kept looking. */
	self->claiming = true;
	EXPECT_FALSE(is_answered(self, UART_LSR));
	expect_known(_metadata, self);
	EXPECT_TRUE(is_answered(self, UART_LSR));
	self->claiming = false;
	EXPECT_FALSE(is_answered(self, UART_LSR));
}

FIXTURE(wide) {
	struct dbgport_uart uart;
};

FIXTURE_VARIANT(wide) {
	int width;
	bool read;
};

FIXTURE_VARIANT_ADD(wide, write_2) { .width = 2 };
FIXTURE_VARIANT_ADD(wide, write_4) { .width = 4 };
FIXTURE_VARIANT_ADD(wide, read_2) { .width = 2, .read = true };
FIXTURE_VARIANT_ADD(wide, read_4) { .width = 4, .read = true };

FIXTURE_SETUP(wide)
{
}

FIXTURE_TEARDOWN(wide)
{
}

static void write_known(struct dbgport_uart *uart)
{
	dbgport_uart_write(uart, UART_LCR, 1, UART_LCR_WLEN8, true);
	dbgport_uart_write(uart, UART_IER, 1, 0, true);
	dbgport_uart_write(uart, UART_MCR, 1, 0, true);
}

TEST_F(wide, access_passes_and_all_is_forgotten)
{
	u8 reg;

	for (reg = 0; reg < DBGPORT_UART_PORTS; reg++) {
		write_known(&self->uart);
		ASSERT_FALSE(dbgport_uart_read(&self->uart, UART_LSR, 1, true, 7));
		ASSERT_EQ(CLAIM, dbgport_uart_write(&self->uart, UART_TX, 1, 'a', true));
		if (variant->read) {
			EXPECT_FALSE(dbgport_uart_read(&self->uart, reg, variant->width, true, 7));
		} else {
			EXPECT_EQ(PASS, dbgport_uart_write(&self->uart, reg, variant->width, 'b',
							   true));
		}
		EXPECT_FALSE(dbgport_uart_read(&self->uart, UART_LSR, 1, true, 7));
		EXPECT_EQ(RECORD, dbgport_uart_write(&self->uart, UART_TX, 1, 'c', true));
	}
}

TEST_F(uart, answers_its_status_after_text_only)
{
	u8 reg;

	init(self);
	EXPECT_FALSE(is_answered(self, UART_LSR));
	for (reg = 0; reg < DBGPORT_UART_PORTS; reg++) {
		if (reg == UART_LSR)
			continue;
		expect_known(_metadata, self);
		EXPECT_TRUE(is_answered(self, UART_LSR));
		EXPECT_TRUE(is_answered(self, UART_LSR));
		EXPECT_FALSE(is_answered(self, reg));
		EXPECT_FALSE(is_answered(self, UART_LSR));
		out(self, UART_IER, 0);

		expect_known(_metadata, self);
		if (reg != UART_TX) {
			out(self, reg, reg == UART_LCR ? UART_LCR_WLEN8 : 0);
			EXPECT_FALSE(is_answered(self, UART_LSR));
		}
	}
}

TEST_F(uart, answers_its_status_when_the_vmm_was_asked_at_that_time)
{
	init(self);
	expect_known(_metadata, self);
	EXPECT_FALSE(is_answered(self, UART_LSR));
	expect_known(_metadata, self);
	EXPECT_TRUE(is_answered(self, UART_LSR));
	self->now++;
	EXPECT_FALSE(is_answered(self, UART_LSR));
	expect_known(_metadata, self);
	EXPECT_TRUE(is_answered(self, UART_LSR));
}

/* All 0 is a time, too. */
TEST_F(uart, has_not_asked_the_vmm_before_its_first_time)
{
	self->now = 0;
	init(self);
	expect_known(_metadata, self);
	EXPECT_FALSE(is_answered(self, UART_LSR));
}

static unsigned int line_exits(guest *g, const char *line, unsigned int fifo)
{
	unsigned int before = g->vmms.exits, i;
	u8 ier = in(g, UART_IER);

	out(g, UART_IER, 0);
	for (i = 0; line[i]; i++) {
		if (i % fifo == 0)
			in(g, UART_LSR);
		out(g, UART_TX, line[i]);
	}
	in(g, UART_LSR);
	out(g, UART_IER, ier);
	return g->vmms.exits - before;
}

/* Linux's console, before its tty is open and after. */
TEST_F(uart, costs_four_exits_a_line)
{
	static const char line[] = "[    0.000000] Linux version 6.1.0-13-amd64\r\n";

	init(self);
	EXPECT_EQ(4, line_exits(self, line, 1));
	self->now++;
	out(self, UART_IER, UART_IER_RDI);
	EXPECT_EQ(4, line_exits(self, line, 16));
	EXPECT_EQ(2 * strlen(line), self->len);
	EXPECT_EQ(0, memcmp(self->text, line, strlen(line)));
	EXPECT_EQ(0, self->vmms.out_len);
}

/* Two CPUs: one has asked, the other writes, and the first one goes on. */
TEST_F(uart, has_one_state_whoever_asks)
{
	init(self);
	in(self, UART_LSR);
	in(self, UART_LSR);
	EXPECT_EQ(CLAIM, out(self, UART_TX, 'a'));
	EXPECT_EQ(CLAIM, out(self, UART_TX, 'b'));
	EXPECT_TRUE(is_answered(self, UART_LSR));
	/* The other one opens its tty meanwhile. */
	out(self, UART_IER, UART_IER_THRI);
	EXPECT_FALSE(is_answered(self, UART_LSR));
	EXPECT_EQ(RECORD, out(self, UART_TX, 'c'));
	EXPECT_EQ(1, self->vmms.out_len);
	EXPECT_EQ(0, memcmp("abc", self->text, 3));
}

/*
 * Writes and looks, and writes and looks, and takes what there is; each round takes a
 * hundredth of a jiffy.  Return: how much of the input it has seen.
 */
static unsigned int chat(guest *g, bool time_stands_still)
{
	unsigned int round;

	init(g);
	in(g, UART_LSR);
	memcpy(g->vmms.input, "what is typed", 13);
	g->vmms.input_len = 13;
	for (round = 1; round <= 2000; round++) {
		out(g, UART_TX, '.');
		if (in(g, UART_LSR) & UART_LSR_DR)
			in(g, UART_RX);
		if (round % 100 == 0 && !time_stands_still)
			g->now++;
	}
	return g->vmms.input_at;
}

TEST_F(uart, lets_a_guest_that_writes_and_looks_see_its_input)
{
	EXPECT_EQ(13, chat(self, false));
	EXPECT_EQ(2000, self->len);
	EXPECT_EQ(0, self->vmms.out_len);
	EXPECT_GE(60, self->vmms.exits);
}

/* Without the rule about time. */
TEST_F(uart, would_starve_it_if_the_vmm_were_not_asked_again)
{
	EXPECT_EQ(0, chat(self, true));
}

#define TTY_TEXT	"this is more than sixteen characters, and than thirty-two"

/* Linux's driver: 16 characters at most, whenever there is an interrupt. */
static void tty_interrupt(guest *g, const char **rest)
{
	unsigned int i;

	in(g, UART_IIR);
	in(g, UART_LSR);
	in(g, UART_MSR);
	for (i = 0; i < 16 && **rest; i++)
		out(g, UART_TX, *(*rest)++);
	if (!**rest)
		out(g, UART_IER, UART_IER_RDI);
}

static void tty_run(guest *g, const char **rest)
{
	unsigned int n;

	for (n = 0; n < 100 && vmms_interrupts(&g->vmms); n++)
		tty_interrupt(g, rest);
}

TEST_F(uart, lets_a_tty_write_by_interrupts)
{
	const char *rest = TTY_TEXT;

	init(self);
	out(self, UART_IER, UART_IER_THRI | UART_IER_RDI);
	tty_run(self, &rest);
	EXPECT_EQ(0, strcmp("", rest));
	EXPECT_EQ(strlen(TTY_TEXT), self->vmms.out_len);
	EXPECT_EQ(strlen(TTY_TEXT), self->len);
	EXPECT_FALSE(self->vmms.ier & UART_IER_THRI);
	expect_known(_metadata, self);
}

/*
 * The VMM saves its state when the tty has just been interrupted, and loads it when the
 * guest polls.  Return: what of the tty's text is left.
 */
static const char *load_state(guest *g)
{
	const char *rest = TTY_TEXT;
	struct vmms saved;

	init(g);
	out(g, UART_IER, UART_IER_THRI | UART_IER_RDI);
	saved = g->vmms;
	tty_run(g, &rest);
	out(g, UART_IER, 0);
	out(g, UART_TX, 'p');

	g->vmms = saved;
	rest = TTY_TEXT;
	tty_run(g, &rest);
	return rest;
}

TEST_F(uart, lets_a_tty_go_on_when_the_vmm_has_loaded_an_older_state)
{
	EXPECT_EQ(0, strcmp("", load_state(self)));
	EXPECT_EQ(strlen(TTY_TEXT), self->vmms.out_len);
}

/* Without the rule about interrupts: the 16 characters end here, and no interrupt comes. */
TEST_F(uart, would_leave_it_dead_if_interrupts_were_forgotten)
{
	self->forgets_interrupts = true;
	EXPECT_EQ(0, strcmp(&TTY_TEXT[16], load_state(self)));
	EXPECT_EQ(0, self->vmms.out_len);
}

TEST_HARNESS_MAIN
