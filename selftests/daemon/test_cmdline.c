// SPDX-License-Identifier: GPL-2.0
/* Made-up command lines of VMMs, and what a hostile one may write there. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "lib/cmdline.h"

#define SIZE	65

static char name[SIZE];

/* On the heap and of the exact size, so that ASan sees a step too far. */
static char *exact_copy(const char *args, size_t len)
{
	char *copy = malloc(len + 1);

	memcpy(copy, args, len);
	copy[len] = '\0';
	return copy;
}

static const char *name_in(const char *args, size_t len)
{
	char *copy = exact_copy(args, len);
	bool found;

	memset(name, '?', sizeof(name));
	found = cmdline_vm_name(name, sizeof(name), copy, len);
	free(copy);
	return found ? name : NULL;
}

/* Of string literals with \0 between the arguments; the last gets its own. */
#define NAME_IN(args)	name_in(args, sizeof(args))

TEST(qemu_is_told_by_name)
{
	EXPECT_STREQ("web", NAME_IN("qemu-system-x86_64\0-name\0web\0-S"));
	EXPECT_STREQ("web", NAME_IN("/usr/bin/qemu-system-x86_64\0--name\0web"));
	EXPECT_STREQ("web", NAME_IN("/usr/bin/kvm\0-id\0x\0-name\0web,debug-threads=on"));
	EXPECT_STREQ("web", NAME_IN("/usr/libexec/qemu-kvm\0-name\0web"));
}

TEST(libvirt_says_guest)
{
	EXPECT_STREQ("web", NAME_IN("qemu-system-x86_64\0-name\0guest=web,debug-threads=on"));
	EXPECT_STREQ("web", NAME_IN("qemu-system-x86_64\0-name\0debug-threads=on,guest=web"));
	EXPECT_STREQ("a=b", NAME_IN("qemu-system-x86_64\0-name\0guest=a=b"));
}

TEST(two_commas_are_one_of_the_name)
{
	EXPECT_STREQ("my,vm", NAME_IN("qemu-system-x86_64\0-name\0my,,vm"));
	EXPECT_STREQ("my,vm", NAME_IN("qemu-system-x86_64\0-name\0guest=my,,vm,process=x"));
	EXPECT_STREQ(",,", NAME_IN("qemu-system-x86_64\0-name\0guest=,,,,,process=x"));
	EXPECT_STREQ("a", NAME_IN("qemu-system-x86_64\0-name\0a,"));
}

TEST(the_last_of_several_names_counts_in_qemu)
{
	EXPECT_STREQ("b", NAME_IN("qemu-system-x86_64\0-name\0a\0-name\0b"));
	EXPECT_STREQ("b", NAME_IN("qemu-system-x86_64\0-name\0a,guest=b"));
	EXPECT_STREQ("a", NAME_IN("qemu-system-x86_64\0-name\0a\0-name\0process=b"));
}

TEST(qemu_without_a_name_has_none)
{
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-S"));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-name\0process=x"));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-name\0guest="));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-name\0guests=x"));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-name\0,x=y"));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-name\0"));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-name"));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0-names\0web"));
	EXPECT_EQ(NULL, NAME_IN("qemu-system-x86_64\0name\0web"));
}

TEST(cloud_hypervisor_has_its_api_socket)
{
	EXPECT_STREQ("web", NAME_IN("cloud-hypervisor\0--api-socket\0/run/ch/web.sock"));
	EXPECT_STREQ("web", NAME_IN("/opt/cloud-hypervisor-static\0--api-socket=/tmp/web.socket"));
	EXPECT_STREQ("web", NAME_IN("cloud-hypervisor\0--api-socket\0path=/tmp/web.sock"));
	EXPECT_STREQ("web", NAME_IN("cloud-hypervisor\0--api-socket=path=web"));
	EXPECT_EQ(NULL, NAME_IN("cloud-hypervisor\0--api-socket\0fd=3"));
	EXPECT_EQ(NULL, NAME_IN("cloud-hypervisor\0--api-socket\0/run/ch/"));
	EXPECT_EQ(NULL, NAME_IN("cloud-hypervisor\0--kernel\0vmlinux"));
}

#define SOCKET(path)	NAME_IN("cloud-hypervisor\0--api-socket\0" path)

