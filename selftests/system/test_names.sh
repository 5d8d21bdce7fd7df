#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VM is called as its VMM was told to call it, wherever its name appears.
. ../lib/system.sh

boot_sector "$tmp/disk"

# boot NAME: a VM that lives until it is killed.
boot()
{
	qemu -m 64 -name "$1" -drive "file=$tmp/disk,format=raw,snapshot=on"
}

has_booted()
{
	holds "$tmp/$1.txt" "Booting from 0000:7c00"
}

has_link()
{
	test -c "$run_dir/$1.console"
}

ktap_print_header
ktap_set_plan 15

reload_module
start_daemon --firmware "file=$tmp/%v.txt" --console pty --post stdout

# QEMU's own: two commas are one; libvirt's; and one that would be a path.
boot my,,vm
result "QEMU's -name is the name of the file" await has_booted my_vm
result "of the link to the pty" has_link my_vm
result "and stands in the messages" said "my_vm: attached; VM "
boot guest=web.1,debug-threads=on
first=$!
result "libvirt's guest= is the name of the file" await has_booted web.1
result "and of the link" has_link web.1
boot ../../escape
result "no name leads out of the directory" await has_booted _._.._escape

# A name that is taken gets a number, until it is free again.
boot web.1
result "a taken name gets a number" await has_booted web.1.2
result "and a link of its own" has_link web.1.2
end_child "$first"
await said "web.1: gone"
boot web.1
attached_twice()
{
	test "$(grep -c "^dbgportd: web\.1: attached" "$tmp/log")" -eq 2
}
result "a name is free again after its VM's end" await attached_twice
stop_daemon
end_children

# Other VMMs, as they are called and told; each writes its own last argument.
# They live until they are killed: of who ended before the daemon looked it
# knows less.
run_as()
{
	# shellcheck disable=SC2016 # for the inner shell
	start bash -c 'exec -a "$0" "$@"' "$1" "$talk" -k -- 0x402 "$2" >/dev/null
}

reload_module
start_daemon
run_as /usr/bin/cloud-hypervisor --api-socket=/run/ch/cloud.sock
result "cloud-hypervisor's API socket is a VM's name" await said "cloud: attached"
run_as /usr/bin/firecracker --id=fire
result "Firecracker's id is, and the label of its lines" \
	await holds "$tmp/out" "[fire] --id=fire"
run_as crosvm --name=cros
result "crosvm's name is" await holds "$tmp/out" "[cros] --name=cros"
run_as vmm --name=other
result "what no known VMM was told is not" \
	await holds "$tmp/out" "[talk-$!] --name=other"
stop_daemon
result "SIGTERM ends it well" test "$?" -eq 0
result "and leaves nothing behind" test ! -e "$run_dir"
ktap_finished
