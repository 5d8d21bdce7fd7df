// SPDX-License-Identifier: GPL-2.0
/* One VM's ports and claim mode, changed while it is there. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

static int set_ports_n(int fd, unsigned int vm, const unsigned short *ports, unsigned int n)
{
	struct dbgport_set_ports set = { .vm = vm, .nports = n };

	memcpy(set.ports, ports, (n < DBGPORT_MAX_PORTS ? n : DBGPORT_MAX_PORTS) * sizeof(*ports));
	return ioctl(fd, DBGPORT_SET_PORTS, &set) ? -errno : 0;
}

/* 0, or -errno. */
#define set_ports(fd, vm, ...) ({					\
	static const unsigned short ports_[] = { __VA_ARGS__ };		\
	set_ports_n(fd, vm, ports_, sizeof(ports_) / sizeof(*ports_));	\
})

FIXTURE(set) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	unsigned int vm;
	int fd;
};

FIXTURE_VARIANT(set) {
	const char *params;
};

FIXTURE_VARIANT_ADD(set, auto) { .params = "ports=0xe9,0x402 ring=131072" };
FIXTURE_VARIANT_ADD(set, ioeventfd) { .params = "backend=ioeventfd ports=0xe9,0x402 ring=131072" };

/* A claimed VM that, each time it is run, writes a byte to each of the ports. */
FIXTURE_SETUP(set)
{
	unsigned int i;

	module_fresh(variant->params);
	for (i = 0; i < 8; i++) {
		code_out8(&self->code, 0xe9, 'a' + i);
		code_out8(&self->code, 0x402, 'A' + i);
		code_hlt(&self->code);
	}
	self->guest = guest_new(1, &self->code);
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	self->vm = reader_my_vm(self->fd);
}

FIXTURE_TEARDOWN(set)
{
	close(self->fd);
	guest_free(self->guest);
	stream_free(&self->stream);
}

TEST_F(set, is_a_feature)
{
	EXPECT_TRUE(reader_info(self->fd).features & DBGPORT_F_SET);
}

TEST_F(set, a_port_that_is_let_go_of_is_the_vmms_and_its_counters_stay)
{
	struct dbgport_port_info info;

	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0x402));
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0xe9));
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(1, guest_exits(self->guest, 0x402));

	info = reader_port_info(self->fd, self->vm, 0x402);
	EXPECT_EQ(DBGPORT_PORT_OFF, info.flags);
	EXPECT_EQ(1, info.writes);
	EXPECT_EQ(1, info.claimed);
	info = reader_port_info(self->fd, self->vm, 0xe9);
	EXPECT_EQ(0, info.flags);
	EXPECT_EQ(2, info.writes);

	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(3, stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	EXPECT_EQ(0x402, stream_write(&self->stream, self->vm, 1)->port);
	EXPECT_EQ('b', stream_write(&self->stream, self->vm, 2)->value);
}

TEST_F(set, a_port_that_comes_back_counts_on)
{
	guest_run(self->guest);
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0xe9));
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0x402, 0xe9));
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0x402).flags);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0x402));
	EXPECT_EQ(2, reader_port_info(self->fd, self->vm, 0x402).writes);
}

TEST_F(set, one_port_changes_for_another)
{
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0xe9));
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0x402));
	EXPECT_TRUE(reader_is_claimed(self->fd, self->vm));
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(0, guest_exits(self->guest, 0x402));
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xe9).writes);
}

TEST_F(set, other_vms_keep_their_ports)
{
	struct guest *other = guest_new(1, &self->code);

	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0xe9));
	guest_run(other);
	EXPECT_EQ(0, guest_exits(other, 0x402));
	EXPECT_EQ(2, reader_info(self->fd).nports);
	guest_free(other);
}

TEST_F(set, bad_ports_change_nothing)
{
	static const unsigned short many[DBGPORT_MAX_PORTS + 1] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	};

	EXPECT_EQ(-EINVAL, set_ports_n(self->fd, self->vm, many, 0));
	EXPECT_EQ(-EINVAL, set_ports_n(self->fd, self->vm, many, DBGPORT_MAX_PORTS + 1));
	EXPECT_EQ(-EINVAL, set_ports_n(self->fd, self->vm, many, -1));
	EXPECT_EQ(-EINVAL, set_ports(self->fd, self->vm, 0xe9, 0x402, 0xe9));
	EXPECT_EQ(-ENOENT, set_ports(self->fd, self->vm + 1, 0xe9));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_PORTS, (void *)8));
	EXPECT_EQ(EFAULT, errno);
	guest_run(self->guest);
	EXPECT_EQ(2, reader_port_info(self->fd, self->vm, 0xe9).writes +
		     reader_port_info(self->fd, self->vm, 0x402).writes);
}