TEST(a_socket_whose_name_says_nothing_is_named_by_its_directory)
{
	EXPECT_STREQ("2f9a", SOCKET("/run/vc/vm/2f9a/clh-api.sock"));
	EXPECT_STREQ("2f9a", SOCKET("/run/kata/2f9a/ch-api.sock"));
	EXPECT_STREQ("web", SOCKET("path=/srv/vms/web/api.sock"));
	EXPECT_STREQ("web", SOCKET("/srv/vms/web//cloud-hypervisor.socket"));
	EXPECT_STREQ("web", SOCKET("vms/web/api-socket"));
	EXPECT_STREQ("web", SOCKET("web/vmm"));
	EXPECT_STREQ("web", SOCKET("/run/user/1000/web/ch.sock"));
	EXPECT_STREQ("web", NAME_IN("crosvm\0run\0-s\0/vms/web/crosvm.sock"));
	EXPECT_STREQ("apiary", SOCKET("/run/ch/apiary.sock"));
}

TEST(a_directory_that_vms_share_names_none)
{
	EXPECT_STREQ("ch", SOCKET("/tmp/ch.sock"));
	EXPECT_STREQ("api", SOCKET("/run/user/1000/api.sock"));
	EXPECT_STREQ("api", SOCKET("/run//api.sock"));
	EXPECT_STREQ("api", SOCKET("/api.sock"));
	EXPECT_STREQ("api", SOCKET("api.sock"));
	EXPECT_STREQ("api", SOCKET("./api.sock"));
	EXPECT_STREQ("api", SOCKET("../api.sock"));
}

TEST(libvirts_socket_has_the_vms_name)
{
	EXPECT_STREQ("web", SOCKET("/run/libvirt/ch/web-socket"));
}

TEST(only_the_end_of_a_sockets_name_is_cut)
{
	EXPECT_STREQ("a.sock.b", NAME_IN("cloud-hypervisor\0--api-socket\0a.sock.b"));
	EXPECT_STREQ("a.sock", NAME_IN("cloud-hypervisor\0--api-socket\0a.sock.sock"));
	EXPECT_STREQ(".sock", NAME_IN("cloud-hypervisor\0--api-socket\0/tmp/.sock"));
}

TEST(firecracker_has_its_id)
{
	EXPECT_STREQ("web-e35c", NAME_IN("firecracker\0--id\0web-e35c\0--no-api"));
	EXPECT_STREQ("f", NAME_IN("/jail/firecracker-v1.4.0-x86_64\0--api-sock\0/x.sock\0--id\0f"));
	EXPECT_EQ(NULL, NAME_IN("firecracker\0--api-sock\0/tmp/web.sock"));
}

TEST(crosvm_has_a_name_or_a_socket)
{
	EXPECT_STREQ("web", NAME_IN("crosvm\0run\0-s\0/tmp/x.sock\0--name\0web\0vmlinux"));
	EXPECT_STREQ("web", NAME_IN("crosvm\0run\0--name=web\0vmlinux"));
	EXPECT_STREQ("x", NAME_IN("crosvm\0run\0-s\0/tmp/x.sock\0vmlinux"));
	EXPECT_STREQ("x", NAME_IN("crosvm\0run\0--socket\0/tmp/x.sock\0vmlinux"));
	EXPECT_EQ(NULL, NAME_IN("crosvm\0run\0vmlinux"));
}

TEST(kvmtool_is_told_by_name)
{
	EXPECT_STREQ("web", NAME_IN("lkvm\0run\0--name\0web\0-k\0bzImage"));
	EXPECT_STREQ("web", NAME_IN("/usr/bin/lkvm-static\0run\0--name=web"));
	EXPECT_EQ(NULL, NAME_IN("lkvm\0run\0-n\0user\0-k\0bzImage"));
}

