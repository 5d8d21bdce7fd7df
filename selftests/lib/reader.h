/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading /dev/dbgport in tests, on nothing but the uapi header.  Failures
 * that no test is about are said on stderr and end the process.
 */
#ifndef SELFTESTS_READER_H
#define SELFTESTS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "uapi/dbgport.h"

#define DBGPORT_DEVICE	"/dev/dbgport"

/* Records in the order in which they were read. */
struct stream {
	struct dbgport_record *rec;
	size_t len;
};

/*
 * Give the module the eventfd that it wants, if it does and has none.  Stops in
 * silence where it is not allowed.
 */
void reader_give_eventfd(int fd);

/*
 * Open with @oflags beside O_RDWR; subscribe if @sub (DBGPORT_SUB_*) is not 0.
 * The module has its eventfd then and, if that claims, all VMs are claimed
 * that this reader sees.
 */
int reader_open(int oflags, unsigned int sub);

struct dbgport_info reader_info(int fd);

/* Whether the module has @feature, DBGPORT_F_*, when it has been loaded anew. */
bool fresh_module_has(unsigned long long feature);

/* 0, or -errno. */
int reader_vm_info(int fd, unsigned int vm, struct dbgport_vm_info *info);

/* What is known of a port of @vm; all 0 if it never was its. */
struct dbgport_port_info reader_port_info(int fd, unsigned int vm, unsigned short port);

/* Give @vm a mode of its own, DBGPORT_CLAIM_*.  0, or -errno. */
int reader_set_claim(int fd, unsigned int vm, unsigned int claim);

/* @vm is attached, and its accesses are claimed now. */
bool reader_is_claimed(int fd, unsigned int vm);

/* Wait until that is so, or not so: not every backend does it at once. */
void reader_await_claimed(int fd, unsigned int vm, bool claimed);

/* DBGPORT_VM_* of @vm; 0 if it is not there. */
unsigned int reader_vm_flags(int fd, unsigned int vm);

/* How many writes @vm has made so far; 0 if it is not there. */
unsigned long long reader_written(int fd, unsigned int vm);

/* The next higher id of a VM that @fd may see; 0 if there is none. */
unsigned int reader_next_vm(int fd, unsigned int vm);

/* 0, or -errno. */
int reader_detach(int fd, unsigned int vm);

/* The youngest living VM of this process. */
unsigned int reader_my_vm(int fd);

/* Append what can be read without waiting; whether @fd blocks or not. */
void reader_drain(int fd, struct stream *stream);

/* Append records, waiting for them, until one of @type about @vm has come. */
void reader_until(int fd, struct stream *stream, unsigned int vm,
		  enum dbgport_type type);

void stream_free(struct stream *stream);

/* The n-th DBGPORT_WRITE of @vm, from 0; NULL if there are fewer. */
const struct dbgport_record *stream_write(const struct stream *stream,
					  unsigned int vm, size_t n);

/* How many records of @type there are about @vm. */
size_t stream_count(const struct stream *stream, unsigned int vm,
		    enum dbgport_type type);

/* How many writes of @vm the LOST records tell of. */
unsigned long long stream_lost(const struct stream *stream, unsigned int vm);

/*
 * What is wrong with @vm's part of the stream, NULL if nothing: ATTACHED
 * first and once, GONE last, numbers without gaps but for LOST, times in
 * their order, reserved fields 0.
 */
const char *stream_fault(const struct stream *stream, unsigned int vm);

#endif /* SELFTESTS_READER_H */
