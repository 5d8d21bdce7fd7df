/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * dbgport - x86 guests' debug ports, taken inside KVM
 *
 * The whole contract between the module and user space.
 *
 * /dev/dbgport is a stream of struct dbgport_record.  Every open file is a
 * reader with a cursor of its own into the ring of each VM that it may see:
 * reading consumes nothing, so several readers see the same records.
 *
 *   open()    An ordinary reader looks from the oldest kept record on.
 *             DBGPORT_SUBSCRIBE, before the first read, makes it claim or
 *             start at the newest record instead.  -ENODEV: the device was
 *             unplugged.  -EMFILE: this user, who does not see all VMs, has
 *             opened it 128 times already.
 *   read()    Gives as many whole records as fit, of whichever VMs have some;
 *             the order of one VM's records is kept, that of different VMs'
 *             is not.  -EINVAL: the buffer is shorter than one record.
 *             -EAGAIN: nothing to read, and O_NONBLOCK or RWF_NOWAIT.
 *             -EINTR/restart: a signal came first.  -EFAULT: nothing was
 *             lost, the same records come again.  0: the device was unplugged
 *             (parameter "unplug") and everything has been read; close it.
 *   poll()    EPOLLIN | EPOLLRDNORM: a read would not block.  EPOLLHUP: the
 *             device was unplugged.
 *
 * A reader sees the VMs whose VMM's user (real, effective and saved uid) is
 * the one that opened the file; with CAP_SYS_PTRACE in the initial user
 * namespace at the time of the open, all.
 *
 * For every reader and VM: records delivered + records lost == writes made.
 *
 * All numbers are in the host's byte order (x86: little endian).  Reserved
 * fields and unknown flags must be 0 towards the kernel (else -EINVAL), and
 * are 0 from it.  Each structure has some, so that what comes later needs no
 * other one.
 */
#ifndef _UAPI_DBGPORT_H
#define _UAPI_DBGPORT_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Changes only when a program written for the older one would go wrong. */
#define DBGPORT_ABI		1

#define DBGPORT_MAX_PORTS	16
#define DBGPORT_COMM_LEN	16
#define DBGPORT_NAME_LEN	256

/* The three default ports. */
#define DBGPORT_POST_PORT	0x80
#define DBGPORT_CONSOLE_PORT	0xe9
#define DBGPORT_FIRMWARE_PORT	0x402

/* What a record says (dbgport_record.type). */
enum dbgport_type {
	/* The guest wrote to a port. */
	DBGPORT_WRITE		= 1,

	/*
	 * First record of a VM for this reader.  seq: where its reading
	 * starts; time_ns: the VM's zero, the moment its first vCPU was made
	 * or, with DBGPORT_LATE or if that was earlier, when it was attached.
	 */
	DBGPORT_ATTACHED	= 2,

	/*
	 * Last record of a VM: it is no more or, with DBGPORT_DETACHED, no
	 * more attached.  seq: the number of writes it ever made; time_ns:
	 * when it ended.
	 */
	DBGPORT_GONE		= 3,

	/*
	 * The writes seq … seq + count - 1 were overwritten before this reader
	 * came to them.  time_ns is 0.  With vm == 0: whole VMs, seq many,
	 * came and went and were dropped before this reader saw them; count is
	 * the number of writes that all of them made.
	 */
	DBGPORT_LOST		= 4,
};

/* dbgport_record.flags */
#define DBGPORT_CLAIMED		(1 << 0)	/* WRITE: the VMM did not see it */
#define DBGPORT_LATE		(1 << 1)	/* ATTACHED: it had a vCPU before that */
#define DBGPORT_DETACHED	(1 << 2)	/* GONE: by DBGPORT_DETACH; it may run on */

/**
 * struct dbgport_record - one entry of the stream
 * @seq:	number of this write in its VM, from 0, without gaps
 * @time_ns:	CLOCK_MONOTONIC in nanoseconds, taken in the vCPU's thread; of
 *		one VM, order by @seq and by @time_ns agree
 * @vm:		the VM's id, from 1; never used twice while the module is loaded
 * @port:	I/O port; 0 unless DBGPORT_WRITE
 * @type:	enum dbgport_type; a reader skips types that it does not know
 * @width:	bytes that were written at once: 1, 2 or 4; 0 unless DBGPORT_WRITE
 * @value:	DBGPORT_WRITE: what was written, upper bytes 0
 * @vcpu:	DBGPORT_WRITE: id of the vCPU (the VMM's number, the APIC id)
 * @flags:	mask of those above
 * @count:	DBGPORT_LOST: how many writes were lost
 */
