// SPDX-License-Identifier: GPL-2.0
/* Ports that the VMM has in the kernel for itself. */
#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

FIXTURE(taken) {
	bool recorded;			/* also what is taken */
	struct code code;
	struct guest *guest;
	struct stream stream;
	unsigned int vm;
	int event;
	int fd;
};

FIXTURE_VARIANT(taken) {
	const char *params;
};

FIXTURE_VARIANT_ADD(taken, iodev) { .params = "backend=iodev" };
FIXTURE_VARIANT_ADD(taken, ioeventfd) { .params = "backend=ioeventfd" };

/* A VM that is let go, so that its VMM can be first. */
FIXTURE_SETUP(taken)
{
	module_fresh(variant->params);
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	self->recorded = reader_info(self->fd).features & DBGPORT_F_EVENTFD;
	self->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	code_outs(&self->code, 0xe9, 1, "AB", 2);
	code_out8(&self->code, 0x402, 'C');
	code_out8(&self->code, 0x80, 1);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	ASSERT_EQ(0, reader_detach(self->fd, self->vm));
	klog_start();
}

FIXTURE_TEARDOWN(taken)
{
	guest_free(self->guest);
	stream_free(&self->stream);
	close(self->event);
	close(self->fd);
}

/* One for @value, or for all if that is negative. */
static int take(struct guest *guest, int event, unsigned short port, int value)
{
	struct kvm_ioeventfd args = {
		.fd = event,
		.addr = port,
		.len = 1,
		.datamatch = value < 0 ? 0 : value,
		.flags = KVM_IOEVENTFD_FLAG_PIO |
			 (value < 0 ? 0 : KVM_IOEVENTFD_FLAG_DATAMATCH),
	};

	return ioctl(guest_fd(guest), KVM_IOEVENTFD, &args);
}

static int attach(int fd, struct guest *guest, unsigned int *vm)
{
	struct dbgport_attach args = { .fd = guest_fd(guest) };
	int ret = ioctl(fd, DBGPORT_ATTACH, &args);

	*vm = args.vm;
	return ret;
}

static unsigned long long counted(int event)
{
	unsigned long long count = 0;

	return read(event, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

TEST_F(taken, an_ioeventfd_keeps_its_byte_and_is_told_of)
{
	const struct dbgport_record *rec;
	struct dbgport_vm_info info;

	ASSERT_EQ(0, take(self->guest, self->event, 0xe9, 'A'));
	ASSERT_EQ(0, attach(self->fd, self->guest, &self->vm));
	EXPECT_TRUE(klog_has("something else at port 0xe9"));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &info));
	EXPECT_EQ(0, info.ports[0].flags);
	EXPECT_EQ(DBGPORT_PORT_TAKEN, info.ports[1].flags);
	EXPECT_EQ(0, info.ports[2].flags);

	guest_run(self->guest);
	EXPECT_EQ(1, counted(self->event));
	reader_drain(self->fd, &self->stream);
	/* What comes before 'B' is 'A', if it is recorded. */
	ASSERT_EQ(3 + self->recorded, stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	rec = stream_write(&self->stream, self->vm, self->recorded);
	EXPECT_EQ('B', rec[0].value);
	EXPECT_EQ(self->recorded ? 0 : DBGPORT_CLAIMED, rec[0].flags);
	EXPECT_EQ(self->recorded, guest_exits(self->guest, 0xe9));
	EXPECT_EQ('C', rec[1].value);
	EXPECT_EQ(DBGPORT_CLAIMED, rec[1].flags);
	EXPECT_EQ(1, rec[2].value);

	/* It is still there when we have gone. */
	ASSERT_EQ(0, reader_detach(self->fd, self->vm));
	EXPECT_EQ(-1, take(self->guest, self->event, 0xe9, 'A'));
	EXPECT_EQ(EEXIST, errno);
}

TEST_F(taken, an_ioeventfd_for_all_bytes_keeps_the_port)
{
	ASSERT_EQ(0, take(self->guest, self->event, 0xe9, -1));
	ASSERT_EQ(0, attach(self->fd, self->guest, &self->vm));
	guest_run(self->guest);
	EXPECT_EQ(2, counted(self->event));
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(self->recorded ? 4 : 2,
		  stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	EXPECT_EQ(self->recorded ? 'A' : 'C',
		  stream_write(&self->stream, self->vm, 0)->value);
	EXPECT_EQ(self->recorded ? 0 : DBGPORT_CLAIMED,
		  stream_write(&self->stream, self->vm, 0)->flags);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
}

TEST_F(taken, a_coalesced_zone_keeps_its_ports_and_is_told_of)
{
	struct kvm_coalesced_mmio_zone zone = { .addr = 0x400, .size = 4, .pio = 1 };
	struct dbgport_vm_info info;

	ASSERT_EQ(0, ioctl(guest_fd(self->guest), KVM_REGISTER_COALESCED_MMIO, &zone));
	ASSERT_EQ(0, attach(self->fd, self->guest, &self->vm));
	EXPECT_TRUE(klog_has("something else at port 0x402"));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &info));
	EXPECT_EQ(0, info.ports[0].flags);
	EXPECT_EQ(0, info.ports[1].flags);
	EXPECT_EQ(DBGPORT_PORT_TAKEN, info.ports[2].flags);

	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(3 + self->recorded,
		  stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	EXPECT_EQ(0, guest_exits(self->guest, 0x402));
}

TEST_F(taken, a_port_is_free_again_when_the_vmm_has_left_it)
{
	struct dbgport_vm_info info;
	struct kvm_ioeventfd args = {
		.fd = self->event,
		.addr = 0x80,
		.len = 1,
		.flags = KVM_IOEVENTFD_FLAG_PIO | KVM_IOEVENTFD_FLAG_DEASSIGN,
	};

	ASSERT_EQ(0, take(self->guest, self->event, 0x80, -1));
	ASSERT_EQ(0, ioctl(guest_fd(self->guest), KVM_IOEVENTFD, &args));
	ASSERT_EQ(0, attach(self->fd, self->guest, &self->vm));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &info));
	EXPECT_EQ(0, info.ports[0].flags);
	EXPECT_FALSE(klog_has("something else"));
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(4, stream_count(&self->stream, self->vm, DBGPORT_WRITE));
}

TEST_HARNESS_MAIN