TEST_F(set, ports_of_kvms_own_devices_are_refused)
{
	static const unsigned short kvms[] = {
		0x20, 0x21, 0x40, 0x41, 0x42, 0x43, 0x61, 0xa0, 0xa1, 0x4d0, 0x4d1
	};

	for (unsigned int i = 0; i < sizeof(kvms) / sizeof(*kvms); i++)
		EXPECT_EQ(-EBUSY, set_ports_n(self->fd, self->vm, &kvms[i], 1));
	guest_run(self->guest);
	EXPECT_EQ(2, reader_port_info(self->fd, self->vm, 0xe9).writes +
		     reader_port_info(self->fd, self->vm, 0x402).writes);
}

TEST_F(set, a_vm_that_has_ended_has_no_ports_and_no_claim_to_set)
{
	int other = reader_open(0, 0);

	guest_free(self->guest);
	self->guest = NULL;
	EXPECT_EQ(-ENOENT, set_ports(self->fd, self->vm, 0xe9));
	EXPECT_EQ(-ENOENT, reader_set_claim(self->fd, self->vm, DBGPORT_CLAIM_NEVER));
	EXPECT_NE(0, reader_next_vm(other, 0));
	close(other);
}

TEST_F(set, another_users_vm_is_refused)
{
	int status;

	if (fork() == 0) {
		int fd;

		if (chmod(DBGPORT_DEVICE, 0666) || setresuid(65534, 65534, 65534))
			_exit(100);
		fd = open(DBGPORT_DEVICE, O_RDONLY);
		if (reader_set_claim(fd, self->vm, DBGPORT_CLAIM_NEVER) != -EPERM)
			_exit(101);
		_exit(-set_ports(fd, self->vm, 0xe9));
	}
	wait(&status);
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	EXPECT_TRUE(reader_is_claimed(self->fd, self->vm));
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0x402).flags);
}

TEST_F(set, a_claim_of_its_own_goes_over_the_hosts)
{
	struct dbgport_vm_info info;
	struct guest *other = guest_new(1, &self->code);
	unsigned int vm = reader_my_vm(self->fd);

	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &info));
	EXPECT_EQ(DBGPORT_CLAIM_HOST, info.claim);

	ASSERT_EQ(0, reader_set_claim(self->fd, self->vm, DBGPORT_CLAIM_NEVER));
	reader_await_claimed(self->fd, self->vm, false);
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &info));
	EXPECT_EQ(DBGPORT_CLAIM_NEVER, info.claim);
	EXPECT_EQ(DBGPORT_CLAIM_LISTENING, reader_info(self->fd).claim);
	EXPECT_TRUE(reader_is_claimed(self->fd, vm));
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));

	ASSERT_EQ(0, reader_set_claim(self->fd, self->vm, DBGPORT_CLAIM_HOST));
	reader_await_claimed(self->fd, self->vm, true);
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	guest_free(other);
}

TEST_F(set, always_claims_without_a_reader_and_listening_with_one)
{
	int look = reader_open(0, 0);

	close(self->fd);
	self->fd = look;
	reader_await_claimed(look, self->vm, false);
	ASSERT_EQ(0, reader_set_claim(look, self->vm, DBGPORT_CLAIM_ALWAYS));
	reader_await_claimed(look, self->vm, true);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));

	ASSERT_EQ(0, reader_set_claim(look, self->vm, DBGPORT_CLAIM_LISTENING));
	reader_await_claimed(look, self->vm, false);
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
}

TEST_F(set, an_unknown_claim_changes_nothing)
{
	EXPECT_EQ(-EINVAL, reader_set_claim(self->fd, self->vm, DBGPORT_CLAIM_HOST + 1));
	EXPECT_EQ(-EINVAL, reader_set_claim(self->fd, self->vm, -1));
	EXPECT_EQ(-ENOENT, reader_set_claim(self->fd, self->vm + 1, DBGPORT_CLAIM_NEVER));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_CLAIM, (void *)8));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_TRUE(reader_is_claimed(self->fd, self->vm));
}

