#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportd killed at any moment, again and again, while two VMs write: the next
# one goes on, so that all is written, in order, and little twice.
#
# Environment: DBGPORT_KILLS, how often; default 20.
. ../lib/system.sh || exit

kills=${DBGPORT_KILLS:-20}
check_counts=$(readlink -f ../lib/check_counts)

options=(
	--sink "0x402:file=$tmp/%v.numbers,data=bytes"
	--sink "0xe9:file=$tmp/%v.bytes"
	--sink "0x402:file=$tmp/%v.writes,format=json,json=write"
	--sink "0xe9:file=$tmp/%v.lines,format=json"
	--sink "0xe9:file=$tmp/%v.text,format=text,time=vm"
)
all=("${options[@]}")

# sleep_up_to MS: less, by chance.
sleep_up_to()
{
	local ms=$((RANDOM % $1))

	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

# kill_writing PID FILE: as soon as the file grows.
kill_writing()
{
	perl -e 'my ($pid, $file) = @ARGV;
		my $size = -s $file // 0;
		1 while (-s $file // 0) == $size;
		kill "KILL", $pid;' "$@"
}

# live_and_die [FILE]: one daemon's life; it may not even have begun.
live_and_die()
{
	dbgportd --run-dir "$run_dir" \
		${DBGPORTD_ENGINE:+--engine "$DBGPORTD_ENGINE"} "${options[@]}" \
		2>>"$tmp/lives" &
	daemon=$!
	sleep_up_to 700
	# In bash's silence.
	{
		[ -z "${1-}" ] || kill_writing "$daemon" "$1"
		end_child "$daemon"
	} 2>/dev/null
	sleep_up_to 200
}

# checks KIND VM: what came again is told.
checks()
{
	local text status=0

	text=$("$check_counts" "$1" "${last[$2]}" "$kills" "$tmp/flood-$2.$1") || status=1
	echo "# $text"
	return $status
}

# sees WORDS SED [LAST]: what checks() would say of lines 1 to LAST after that.
sees()
{
	local last=([0]=${3-3000})

	count_to "${last[0]}" | sed "$2" >"$tmp/flood-0.text"
	checks text 0 | grep -q "$1"
}

ktap_print_header
ktap_set_plan 39

declare -A last
result "the check takes what is complete" sees "repeated 0 times" ""
result "and what comes again" sees "repeated 1 times, 1000 writes" '2000{h;s/.*/seq -f %08.0f 1901 2000/e;H;x}'
result "not what is missing" sees "some are missing" 1000d
result "nor what comes too late" sees "some are missing" '1000{h;d};1001G'
result "nor more again than a file is given at a time" sees "290010 writes come again" \
	'30000{h;s/.*/seq -f %08.0f 1000 30000/e;H;x}' 30000
rm "$tmp/flood-0.text"

reload_module ring=1048576
vms=()
for _ in 1 2; do
	start "$flood" -l 20 -p 20 0xe9 0x402 >"$tmp/number.${#vms[@]}"
	vms+=("$!")
done
# By chance, and as each of the files in turn is being written.
kinds=("" numbers bytes writes lines text)
for ((i = 0; i < kills; i++)); do
	kind=${kinds[i % 6]}
	live_and_die "${kind:+$tmp/flood-${vms[i % 2]}.$kind}"
done
ktap_print_msg "of $kills killed ones $(grep -c "engine" "$tmp/lives") had come to run"
start_daemon "${options[@]}"
result "the one after $kills killed ones starts" await grep -q engine "$tmp/log"
for i in 0 1; do
	kill "${vms[i]}"
	wait "${vms[i]}"
	last[${vms[i]}]=$(cat "$tmp/number.$i")
done
for vm in "${vms[@]}"; do
	result "it tells a VM's end, which has kept its name, and no loss" await said \
		"flood-$vm: gone; writes: $((10 * last[$vm])), lost: 0"
done
stop_daemon
result "it ends well" test "$?" -eq 0
result "none of those before had lost anything" test \
	"$(grep -c "writes lost" "$tmp/lives")" -eq 0
for vm in "${vms[@]}"; do
	for kind in "${kinds[@]:1}"; do
		result "a VM's $kind are all there, in order, hardly any twice" \
			checks "$kind" "$vm"
	done
	# A kill in the middle of a write may have torn a line.
	result "its JSON is valid" is_json <(grep -h '}$' "$tmp/flood-$vm".{lines,writes})
done
result "there are no other files" test \
	"$(find "$tmp" -name 'flood-*.*' | wc -l)" -eq $((5 * 2))

# The same with VMs that come and go all the time.
options=(--sink "0xe9:file=$tmp/brief,format=json")
brief=300
reload_module ring=64
start "$talk" -n $brief -d 20 0xe9 $'a brief life\n' >/dev/null
vm=$!
while ! is_ended "$vm"; do
	live_and_die
done
start_daemon "${options[@]}" --once
wait "$daemon"
result "after VMs that came and went meanwhile it ends well, too" test "$?" -eq 0
# count TYPE: VMs of which there is such an object.
count()
{
	jq -r "select(.type == \"$1\").vm_id" "$tmp/brief" | sort -u | wc -l
}
result "each of them has its line" test "$(count line)" -eq $brief
result "and its end" test "$(count gone)" -eq $brief
ktap_print_msg "of their lines again: $(($(grep -c "a brief life" "$tmp/brief") - brief))"

# A daemon that is not killed repeats nothing.
reload_module
options=("${all[@]}")
kills=0
start_daemon "${options[@]}"
start "$flood" -l 10 -p 50 0xe9 0x402 >"$tmp/number"
vm=$!
await has_bytes "$tmp/flood-$vm.numbers" 400
stop_daemon
result "one that is told to end does" test "$?" -eq 0
at=$(stat -c %s "$tmp/flood-$vm.numbers")
sleep 1
start_daemon "${options[@]}"
await has_bytes "$tmp/flood-$vm.numbers" $((at + 400))
# The VM's end comes while nobody looks.
stop_daemon
kill "$vm"
wait "$vm"
last[$vm]=$(cat "$tmp/number")
start_daemon "${options[@]}"
result "a VM's end without a daemon is told" await said \
	"flood-$vm: gone; writes: $((10 * last[$vm])), lost: 0"
stop_daemon
for kind in "${kinds[@]:1}"; do
	result "nothing of its $kind is missing or there twice" checks "$kind" "$vm"
done
result "it was told once that it is gone" test \
	"$(grep -c '"type":"gone"' "$tmp/flood-$vm.lines")" -eq 1
start_daemon "${options[@]}"
stop_daemon
result "and is no news for the next daemon" test ! -s "$tmp/out" -a \
	"$(grep -c "flood-$vm" "$tmp/log")" -eq 0

# A VM's whole life comes while nobody looks.
"$talk" 0xe9 $'unseen\n' >/dev/null &
vm=$!
wait "$vm"
start_daemon "${options[@]}"
result "a VM that nobody saw living is there afterwards" \
	await holds "$tmp/talk-$vm.text" unseen
stop_daemon

# A VM's end has been read, but what it said before is not written yet: reading
# waits for the disk, and the daemon is killed.
mkdir "$tmp/small"
mount -t tmpfs -o size=64k none "$tmp/small"
head -c 64K /dev/zero >"$tmp/small/ballast" 2>/dev/null
# A batch of 2,048 writes beyond the queue, with the end in it.
count_to 1900 >"$tmp/said"
"$say" 0xe9 <"$tmp/said" &
wait "$!"
options=(--sink "0xe9:file=$tmp/small/file,full=block,queue=16K")
start_daemon "${options[@]}"
await said "No space left"
end_child "$daemon"
rm "$tmp/small/ballast"
start_daemon "${options[@]}"
result "what a VM said last is not lost with the one who was told of its end" \
	await cmp -s "$tmp/said" "$tmp/small/file"
stop_daemon
umount "$tmp/small"

# Positions are those of one load of the module.
options=("${all[@]}")
start_daemon "${options[@]}"
start_bursts vm -l 10 0xe9 0x402
vm=$!
burst vm 5
await has_bytes "$tmp/flood-$vm.numbers" 200
end_child "$daemon"
end_child "$vm"
reload_module
start_bursts new -l 10 0xe9 0x402
vm=$!
burst new 5
await ends_with_line "$tmp/new.number" 50
start_daemon "${options[@]}"
await has_bytes "$tmp/flood-$vm.numbers" 200
burst new 1
await ends_with_line "$tmp/new.number" 60
await has_bytes "$tmp/flood-$vm.numbers" 240
last[$vm]=60
for kind in numbers text; do
	result "after another load of the module all $kind of the new VM are there" \
		checks "$kind" "$vm"
done
stop_daemon
ktap_finished
