#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VM is called as its VMM was told to call it, wherever its name appears.
. ../lib/system.sh || exit

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
ktap_set_plan 33

reload_module
start_daemon --firmware "file=$tmp/%v.txt" --console pty --post stdout

# QEMU's own: two commas are one; libvirt's; and one that would be a path.
boot my,,vm
result "QEMU's -name is the name of the file" await has_booted my%2Cvm
result "of the link to the pty" has_link my%2Cvm
result "and stands in the messages" said "my%2Cvm: attached; VM "
boot guest=web.1,debug-threads=on
first=$!
result "libvirt's guest= is the name of the file" await has_booted web.1
result "and of the link" has_link web.1
boot ../../escape
result "no name leads out of the directory" await has_booted %2E.%2F..%2Fescape

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
boot "Windows Server 2019"
result "blanks are no blanks in files" await has_booted Windows+Server+2019
boot 数据库
result "letters of other scripts stay" await has_booted 数据库
result "in links, too" has_link 数据库
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
result "and leaves nothing behind" is_left_clean

# Who types a VM's name knows what its VMM was told.
end_children
reload_module
longest="$(printf 'seventy two characters %.0s' 1 2 3)..."
for name in "Windows Server 2019" 数据库 "$longest"; do
	start dbgportctl wait -F "$name" --text ready --timeout 5min >"$tmp/out" 2>"$tmp/log"
	waiter=$!
	start_vm "$name" 0xe9 $'ready\n'
	result "wait -F finds the VM '$name'" wait "$waiter"
done
result "tail does" test "$(dbgportctl tail -o text,time=none,label=no "$longest")" = ready

# Names that the daemon gives, in dbgportctl, which looks for it there.
run_dir=/run/dbgport

are_named()
{
	[ "$(dbgportctl list --names | sort | tr '\n' ' ')" = "$1" ]
}

end_children
reload_module
start_daemon --name 'ci-*=build' --sink any:null
for name in ci-1 ci-2 other; do
	start_vm "$name" 0xe9 "$name"$'\n'
	await wrote "$name" "$((${#name} + 1))"
done
status .pid >/dev/null
result "dbgportctl has the names that dbgportd gives" are_named "build build.2 other "
result "and finds a VM by them" test "$(dbgportctl show --json build.2 | jq -r .own_name)" = ci-2
result "by its own name, too" test "$(dbgportctl show --json ci-2 | jq -r .name)" = build.2
result "show tells both" grep -qx "own name  ci-2" <(dbgportctl show build.2)
result "tail, too, has dbgportd's" \
	test "$(dbgportctl tail -o text,time=none,label=yes ci-1)" = "[build] ci-1"
cp "$run_dir/status.json" "$tmp/status"
stop_daemon
result "without the daemon they have their own names" are_named "ci-1 ci-2 other "

# A status is a file that says what it likes.
cp /bin/sleep "$tmp/dbgportd"
start "$tmp/dbgportd" inf
mkdir -p "$run_dir"

# tells_names JQ NAMES: a status that was changed so makes these of them.
tells_names()
{
	jq --argjson pid "${children[-1]}" ".pid = \$pid | $1" "$tmp/status" >"$run_dir/status.json"
	are_named "$2"
}

result "a status is taken for what it is" \
	tells_names '.vms[0].name = "said"' "build.2 other said "
result "but not for that of another module" \
	tells_names '.load_id = "0000000000000001"' "ci-1 ci-2 other "
result "no name in it does anything to a terminal" \
	tells_names '.vms[0].name = "\u001b[31m"' "build.2 ci-1 other "
result "or is longer than a name can be" \
	tells_names '.vms[0].name = "x" * 1000' "build.2 ci-1 other "
result "or is none" tells_names '.vms[0].name = 7 | .vms[1].name = ""' "ci-1 ci-2 other "
ktap_finished