/* What a VMM that integrates does: its VM is attached before it has a vCPU. */
TEST_F(set, a_vm_that_is_attached_before_its_first_vcpu_is_not_late)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int fd = ioctl(kvm, KVM_CREATE_VM, 0);
	struct dbgport_attach attach = { .fd = fd };
	struct dbgport_vm_info info;
	int vcpu;

	ASSERT_LE(0, fd);
	/* With the backend ioeventfd it was attached when it was made. */
	if (ioctl(self->fd, DBGPORT_ATTACH, &attach))
		ASSERT_EQ(EEXIST, errno);
	ASSERT_EQ(0, set_ports(self->fd, attach.vm, 0xe9));
	ASSERT_EQ(0, reader_set_claim(self->fd, attach.vm, DBGPORT_CLAIM_ALWAYS));
	vcpu = ioctl(fd, KVM_CREATE_VCPU, 0);
	ASSERT_LE(0, vcpu);
	EXPECT_EQ(2, reader_info(self->fd).vms);
	ASSERT_EQ(0, reader_vm_info(self->fd, attach.vm, &info));
	EXPECT_FALSE(info.flags & DBGPORT_VM_LATE);
	EXPECT_EQ(DBGPORT_CLAIM_ALWAYS, info.claim);
	EXPECT_EQ(DBGPORT_PORT_OFF, reader_port_info(self->fd, attach.vm, 0x402).flags);
	close(vcpu);
	close(fd);
	close(kvm);
}

/* Nothing of a port that stays is lost, doubled or seen by the VMM. */
TEST_F(set, ports_change_in_a_flood_without_touching_one_that_stays)
{
	const unsigned int vcpus = 2, n = 40000;
	unsigned int next[2] = { 0 }, i, vm;
	struct code code = { 0 };
	struct guest *guest;
	bool off = false;

	code_count8(&code, 0xe9, n);
	code_hlt(&code);
	guest = guest_new(vcpus, &code);
	vm = reader_my_vm(self->fd);
	guest_start(guest);
	for (i = 0; reader_port_info(self->fd, vm, 0xe9).writes +
		    guest_exits(guest, 0xe9) < vcpus * n; i++) {
		off = !off;
		ASSERT_EQ(0, off ? set_ports(self->fd, vm, 0xe9) :
				   set_ports(self->fd, vm, 0x402, 0xe9));
		reader_drain(self->fd, &self->stream);
	}
	guest_wait(guest);
	EXPECT_LE(2, i);
	EXPECT_EQ(0, guest_exits(guest, 0xe9));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	EXPECT_EQ(0, stream_lost(&self->stream, vm));
	for (i = 0; i < self->stream.len; i++) {
		const struct dbgport_record *rec = &self->stream.rec[i];

		if (rec->vm != vm || rec->type != DBGPORT_WRITE)
			continue;
		ASSERT_EQ(0xe9, rec->port);
		ASSERT_EQ(next[rec->vcpu]++ & 0xff, rec->value);
	}
	EXPECT_EQ(n, next[0]);
	EXPECT_EQ(n, next[1]);
	guest_free(guest);
}

/* Ports and claims of whatever VM there is, until told to stop. */
struct meddler {
	pthread_t thread;
	atomic_bool stop;
	atomic_uint changes;
	const char *fault;
	int fd;
};

static void *meddle(void *arg)
{
	struct meddler *m = arg;
	unsigned int vm = 0, i;

	for (i = 0; !m->stop; i++) {
		int ret;

		vm = reader_next_vm(m->fd, vm);
		if (!vm)
			continue;
		ret = i & 1 ? set_ports(m->fd, vm, 0xe9) : set_ports(m->fd, vm, 0x402, 0xe9);
		if (ret && ret != -ENOENT)
			m->fault = strerror(-ret);
		m->changes += !ret;
		ret = reader_set_claim(m->fd, vm, i % 4);
		if (ret && ret != -ENOENT)
			m->fault = strerror(-ret);
	}
	return NULL;
}

static void meddler_start(struct meddler *m)
{
	m->fd = reader_open(0, 0);
	pthread_create(&m->thread, NULL, meddle, m);
}

static void meddler_stop(struct meddler *m)
{
	m->stop = true;
	pthread_join(m->thread, NULL);
	close(m->fd);
}