struct dbgport_record {
	__u64 seq;
	__u64 time_ns;
	__u32 vm;
	__u16 port;
	__u8 type;
	__u8 width;
	union {
		struct {
			__u32 value;
			__u16 vcpu;
			__u16 flags;
		};
		__u64 count;
	};
};

/* dbgport_info.features: what this module can do. */
#define DBGPORT_F_CLAIM		(1ULL << 0)	/* DBGPORT_SUB_CLAIM is honoured */
#define DBGPORT_F_SEEK		(1ULL << 1)	/* DBGPORT_SEEK */
#define DBGPORT_F_UNPLUG	(1ULL << 2)	/* the parameter "unplug" */
#define DBGPORT_F_ATTACH	(1ULL << 3)	/* DBGPORT_ATTACH, DBGPORT_DETACH */
#define DBGPORT_F_EVENTFD	(1ULL << 4)	/* needs DBGPORT_GIVE_EVENTFD */
#define DBGPORT_F_SET		(1ULL << 5)	/* DBGPORT_SET_PORTS, DBGPORT_SET_CLAIM */
#define DBGPORT_F_NAME		(1ULL << 6)	/* DBGPORT_SET_NAME, dbgport_vm_info.name */
#define DBGPORT_F_UART		(1ULL << 7)	/* DBGPORT_PORT_UART: not with every backend */
#define DBGPORT_F_RESTORED	(1ULL << 8)	/* DBGPORT_SET_RESTORED */
#define DBGPORT_F_ALL		(DBGPORT_F_CLAIM | DBGPORT_F_SEEK | DBGPORT_F_UNPLUG | \
				 DBGPORT_F_ATTACH | DBGPORT_F_SET | DBGPORT_F_NAME | \
				 DBGPORT_F_RESTORED)

/* When an access is answered in the kernel; the module parameter "claim". */
enum dbgport_claim {
	DBGPORT_CLAIM_LISTENING	= 0,	/* while a claiming reader sees the VM */
	DBGPORT_CLAIM_ALWAYS	= 1,
	DBGPORT_CLAIM_NEVER	= 2,	/* tee: record, then let the VMM have it */
	DBGPORT_CLAIM_HOST	= 3,	/* of one VM: as the parameter says */
};

/*
 * dbgport_vm_info.backend: how accesses are taken from KVM.  See the module
 * parameter "backend".
 */
enum dbgport_backend_id {
	/* All of them. */
	DBGPORT_BACKEND_IODEV		= 0,

	/*
	 * All writes.  Reads are the VMM's alone, and not counted.  What is
	 * claimed follows the readers with some delay, port by port;
	 * DBGPORT_VM_CLAIMED tells when there is some of it.  While that changes,
	 * a write that is claimed may lack DBGPORT_CLAIMED.
	 */
	DBGPORT_BACKEND_IOEVENTFD	= 1,
};

/**
 * struct dbgport_info - the module (DBGPORT_GET_INFO)
 * @abi:	DBGPORT_ABI of the module
 * @record_size: sizeof(struct dbgport_record) of the module
 * @features:	mask of DBGPORT_F_*
 * @load_id:	a random number, new at each load of the module: VM ids and
 *		sequence numbers mean something only together with it
 * @ring:	records that one VM's ring holds
 * @claim:	enum dbgport_claim: the parameter as it is now, never _HOST
 * @vms:	attached VMs on this host, whoever owns them
 * @nports:	used entries of @ports
 * @ports:	ports that new VMs get
 * @port_flags:	of each port, mask of DBGPORT_PORT_TEE and DBGPORT_PORT_UART
 * @reserved:	0
 */
