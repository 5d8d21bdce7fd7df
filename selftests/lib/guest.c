// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define MEM_SIZE	0x10000
#define CODE_ADDR	0x1000
#define DATA_ADDR	0x4000
/* What guest_say() gives, behind its length. */
#define SAY_ADDR	0x8000

/* Breaks a vCPU out of KVM_RUN; its handler does nothing. */
#define KICK_SIGNAL	SIGUSR2

struct vcpu {
	struct guest *guest;
	struct kvm_run *run;
	pthread_t thread;
	int fd;
	bool running;
	bool halted;
	unsigned long exits;		/* protected by the guest's lock */
};

struct guest {
	int kvm_fd;
	int fd;
	size_t run_size;
	uint8_t *mem;
	unsigned int nvcpus;
	struct vcpu vcpus[GUEST_MAX_VCPUS];

	pthread_mutex_t lock;		/* protects what follows */
	unsigned int exits[0x10000];
	struct guest_exit log[GUEST_LOG_SIZE];
	size_t log_len;
};

static void emit(struct code *code, const void *bytes, size_t len)
{
	if (code->len + len > sizeof(code->bytes))
		errx(1, "guest: code too long");
	memcpy(code->bytes + code->len, bytes, len);
	code->len += len;
}

static void emit8(struct code *code, uint8_t byte)
{
	emit(code, &byte, 1);
}

static void emit16(struct code *code, uint16_t word)
{
	emit(code, &word, 2);
}

static void emit32(struct code *code, uint32_t dword)
{
	emit(code, &dword, 4);
}

static void emit_port(struct code *code, uint16_t port)
{
	emit8(code, 0xba);			/* mov dx, port */
	emit16(code, port);
}

void code_out8(struct code *code, uint16_t port, uint8_t value)
{
	emit8(code, 0xb0);			/* mov al, value */
	emit8(code, value);
	if (port < 0x100) {
		emit8(code, 0xe6);		/* out port, al */
		emit8(code, port);
	} else {
		emit_port(code, port);
		emit8(code, 0xee);		/* out dx, al */
	}
}

void code_out16(struct code *code, uint16_t port, uint16_t value)
{
	emit_port(code, port);
	emit8(code, 0xb8);			/* mov ax, value */
	emit16(code, value);
	emit8(code, 0xef);			/* out dx, ax */
}

void code_out32(struct code *code, uint16_t port, uint32_t value)
{
	emit_port(code, port);
	emit(code, "\x66\xb8", 2);		/* mov eax, value */
	emit32(code, value);
	emit(code, "\x66\xef", 2);		/* out dx, eax */
}

void code_outs(struct code *code, uint16_t port, unsigned int width,
	       const void *data, unsigned int count)
{
	size_t len = (size_t)width * count;

	if (code->data_len + len > sizeof(code->data))
		errx(1, "guest: too much data for OUTS");
	memcpy(code->data + code->data_len, data, len);
	emit_port(code, port);
	emit8(code, 0xbe);			/* mov si, data */
	emit16(code, DATA_ADDR + code->data_len);
	emit8(code, 0xb9);			/* mov cx, count */
	emit16(code, count);
	emit8(code, 0xfc);			/* cld */
	if (width == 4)
		emit8(code, 0x66);
	emit8(code, 0xf3);			/* rep */
	emit8(code, width == 1 ? 0x6e : 0x6f);	/* outsb, outsw, outsd */
	code->data_len += len;
}

void code_count(struct code *code, uint16_t port, uint32_t count)
{
	emit_port(code, port);
	emit(code, "\x66\x89\xd8", 3);		/* mov eax, ebx */
	emit(code, "\x66\xb9", 2);		/* mov ecx, count */
	emit32(code, count);
	emit(code, "\x66\xef", 2);		/* 1: out dx, eax */
	emit(code, "\x66\x40", 2);		/* inc eax */
	if (count) {
		emit(code, "\x66\x49", 2);	/* dec ecx */
		emit(code, "\x75\xf8", 2);	/* jnz 1b */
	} else {
		emit(code, "\xeb\xfa", 2);	/* jmp 1b */
	}
}

