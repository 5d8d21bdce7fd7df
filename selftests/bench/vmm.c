// SPDX-License-Identifier: GPL-2.0
/*
 * usage: vmm PEER NAME
 *
 * What an access costs under a VMM that does nothing at an exit, with PEER in
 * the kernel below it: the guests of guest.S run, and for each a line says
 * "a<TAB>ACCESS: NAME<TAB>FIGURE<TAB>UNIT".  They are in the program's
 * directory.  Where a virtual nanosecond is one instruction, a cycle is too:
 * $DBGPORT_BENCH_UNIT has the word for it.
 *
 * Peers that have no answer to a read are not asked for one.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "module.h"
#include "reader.h"

#define ROM_SIZE	0x10000
#define PAGE		4096
#define ACCESSES	(20 * 512)
#define RESULT_PORT	0x500
#define END_PORT	0xf4

struct vmm {
	int fd;
	int vcpu;
	struct kvm_run *run;
	size_t run_size;
	struct kvm_coalesced_mmio_ring *ring;	/* of coalesced writes, or NULL */
	unsigned long seen;			/* such writes */
};

/* Give the VM to a device of dbgport_floor.ko. */
static void give_to_floor(struct vmm *vmm, const char *device)
{
	char path[80], number[16];
	int fd, len;

	snprintf(path, sizeof(path), "/sys/module/dbgport_floor/parameters/%s", device);
	fd = open(path, O_WRONLY);
	len = snprintf(number, sizeof(number), "%d", vmm->fd);
	if (fd < 0 || write(fd, number, len) != len)
		err(1, "%s", path);
	close(fd);
}

/* A reader that claims and never reads. */
static int reader;

static void claim(const char *params)
{
	module_fresh(params);
	reader = reader_open(0, DBGPORT_SUB_CLAIM);
}

static void claimed(void)
{
	claim("");
}

static void claimed_ioeventfd(void)
{
	claim("backend=ioeventfd");
}

/* Some time after it was attached, by a work in this thread. */
static void await_claimed(struct vmm *vmm)
{
	struct dbgport_vm_info info;

	(void)vmm;
	do {
		poll(NULL, 0, 1);
		reader_vm_info(reader, reader_my_vm(reader), &info);
	} while (!(info.flags & DBGPORT_VM_CLAIMED));
}

static void recorded(void)
{
	module_fresh("");
}

static void recorded_ioeventfd(void)
{
	module_fresh("backend=ioeventfd");
}

/* For a port that is none of its own. */
static void beside_ioeventfd(void)
{
	module_fresh("backend=ioeventfd ports=0x80");
}

static void floor_nothing(struct vmm *vmm)
{
	give_to_floor(vmm, "nothing");
}

static void floor_least(struct vmm *vmm)
{
	give_to_floor(vmm, "least");
}

static void floor_unsafe(struct vmm *vmm)
{
	give_to_floor(vmm, "unsafe");
}

static void coalesced(struct vmm *vmm)
{
	struct kvm_coalesced_mmio_zone zone = {
		.addr = DBGPORT_CONSOLE_PORT,
		.size = 4,
		.pio = 1,
	};
	int page = ioctl(vmm->fd, KVM_CHECK_EXTENSION, KVM_CAP_COALESCED_MMIO);

	if (ioctl(vmm->fd, KVM_REGISTER_COALESCED_MMIO, &zone))
		err(1, "KVM_REGISTER_COALESCED_MMIO");
	vmm->ring = (void *)vmm->run + page * PAGE;
}

static void ioeventfd(struct vmm *vmm)
{
	struct kvm_ioeventfd event = {
		.addr = DBGPORT_CONSOLE_PORT,
		.fd = eventfd(0, EFD_CLOEXEC),
		.flags = KVM_IOEVENTFD_FLAG_PIO,
	};

	if (ioctl(vmm->fd, KVM_IOEVENTFD, &event))
		err(1, "KVM_IOEVENTFD");
	close(event.fd);
}

/**
 * struct peer - what takes the writes
 * @name:	on the command line
 * @begin:	before the first VM, or NULL
 * @add:	puts it below a VM that has its vCPU, or NULL
 * @reads:	it answers reads too
 */
static const struct peer {
	const char *name;
	void (*begin)(void);
	void (*add)(struct vmm *vmm);
	bool reads;
} peers[] = {
	{ "exit", .reads = true },
	{ "claimed", .begin = claimed, .reads = true },
	{ "claimed-ioeventfd", .begin = claimed_ioeventfd, .add = await_claimed },
	{ "recorded", .begin = recorded },
	{ "recorded-ioeventfd", .begin = recorded_ioeventfd },
	{ "beside-ioeventfd", .begin = beside_ioeventfd },
	{ "floor", .add = floor_nothing, .reads = true },
	{ "least", .add = floor_least },
	{ "unsafe", .add = floor_unsafe },
	{ "coalesced", .add = coalesced },
	{ "ioeventfd", .add = ioeventfd },
	{ }
};