struct dbgport_info {
	__u32 abi;
	__u32 record_size;
	__u64 features;
	__u64 load_id;
	__u32 ring;
	__u32 claim;
	__u32 vms;
	__u32 nports;
	__u16 ports[DBGPORT_MAX_PORTS];
	__u16 port_flags[DBGPORT_MAX_PORTS];
	__u64 reserved[8];
};

/* dbgport_subscribe.flags */
#define DBGPORT_SUB_CLAIM	(1 << 0)	/* claim every VM that this reader sees */
#define DBGPORT_SUB_NEWEST	(1 << 1)	/* of VMs that are there, only what comes now */

/**
 * struct dbgport_subscribe - how to read (DBGPORT_SUBSCRIBE)
 * @flags:	mask of DBGPORT_SUB_*
 * @reserved:	0
 *
 * Once, and before the first read or seek: -EBUSY otherwise.
 */
struct dbgport_subscribe {
	__u32 flags;
	__u32 reserved;
};

/**
 * struct dbgport_seek - go to one record (DBGPORT_SEEK)
 * @vm:		the VM's id
 * @flags:	0
 * @seq:	the next write to be read; one that was overwritten meanwhile is
 *		reported by DBGPORT_LOST; -EINVAL beyond the next one to come
 *
 * The counters delivered and lost start again from 0 at @seq.  A VM that has ended
 * can be read again so, whose DBGPORT_GONE comes again then.  -ENOENT: no such VM
 * (any more); -EPERM: not this reader's to see.
 */
struct dbgport_seek {
	__u32 vm;
	__u32 flags;
	__u64 seq;
};

/**
 * struct dbgport_next_vm - walk through the VMs (DBGPORT_NEXT_VM)
 * @vm:		in: any id, 0 to begin; out: the next higher id of a VM, living or
 *		kept, that this reader may see
 * @flags:	0
 *
 * -ENOENT: there is none.
 */
struct dbgport_next_vm {
	__u32 vm;
	__u32 flags;
};

/*
 * dbgport_port_info.flags: when the VM was attached or, with
 * DBGPORT_BACKEND_IOEVENTFD, when it was last to be claimed, something else in
 * the kernel was there first: an ioeventfd or a coalesced zone of its VMM's, or a
 * device of KVM's own.  What that takes is not seen here or, with
 * DBGPORT_BACKEND_IOEVENTFD, recorded like all of the port, none of which is
 * claimed then.
 */
#define DBGPORT_PORT_TAKEN	(1 << 0)

/* dbgport_port_info.flags: let go of by DBGPORT_SET_PORTS; its counters stay */
#define DBGPORT_PORT_OFF	(1 << 1)

/*
 * dbgport_port_info.flags, dbgport_info.port_flags, dbgport_set_ports.port_flags:
 * never claimed, whatever enum dbgport_claim and readers say.  Writes are recorded,
 * and are the VMM's too; reads are the VMM's.  For ports of its devices.
 */
#define DBGPORT_PORT_TEE	(1 << 2)

/*
 * Likewise: the port is the base of a UART of the VMM's, of the 16550's kind, with
 * DBGPORT_UART_PORTS ports.  What the guest sends is recorded as the port's writes, all of
 * it in order: no divisors, and nothing that the UART says to itself.  Of that, what needs
 * no VMM can be claimed: bytes that are to cause no interrupt, and reads of the line status
 * between them.  All else is the VMM's: input, interrupts, settings.  With
 * DBGPORT_PORT_TEE all is.  With DBGPORT_F_UART.
 *
 * A UART that the VM had before it was attached, or that is asked for later, is claimed
 * when the guest has set it up anew: as long as a setting is not known, all of it is the
 * VMM's.  The same goes after an access that is wider than a byte.
 */
#define DBGPORT_PORT_UART	(1 << 3)
#define DBGPORT_UART_PORTS	8

/**
 * struct dbgport_port_info - one port of one VM
 * @port:	I/O port
 * @flags:	mask of DBGPORT_PORT_*
 * @reserved:	0
 * @writes:	writes, claimed or not
 * @bytes:	sum of their widths
 * @reads:	reads that were answered in the kernel
 * @claimed:	accesses, writes and reads, that the VMM never saw: exits saved
 * @passed:	reads that were the VMM's to answer; with DBGPORT_BACKEND_IOEVENTFD,
 *		where all are, 0
 * @passed_at:	@writes at the last of these: firmware that looks for a debug console
 *		and is told that there is none writes no more than that
 * @reserved2:	0
 */