void code_lines(struct code *code, uint16_t text_port, uint16_t number_port,
		uint16_t lines)
{
	memcpy(code->data, "00000000\n", 9);
	code->data_len = 9;
	emit8(code, 0xfc);			/* cld */
	emit8(code, 0xbd);			/* 1: mov bp, lines */
	emit16(code, lines);
	emit8(code, 0xbf);			/* 2: mov di, last digit */
	emit16(code, DATA_ADDR + 7);
	emit(code, "\xfe\x05", 2);		/* 3: inc byte [di] */
	emit(code, "\x80\x3d\x39", 3);		/* cmp byte [di], '9' */
	emit(code, "\x76\x06", 2);		/* jbe 4f */
	emit(code, "\xc6\x05\x30", 3);		/* mov byte [di], '0' */
	emit8(code, 0x4f);			/* dec di */
	emit(code, "\xeb\xf3", 2);		/* jmp 3b */
	emit_port(code, text_port);		/* 4: */
	emit8(code, 0xbe);			/* mov si, data */
	emit16(code, DATA_ADDR);
	emit8(code, 0xb9);			/* mov cx, 9 */
	emit16(code, 9);
	emit(code, "\xf3\x6e", 2);		/* rep outsb */
	emit_port(code, number_port);
	emit(code, "\x66\x43", 2);		/* inc ebx */
	emit(code, "\x66\x89\xd8", 3);		/* mov eax, ebx */
	emit(code, "\x66\xef", 2);		/* out dx, eax */
	emit8(code, 0x4d);			/* dec bp */
	emit(code, "\x75\xd8", 2);		/* jnz 2b */
	code_hlt(code);
	emit(code, "\xeb\xd2", 2);		/* jmp 1b */
}

/* What is said is at si, and its length in cx. */
static void begin_say(struct code *code, uint16_t port)
{
	emit8(code, 0xfc);			/* cld */
	emit_port(code, port);			/* 1: */
	emit8(code, 0xbe);			/* mov si, data */
	emit16(code, SAY_ADDR);
	emit(code, "\x8b\x0e", 2);		/* mov cx, [length] */
	emit16(code, SAY_ADDR - 2);
}

void code_say(struct code *code, uint16_t port)
{
	begin_say(code, port);
	emit(code, "\xf3\x6e", 2);		/* rep outsb */
	code_hlt(code);
	emit(code, "\xeb\xf1", 2);		/* jmp 1b */
}

void code_say_out8(struct code *code, uint16_t port)
{
	begin_say(code, port);
	emit8(code, 0xac);			/* 2: lodsb */
	emit8(code, 0xee);			/* out dx, al */
	emit(code, "\xe2\xfc", 2);		/* loop 2b */
	code_hlt(code);
	emit(code, "\xeb\xef", 2);		/* jmp 1b */
}

void code_count8(struct code *code, uint16_t port, uint32_t count)
{
	emit_port(code, port);
	emit(code, "\x30\xc0", 2);		/* xor al, al */
	emit(code, "\x66\xb9", 2);		/* mov ecx, count */
	emit32(code, count);
	emit8(code, 0xee);			/* 1: out dx, al */
	emit(code, "\xfe\xc0", 2);		/* inc al */
	if (count) {
		emit(code, "\x66\x49", 2);	/* dec ecx */
		emit(code, "\x75\xf9", 2);	/* jnz 1b */
	} else {
		emit(code, "\xeb\xfb", 2);	/* jmp 1b */
	}
}

void code_poll(struct code *code, uint16_t base, uint16_t count)
{
	emit8(code, 0xb9);			/* mov cx, count */
	emit16(code, count);
	emit_port(code, base + 5);		/* 1: */
	emit8(code, 0xec);			/* in al, dx */
	emit_port(code, base);
	emit(code, "\x88\xc8", 2);		/* mov al, cl */
	emit8(code, 0xee);			/* out dx, al */
	emit8(code, 0x49);			/* dec cx */
	emit(code, "\x75\xf3", 2);		/* jnz 1b */
}

void code_repeat_out8(struct code *code, uint16_t port, uint32_t count)
{
	emit_port(code, port);
	emit(code, "\x66\xb9", 2);		/* mov ecx, count */
	emit32(code, count);
	emit8(code, 0xee);			/* 1: out dx, al */
	emit(code, "\x66\x49", 2);		/* dec ecx */
	emit(code, "\x75\xfb", 2);		/* jnz 1b */
}

void code_in(struct code *code, uint16_t port, unsigned int width,
	     uint16_t addr)
{
	emit_port(code, port);
	if (width == 4)
		emit8(code, 0x66);
	emit8(code, width == 1 ? 0xec : 0xed);	/* in al/ax/eax, dx */
	if (width == 4)
		emit8(code, 0x66);
	emit8(code, width == 1 ? 0xa2 : 0xa3);	/* mov [addr], al/ax/eax */
	emit16(code, addr);
}

