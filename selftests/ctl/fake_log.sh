# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of dbgportctl on this machine: a process that has a log of OVMF's in its memory.
# To be sourced from a test in its installed directory; brings fake.sh along.
. ./fake.sh || exit

# u64 NUMBER: little-endian.
u64()
{
	local i

	for ((i = 0; i < 64; i += 8)); do
		# shellcheck disable=SC2059 # as printf has it
		printf "\\x$(printf %02x $(($1 >> i & 255)))"
	done
}

# at OFFSET: stdin goes there in the process's memory.
at()
{
	dd of="$tmp/ram" bs=4096 seek="$1" oflag=seek_bytes conv=notrunc status=none
}

# start_vmm [TRUNCATED]: it is $vmm, and its log has what is on stdin; 1 says that the beginning
# was overwritten.  See edk2's MemDebugLogLib.h.
start_vmm()
{
	local log=$((30 << 20)) ram ready

	cat >"$tmp/log"
	rm -f "$tmp/ram" "$tmp/ready"
	truncate -s 32M "$tmp/ram"
	{
		printf ovmfmdg1ovmfmdg2
		u64 192
		u64 $((1 << 20))
		u64 0
		u64 0
		u64 "$(stat -c %s "$tmp/log")"
		u64 "${1-0}"
	} | at "$log"
	at $((log + 192)) <"$tmp/log"
	exec {ram}<>"$tmp/ram"
	mkfifo "$tmp/ready"
	exec {ready}<>"$tmp/ready"
	./fake_vmm "$ram" >&"$ready" &
	# shellcheck disable=SC2034 # for who calls this
	vmm=$!
	head -c 1 <&"$ready" >/dev/null
	exec {ram}>&- {ready}>&-
}
