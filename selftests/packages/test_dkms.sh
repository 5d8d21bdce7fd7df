#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# DKMS builds the module of dbgport-dkms for each kernel that it is for, signs it, and
# refuses the others.
. ./packages.sh || exit

kernel()
{
	"$top/selftests/vm/kernel" "$@"
}

# dkms_for RELEASE KDIR COMMAND: in directories of our own
dkms_for()
{
	dkms "$3" --dkmstree "$tmp/dkms" --sourcetree "$tmp/root/usr/src" \
		--installtree "$tmp/modules" -m dbgport -v "$version" \
		-k "$1" --kernelsourcedir "$2" >"$tmp/said" 2>&1
	local status=$?
	cat "$tmp/said" >>"$log"
	return "$status"
}

builds()
{
	local release

	release=$(kernel "$1" release)
	dkms_for "$release" "$(kernel "$1" kdir)" build || return
	modinfo -F vermagic "$tmp/dkms/dbgport/$version/$release/x86_64/module/dbgport.ko" |
		grep -q "^$release "
}

# A kernel like 6.1, but for its configuration or its name.
refuses()
{
	! dkms_for "$1" "$2" build || return
	grep -q "BUILD_EXCLUSIVE directive which does not match this kernel/arch/config" \
		"$tmp/said" || return
	[ ! -e "$tmp/dkms/dbgport/$version/$1" ]
}

unpack()
{
	mkdir -p "$tmp/dkms" "$tmp/modules"
	dpkg-deb -x "$debs/dbgport-dkms_"*.deb "$tmp/root" &&
		dkms add --dkmstree "$tmp/dkms" --sourcetree "$tmp/root/usr/src" \
			-m dbgport -v "$version" >>"$log" 2>&1
}

ktap_print_header
ktap_set_plan 7
result "DKMS takes the package's source" unpack
result "it builds for 5.10" builds 5.10
result "and for 6.1" builds 6.1
result "and for 6.12" builds 6.12
kdir=$(kernel 6.1 kdir)
mkdir "$tmp/without"
cp -rs "$kdir/." "$tmp/without"
rm "$tmp/without/.config"
sed 's/^CONFIG_KVM=.*/# CONFIG_KVM is not set/' "$kdir/.config" >"$tmp/without/.config"
result "a kernel without KVM is refused" refuses 6.1.0-1-without "$tmp/without"
result "a kernel before 5.10 is refused" refuses 5.9.0-5-amd64 "$kdir"
result "so is 4.19" refuses 4.19.0-27-amd64 "$kdir"
ktap_finished
