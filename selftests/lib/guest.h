/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small virtual machine monitor for the tests: raw /dev/kvm, real-mode code
 * put together from the functions below, and a log of every I/O access that
 * left the kernel, so that "the VMM never saw it" can be asserted.
 *
 * Whatever goes wrong here is no finding about the module but a broken test:
 * it is said on stderr and ends the process.
 */
#ifndef SELFTESTS_GUEST_H
#define SELFTESTS_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_MAX_VCPUS	8
#define GUEST_LOG_SIZE	8192

/* Room for what guest_say() gives. */
#define GUEST_SAY_MAX	0x8000

/* What this VMM gives for every byte of every IN that reaches it. */
#define GUEST_IN_BYTE	0x5a

/* Code to be run by every vCPU, from its first byte on; text for OUTS. */
struct code {
	uint8_t bytes[2048];
	size_t len;
	uint8_t data[2048];
	size_t data_len;
};

/* OUT of one constant; the one of 8 bits uses the two-byte form if it can. */
void code_out8(struct code *code, uint16_t port, uint8_t value);
void code_out16(struct code *code, uint16_t port, uint16_t value);
void code_out32(struct code *code, uint16_t port, uint32_t value);

/* REP OUTSB, OUTSW or OUTSD (@width 1, 2, 4) of @count elements from @data. */
void code_outs(struct code *code, uint16_t port, unsigned int width,
	       const void *data, unsigned int count);

/*
 * @count dword writes: vCPU number << 24 | i, for i = 0 … @count - 1;
 * without end if @count is 0.
 */
void code_count(struct code *code, uint16_t port, uint32_t count);

/* The same in bytes, without vCPU number: i & 0xff. */
void code_count8(struct code *code, uint16_t port, uint32_t count);

/*
 * @lines lines, each its number from 1 in eight digits to @text_port, byte by
 * byte, and then the same number in one dword to @number_port; then HLT.
 * Started again, it goes on with the next @lines.  For one vCPU, and the only
 * code.
 */
void code_lines(struct code *code, uint16_t text_port, uint16_t number_port,
		uint16_t lines);

/*
 * What guest_say() gives, byte by byte to @port, and then HLT, again and again:
 * by REP OUTSB, or by an OUT for each.  For one vCPU, and the only code.
 */
void code_say(struct code *code, uint16_t port);
void code_say_out8(struct code *code, uint16_t port);

/*
 * As a UART is polled: @count times, its line status is read and a byte written, which is
 * what is left of @count.
 */
void code_poll(struct code *code, uint16_t base, uint16_t count);

/* @count byte writes of nothing in particular. */
void code_repeat_out8(struct code *code, uint16_t port, uint32_t count);

/* IN of @width bytes, stored at guest address @addr (0x8000 … 0xfff0). */
void code_in(struct code *code, uint16_t port, unsigned int width,
	     uint16_t addr);

void code_hlt(struct code *code);

/* One access that reached this VMM. */
struct guest_exit {
	uint16_t port;
	uint8_t width;
	bool in;
	uint32_t value;		/* of an OUT */
};

struct guest;

/*
 * A VM with @vcpus vCPUs (1 … GUEST_MAX_VCPUS), not yet running.  It belongs
 * to the calling process: KVM refuses to run it in a child.
 */
struct guest *guest_new(unsigned int vcpus, const struct code *code);

/* Same, with vCPU ids @ids[0 … vcpus - 1] instead of 0, 1, 2 … */
struct guest *guest_new_ids(unsigned int vcpus, const unsigned int *ids,
			    const struct code *code);

/* Let the vCPUs run in threads of their own, from where they are or halted. */
void guest_start(struct guest *guest);

/* Wait until every vCPU has halted. */
void guest_wait(struct guest *guest);

/* Run code_say() or code_say_out8() once, for @len bytes (up to GUEST_SAY_MAX). */
void guest_say(struct guest *guest, const void *data, uint16_t len);

/* Interrupt the vCPUs and wait until none runs. */
void guest_stop(struct guest *guest);

/* guest_start() and guest_wait(). */
void guest_run(struct guest *guest);

/* Stop it if it runs and close everything, NULL too; then the VM is no more. */
void guest_free(struct guest *guest);

/* Accesses to @port that reached this VMM. */
unsigned long guest_exits(struct guest *guest, uint16_t port);

/* Accesses to any port that reached this VMM from the @n-th vCPU, from 0. */
unsigned long guest_vcpu_exits(struct guest *guest, unsigned int n);

/*
 * The first GUEST_LOG_SIZE accesses that reached this VMM, in their order.
 * Only while the guest does not run.
 */
size_t guest_log(struct guest *guest, const struct guest_exit **log);

/* That of a guest that runs this and is gone then; @log is to be freed. */
size_t guest_log_of(const struct code *code, struct guest_exit **log);

/* Guest memory at an address, four bytes of it, or its VM's file descriptor. */
void *guest_memory(struct guest *guest, uint16_t addr);
uint32_t guest_read32(struct guest *guest, uint16_t addr);
int guest_fd(struct guest *guest);

/* VMs on this host, by whatever VMM, zombies too; KVM's debugfs tells. */
unsigned int guests_alive(void);

#endif /* SELFTESTS_GUEST_H */
