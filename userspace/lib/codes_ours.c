// SPDX-License-Identifier: GPL-2.0
/* The tables that we bring: the files in tables/. */
#include <string.h>

#include "lib/array.h"
#include "lib/codes.h"
#include "lib/codes_table.h"

/* A file as a string, which codes_table.h declares; found as #include finds it. */
#define TABLE(symbol, file)				\
	asm(".section .rodata\n"			\
	    ".globl " #symbol "\n"			\
	    #symbol ":\n"				\
	    ".incbin \"lib/tables/" file "\"\n"		\
	    ".byte 0\n"					\
	    ".previous\n")

TABLE(codes_ami, "ami");
TABLE(codes_coreboot, "coreboot");
TABLE(codes_edk2, "edk2");
TABLE(codes_grub, "grub");
TABLE(codes_ipxe, "ipxe");
TABLE(codes_linux, "linux");
TABLE(codes_seabios, "seabios");
TABLE(codes_systemd, "systemd");
TABLE(codes_systemd_boot, "systemd-boot");
TABLE(codes_u_boot, "u-boot");

/* That of cloud-hypervisor is what counts where a table says nothing. */
static const struct {
	const char *name;
	const char *text;
} ours[] = {
	{ "cloud-hypervisor", "" },
	{ "ami", codes_ami },
	{ "coreboot", codes_coreboot },
	{ "edk2", codes_edk2 },
	{ "grub", codes_grub },
	{ "ipxe", codes_ipxe },
	{ "linux", codes_linux },
	{ "seabios", codes_seabios },
	{ "systemd", codes_systemd },
	{ "systemd-boot", codes_systemd_boot },
	{ "u-boot", codes_u_boot },
};

const char *codes_ours(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		if (!strcmp(ours[i].name, name))
			return ours[i].text;
	}
	return NULL;
}

const char *codes_ours_name(size_t i)
{
	return i < ARRAY_SIZE(ours) ? ours[i].name : NULL;
}