/* As they were seen; what stands behind is left out. */
TEST(managers_command_lines_have_the_names_of_their_vms)
{
	/* KubeVirt, which has libvirt. */
	EXPECT_STREQ("default_vmi-ephemeral",
		     NAME_IN("/usr/libexec/qemu-kvm\0-name\0"
			     "guest=default_vmi-ephemeral,debug-threads=on\0-S\0-object\0"
			     "{\"qom-type\":\"secret\",\"id\":\"masterKey0\",\"format\":\"raw\"}\0"
			     "-machine\0pc-q35-rhel9.2.0,usb=off,dump-guest-core=off"));
	/* Proxmox VE 8. */
	EXPECT_STREQ("web",
		     NAME_IN("/usr/bin/kvm\0-id\000100\0-name\0web,debug-threads=on\0"
			     "-no-shutdown\0-chardev\0"
			     "socket,id=qmp,path=/var/run/qemu-server/100.qmp,server=on,wait=off\0"
			     "-mon\0chardev=qmp,mode=control\0-daemonize\0-smbios\0"
			     "type=1,uuid=b77a12f3-0292-4197-a692-246fd9ba4caf"));
	/* Kata 3. */
	EXPECT_STREQ("sandbox-41cb92475d2d",
		     NAME_IN("/opt/kata/bin/qemu-system-x86_64\0-name\0"
			     "sandbox-41cb92475d2d,debug-threads=on\0"
			     "-uuid\0e62392aa-df4d-4482-b269-622a8d89fc51"));
	EXPECT_STREQ("41cb92475d2d",
		     NAME_IN("/opt/kata/bin/cloud-hypervisor\0--api-socket\0"
			     "/run/vc/vm/41cb92475d2d/clh-api.sock\0-v"));
	EXPECT_STREQ("41cb92475d2d",
		     NAME_IN("/firecracker\0--id\00041cb92475d2d\0--start-time-us\0001234\0"
			     "--config-file\0/fcConfig.json"));
	EXPECT_EQ(NULL, NAME_IN("/opt/kata/bin/firecracker\0--api-sock\0"
				"/run/vc/firecracker/41cb92475d2d/root/run/firecracker.socket\0"
				"--config-file\0"
				"/run/vc/firecracker/41cb92475d2d/root/fcConfig.json"));
	/* Dragonball, in the process of Kata's runtime. */
	EXPECT_EQ(NULL, NAME_IN("/opt/kata/bin/containerd-shim-kata-v2\0-namespace\0k8s.io\0"
				"-id\00041cb92475d2d\0-debug"));
}

TEST(others_have_none)
{
	EXPECT_EQ(NULL, NAME_IN("talk\0-name\0web\0--name\0web\0--id\0web"));
	EXPECT_EQ(NULL, NAME_IN("my-qemu\0-name\0web"));
	EXPECT_EQ(NULL, NAME_IN("crosvm/\0--name\0web"));
}

TEST(an_empty_command_line_has_none)
{
	EXPECT_EQ(NULL, name_in("", 0));
	EXPECT_EQ(NULL, name_in("\0", 1));
	EXPECT_EQ(NULL, name_in("\0\0\0\0", 4));
	EXPECT_EQ(NULL, name_in("\0-name\0web\0", 11));
}

TEST(the_last_argument_may_lack_its_end)
{
	static const char args[] = "qemu-system-x86_64\0-name\0web";

	EXPECT_STREQ("web", name_in(args, sizeof(args) - 1));
	EXPECT_STREQ("we", name_in(args, sizeof(args) - 2));
	for (size_t len = 0; len < sizeof(args) - 3; len++)
		name_in(args, len);
}

TEST(a_long_name_is_cut)
{
	static char args[CMDLINE_SIZE] = "qemu-system-x86_64\0-name";
	const size_t at = sizeof("qemu-system-x86_64\0-name");

	memset(args + at, 'x', sizeof(args) - at);
	ASSERT_NE(NULL, name_in(args, sizeof(args)));
	EXPECT_EQ(SIZE - 1, strlen(name));
	EXPECT_EQ(SIZE - 1, strspn(name, "x"));
}

TEST(commas_and_equals_signs_without_end_are_no_trouble)
{
	static char args[CMDLINE_SIZE] = "qemu-system-x86_64\0-name";
	const size_t at = sizeof("qemu-system-x86_64\0-name");
	static const char fill[] = ",=\0-";

	for (size_t i = at; i < sizeof(args); i++)
		args[i] = fill[i * 7919 / 13 % (sizeof(fill) - 1)];
	name_in(args, sizeof(args));
	memset(args + at, ',', sizeof(args) - at);
	ASSERT_NE(NULL, name_in(args, sizeof(args)));
	EXPECT_EQ(SIZE - 1, strspn(name, ","));
}