static void add_memory(int vm, unsigned int slot, uint64_t addr, void *mem)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = addr,
		.memory_size = ROM_SIZE,
		.userspace_addr = (uintptr_t)mem,
	};

	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		err(1, "KVM_SET_USER_MEMORY_REGION");
}

/* As a PC has its firmware: below 4 GiB, where the CPU begins, and below 1 MiB. */
static void create(struct vmm *vmm, void *rom)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		err(1, "/dev/kvm");
	vmm->fd = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vmm->fd < 0)
		err(1, "KVM_CREATE_VM");
	/* Intel CPUs need a place for real mode; others do not mind. */
	if (ioctl(vmm->fd, KVM_SET_TSS_ADDR, 0xfffbd000))
		err(1, "KVM_SET_TSS_ADDR");
	add_memory(vmm->fd, 0, 0xf0000, rom);
	add_memory(vmm->fd, 1, 0xffff0000, rom);
	vmm->vcpu = ioctl(vmm->fd, KVM_CREATE_VCPU, 0);
	if (vmm->vcpu < 0)
		err(1, "KVM_CREATE_VCPU");
	vmm->run_size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vmm->run = mmap(NULL, vmm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vmm->vcpu, 0);
	if (vmm->run == MAP_FAILED)
		err(1, "mmap of the vCPU");
	close(kvm);
}

/* What a VMM with a use for them has to do at each exit. */
static void take_coalesced(struct vmm *vmm)
{
	struct kvm_coalesced_mmio_ring *ring = vmm->ring;
	unsigned int max = (PAGE - sizeof(*ring)) / sizeof(ring->coalesced_mmio[0]);

	while (ring->first != __atomic_load_n(&ring->last, __ATOMIC_ACQUIRE)) {
		vmm->seen += ring->coalesced_mmio[ring->first].len;
		__atomic_store_n(&ring->first, (ring->first + 1) % max, __ATOMIC_RELEASE);
	}
}

/* Return: the cycles that the guest has counted. */
static uint32_t run(struct vmm *vmm)
{
	struct kvm_run *run = vmm->run;
	uint32_t cycles = 0;
	int byte = 0;

	for (;;) {
		if (ioctl(vmm->vcpu, KVM_RUN, 0))
			err(1, "KVM_RUN");
		if (run->exit_reason != KVM_EXIT_IO)
			errx(1, "unexpected KVM exit %u", run->exit_reason);
		if (vmm->ring)
			take_coalesced(vmm);
		if (run->io.port == END_PORT)
			return cycles;
		if (run->io.port == RESULT_PORT)
			cycles |= *((uint8_t *)run + run->io.data_offset) << 8 * byte++;
	}
}

static void *load(const char *program, const char *access)
{
	const char *slash = strrchr(program, '/');
	char path[4096];
	void *rom;
	int fd;

	snprintf(path, sizeof(path), "%.*s%s.rom", slash ? (int)(slash + 1 - program) : 0,
		 program, access);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rom = mmap(NULL, ROM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (fd < 0 || rom == MAP_FAILED)
		err(1, "%s", path);
	close(fd);
	return rom;
}

/*
 * Twice, since the first run brings the kernel's caches to what they stay, and a
 * fault or two into the guest's time.
 */
static void measure(const char *program, const struct peer *peer, const char *access,
		    const char *says, const char *name)
{
	const char *unit = getenv("DBGPORT_BENCH_UNIT") ?: "cycles";
	void *rom = load(program, access);
	uint32_t cycles = 0;

	for (int i = 0; i < 2; i++) {
		struct vmm vmm = { 0 };

		create(&vmm, rom);
		if (peer->add)
			peer->add(&vmm);
		cycles = run(&vmm);
		munmap(vmm.run, vmm.run_size);
		close(vmm.vcpu);
		close(vmm.fd);
	}
	printf("a\t%s: %s\t%.1f\t%s\n", says, name, (double)cycles / ACCESSES, unit);
	fflush(stdout);
	munmap(rom, ROM_SIZE);
}

int main(int argc, char **argv)
{
	const struct peer *peer = peers;

	while (argc == 3 && peer->name && strcmp(argv[1], peer->name))
		peer++;
	if (argc != 3 || !peer->name)
		errx(2, "usage: vmm PEER NAME; the peers are in vmm.c");
	if (peer->begin)
		peer->begin();
	measure(argv[0], peer, "outb", "outb", argv[2]);
	measure(argv[0], peer, "outl", "outl", argv[2]);
	measure(argv[0], peer, "outsb", "rep outsb", argv[2]);
	if (peer->reads)
		measure(argv[0], peer, "inb", "inb", argv[2]);
	return 0;
}