TEST_F(set, races_with_vmms_that_are_killed)
{
	unsigned int zombies = guests_alive();
	struct meddler m = { 0 };
	unsigned int i;

	meddler_start(&m);
	for (i = 0; i < 12; i++) {
		unsigned int before = m.changes;
		struct code code = { 0 };
		pid_t child = fork();

		if (child == 0) {
			code_count8(&code, 0xe9, 0);
			guest_start(guest_new(1, &code));
			pause();
		}
		while (m.changes < before + 2 + i % 3)
			poll(NULL, 0, 1);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	meddler_stop(&m);
	EXPECT_EQ(NULL, m.fault) {
		TH_LOG("%s", m.fault);
	}
	while (guests_alive() > zombies)
		poll(NULL, 0, 1);
	EXPECT_EQ(1, reader_info(self->fd).vms);
}

TEST_F(set, races_with_detachments)
{
	struct dbgport_attach attach = { .fd = guest_fd(self->guest) };
	struct meddler m[2] = { 0 };
	unsigned int i, tries;
	time_t until = time(NULL) + 30;

	meddler_start(&m[0]);
	meddler_start(&m[1]);
	/* Half a minute where each takes long. */
	for (i = 0; i < 300 && time(NULL) < until; i++) {
		ASSERT_EQ(0, reader_detach(self->fd, self->vm));
		/* Somebody who changes its ports may still have it. */
		for (tries = 0; ioctl(self->fd, DBGPORT_ATTACH, &attach); tries++) {
			ASSERT_EQ(EEXIST, errno);
			ASSERT_GT(5000, tries);
			poll(NULL, 0, 1);
		}
		self->vm = attach.vm;
	}
	meddler_stop(&m[0]);
	meddler_stop(&m[1]);
	EXPECT_EQ(NULL, m[0].fault);
	EXPECT_EQ(NULL, m[1].fault);
	EXPECT_EQ(1, reader_info(self->fd).vms);
	ASSERT_EQ(0, reader_set_claim(self->fd, self->vm, DBGPORT_CLAIM_ALWAYS));
	reader_await_claimed(self->fd, self->vm, true);
}

/* It cannot go while somebody works with it, and goes when all have closed. */
TEST_F(set, races_with_the_module_going)
{
	struct meddler m = { 0 };
	unsigned int i;

	meddler_start(&m);
	for (i = 0; i < 50; i++)
		ASSERT_EQ(-EAGAIN, module_unload());
	meddler_stop(&m);
	EXPECT_EQ(NULL, m.fault);
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(0, module_unload());
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(1, guest_exits(self->guest, 0x402));
}

FIXTURE(other) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	bool reads;			/* are answered, too */
	unsigned int vm;
	int fd;
};

FIXTURE_VARIANT(other) {
	const char *params;
};

FIXTURE_VARIANT_ADD(other, auto) { .params = "ports=0xe9" };
FIXTURE_VARIANT_ADD(other, ioeventfd) { .params = "backend=ioeventfd ports=0xe9" };

FIXTURE_SETUP(other)
{
	module_fresh(variant->params);
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	self->reads = !(reader_info(self->fd).features & DBGPORT_F_EVENTFD);
	code_out8(&self->code, 0xe9, 'a');
	code_out8(&self->code, 0x3f8, 'b');
	code_out16(&self->code, 0x3f8, 0x4242);
	code_in(&self->code, 0x3f8, 1, 0x8000);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
}

FIXTURE_TEARDOWN(other)
{
	close(self->fd);
	guest_free(self->guest);
	stream_free(&self->stream);
}

TEST_F(other, takes_ports_that_the_parameter_does_not_name)
{
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0x3f8));
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(!self->reads, guest_exits(self->guest, 0x3f8));
	EXPECT_EQ(self->reads ? 0xe9 : GUEST_IN_BYTE,
		  guest_read32(self->guest, 0x8000) & 0xff);
	EXPECT_EQ(2, reader_port_info(self->fd, self->vm, 0x3f8).writes);
	EXPECT_EQ(self->reads, reader_port_info(self->fd, self->vm, 0x3f8).reads);
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(2, stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	EXPECT_EQ(0x3f8, stream_write(&self->stream, self->vm, 0)->port);
	EXPECT_EQ(0x4242, stream_write(&self->stream, self->vm, 1)->value);
}