/* A process with these arguments; it stays until the test's end. */
static pid_t run(char *const argv[])
{
	char buf[CMDLINE_SIZE], byte;
	int pipe_fd[2];
	pid_t pid;

	if (pipe2(pipe_fd, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execv("/bin/sleep", argv);
		_exit(1);
	}
	/* exec closes the other end, and gives it its arguments a moment later. */
	close(pipe_fd[1]);
	if (read(pipe_fd[0], &byte, 1))
		return -1;
	while (!cmdline_read(buf, sizeof(buf), pid))
		sched_yield();
	close(pipe_fd[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST(a_process_is_read)
{
	static const char args[] = "sleep\0inf";
	char *const argv[] = { "sleep", "inf", NULL };
	char buf[CMDLINE_SIZE];
	pid_t pid = run(argv);

	ASSERT_LT(0, pid);
	memset(buf, '?', sizeof(buf));
	EXPECT_EQ(sizeof(args), cmdline_read(buf, sizeof(buf), pid));
	EXPECT_EQ(0, memcmp(args, buf, sizeof(args)));
	EXPECT_EQ('\0', buf[sizeof(args)]);
	end(pid);
}

TEST(an_argument_that_does_not_fit_is_left_out)
{
	char *const argv[] = { "sleep", "1000", "100", NULL };
	pid_t pid = run(argv);
	char buf[16];

	ASSERT_LT(0, pid);
	EXPECT_EQ(11, cmdline_read(buf, 14, pid));
	EXPECT_EQ('\0', buf[11]);
	EXPECT_EQ(15, cmdline_read(buf, 16, pid));
	EXPECT_EQ(0, cmdline_read(buf, 4, pid));
	EXPECT_EQ('\0', buf[0]);
	end(pid);
}

static bool restored_in(const char *args, size_t len)
{
	char *copy = exact_copy(args, len);
	bool restored = cmdline_is_restored(copy, len);

	free(copy);
	return restored;
}

#define RESTORED_IN(args)	restored_in(args, sizeof(args))

TEST(a_vm_is_restored_where_its_vmm_is_told_so)
{
	EXPECT_TRUE(RESTORED_IN("qemu-system-x86_64\0-m\0\x31G\0-incoming\0defer"));
	EXPECT_TRUE(RESTORED_IN("/usr/bin/kvm\0--incoming\0exec:cat x\0-S"));
	EXPECT_TRUE(RESTORED_IN("/usr/libexec/qemu-kvm\0-incoming\0fd:3"));
	EXPECT_TRUE(RESTORED_IN("qemu-system-x86_64\0-loadvm\0clean"));
	EXPECT_TRUE(RESTORED_IN("cloud-hypervisor\0--restore\0source_url=file:///x"));
	EXPECT_TRUE(RESTORED_IN("cloud-hypervisor\0--restore=source_url=file:///x"));
	EXPECT_TRUE(RESTORED_IN("/usr/bin/crosvm\0run\0--restore\0/x\0/vmlinux"));
}

TEST(else_it_is_not)
{
	EXPECT_FALSE(RESTORED_IN(""));
	EXPECT_FALSE(RESTORED_IN("-incoming\0defer"));
	EXPECT_FALSE(RESTORED_IN("qemu-system-x86_64\0-name\0incoming"));
	EXPECT_FALSE(RESTORED_IN("qemu-system-x86_64\0-incomings\0x"));
	EXPECT_FALSE(RESTORED_IN("qemu-system-x86_64\0incoming\0x"));
	EXPECT_FALSE(RESTORED_IN("qemu-system-x86_64\0--restore\0x"));
	EXPECT_FALSE(RESTORED_IN("cloud-hypervisor\0-incoming\0x"));
	/* Which is told that over its socket. */
	EXPECT_FALSE(RESTORED_IN("firecracker\0--id\0x\0--restore\0x"));
	/* That stands there alone is no value. */
	EXPECT_FALSE(RESTORED_IN("qemu-system-x86_64\0-incoming"));
}

TEST(a_process_that_ended_has_no_command_line)
{
	char *const argv[] = { "sleep", "inf", NULL };
	char buf[CMDLINE_SIZE];
	pid_t pid = run(argv);

	ASSERT_LT(0, pid);
	/* A zombie first, then nothing. */
	kill(pid, SIGKILL);
	EXPECT_EQ(0, waitid(P_PID, pid, NULL, WEXITED | WNOWAIT));
	EXPECT_EQ(0, cmdline_read(buf, sizeof(buf), pid));
	EXPECT_EQ('\0', buf[0]);
	waitpid(pid, NULL, 0);
	EXPECT_EQ(0, cmdline_read(buf, sizeof(buf), pid));
}

TEST_HARNESS_MAIN
