// SPDX-License-Identifier: GPL-2.0
/*
 * dbgport-mark: runs inside a guest and tells the host where its boot is.
 *
 * It has no library, so that it is small and runs where there is nothing else,
 * as in an initramfs.  x86-64 only.
 */
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include <asm/unistd.h>
#include <dbgport.h>

#define EPERM	1

#define O_WRONLY	1

#define SIGSEGV		11
#define SA_RESTORER	0x04000000

#define STDOUT	1
#define STDERR	2

static size_t length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

static long syscall4(long nr, long a, long b, long c, long d)
{
	register long r10 asm("r10") = d;
	long ret;

	asm volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
		     : "rcx", "r11", "memory");
	return ret;
}

static __attribute__((noreturn)) void leave(int status)
{
	for (;;)
		syscall4(__NR_exit, status, 0, 0, 0);
}

/* Strings up to NULL. */
static void print(int fd, const char *const strings[])
{
	for (; *strings; strings++)
		syscall4(__NR_write, fd, (long)*strings, length(*strings), 0);
}

static __attribute__((noreturn)) void fail(const char *a, const char *b, const char *c)
{
	print(STDERR, (const char *const[]){ "dbgport-mark: ", a, b, c, "\n", NULL });
	leave(1);
}

static __attribute__((noreturn)) void bad_usage(const char *a, const char *b, const char *c)
{
	print(STDERR, (const char *const[]){ "dbgport-mark: ", a, b, c, NULL });
	print(STDERR, (const char *const[]){ "; see dbgport-mark --help\n", NULL });
	leave(2);
}

static const char help[] =
	"Usage: dbgport-mark CODE\n"
	"       dbgport-mark [--port PORT] TEXT\n"
	"Tell the host of this virtual machine where its boot is.\n"
	"\n"
	"  CODE          a POST code, 0x00 to 0xff or decimal, for port 0x80:\n"
	"                0x40 to 0x5f kernel, 0x60 to 0x7f user space, 0x80 to 0xff your own\n"
	"  TEXT          a line for the debug console, port 0xe9\n"
	"  --port PORT   write to PORT (0x0 to 0xffff): a CODE to 0x80, a line to any other\n"
	"  -h, --help    show this and exit\n"
	"  -V, --version show the version and exit\n"
	"\n"
	"Run it as root; it is harmless if no host listens.\n";

static const char version[] = "dbgport-mark " VERSION "\n";

static bool equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Whether @s is a decimal number, or hexadecimal with 0x; what is too large stays so. */
static bool number(const char *s, __u32 *value)
{
	int base = 10;

	if (s[0] == '0' && (s[1] | 0x20) == 'x') {
		base = 16;
		s += 2;
	}
	if (!*s)
		return false;
	for (*value = 0; *s; s++) {
		if (digit(*s) >= base)
			return false;
		if (*value <= 0xffff)
			*value = *value * base + digit(*s);
	}
	return true;
}

static void refuse(long err)
{
	if (err == EPERM)
		fail("the kernel refuses the port: be root (CAP_SYS_RAWIO); ",
		     "with Secure Boot it may be locked down, ",
		     "see /sys/kernel/security/lockdown");
	fail("this kernel lets no program use ports: there is no /dev/port ",
	     "(CONFIG_DEVPORT), nor ioperm (CONFIG_X86_IOPL_IOPERM)", "");
}

static void faulted(int sig)
{
	(void)sig;
	fail("there is no /dev/port, which some kernels leave out (CONFIG_DEVPORT), ",
	     "and the other way, ioperm, does not work in this machine", "");
}

/* The kernel's. */
struct sigaction {
	void (*handler)(int sig);
	unsigned long flags;
	void (*restorer)(void);
	__u64 mask;
};

static void never(void)
{
}

/*
 * Early in an initramfs there may be no /dev yet, and some kernels have no such
 * device, so there is a second way.  It is not the first: in guests of a KVM host
 * that QEMU emulates, the instruction faults although ioperm() has allowed it.
 */
static long dev_port = -1;

static void take_port(__u16 port)
{
	/* The kernel wants to be told how one comes back, which faulted() does not. */
	static const struct sigaction fault = {
		.handler = faulted, .flags = SA_RESTORER, .restorer = never,
	};
	long err;

	dev_port = syscall4(__NR_open, (long)"/dev/port", O_WRONLY, 0, 0);
	if (dev_port >= 0)
		return;
	err = syscall4(__NR_ioperm, port, 1, 1, 0);
	if (err)
		refuse(-err);
	syscall4(__NR_rt_sigaction, SIGSEGV, (long)&fault, 0, sizeof(fault.mask));
}

static void write_port(__u16 port, __u8 value)
{
	long ret;

	if (dev_port < 0) {
		asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
		return;
	}
	ret = syscall4(__NR_pwrite64, dev_port, (long)&value, 1, port);
	if (ret != 1)
		refuse(-ret);
}

static void mark_code(const char *arg, __u32 code)
{
	if (code > 0xff)
		bad_usage(arg, " is no code: ", "0x00 to 0xff, or 0 to 255");
	take_port(DBGPORT_POST_PORT);
	write_port(DBGPORT_POST_PORT, code);
}

static void mark_line(__u16 port, const char *text)
{
	take_port(port);
	while (*text)
		write_port(port, *text++);
	write_port(port, '\n');
}

/* The kernel's: the number of arguments, the arguments, NULL. */
__attribute__((noreturn, used)) void start(const long *stack)
{
	const char *const *arg = (const char *const *)(stack + 2);
	const char *port_arg = NULL;
	__u32 port = DBGPORT_CONSOLE_PORT, code;
	bool only_text = false;

	/* Started without even a name. */
	if (!stack[0])
		bad_usage("what to mark is missing", "", "");
	for (; *arg && (*arg)[0] == '-' && (*arg)[1] && !only_text; arg++) {
		if (equal(*arg, "--help") || equal(*arg, "-h")) {
			print(STDOUT, (const char *const[]){ help, NULL });
			leave(0);
		} else if (equal(*arg, "--version") || equal(*arg, "-V")) {
			print(STDOUT, (const char *const[]){ version, NULL });
			leave(0);
		} else if (equal(*arg, "--")) {
			only_text = true;
		} else if (equal(*arg, "--port")) {
			port_arg = *++arg;
			if (!port_arg)
				bad_usage("--port needs a value", "", "");
			if (!number(port_arg, &port) || port > 0xffff)
				bad_usage(port_arg, " is no port: ", "0x0 to 0xffff");
		} else {
			bad_usage("unknown option '", *arg, "'");
		}
	}
	if (!*arg)
		bad_usage("what to mark is missing", "", "");
	if (arg[1])
		bad_usage("one code or text at a time; put text in quotes, from '", arg[1],
			  "' on it is too much");

	if (port_arg && port != DBGPORT_POST_PORT)
		mark_line(port, *arg);
	else if (number(*arg, &code))
		mark_code(*arg, code);
	else if (port_arg)
		bad_usage(*arg, " is no code: ", "0x00 to 0xff, or 0 to 255");
	else
		mark_line(port, *arg);
	leave(0);
}

/* The stack is as the kernel left it only before a compiler's own prologue. */
asm(".globl _start\n"
	"_start:\n"
	"mov %rsp, %rdi\n"
	"xor %ebp, %ebp\n"
	"and $-16, %rsp\n"
	"call start\n");