struct dbgport_port_info {
	__u16 port;
	__u16 flags;
	__u16 reserved[2];
	__u64 writes;
	__u64 bytes;
	__u64 reads;
	__u64 claimed;
	__u64 passed;
	__u64 passed_at;
	__u64 reserved2[2];
};

/* dbgport_vm_info.flags */
#define DBGPORT_VM_GONE		(1 << 0)	/* it has ended; its ring is still kept */
#define DBGPORT_VM_CLAIMED	(1 << 1)	/* accesses are claimed now, but for tee */
#define DBGPORT_VM_LATE		(1 << 2)	/* it had a vCPU before it was attached */
#define DBGPORT_VM_DETACHED	(1 << 3)	/* gone by DBGPORT_DETACH; it may run on */
#define DBGPORT_VM_RESTORED	(1 << 4)	/* see DBGPORT_SET_RESTORED */

/**
 * struct dbgport_vm_info - one VM (DBGPORT_VM_INFO)
 * @vm:		in and out: the VM's id
 * @flags:	in: 0; out: mask of DBGPORT_VM_*
 * @pid:	the VMM's process id (thread group) in the caller's pid
 *		namespace; 0 if it has none there.  Once the VM has ended it may
 *		be another process's
 * @uid:	the VMM's effective user id at attachment, in the caller's user
 *		namespace
 * @zero_ns:	the VM's zero, see DBGPORT_ATTACHED; CLOCK_MONOTONIC ns
 * @attach_ns:	when its ports had been attached
 * @gone_ns:	when it ended; 0 while it lives
 * @written:	writes so far, which is the next sequence number
 * @oldest:	number of the oldest write that the ring still holds; @written
 *		if it holds none
 * @delivered:	writes of this VM that this reader was given
 * @lost:	writes of this VM that this reader was told it lost
 * @comm:	the VMM's command name at attachment, NUL-terminated
 * @name:	the VM's name, see DBGPORT_SET_NAME; empty if it has none
 * @nports:	used entries of @ports
 * @backend:	enum dbgport_backend_id
 * @claim:	enum dbgport_claim: this VM's own, DBGPORT_CLAIM_HOST at first
 * @reserved:	0
 * @started_ns:	when the VMM's process began, which is at the fork that its exec came after
 * @created_ns:	when KVM made the VM (KVM_CREATE_VM); 0 if that is not known, as with
 *		DBGPORT_VM_LATE
 * @reserved2:	0
 * @ports:	counters per port that the VM has or ever had
 *
 * Times are CLOCK_MONOTONIC ns.  If both are known, @started_ns <= @created_ns <= @zero_ns.
 * @created_ns is told by KVM's clock for the VM, which counts from there until it is set:
 * a VMM that sets it (KVM_SET_CLOCK) before it makes a vCPU decides on what is told here.
 *
 * A VM that has ended can be asked about, and be read by each reader once, until
 * newer ones have pushed it out: of each user, the last 256 are kept, if their rings
 * take no more than 32 MiB, and of all users 4,096, and 512 MiB.
 *
 * -ENOENT: no such VM (any more); -EPERM: not this reader's to see.
 */
struct dbgport_vm_info {
	__u32 vm;
	__u32 flags;
	__s32 pid;
	__u32 uid;
	__u64 zero_ns;
	__u64 attach_ns;
	__u64 gone_ns;
	__u64 written;
	__u64 oldest;
	__u64 delivered;
	__u64 lost;
	char comm[DBGPORT_COMM_LEN];
	char name[DBGPORT_NAME_LEN];
	__u32 nports;
	__u32 backend;
	__u32 claim;
	__u32 reserved;
	__u64 started_ns;
	__u64 created_ns;
	__u64 reserved2[6];
	struct dbgport_port_info ports[DBGPORT_MAX_PORTS];
};

