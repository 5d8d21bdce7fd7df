#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl memlog on this machine, in the memory of QEMUs that emulate: what it shows is,
# byte for byte, what Debian sid's QEMU has by its own query-firmware-log, and what an older
# one that knows nothing of such logs was given, in each kind of memory.
#
# QEMU puts logs into its guest's memory; Debian's OVMFs are built without MemDebugLog.
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
PATH=$top/build/userspace:$PATH
loader=loader,force-raw=on
early=0x820000
late=0x7f00000

stop()
{
	kill "$qemu"
	wait "$qemu"
} 2>/dev/null
trap 'stop; rm -rf "$tmp"' EXIT

# u64 NUMBER...: little-endian.
u64()
{
	local n i

	for n; do
		for ((i = 0; i < 64; i += 8)); do
			# shellcheck disable=SC2059 # as printf has it
			printf "\\x$(printf %02x $((n >> i & 255)))"
		done
	done
}

# make_log FILE SIZE HEAD TAIL TRUNCATED: a log of SIZE bytes, its header included, whose ring
# begins with what stdin has; see edk2's MemDebugLogLib.h.
make_log()
{
	{
		printf ovmfmdg1ovmfmdg2
		u64 192 $(($2 - 192)) 1 "$3" "$4" "$5"
		printf 'made up'
		head -c 121 /dev/zero
		head -c $(($2 - 192))
		head -c "$2" /dev/zero
	} | head -c "$2" >"$1"
}

# start QEMU OPTION...: it runs, has its memory and says on $tmp/qmp what it is asked.  Its
# firmware leaves the memory as it is.
start()
{
	rm -f "$tmp/qmp"
	"$@" -name guest=web -bios "$tmp/halt" -M q35 -accel tcg -display none -nodefaults -net none \
		-qmp "unix:$tmp/qmp,server=on,wait=off" >>"$log" 2>&1 &
	qemu=$!
	await runs
}

# ask COMMAND: what QEMU answers in a second, in $tmp/answer.
ask()
{
	{ printf '{"execute": "%s"}\n' qmp_capabilities "$1"; sleep 1; } |
		socat -t 30 - "UNIX-CONNECT:$tmp/qmp" 2>>"$log" |
		jq 'select(.return and .return != {}).return' >"$tmp/answer"
	[ -s "$tmp/answer" ]
}

runs()
{
	ask query-status && jq -e .running "$tmp/answer" >>"$log"
}

memlog()
{
	dbgportctl memlog --device "$tmp/none" "pid:$qemu" "$@" 2>>"$log"
}

# is FILE: the log is just that.
is()
{
	memlog --raw | cmp - "$1" >>"$log" 2>&1
}

has_what_qemu_has()
{
	await ask query-firmware-log && jq -j .log "$tmp/answer" | base64 -d >"$tmp/qemu" &&
		[ -s "$tmp/qemu" ] && is "$tmp/qemu"
}

# other_kind NAME OPTION...: 128 MiB of that, in the machine's own QEMU.
other_kind()
{
	start qemu-system-x86_64 "${@:2}" -device "$loader,file=$tmp/late,addr=$late"
	result "$1 has what was put there" is "$tmp/text"
	stop
}

ktap_print_header
ktap_set_plan 11
sid=$("$top/selftests/vm/sid_qemu") || exit

head -c 65536 /dev/zero | tr '\0' '\364' >"$tmp/halt"
# The ring went round: its oldest byte is the one behind the next.
seq -f 'line %06g of what a guest says '$'\e]0;x\a\xff' 100000 | head -c 130880 >"$tmp/ring"
make_log "$tmp/late" 131072 1001 1000 1 <"$tmp/ring"
{ tail -c +1002 "$tmp/ring"; head -c 1000 "$tmp/ring"; } >"$tmp/text"
printf 'SecCoreStartup\r\n' | make_log "$tmp/early" 65536 0 16 0
printf 'one\r\ntwo \e[2J\r\nthree' | make_log "$tmp/short" 131072 0 20 0

start "$sid" -m 128 -device "$loader,file=$tmp/late,addr=$late"
result "a ring that went round is as QEMU has it" has_what_qemu_has
result "and as it was put there" is "$tmp/text"
stop
start "$sid" -m 128 -device "$loader,file=$tmp/late,addr=$late" \
	-device "$loader,file=$tmp/early,addr=$early"
result "an early log is as QEMU has it, though there is another one" has_what_qemu_has
stop
start "$sid" -m 128 -device "$loader,file=$tmp/short,addr=$late"
result "a short log is as QEMU has it" has_what_qemu_has
result "its lines are harmless" test "$(memlog)" = $'one\ntwo <1b>[2J\nthree'
result "the VM runs on" runs
memlog -f >"$tmp/followed" &
follower=$!
await test -s "$tmp/followed"
stop
result "who follows it comes to an end with the VM" wait "$follower"
start "$sid" -m 128
result "without a log there is none" eval '! memlog'
stop
other_kind "anonymous memory" -m 128
memory=size=128M,id=ram,share=on
other_kind "a memfd" -m 128 -M memory-backend=ram -object "memory-backend-memfd,$memory"
other_kind "a file" -m 128 -M memory-backend=ram \
	-object "memory-backend-file,mem-path=$tmp/ram,$memory"
ktap_finished
