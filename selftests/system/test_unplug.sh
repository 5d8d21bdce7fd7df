#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Whatever is unplugged: one clear message, and the rest goes on.
. ../lib/system.sh || exit

ktap_print_header
ktap_set_plan 22

messages()
{
	grep -cF -- "$1" "$tmp/log"
}

# A VM is killed.
reload_module
start_daemon --firmware "file=$tmp/%v.txt"
start "$talk" -k 0x402 $'half a line' >/dev/null
vm=$!
await holds "$tmp/talk-$vm.txt" "half a line"
end_child "$vm"
await said gone
result "a killed VM is told once" test "$(messages "talk-$vm: gone")" -eq 1
"$talk" 0x402 $'next\n' >"$tmp/exits" &
next=$!
wait "$next"
result "the next VM is served" await holds "$tmp/talk-$next.txt" next
stop_daemon
result "nothing was left to the VMM" grep -qx "0x402 0" "$tmp/exits"

# The disk is full, and is not any more.
mkdir "$tmp/small"
mount -t tmpfs -o size=64k none "$tmp/small"
head -c 61440 /dev/zero >"$tmp/small/ballast"
start_daemon --firmware "file=$tmp/small/text" --console "file=$tmp/console"
text=$(printf '%2000s' x)
for _ in 1 2 3 4; do
	"$talk" 0x402 "$text" 0xe9 fine >/dev/null
done
result "a full disk is told" await said "No space left on device"
result "a full disk is told once" test "$(messages "No space left")" -eq 1
result "other files go on" await holds "$tmp/console" finefinefinefine
rm "$tmp/small/ballast"
"$talk" 0x402 $'\nafter\n' >/dev/null
result "there being space again is told" await said "there is space again"
result "and writing goes on" await holds "$tmp/small/text" after
stop_daemon
result "all ends well" test "$?" -eq 0
umount "$tmp/small"

# The terminal is closed: script(1) gives one and takes it away.
start script -qfc "echo \$\$ >$tmp/pid; exec dbgportd ${DBGPORTD_ENGINE:+--engine $DBGPORTD_ENGINE} --run-dir $run_dir --firmware tty 2>$tmp/log" \
	"$tmp/typescript" </dev/null >/dev/null 2>&1
script=$!
await test -d "$run_dir"
"$talk" 0x402 $'on the terminal\n' >/dev/null
result "a terminal shows lines" await holds "$tmp/typescript" "on the terminal"
end_child "$script"
result "a closed terminal is told" await said "is gone"
"$talk" 0x80 $'\x21' >/dev/null
result "and the POST log goes on" await said "Bootloader code 0x21"
kill "$(cat "$tmp/pid")"
await is_ended "$(cat "$tmp/pid")"
result "SIGTERM ends it" is_left_clean

# The module is unplugged, unloaded, and comes back.
start_daemon --firmware "file=$tmp/again"
start "$talk" -k 0x402 $'before\n' >/dev/null
vm=$!
await holds "$tmp/again" before
echo 1 >/sys/module/dbgport/parameters/unplug
result "an unplugged module is told" await said "unplugged"
result "the daemon lets the module go" await rmmod dbgport
result "the daemon lives on" kill -0 "$daemon"
insmod "$DBGPORT_KO"
result "the module's return is told" await said "the module is back"
"$talk" 0x402 $'afterwards\n' >"$tmp/exits"
result "and new VMs are served" await holds "$tmp/again" afterwards
result "with nothing left to the VMM" grep -qx "0x402 0" "$tmp/exits"
kill "$vm"
stop_daemon
result "SIGTERM ends it well" test "$?" -eq 0
result "and leaves nothing behind" is_left_clean

# The daemon itself is killed: the guests' writes go to their VMMs again.
start_daemon --firmware "file=$tmp/killed"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
"$talk" 0x402 'xyz' >"$tmp/exits"
result "a killed daemon claims nothing" grep -qx "0x402 3" "$tmp/exits"
ktap_finished
