// SPDX-License-Identifier: GPL-2.0
/* Unclaimed, the VMM gets what it gets without the module: access by access. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ADDR	0x8000

FIXTURE(tee) {
	struct code code;
	struct guest_exit *log;		/* without the module */
	size_t len;
};

FIXTURE_VARIANT(tee) {
	const char *params;
	unsigned int sub;		/* how somebody reads, if at all */
	bool reader;
};

FIXTURE_VARIANT_ADD(tee, iodev_never_with_claiming_reader) {
	.params = "backend=iodev claim=never", .sub = DBGPORT_SUB_CLAIM, .reader = true,
};

FIXTURE_VARIANT_ADD(tee, iodev_with_nobody) {
	.params = "backend=iodev",
};

FIXTURE_VARIANT_ADD(tee, iodev_with_looking_reader) {
	.params = "backend=iodev", .reader = true,
};

FIXTURE_VARIANT_ADD(tee, ioeventfd_never_with_claiming_reader) {
	.params = "backend=ioeventfd claim=never", .sub = DBGPORT_SUB_CLAIM, .reader = true,
};

FIXTURE_VARIANT_ADD(tee, ioeventfd_with_nobody) {
	.params = "backend=ioeventfd",
};

FIXTURE_VARIANT_ADD(tee, ioeventfd_with_looking_reader) {
	.params = "backend=ioeventfd", .reader = true,
};

/* Every way to write to every port, and to its neighbours. */
static void make_code(struct code *code)
{
	static const unsigned short ports[] = { 0x80, 0xe9, 0x402, 0xe8, 0x403 };
	char text[240];
	unsigned int i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = i + 13;
	for (i = 0; i < 5; i++) {
		code_out8(code, ports[i], 0x11 + i);
		code_out16(code, ports[i], 0x2221 + i);
		code_out32(code, ports[i], 0x44332211 + i);
		code_outs(code, ports[i], 1, text, 120);
		code_outs(code, ports[i], 2, text, 60);
		code_outs(code, ports[i], 4, text, 30);
		code_in(code, ports[i], 1, ADDR);
	}
	code_outs(code, 0xe9, 1, text, sizeof(text));
	code_hlt(code);
}

FIXTURE_SETUP(tee)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	make_code(&self->code);
	self->len = guest_log_of(&self->code, &self->log);
	/* All of it: 5 x (1 + 1 + 1 + 120 + 60 + 30 + 1) + 240. */
	ASSERT_EQ(1310, self->len);
}

FIXTURE_TEARDOWN(tee)
{
	free(self->log);
}

TEST_F(tee, the_vmm_sees_no_difference)
{
	const struct guest_exit *log;
	struct dbgport_vm_info info;
	struct guest *guest;
	int fd = -1;
	size_t i;

	module_fresh(variant->params);
	if (variant->reader)
		fd = reader_open(0, variant->sub);
	guest = guest_new(1, &self->code);
	guest_run(guest);
	ASSERT_EQ(self->len, guest_log(guest, &log));
	for (i = 0; i < self->len; i++) {
		ASSERT_EQ(self->log[i].port, log[i].port);
		ASSERT_EQ(self->log[i].width, log[i].width);
		ASSERT_EQ(self->log[i].in, log[i].in);
		ASSERT_EQ(self->log[i].value, log[i].value);
	}
	if (fd < 0)
		fd = reader_open(0, 0);
	ASSERT_EQ(0, reader_vm_info(fd, reader_my_vm(fd), &info));
	/* Nothing is claimed, and all is recorded. */
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, info.ports[i].claimed);
	EXPECT_EQ(3 * 213 + 240, info.written);
	guest_free(guest);
	close(fd);
}

TEST_HARNESS_MAIN
