# SPDX-License-Identifier: GPL-2.0
#
# What build_other makes of module/ioctl.c.
/^static struct dbgport_vm \*ioctl_find_vm/i\
static unsigned int other_abi = DBGPORT_ABI;\
module_param(other_abi, uint, 0444);\
static unsigned long long other_features = DBGPORT_F_ALL;\
module_param(other_features, ullong, 0444);\
static unsigned int other_ioctls = 255;\
module_param(other_ioctls, uint, 0444);\
static unsigned char other_fill;\
module_param(other_fill, byte, 0444);\

s/^#include <linux\/fs.h>/&\
#include <linux\/module.h>/
s/\.abi = DBGPORT_ABI,/.abi = other_abi,/
s/\.features = DBGPORT_F_ALL |/.features = other_features |/
s/^\treturn copy_to_user(arg, &info, sizeof(info))/\tmemset(info.reserved, other_fill, sizeof(info.reserved));\
&/
s/^\tioctl_fill_vm_info(info, vm);/&\
\tmemset(info->reserved2, other_fill, sizeof(info->reserved2));\
\tinfo->flags |= (u32)other_fill << 24;/
s/^\tswitch (cmd) {/\tif (_IOC_NR(cmd) > other_ioctls)\
\t\treturn -ENOTTY;\
\
&/
