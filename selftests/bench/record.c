// SPDX-License-Identifier: GPL-2.0
/*
 * usage: record
 *
 * How long it takes to keep a write, in nanoseconds on this machine: under a lock, as
 * the module does it, and without one, where the place comes from an atomic counter.
 * The latter takes fewer instructions, but five that are dear.
 * Also what the two clocks cost.  Needs neither KVM nor the module.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <x86intrin.h>

#include "clock.h"

#define ENTRIES		32768
#define WRITES		10000000
#define SAMPLES		7

static struct entry {
	uint64_t tsc;
	uint64_t seq;
	uint32_t value;
	uint16_t vcpu;
	uint8_t port;
	uint8_t width;
} entries[ENTRIES];

/* Guarded by @lock. */
static struct {
	uint32_t lock;
	uint64_t head, writes, bytes, claimed;
	uint32_t last;
} locked;

static struct {
	uint64_t head, writes, bytes, claimed;
	uint32_t last;
} shared;

static bool waiting;
static uint64_t sink;

static uint64_t cycles(void)
{
	_mm_lfence();
	return __rdtsc();
}

static void fill(struct entry *e, uint32_t value)
{
	e->tsc = cycles();
	e->value = value;
	e->vcpu = 1;
	e->port = 2;
	e->width = 1;
}

static void wake(void)
{
	errx(1, "nobody waits");
}

static void keep_locked(uint32_t value)
{
	uint32_t free = 0;

	while (!__atomic_compare_exchange_n(&locked.lock, &free, 1, true, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED)) {
		free = 0;
		_mm_pause();
	}
	fill(&entries[locked.head % ENTRIES], value);
	locked.head++;
	locked.last = value;
	locked.writes++;
	locked.bytes++;
	locked.claimed++;
	if (__atomic_load_n(&waiting, __ATOMIC_RELAXED))
		wake();
	__atomic_store_n(&locked.lock, 0, __ATOMIC_RELEASE);
}

/* As little as can be: who writes may still be overtaken by a whole round of others. */
static void keep_unlocked(uint32_t value)
{
	uint64_t seq = __atomic_fetch_add(&shared.head, 1, __ATOMIC_RELAXED);
	struct entry *e = &entries[seq % ENTRIES];

	fill(e, value);
	__atomic_store_n(&e->seq, seq, __ATOMIC_RELEASE);
	__atomic_store_n(&shared.last, value, __ATOMIC_RELAXED);
	__atomic_fetch_add(&shared.writes, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&shared.bytes, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&shared.claimed, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&waiting, __ATOMIC_RELAXED))
		wake();
}

static void read_clock(uint32_t value)
{
	__atomic_store_n(&sink, now_ns() + value, __ATOMIC_RELAXED);
}

static void read_cycles(uint32_t value)
{
	__atomic_store_n(&sink, cycles() + value, __ATOMIC_RELAXED);
}

/* The least of several runs, for one call. */
static void measure(const char *name, void (*call)(uint32_t value))
{
	double least = 0;

	for (int i = 0; i < SAMPLES; i++) {
		uint64_t start = now_ns();
		double ns;

		for (uint32_t j = 0; j < WRITES; j++)
			call(j);
		ns = (double)(now_ns() - start) / WRITES;
		if (!i || ns < least)
			least = ns;
	}
	printf("%-20s %5.1f ns\n", name, least);
}

int main(void)
{
	measure("CLOCK_MONOTONIC", read_clock);
	measure("cycle counter", read_cycles);
	measure("a record, locked", keep_locked);
	measure("a record, unlocked", keep_unlocked);
	return 0;
}
