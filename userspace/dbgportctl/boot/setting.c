// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/boot/setting.h"
#include "dbgportctl/cli/memory.h"

void boot_add_setting(struct boot *boot, const struct setting *setting)
{
	boot->setting = grow(boot->setting, boot->settings, sizeof(*setting));
	boot->setting[boot->settings++] = *setting;
}

bool boot_has_setting(const struct boot *boot, __u32 number)
{
	return boot->settings && boot->setting[boot->settings - 1].boot >= number;
}

/* The last one that was there at write @seq; the first one, if none was. */
static const struct setting *setting_at(const struct boot *boot, __u64 seq)
{
	const struct setting *found = boot->setting;

	for (size_t i = 1; i < boot->settings; i++) {
		const struct setting *setting = &boot->setting[i];

		if (setting->seq <= seq && setting->seq >= found->seq)
			found = setting;
	}
	return found;
}

void boots_set_clock(struct boot *const boot[], size_t count)
{
	const struct boot *first = boot[0];

	for (size_t i = 0; i < count; i++) {
		__u64 seq = boot[i]->marks ? boot[i]->mark[0].seq : 0;

		if (i)
			memcpy(boot[i]->host, first->host, sizeof(first->host));
		if (first->settings)
			boot[i]->real_ns = boot[i]->zero_ns + setting_at(first, seq)->offset_ns;
	}
}
