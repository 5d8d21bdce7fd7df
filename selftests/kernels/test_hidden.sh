#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module does without each function of KVM's that it uses, if another kernel
# does not give it, or says that it cannot.
. ./kernels.sh || exit

bus=(kvm_io_bus_register_dev kvm_io_bus_unregister_dev)
probes=(kvm_arch_create_vcpu_debugfs kvm_arch_vcpu_postcreate)

# A /lib/modules with KVM and the module, as modprobe sees it where that is installed.
install_it()
{
	local root release from to

	root=$("$top/selftests/vm/kernel" "$kernel" root)
	release=$(<"$root/release")
	from=$root/lib/modules/$release to=$tmp/root/lib/modules/$release
	mkdir -p "$to/extra"
	cp "$tmp/all.ko" "$to/extra/dbgport.ko"
	(cd "$from" && cp --parents -r modules.order modules.builtin* kernel/arch/x86/kvm \
		kernel/virt "$to")
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$tmp/root" "$release"
	moddir=$to
}

links_with()
{
	[ "$(links "$1")" = "$2" ]
}

ktap_print_header
ktap_set_plan $((17 + 2 * ${#bus[@]}))

result "builds" build all "$kdir"
result "is linked with kvm_put_kvm() only" links_with all kvm_put_kvm
result "builds without linking" build link "$kdir" HIDE_LINKS=kvm_put_kvm
result "is linked with nothing then" links_with link ''
result "builds without exports" build export "$kdir" \
	HIDE_LINKS=kvm_put_kvm HIDE_EXPORTS=kvm_put_kvm
result "builds without kvm_put_kvm()" build put "$kdir" \
	HIDE_LINKS=kvm_put_kvm HIDE_EXPORTS=kvm_put_kvm HIDE_PROBES=kvm_put_kvm
for name in "${bus[@]}"; do
	result "builds without $name()" build "$name" "$kdir" HIDE_PROBES="$name"
done
result "builds without ${probes[0]}()" build debugfs "$kdir" HIDE_PROBES="${probes[0]}"
result "builds without anything to probe" build probes "$kdir" HIDE_PROBES="${probes[0]},${probes[1]}"
install_it
export DBGPORT_CONF=$top/packaging/dbgport.conf

will all works ''
will link works ''
will export works ''
will put refused "KVM's function kvm_put_kvm was not found"
for name in "${bus[@]}"; do
	will "$name" falls-back "KVM's function $name was not found"
done
will debugfs works ''
will probes falls-back "KVM's function ${probes[1]} was not found"
cp "$tmp/all.ko" "$tmp/installed.ko"
will installed removed "$moddir"
result "the rig's log is clean" try_all

result "works with all of them" tried all
result "works with kvm_put_kvm() exported to KVM's modules only" tried link
result "works with kvm_put_kvm() exported to nobody" tried export
result "refuses a kernel without kvm_put_kvm() in one line" tried put
for name in "${bus[@]}"; do
	result "uses the other backend without $name()" tried "$name"
done
result "works without ${probes[0]}()" tried debugfs
result "uses the other backend without anything to probe" tried probes
result "modprobe loads and removes it without a complaint" tried installed
result "modprobe is told that it needs kvm.ko" \
	[ "$(modinfo -F depends "$tmp/all.ko")" = kvm ]
ktap_finished
