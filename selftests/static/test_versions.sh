#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What kernels differ in is found in their headers.  Distributions' kernels have
# interfaces of much newer ones, so their version tells nothing.
. ./static.sh || exit

ask_version()
{
	local found

	cd "$top" || return
	found=$(grep -rnE 'LINUX_VERSION_CODE|KERNEL_VERSION\(|RHEL_RELEASE|linux/version\.h|UTS_UBUNTU' \
		Kbuild module)
	# 1 is that there is none; more, that it was not looked for.
	[ $? -eq 1 ] || echo "${found:-grep failed}"
}

ktap_print_header
ktap_set_plan 1
quiet "no kernel's version is asked in module/" ask_version
ktap_finished