/**
 * struct dbgport_attach - take in a VM that is there already (DBGPORT_ATTACH)
 * @pid:	in: process id of its VMM in the caller's pid namespace; 0 for
 *		the caller itself
 * @fd:		in: the VMM's file descriptor of the VM, as KVM_CREATE_VM gave
 *		it ("anon_inode:kvm-vm" in /proc/PID/fd)
 * @flags:	0
 * @vm:		out: the VM's id, for -EEXIST too
 *
 * VMs that are made while the module is loaded come in by themselves, when they
 * get their first vCPU, if the module parameters "only" and "except" let them.
 * One that is attached before that is not late.
 *
 * -EEXIST: it is attached.  -ESRCH: no such process.  -EBADF: it has no such
 * descriptor.  -EINVAL: that is no VM, or flags.  -EPERM: the VMM is not the
 * user's who opened the device.  -EIO: another process made the VM (what KVM says
 * to this one, too).  -EACCES: the same parameters leave the VM out.
 * -ENOSPC: the VM's bus is full.  -EOPNOTSUPP: the VM has no directory in KVM's
 * debugfs, which DBGPORT_BACKEND_IOEVENTFD needs.
 *
 * -ETIMEDOUT: the VM is stuck in an access to memory that does not come, and did
 * not let it be done for three seconds; it will be done when it does.  -EINTR: the
 * caller was killed meanwhile; likewise.  -EAGAIN: 16 such things have still to be
 * done to VMs of the VMM's user, who is not root.
 */
struct dbgport_attach {
	__s32 pid;
	__s32 fd;
	__u32 flags;
	__u32 vm;
};

/**
 * struct dbgport_detach - let go of a VM (DBGPORT_DETACH)
 * @vm:		the VM's id
 * @flags:	0
 *
 * Its accesses go to its VMM again, and its readers get DBGPORT_GONE.  If it is
 * attached again, that gives it a new id.
 *
 * -ENOENT: no such VM (any more), or somebody else detaches it.  -EPERM: not this
 * reader's to see.  -ETIMEDOUT, -EINTR, -EAGAIN: as for DBGPORT_ATTACH.
 */
struct dbgport_detach {
	__u32 vm;
	__u32 flags;
};

/**
 * struct dbgport_give_eventfd - help out the module (DBGPORT_GIVE_EVENTFD)
 * @fd:		file descriptor of an eventfd
 * @flags:	0
 *
 * With DBGPORT_F_EVENTFD, VMs are not claimed until the module was given one, which
 * it keeps until it is unloaded.  It may be closed then, and should be: whoever has it
 * can tell when VMs write.
 *
 * -EEXIST: it has one.  -EINVAL: that is no eventfd, or flags.  -EBADF: nor a file.
 * -EPERM: this reader does not see all VMs.  -EOPNOTSUPP: without DBGPORT_F_EVENTFD.
 */
struct dbgport_give_eventfd {
	__s32 fd;
	__u32 flags;
};

/**
 * struct dbgport_set_ports - one VM's ports (DBGPORT_SET_PORTS)
 * @vm:		the VM's id
 * @flags:	0
 * @nports:	used entries of @ports, at least 1
 * @reserved:	0
 * @ports:	all that it has from now on, none twice, and none within a UART's
 * @port_flags:	of each port, mask of DBGPORT_PORT_TEE and DBGPORT_PORT_UART; behind the
 *		last one 0
 *
 * Ports that stay go on without a gap, and each access is claimed or not as it was
 * before, or as it is from now on.  New ones are taken before those that
 * are not named are let go of, unless these overlap them; if one cannot be taken, the VM
 * keeps those that it has, as they were.  Records keep the port that they were written to.
 * A UART that stays remembers its settings.
 *
 * -ENOSPC: it would have had more than DBGPORT_MAX_PORTS different ports by now,
 * or its bus is full.  -EBUSY: one is, or has, a port of KVM's own PIC, ELCR, PIT or
 * speaker.
 * -EINVAL: none, too many, or two that overlap; a UART that ends behind 0xffff; or flags.
 * -EOPNOTSUPP: a UART, without DBGPORT_F_UART.
 * -ENOENT: no such VM (any more); -EPERM: not this reader's to see.  -ENOMEM: if
 * it is for want of memory that KVM cannot take a device from the bus, it takes
 * all of them, and the VM is gone.  -ETIMEDOUT, -EINTR, -EAGAIN: as for
 * DBGPORT_ATTACH.
 */
