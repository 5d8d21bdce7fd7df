/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One boot: what a VM wrote from its zero on, and the phases of it.
 *
 * A boot is filled with codes, bytes and losses in any order, from the module
 * (device.h) or from a file (json.h), all that a VM wrote.  Then boot_order() puts them
 * in order, boot_split() makes a boot of what came after each reset, and boot_end()
 * finds the phases.  How boots are drawn or compared does not enter here.
 */
#ifndef DBGPORTCTL_BOOT_BOOT_H
#define DBGPORTCTL_BOOT_BOOT_H

#include <dbgport.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/codes.h"
#include "lib/escape.h"
#include "lib/hostid.h"
#include "lib/hostname.h"
#include "lib/vmname.h"

/* What the time before the first phase is called. */
#define BOOT_START	"Start"

enum mark_type {
	MARK_CODE,		/* a POST code */
	MARK_LINE,		/* a line of text */
	MARK_LOST,		/* @count writes were overwritten before they were read */
	MARK_STORM,		/* @count codes came too fast to be told one by one */
};

/**
 * struct mark - something that happened in a boot
 * @type: what
 * @port: I/O port; 0: LOST
 * @vcpu: CODE, LINE: who wrote
 * @phase: index in the boot's phases
 * @value: CODE: the code
 * @seq: number of its first write in the VM
 * @count: LOST, STORM: how many writes
 * @boot: number of its boot, as a file tells; 0: nothing tells
 * @time_ns: of its first write, since the boot's zero; LOST: of what was before
 * @component: one word; LINE: NULL where no table knows the line
 * @part: of the software stack, to which @component belongs (lib/part.h); static; NULL:
 *	not known
 * @text: LINE: harmless, without the line end and colours; CODE: what it says, or NULL
 */
struct mark {
	enum mark_type type;
	__u16 port;
	__u16 vcpu;
	size_t phase;
	__u32 value;
	__u64 seq;
	__u64 count;
	__u32 boot;
	__s64 time_ns;
	char *component;
	const char *part;
	char *text;
};

/**
 * struct undated - a line of which no time is known (undated.h)
 * @before: the number of the mark in front of which it stands; as many as there are: behind
 *	the last one.  It never falls from line to line
 * @component: one word; NULL where no table knows the line
 * @text: harmless, without the line end and colours
 * @begins: it is the first one of its component, which is a phase without any mark
 */
struct undated {
	size_t before;
	char *component;
	char *text;
	bool begins;
};

/**
 * struct phase - a part of the boot
 * @name: BOOT_START or the component that begins it; lives as long as the marks
 * @part: of the software stack, to which it belongs; NULL: to none, or not known
 * @begin_ns, @end_ns: since the boot's zero
 * @codes, @lines: marks in it
 */
struct phase {
	const char *name;
	const char *part;
	__s64 begin_ns;
	__s64 end_ns;
	size_t codes;
	size_t lines;
};

/**
 * struct chunk - text as it came
 * @seq, @time_ns: of its first byte
 * @port, @vcpu: who
 * @boot: see struct mark
 * @at, @n: where in the boot's bytes, and how many
 */
struct chunk {
	__u64 seq;
	__s64 time_ns;
	__u16 port;
	__u16 vcpu;
	__u32 boot;
	size_t at;
	size_t n;
};

/**
 * struct setting - how the host's clock was set
 * @boot: number of the boot that was written then, as a file tells; 0: nothing tells
 * @seq: of the first write of which that is known
 * @offset_ns: CLOCK_REALTIME less CLOCK_MONOTONIC, modulo 2^64
 */
struct setting {
	__u32 boot;
	__u64 seq;
	__u64 offset_ns;
};

/* Room for a VM's name with its host's and "/" in front, and "#2" behind. */
#define BOOT_LABEL_SIZE	(HOSTNAME_SIZE + VMNAME_SIZE + 11)

/* Room for a process's name, made harmless. */
#define BOOT_VMM_SIZE	(ESCAPE_MAX * DBGPORT_COMM_LEN + 1)

