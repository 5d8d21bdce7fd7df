// SPDX-License-Identifier: GPL-2.0
/*
 * VMs started and stopped in a loop beside a reader that claims: of each, the
 * first byte of the first instruction is captured, and nothing else.
 */
#include <stdatomic.h>
#include <pthread.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "kselftest_harness.h"

#define VMS	1000

static atomic_uint captured, attached, gone, wrong;

/* As the daemon does: reads all the time, in a thread of its own. */
static void *capture(void *arg)
{
	int fd = *(int *)arg;
	struct dbgport_record rec[256];
	unsigned int last = 0;
	ssize_t len, i;

	while (gone < VMS) {
		len = read(fd, rec, sizeof(rec));
		if (len <= 0) {
			wrong++;
			break;
		}
		for (i = 0; i < len / (ssize_t)sizeof(rec[0]); i++) {
			switch (rec[i].type) {
			case DBGPORT_ATTACHED:
				attached++;
				wrong += rec[i].vm <= last;
				last = rec[i].vm;
				break;
			case DBGPORT_WRITE:
				captured++;
				wrong += rec[i].port != 0x80 || rec[i].seq ||
					 rec[i].value != rec[i].vm % 256 ||
					 rec[i].flags != DBGPORT_CLAIMED;
				break;
			case DBGPORT_GONE:
				gone++;
				break;
			default:
				wrong++;
			}
		}
	}
	return NULL;
}

FIXTURE(a_thousand_vms) {
	int fd;
};

FIXTURE_SETUP(a_thousand_vms)
{
	module_fresh("");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(a_thousand_vms)
{
	close(self->fd);
}

TEST_F_TIMEOUT(a_thousand_vms, each_ones_first_byte_is_captured, 300)
{
	unsigned long exits = 0;
	pthread_t reader;
	int i;

	ASSERT_EQ(0, pthread_create(&reader, NULL, capture, &self->fd));
	/* Ids count from 1 after a fresh load, so a VM can say its own. */
	for (i = 1; i <= VMS; i++) {
		struct code code = { 0 };
		struct guest *guest;

		code_out8(&code, 0x80, i % 256);
		code_hlt(&code);
		guest = guest_new(1, &code);
		guest_run(guest);
		exits += guest_exits(guest, 0x80);
		guest_free(guest);
	}
	pthread_join(reader, NULL);
	EXPECT_EQ(VMS, attached);
	EXPECT_EQ(VMS, captured);
	EXPECT_EQ(VMS, gone);
	EXPECT_EQ(0, wrong);
	EXPECT_EQ(0, exits);
}

TEST_HARNESS_MAIN