void code_hlt(struct code *code)
{
	emit8(code, 0xf4);
}

static void log_exit(struct vcpu *vcpu, struct guest_exit entry)
{
	struct guest *guest = vcpu->guest;

	pthread_mutex_lock(&guest->lock);
	vcpu->exits++;
	guest->exits[entry.port]++;
	if (guest->log_len < GUEST_LOG_SIZE)
		guest->log[guest->log_len++] = entry;
	pthread_mutex_unlock(&guest->lock);
}

static void handle_io(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	uint8_t *data = (uint8_t *)run + run->io.data_offset;
	unsigned int i;

	for (i = 0; i < run->io.count; i++, data += run->io.size) {
		struct guest_exit entry = {
			.port = run->io.port,
			.width = run->io.size,
			.in = run->io.direction == KVM_EXIT_IO_IN,
		};

		if (entry.in)
			memset(data, GUEST_IN_BYTE, entry.width);
		else
			memcpy(&entry.value, data, entry.width);
		log_exit(vcpu, entry);
	}
}

static void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;

	while (!vcpu->halted) {
		if (ioctl(vcpu->fd, KVM_RUN, 0) < 0) {
			if (errno == EINTR && vcpu->run->immediate_exit)
				break;
			if (errno == EINTR || errno == EAGAIN)
				continue;
			err(1, "KVM_RUN");
		}
		switch (vcpu->run->exit_reason) {
		case KVM_EXIT_IO:
			handle_io(vcpu);
			break;
		case KVM_EXIT_HLT:
			vcpu->halted = true;
			break;
		case KVM_EXIT_INTR:
			break;
		default:
			errx(1, "guest: unexpected KVM exit %u",
			     vcpu->run->exit_reason);
		}
	}
	return NULL;
}