TEST_F(other, has_had_16_different_ports_at_most)
{
	struct dbgport_vm_info info;
	unsigned short port;

	for (port = 0x300; port < 0x300 + DBGPORT_MAX_PORTS - 1; port++)
		ASSERT_EQ(0, set_ports_n(self->fd, self->vm, &port, 1));
	EXPECT_EQ(-ENOSPC, set_ports(self->fd, self->vm, 0xe9, 0x3f8));
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));

	/* Those that it had can come back. */
	EXPECT_EQ(0, set_ports(self->fd, self->vm, 0xe9, 0x300));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &info));
	EXPECT_EQ(DBGPORT_MAX_PORTS, info.nports);
	EXPECT_EQ(0, info.ports[0].flags);
	EXPECT_EQ(0x300, info.ports[1].port);
	EXPECT_EQ(0, info.ports[1].flags);
	EXPECT_EQ(DBGPORT_PORT_OFF, info.ports[2].flags);
	EXPECT_EQ(DBGPORT_PORT_OFF, info.ports[15].flags);
}

/* KVM's bus has room for 1000 devices; a VMM's coalesced zones are some. */
static void fill_bus(struct guest *guest)
{
	struct kvm_coalesced_mmio_zone zone = { .addr = 0x1000, .size = 1, .pio = 1 };

	while (ioctl(guest_fd(guest), KVM_REGISTER_COALESCED_MMIO, &zone) == 0)
		zone.addr++;
	if (errno != ENOSPC || zone.addr < 0x1000 + 900 || zone.addr > 0x1000 + 1000)
		err(1, "KVM_REGISTER_COALESCED_MMIO at %#llx", zone.addr);
}

static void make_room_on_bus(struct guest *guest)
{
	struct kvm_coalesced_mmio_zone zone = { .addr = 0x1000, .size = 1, .pio = 1 };

	if (ioctl(guest_fd(guest), KVM_UNREGISTER_COALESCED_MMIO, &zone))
		err(1, "KVM_UNREGISTER_COALESCED_MMIO");
}

TEST_F(other, cannot_be_claimed_if_the_bus_is_full)
{
	int ret;

	klog_start();
	fill_bus(self->guest);
	ret = set_ports(self->fd, self->vm, 0x3f8, 0xe9);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(3, guest_exits(self->guest, 0x3f8));
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xe9).flags);
	EXPECT_EQ(1, reader_port_info(self->fd, self->vm, 0xe9).writes);
	if (self->reads) {
		EXPECT_EQ(-ENOSPC, ret);
	} else {
		EXPECT_EQ(0, ret);
		EXPECT_TRUE(klog_has("was not claimed (error -28)"));
		EXPECT_EQ(2, reader_port_info(self->fd, self->vm, 0x3f8).writes);
		EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0x3f8).claimed);
	}
}

/* With the other backend, they are taken all the same, and only not claimed. */
TEST(has_its_16_ports_to_come_after_others_could_not_be_taken)
{
	struct dbgport_vm_info info;
	struct code code = { 0 };
	struct guest *guest;
	unsigned short port;
	unsigned int vm;
	int fd;

	module_fresh("ports=0xe9");
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	if (reader_info(fd).features & DBGPORT_F_EVENTFD)
		SKIP(return, "this kernel has the backend ioeventfd only");
	code_out8(&code, 0x3f8, 'b');
	code_hlt(&code);
	guest = guest_new(1, &code);
	vm = reader_my_vm(fd);
	fill_bus(guest);
	for (port = 0x300; port < 0x300 + DBGPORT_MAX_PORTS; port++)
		ASSERT_EQ(-ENOSPC, set_ports_n(fd, vm, &port, 1));
	ASSERT_EQ(0, reader_vm_info(fd, vm, &info));
	EXPECT_EQ(1, info.nports);

	make_room_on_bus(guest);
	EXPECT_EQ(0, set_ports(fd, vm, 0x3f8));
	guest_run(guest);
	EXPECT_EQ(0, guest_exits(guest, 0x3f8));
	EXPECT_EQ(1, reader_port_info(fd, vm, 0x3f8).writes);
	guest_free(guest);
	close(fd);
}

TEST_F(other, tells_of_a_new_port_that_the_vmm_has)
{
	struct kvm_coalesced_mmio_zone zone = { .addr = 0x3f8, .size = 1, .pio = 1 };

	ASSERT_EQ(0, ioctl(guest_fd(self->guest), KVM_REGISTER_COALESCED_MMIO, &zone));
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0x3f8, 0xe9));
	EXPECT_EQ(DBGPORT_PORT_TAKEN, reader_port_info(self->fd, self->vm, 0x3f8).flags);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xe9).flags);
}

TEST_HARNESS_MAIN