/**
 * struct boot - one VM from its zero, or from a reset, to its last mark
 * @host: the host's name; safe everywhere; empty: not known
 * @host_id: its machine-id(5), of a boot that was read from the module; else empty
 * @vm: the VM's name; safe everywhere
 * @vmm: the name of its VMM's process, made harmless; empty: not known
 * @label: what the boot is called: the same, with "#2" behind where the VM has several, and
 *	"host/" in front where there are boots of several hosts
 * @number: of the VM's boots, from 1; of a VM whose beginning is lost, from the first
 *	one that is kept
 * @only: the only one of the VM's boots that is wanted; 0: all are
 * @id: the module's number
 * @pid: of its VMM; 0: not known
 * @late: it was running before it was attached, so its zero is not its start; of the first
 *	boot only
 * @running: it was read from the module, while its VM ran
 * @latest: it is the VM's last one of all that were read
 * @restored: it goes on from a snapshot; of the first boot only, as the next two
 * @started_ns: when its VMM's process began, before its zero: less than 0; 0: not known
 * @created_ns: when KVM made it, likewise
 * @attached: of the first boot only: where it was read, it is told that the VM came
 * @complete: it came to the code that it was to end with, if there is one
 * @zero_ns: its zero, CLOCK_MONOTONIC: the VM's, or from the second boot on its first
 *	write
 * @real_ns: the same by the host's clock of then, CLOCK_REALTIME; 0: not known
 * @unheard: see unheard_port()
 * @lost: writes that were lost
 * @mark, @marks: in their order
 * @undated, @undateds: lines without a time, in their order
 * @phase, @phases: the first one begins at 0, each begins where the one before
 *	ends, the last one ends at @total_ns; there is one at least
 * @total_ns: of the last mark
 * @chunk, @chunks, @bytes, @size: text as it came, until boot_order()
 * @older: private: the one that was met before it in the same bucket of struct boots
 * @setting, @settings: of the host's clock; see setting.h
 */
struct boot {
	char host[HOSTNAME_SIZE];
	char host_id[HOSTID_SIZE];
	char vm[VMNAME_SIZE];
	char vmm[BOOT_VMM_SIZE];
	char label[BOOT_LABEL_SIZE];
	__u32 number;
	__u32 only;
	__u32 id;
	pid_t pid;
	bool late;
	bool running;
	bool latest;
	bool restored;
	bool attached;
	bool complete;
	__u16 unheard;
	__s64 started_ns;
	__s64 created_ns;
	__u64 zero_ns;
	__u64 real_ns;
	__u64 lost;
	struct mark *mark;
	size_t marks;
	struct undated *undated;
	size_t undateds;
	struct phase *phase;
	size_t phases;
	__s64 total_ns;
	struct chunk *chunk;
	size_t chunks;
	char *bytes;
	size_t size;
	struct boot *older;
	struct setting *setting;
	size_t settings;
};

/**
 * struct boots - boots in the order in which they were met
 * @boot: each allocated by itself
 * @count: of @boot
 * @bucket, @buckets: private: those that boots_get() made, by hosts and ids
 */
struct boots {
	struct boot **boot;
	size_t count;
	struct boot **bucket;
	size_t buckets;
};

/**
 * boots_get() - the boot of a VM
 * @boots: where it is looked for
 * @host: its host's name, as struct boot has it; empty: not known
 * @id: the VM's, which another VM has after the module was loaded anew, or the host booted
 * @zero_ns: when it began, to a microsecond: another program may have rounded it
 *
 * Return: the boot; a new one if there is none.
 */
struct boot *boots_get(struct boots *boots, const char *host, __u32 id, __u64 zero_ns);

/* The newest boot of VM @id of @host, or NULL. */
struct boot *boots_last(const struct boots *boots, const char *host, __u32 id);

/* Take back the last one that boots_get() made. */
void boots_drop_last(struct boots *boots);

void mark_free(struct mark *mark);
void undated_free(struct undated *undated);
/* The text as it came. */
void boot_free_bytes(struct boot *boot);
void boot_free(struct boot *boot);
void boots_free(struct boots *boots);

/**
 * boot_add() - take a code, a storm or a loss
 * @boot: the boot
 * @mark: copied; strings are copied, and made harmless
 */
void boot_add(struct boot *boot, const struct mark *mark);

/**
 * boot_add_line() - take a whole line
 * @boot: the boot
 * @mark: of type LINE, without its text; copied
 * @text: the guest's bytes, without their line end; copied, and made harmless
 * @n: how many
 */
void boot_add_line(struct boot *boot, const struct mark *mark, const char *text, size_t n);

/**
 * boot_add_bytes() - take text of one vCPU and port
 * @boot: the boot
 * @first: @port, @vcpu, @seq, @time_ns and @boot of the first byte
 * @data: the guest's bytes, with their line ends
 * @n: how many
 */
void boot_add_bytes(struct boot *boot, const struct mark *first, const char *data, size_t n);

/* The phase of that name; NULL: there is none. */
const struct phase *boot_phase(const struct boot *boot, const char *name);

/* Nanoseconds from what was before mark @i, or from the zero, to it. */
__s64 boot_gap(const struct boot *boot, size_t i);

/* From which length on a gap is shown as one: a tenth of the boot. */
__s64 boot_long_gap(const struct boot *boot);

#endif /* DBGPORTCTL_BOOT_BOOT_H */
