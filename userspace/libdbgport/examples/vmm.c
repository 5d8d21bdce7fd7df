// SPDX-License-Identifier: GPL-2.0
/*
 * A VMM that hears its own guest through the module dbgport: it makes a VM of one vCPU,
 * lets it write to two debug ports, and shows what the module has recorded.
 *
 *	cc vmm.c $(pkg-config --cflags --libs libdbgport)
 *
 * The VMM needs no code for the ports: what the guest writes does not leave the kernel
 * while a reader claims it, as the one here does.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libdbgport.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define MEMORY_SIZE	0x10000
#define CODE_ADDRESS	0x1000

/* 16-bit code: POST code 0x40, a line on the debug console, and the end. */
static const unsigned char code[] = {
	0xb0, 0x40,			/* mov al, 0x40 */
	0xe6, DBGPORT_POST_PORT,	/* out 0x80, al */
	0xbe, 0x11, 0x10,		/* mov si, 0x1011: the text */
	0xac,				/* 1: lodsb */
	0x3c, 0x00,			/* cmp al, 0 */
	0x74, 0x04,			/* je 2f */
	0xe6, DBGPORT_CONSOLE_PORT,	/* out 0xe9, al */
	0xeb, 0xf7,			/* jmp 1b */
	0xf4,				/* 2: hlt */
	'H', 'e', 'l', 'l', 'o', '\n', 0,
};

/**
 * struct vm - a VM of one vCPU
 * @fd: the VM
 * @vcpu: its vCPU
 * @run: what KVM says of that
 */
struct vm {
	int fd;
	int vcpu;
	struct kvm_run *run;
};

static int must(int ret, const char *what)
{
	if (ret < 0)
		err(1, "%s", what);
	return ret;
}

static int open_reader(void)
{
	int fd = dbgport_open(NULL, NULL), ret;

	if (fd == -ENOENT)
		errx(1, DBGPORT_DEVICE " is not there: modprobe dbgport");
	if (fd == -EPROTO)
		errx(1, "the module is another version than libdbgport");
	if (fd < 0)
		errx(1, DBGPORT_DEVICE ": %s", strerror(-fd));
	/* Claim what this user's VMs write, and read what comes from now on. */
	ret = dbgport_subscribe(fd, DBGPORT_SUB_CLAIM | DBGPORT_SUB_NEWEST);
	if (ret)
		errx(1, "dbgport_subscribe: %s", strerror(-ret));
	return fd;
}

/* The guest's memory, with the code in it. */
static void add_memory(struct vm *vm)
{
	struct kvm_userspace_memory_region region = { .memory_size = MEMORY_SIZE };
	char *memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(1, "mmap");
	memcpy(memory + CODE_ADDRESS, code, sizeof(code));
	region.userspace_addr = (unsigned long)memory;
	must(ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
}

static void set_registers(struct vm *vm)
{
	struct kvm_regs regs = { .rip = CODE_ADDRESS, .rflags = 2 };
	struct kvm_sregs sregs;

	must(ioctl(vm->vcpu, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	sregs.ds.base = 0;
	sregs.ds.selector = 0;
	must(ioctl(vm->vcpu, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
	must(ioctl(vm->vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");
}

static void make_vm(struct vm *vm)
{
	int kvm = must(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	int size = must(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE");

	vm->fd = must(ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
	add_memory(vm);
	/* With its first vCPU the VM has its debug ports: nothing is to be asked for. */
	vm->vcpu = must(ioctl(vm->fd, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
	vm->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	if (vm->run == MAP_FAILED)
		err(1, "mmap");
	set_registers(vm);
}

/* What the module calls the VM; it is attached already, unless the host's rules forbid. */
static __u32 find_id(int reader, const struct vm *vm)
{
	__u32 id;
	int ret = dbgport_attach(reader, 0, vm->fd, &id);

	if (ret && ret != -EEXIST)
		errx(1, "dbgport_attach: %s", strerror(-ret));
	ret = dbgport_set_name(reader, id, "example");
	/* A daemon may have been faster. */
	if (ret && ret != -EEXIST)
		errx(1, "dbgport_set_name: %s", strerror(-ret));
	return id;
}

/* Return: how often the guest has left KVM for a port. */
static unsigned int run_vm(struct vm *vm)
{
	unsigned int exits = 0;

	for (;;) {
		if (ioctl(vm->vcpu, KVM_RUN, 0) && errno != EINTR)
			err(1, "KVM_RUN");
		if (vm->run->exit_reason == KVM_EXIT_HLT)
			return exits;
		if (vm->run->exit_reason != KVM_EXIT_IO)
			errx(1, "the guest ended in an unexpected way: %u",
			     vm->run->exit_reason);
		exits++;
	}
}

static void show(const struct dbgport_record *record)
{
	if (record->port == DBGPORT_CONSOLE_PORT)
		putchar(record->value);
	else
		printf("code 0x%x on port 0x%x\n", record->value, record->port);
}

/* All that it has written, which is there already: the guest has ended. */
static void show_records(int fd, __u32 id)
{
	struct dbgport_reader *reader = dbgport_reader_new(fd);
	const struct dbgport_record *record;
	struct dbgport_vm_info info;
	__u64 seen = 0;
	int ret = dbgport_vm_info(fd, id, &info);

	if (!reader)
		err(1, "dbgport_reader_new");
	if (ret)
		errx(1, "dbgport_vm_info: %s", strerror(-ret));
	while (seen < info.written && (ret = dbgport_reader_next(reader, &record)) == 1) {
		if (record->vm != id)
			continue;
		if (record->type == DBGPORT_LOST)
			seen += record->count;
		if (record->type != DBGPORT_WRITE)
			continue;
		show(record);
		seen++;
	}
	if (ret < 0)
		errx(1, "dbgport_reader_next: %s", strerror(-ret));
	dbgport_reader_free(reader);
}

int main(void)
{
	int reader = open_reader();
	unsigned int exits;
	struct vm vm;
	__u32 id;

	make_vm(&vm);
	id = find_id(reader, &vm);
	exits = run_vm(&vm);
	show_records(reader, id);
	printf("VM %u left KVM for a port %u times\n", id, exits);
	return 0;
}
