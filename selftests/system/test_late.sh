#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# VMs that were running before the module was loaded: the daemon has them
# attached, whatever starts and ends meanwhile.
. ../lib/system.sh || exit

ktap_print_header
ktap_set_plan 11

# Messages since the module was last unplugged.
since()
{
	tac "$tmp/log" | sed '/was unplugged/,$d'
}

# VMs with a message like $1.
names()
{
	since | sed -n "s/.*\(talk-[0-9]*\): $1.*/\1/p" | sort -u
}

# How many.
count()
{
	names "$1" | wc -l
}

are_late()
{
	test "$(count "attached late")" -ge "$1"
}

living()
{
	find /sys/kernel/debug/kvm -mindepth 1 -maxdepth 1 -type d | wc -l
}

# That there are so many VMs besides those that were there before us.
others=$(living)
lives()
{
	test "$(living)" -eq $((others + $1))
}

# One that talks all the time.
unload_module
start "$talk" -f 0xe9 >/dev/null
vm=$!
await lives 1
reload_module
start_daemon --console "file=$tmp/console"
result "a running VM is attached" await said "talk-$vm: attached late"
result "what it writes from then on is taken" await test -s "$tmp/console"
end_child "$vm"
result "its end is told" await said "talk-$vm: gone"
stop_daemon

# Some that are stuck, whose attachments take longer together than they live.
are_stuck()
{
	test "$(wc -l <"$tmp/stuck")" -eq "$1"
}
unload_module
for _ in {1..10}; do
	start "$stuck_vm" >>"$tmp/stuck"
	stuck+=("$!")
done
await are_stuck 10
reload_module
start_daemon --console "file=$tmp/beside"
start "$talk" -f 0xe9 >/dev/null
result "another's writes are taken while those are attached" await test -s "$tmp/beside"
result "they are still" kill -0 "${stuck[@]}"
stop_daemon
end_children
await lives 0

# Many, while others come and go, and the module too.
unload_module
for _ in {1..200}; do
	start "$talk" -k 0xe9 x >/dev/null
done
disown -a
await lives 200
while :; do
	"$talk" 0xe9 y >/dev/null
done &
churn=$!
reload_module
start_daemon --console null
await are_late 200
echo 1 >/sys/module/dbgport/parameters/unplug
await said "was unplugged"
reload_module
await are_late 200
sleep 1
end_child "$churn"
await lives 200
result "of 200 VMs none is left out" are_late 200
result "and none is attached twice" \
	test -z "$(since | grep -o "talk-[0-9]*: attached" | sort | uniq -d)"
result "new ones came by themselves" test "$(count "attached;")" -gt 0

for child in "${children[@]}"; do
	[ "$child" = "$daemon" ] || kill -9 "$child"
done 2>/dev/null
result "no zombie VM stays" await lives 0
all_gone()
{
	diff <(names attached) <(names gone) >"$tmp/differ"
}
log=$tmp/differ result "the end of every one is told" await all_gone
result "all ends well" stop_daemon
ktap_finished