struct dbgport_set_ports {
	__u32 vm;
	__u32 flags;
	__u32 nports;
	__u32 reserved;
	__u16 ports[DBGPORT_MAX_PORTS];
	__u16 port_flags[DBGPORT_MAX_PORTS];
};

/**
 * struct dbgport_set_claim - when one VM's accesses are claimed (DBGPORT_SET_CLAIM)
 * @vm:		the VM's id
 * @flags:	0
 * @claim:	enum dbgport_claim
 * @reserved:	0
 *
 * -EINVAL: an unknown mode, or flags.  -ENOENT: no such VM (any more); -EPERM: not
 * this reader's to see.
 */
struct dbgport_set_claim {
	__u32 vm;
	__u32 flags;
	__u32 claim;
	__u32 reserved;
};

/**
 * struct dbgport_set_name - what a VM is called (DBGPORT_SET_NAME)
 * @vm:		the VM's id
 * @flags:	0
 * @name:	the name, 0 from its end on; UTF-8 of 1 to 255 bytes without control
 *		characters
 *
 * The module does not ask VMMs for names: the first who does, and may see the VM,
 * tells it, and all find it in dbgport_vm_info, also when the VM has ended.
 *
 * -EEXIST: it has one, which stays.  -EINVAL: that is no such name, or flags.
 * -ENOENT: no such VM (any more), or it has ended, and its process id may be another
 * process's.  -EPERM: not this reader's to see.
 */
struct dbgport_set_name {
	__u32 vm;
	__u32 flags;
	char name[DBGPORT_NAME_LEN];
};

/**
 * struct dbgport_set_restored - a VM goes on from a snapshot (DBGPORT_SET_RESTORED)
 * @vm:		the VM's id
 * @flags:	0
 *
 * It did not begin at its first instruction: its VMM restores it, or it comes from another
 * host.  The module cannot know: who does, and may see the VM, tells it, and all find
 * DBGPORT_VM_RESTORED in dbgport_vm_info, also when the VM has ended.
 *
 * -EINVAL: flags.  -ENOENT: no such VM (any more), or it has ended.  -EPERM: not this
 * reader's to see.
 */
struct dbgport_set_restored {
	__u32 vm;
	__u32 flags;
};

#define DBGPORT_IOC		0xde

/* The module itself. */
#define DBGPORT_GET_INFO	_IOR(DBGPORT_IOC, 0x00, struct dbgport_info)

/* How this reader reads. */
#define DBGPORT_SUBSCRIBE	_IOW(DBGPORT_IOC, 0x01, struct dbgport_subscribe)
#define DBGPORT_SEEK		_IOW(DBGPORT_IOC, 0x02, struct dbgport_seek)

/* The VMs that this reader may see, in ascending order of ids. */
#define DBGPORT_NEXT_VM		_IOWR(DBGPORT_IOC, 0x03, struct dbgport_next_vm)
#define DBGPORT_VM_INFO		_IOWR(DBGPORT_IOC, 0x04, struct dbgport_vm_info)

/* Which VMs are attached. */
#define DBGPORT_ATTACH		_IOWR(DBGPORT_IOC, 0x05, struct dbgport_attach)
#define DBGPORT_DETACH		_IOW(DBGPORT_IOC, 0x06, struct dbgport_detach)

/* What the module wants of who reads it. */
#define DBGPORT_GIVE_EVENTFD	_IOW(DBGPORT_IOC, 0x07, struct dbgport_give_eventfd)

/* What one VM has of its own; until it ends or is detached. */
#define DBGPORT_SET_PORTS	_IOW(DBGPORT_IOC, 0x08, struct dbgport_set_ports)
#define DBGPORT_SET_CLAIM	_IOW(DBGPORT_IOC, 0x09, struct dbgport_set_claim)
#define DBGPORT_SET_NAME	_IOW(DBGPORT_IOC, 0x0a, struct dbgport_set_name)
#define DBGPORT_SET_RESTORED	_IOW(DBGPORT_IOC, 0x0b, struct dbgport_set_restored)

#endif /* _UAPI_DBGPORT_H */