static void vcpu_init(struct guest *guest, struct vcpu *vcpu, unsigned int id,
		      unsigned int number)
{
	struct kvm_sregs sregs;
	struct kvm_regs regs = {
		.rip = CODE_ADDR,
		.rsp = CODE_ADDR,
		.rflags = 2,
		.rbx = (uint64_t)number << 24,
	};

	vcpu->guest = guest;
	vcpu->fd = ioctl(guest->fd, KVM_CREATE_VCPU, id);
	if (vcpu->fd < 0)
		err(1, "KVM_CREATE_VCPU %u", id);
	vcpu->run = mmap(NULL, guest->run_size, PROT_READ | PROT_WRITE,
			 MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		err(1, "mmap of a vCPU");
	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		err(1, "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		err(1, "KVM_SET_SREGS");
	if (ioctl(vcpu->fd, KVM_SET_REGS, &regs) < 0)
		err(1, "KVM_SET_REGS");
}

static void kicked(int sig)
{
	(void)sig;
}

struct guest *guest_new_ids(unsigned int vcpus, const unsigned int *ids,
			    const struct code *code)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = MEM_SIZE,
	};
	struct sigaction kick = { .sa_handler = kicked };
	struct guest *guest = calloc(1, sizeof(*guest));
	unsigned int i;

	if (!guest || vcpus < 1 || vcpus > GUEST_MAX_VCPUS)
		errx(1, "guest: no memory, or bad number of vCPUs");
	sigaction(KICK_SIGNAL, &kick, NULL);
	pthread_mutex_init(&guest->lock, NULL);

	guest->kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (guest->kvm_fd < 0)
		err(1, "/dev/kvm");
	guest->run_size = ioctl(guest->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	guest->fd = ioctl(guest->kvm_fd, KVM_CREATE_VM, 0);
	if (guest->fd < 0)
		err(1, "KVM_CREATE_VM");
	/* Intel CPUs need a place for real mode; others do not mind. */
	if (ioctl(guest->fd, KVM_SET_TSS_ADDR, 0xfffbd000) < 0)
		err(1, "KVM_SET_TSS_ADDR");

	guest->mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (guest->mem == MAP_FAILED)
		err(1, "mmap of guest memory");
	memcpy(guest->mem + CODE_ADDR, code->bytes, code->len);
	memcpy(guest->mem + DATA_ADDR, code->data, code->data_len);
	region.userspace_addr = (uintptr_t)guest->mem;
	if (ioctl(guest->fd, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		err(1, "KVM_SET_USER_MEMORY_REGION");

	guest->nvcpus = vcpus;
	for (i = 0; i < vcpus; i++)
		vcpu_init(guest, &guest->vcpus[i], ids ? ids[i] : i, i);
	return guest;
}

struct guest *guest_new(unsigned int vcpus, const struct code *code)
{
	return guest_new_ids(vcpus, NULL, code);
}

void guest_start(struct guest *guest)
{
	unsigned int i;

	for (i = 0; i < guest->nvcpus; i++) {
		struct vcpu *vcpu = &guest->vcpus[i];

		vcpu->run->immediate_exit = 0;
		vcpu->halted = false;
		errno = pthread_create(&vcpu->thread, NULL, vcpu_thread, vcpu);
		if (errno)
			err(1, "pthread_create");
		vcpu->running = true;
	}
}

void guest_wait(struct guest *guest)
{
	unsigned int i;

	for (i = 0; i < guest->nvcpus; i++) {
		struct vcpu *vcpu = &guest->vcpus[i];

		if (vcpu->running)
			pthread_join(vcpu->thread, NULL);
		vcpu->running = false;
	}
}

void guest_stop(struct guest *guest)
{
	unsigned int i;

	for (i = 0; i < guest->nvcpus; i++) {
		struct vcpu *vcpu = &guest->vcpus[i];

		/* Whichever comes first, flag or signal, KVM_RUN ends. */
		vcpu->run->immediate_exit = 1;
		if (vcpu->running)
			pthread_kill(vcpu->thread, KICK_SIGNAL);
	}
	guest_wait(guest);
}

void guest_run(struct guest *guest)
{
	guest_start(guest);
	guest_wait(guest);
}

void guest_say(struct guest *guest, const void *data, uint16_t len)
{
	if (len > GUEST_SAY_MAX)
		errx(1, "guest: too much to say");
	memcpy(guest->mem + SAY_ADDR - 2, &len, sizeof(len));
	memcpy(guest->mem + SAY_ADDR, data, len);
	guest_run(guest);
}

void guest_free(struct guest *guest)
{
	unsigned int i;

	if (!guest)
		return;
	guest_stop(guest);
	for (i = 0; i < guest->nvcpus; i++) {
		munmap(guest->vcpus[i].run, guest->run_size);
		close(guest->vcpus[i].fd);
	}
	close(guest->fd);
	close(guest->kvm_fd);
	munmap(guest->mem, MEM_SIZE);
	pthread_mutex_destroy(&guest->lock);
	free(guest);
}

unsigned long guest_exits(struct guest *guest, uint16_t port)
{
	unsigned long exits;

	pthread_mutex_lock(&guest->lock);
	exits = guest->exits[port];
	pthread_mutex_unlock(&guest->lock);
	return exits;
}

unsigned long guest_vcpu_exits(struct guest *guest, unsigned int n)
{
	unsigned long exits;

	pthread_mutex_lock(&guest->lock);
	exits = guest->vcpus[n].exits;
	pthread_mutex_unlock(&guest->lock);
	return exits;
}

size_t guest_log(struct guest *guest, const struct guest_exit **log)
{
	*log = guest->log;
	return guest->log_len;
}

size_t guest_log_of(const struct code *code, struct guest_exit **log)
{
	struct guest *guest = guest_new(1, code);
	const struct guest_exit *exits;
	size_t len;

	guest_run(guest);
	len = guest_log(guest, &exits);
	*log = calloc(len, sizeof(*exits));
	if (!*log)
		err(1, "calloc");
	memcpy(*log, exits, len * sizeof(*exits));
	guest_free(guest);
	return len;
}

void *guest_memory(struct guest *guest, uint16_t addr)
{
	return guest->mem + addr;
}

uint32_t guest_read32(struct guest *guest, uint16_t addr)
{
	uint32_t value;

	memcpy(&value, guest->mem + addr, sizeof(value));
	return value;
}

int guest_fd(struct guest *guest)
{
	return guest->fd;
}

unsigned int guests_alive(void)
{
	DIR *dir = opendir("/sys/kernel/debug/kvm");
	struct dirent *entry;
	unsigned int count = 0;

	if (!dir)
		err(1, "/sys/kernel/debug/kvm");
	while ((entry = readdir(dir)))
		count += entry->d_type == DT_DIR && entry->d_name[0] != '.';
	closedir(dir);
	return count;
}
