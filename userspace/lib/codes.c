// SPDX-License-Identifier: GPL-2.0
#include "lib/codes.h"

const char *code_component(__u32 code)
{
	if (code < 0x20)
		return "Firmware";
	if (code < 0x40)
		return "Bootloader";
	if (code < 0x60)
		return "Kernel";
	if (code < 0x80)
		return "Userspace";
	return "Custom";
}
