#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl doctor finds each thing that is wrong, and the command that it names
# mends it.
. ../lib/system.sh || exit

doctor()
{
	dbgportctl doctor --run-dir "$run_dir" "$@"
}

# finds VERDICT CHECK TEXT MEND: that is what one of its findings says.
finds()
{
	doctor --json >"$tmp/findings"
	jq -e --arg verdict "$1" --arg check "$2" --arg text "$3" --arg fix "$4" '
		any(.[]; .verdict == $verdict and .check == $check and
			(.text | contains($text)) and ((.fix // "") | contains($fix)))' \
		"$tmp/findings" >/dev/null || {
		cat "$tmp/findings" >>"$log"
		return 1
	}
}

is_well()
{
	doctor >"$tmp/said" && ! grep -q ^wrong "$tmp/said"
}

is_ill()
{
	doctor >"$tmp/said"
	[ $? = 1 ] && grep -q ^wrong "$tmp/said"
}

ktap_print_header
ktap_set_plan 54
getent group kvm >/dev/null || groupadd --system kvm
modules=/lib/modules/$(uname -r)

# The module is not installed here, not loaded, not signed.
unload_module
result "a module that is not there" finds wrong module "not installed" "make modules_install"
result "is wrong" is_ill
mkdir -p "$tmp/lib/updates"
cp "$DBGPORT_KO" "$tmp/lib/updates/"
cp "$modules"/modules.* "$tmp/lib/"
echo 'updates/dbgport.ko:' >>"$tmp/lib/modules.dep"
mount --bind "$tmp/lib" "$modules"
result "one that is not loaded" finds wrong module "not loaded" "modprobe dbgport"
echo Y >"$tmp/enforced"
mount --bind "$tmp/enforced" /sys/module/module/parameters/sig_enforce
result "one that is not signed, where it must be" \
	finds wrong module "wants it signed (module.sig_enforce)" "sign it"
umount /sys/module/module/parameters/sig_enforce
umount "$modules"

# Secure Boot.
variables=/sys/firmware/efi/efivars
mount -t tmpfs none /sys/firmware
mkdir -p "$variables" /var/lib/dkms
result "EFI whose variables do not show" finds note boot "not known" "mount -t efivarfs"
guid=605dab50-e046-4300-abb6-3dd810dd8b23
printf '\6\0\0\0\0' >"$variables/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
result "Secure Boot that is off" finds ok boot "is off" ""
printf '\6\0\0\0\1' >"$variables/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
result "Secure Boot without a key" finds note boot "no key" "dkms build --force"
head -c 900 /dev/urandom >/var/lib/dkms/mok.pub
result "a key that is not enrolled" finds note boot "is not enrolled" \
	"mokutil --import /var/lib/dkms/mok.pub"
cat <(head -c 48 /dev/urandom) /var/lib/dkms/mok.pub >"$variables/MokNew-$guid"
result "a key that waits for the next boot" finds note boot "waits" "reboot"
mv "$variables/MokNew-$guid" "$variables/MokListRT-$guid"
result "a key that is enrolled" finds ok boot "/var/lib/dkms/mok.pub is enrolled" ""
head -c 900 /dev/urandom >/var/lib/dkms/mok.pub
result "another key of that name is not" finds note boot "is not enrolled" ""
umount /sys/firmware
rm /var/lib/dkms/mok.pub

start "$talk" -k 0xe9 x >/dev/null
running=$!
reload_module
chgrp kvm /dev/dbgport
chmod 660 /dev/dbgport
result "a VM from before the module" await finds note VMs "process $running runs a VM" "attach --all"
dbgportctl attach --all >/dev/null
result "is mended so" finds ok VMs 1 ""
dbgportctl detach 1
result "one that was let go of is told, too" finds note VMs "process $running runs a VM" ""
end_child "$running"
result "until it ends" finds ok VMs 0 ""
result "no daemon is told" finds note daemon "no dbgportd" "systemctl start dbgportd"
result "and is not wrong" is_well
start_daemon --sink any:null
result "a host that is well" is_well
result "and says why" test "$(grep -c '^ok ' "$tmp/said")" -ge 7
result "each with what was looked at" finds ok node "opens" ""
result "the backend" finds ok backend iodev ""
for file in /sys/kernel/debug/kprobes/enabled /proc/sys/kernel/ftrace_enabled; do
	echo 0 >"$file"
	result "probes that are off by $file" finds note probes "switched off" "echo 1 >$file"
	echo 1 >"$file"
done
result "as JSON too" is_json <(doctor --json)

# The node.
chmod 600 /dev/dbgport
result "a mode that shuts users out" finds note node "mode 0600" "udevadm trigger"
chmod 660 /dev/dbgport
mv /dev/dbgport "$tmp/node"
result "no node" finds wrong node "No such file" "udevadm trigger"
mknod /dev/dbgport c 1 3
result "another device's node" finds wrong node "is not the module's device" "remove it"
rm /dev/dbgport
mknod -m 660 /dev/dbgport c "$(cut -d: -f1 /sys/class/misc/dbgport/dev)" \
	"$(cut -d: -f2 /sys/class/misc/dbgport/dev)"
chgrp kvm /dev/dbgport
result "one that was made anew is well" is_well
user_is_told()
{
	local user=(setpriv --reuid=1234 --regid=1234 --clear-groups)

	! "${user[@]}" sh -c ': </dev/dbgport' 2>/dev/null || return
	"${user[@]}" dbgportctl doctor --run-dir "$run_dir" >"$tmp/said"
	grep -q 'you are not in group kvm' "$tmp/said" && grep -q 'usermod -aG kvm' "$tmp/said"
}
result "a user who may not open it" user_is_told
# Where users come to, as to /run/dbgport.
mkdir -m 755 /run/for-users
cp --preserve=mode "$run_dir/status.json" /run/for-users/
status_is_hidden()
{
	setpriv --reuid=1234 --regid=1234 --clear-groups \
		dbgportctl doctor --run-dir /run/for-users >"$tmp/said"
	grep -q '^note   daemon .* whose status is not yours to read' "$tmp/said"
}
result "nor see how the daemon fares" status_is_hidden

# It comes back with the number that owns /dev/kvm.
gid=$(getent group kvm | cut -d: -f3)
groupdel kvm
result "no group" finds wrong group "no group kvm" "groupadd --system kvm"
groupadd --system --gid "$gid" kvm
chgrp kvm /dev/dbgport
result "is mended so" is_well

# What is set.
dbgportctl claim --host never
result "a host that claims nothing" finds note claim never "claim --host listening"
dbgportctl claim --host listening
result "can be mended so" finds ok claim listening ""

# The daemon.
mkdir "$tmp/other"
jq '.load_id = "0000000000000001"' "$run_dir/status.json" >"$tmp/other/status.json"
result "one that reads a module that is no more" \
	grep -q '^wrong  daemon .* reads another module' <(dbgportctl doctor --run-dir "$tmp/other")
jq '.sinks[0].dead = true' "$run_dir/status.json" >"$tmp/other/status.json"
result "one with an output that is dead" \
	grep -q '^wrong  daemon .* has 1 outputs' <(dbgportctl doctor --run-dir "$tmp/other")
jq '.sinks[0].stalled = true' "$run_dir/status.json" >"$tmp/other/status.json"
result "one with an output that takes nothing" \
	grep -q '^note   daemon .* 1 outputs that take nothing' \
	<(dbgportctl doctor --run-dir "$tmp/other")
jq '.vms = [{outputs: [{dead: true, last_error: null}]}]' "$run_dir/status.json" \
	>"$tmp/other/status.json"
result "one with an output that could not be opened" \
	grep -q '^wrong  daemon .* has 1 outputs that it could not open' \
	<(dbgportctl doctor --run-dir "$tmp/other")
kill -STOP "$daemon"
result "a daemon that waits is one" is_well
kill -CONT "$daemon"
end_child "$daemon"
result "one that was killed is none" finds wrong daemon "does not run any more" "dbgportd"
# The one that was made by hand would stay.
unload_module
rm /dev/dbgport
reload_module ring=64
chgrp kvm /dev/dbgport
chmod 660 /dev/dbgport
start_daemon --sink any:null
result "the next one is well" is_well
kill -STOP "$daemon"
"$talk" 0xe9 "$(printf %0200d 0)" >/dev/null
kill -CONT "$daemon"
await tells .totals.lost 136
result "one that lost something" finds note daemon "lost 136 writes" "larger ring="
drops_are_the_outputs()
{
	dbgportctl doctor --json --run-dir "$tmp/other" | jq -e '
		map(select(.check == "daemon")) | length == 1 and .[0].verdict == "note" and
			(.[0].text | contains("dropped 99 bytes")) and
			(.[0].fix | contains("queue=") and (contains("ring=") | not))' >/dev/null
}
jq '.totals.lost = 0 | .totals.dropped_bytes = 99' "$run_dir/status.json" >"$tmp/other/status.json"
result "what a slow output dropped is its, and not the ring's" drops_are_the_outputs
echo Y >/sys/module/dbgport/parameters/unplug
result "a module that is unplugged" finds wrong module unplugged "parameters/unplug"
only_that_is_wrong()
{
	doctor --json | jq -e 'map(select(.verdict == "wrong").check) == ["module"] and
		all(.[]; .check != "node" and .check != "VMs")' >/dev/null
}
result "of which nothing else is said" only_that_is_wrong
echo N >/sys/module/dbgport/parameters/unplug
await is_well
result "comes back as it says" is_well
# A daemon that has it open keeps it.
echo Y >/sys/module/dbgport/parameters/unplug
unload_module
result "a daemon without the module is not said to have lost nothing" \
	finds note daemon "without the device" ""
reload_module
stop_daemon

# Daemons elsewhere: the default is not where it is.
found()
{
	dbgportctl doctor --json | jq -e --arg verdict "$1" --arg text "$2" '
		map(select(.check == "daemon")) | length == 1 and .[0].verdict == $verdict and
			(.[0].text | contains($text))' >/dev/null
}
# contained OPTION...: a dbgportd that has processes and a /run of its own.
contained()
{
	start unshare --pid --mount --fork --kill-child --mount-proc \
		sh -c 'mount -t tmpfs none /run && exec dbgportd --sink any:null "$@"' sh \
		"$@" 2>"$tmp/log"
}
contained
result "one in a container is found" await found ok "/root/run/dbgport) has lost nothing"
end_children
contained --run-dir "$tmp/elsewhere"
result "one that has another run directory is told" await found note "run directory elsewhere"
end_children

# A VMM whose cgroup has no room for its VM's ring, of 64 MiB.
small=$tmp/cgroup/small
mkdir "$tmp/cgroup"
mount -t cgroup2 none "$tmp/cgroup"
echo +memory >"$tmp/cgroup/cgroup.subtree_control"
mkdir "$small"
echo 32M >"$small/memory.max"
reload_module ring=4194304
# shellcheck disable=SC2016 # for the inner shell
start bash -c 'echo 0 >"$1/cgroup.procs"; exec "${@:2}"' - "$small" "$talk" -k 0xe9 x >/dev/null
vm=$!
await wrote "talk-$vm" 1
result "a VM whose cgroup has no memory for a ring" \
	finds note VM "has no memory for a ring" "MemoryMax="
end_child "$vm"
rmdir "$small"
umount "$tmp/cgroup"

# KVM.
mv /dev/kvm "$tmp/kvm"
result "no KVM" finds wrong KVM "no /dev/kvm" dmesg
mv "$tmp/kvm" /dev/kvm
result "is seen when it is there" finds ok KVM "is there" ""

result "it wants no argument" test "$(dbgportctl doctor x 2>&1 | wc -l)" -eq 1
reload_module
result "and changes nothing" test "$(cat /sys/module/dbgport/parameters/claim)" = listening
ktap_finished
