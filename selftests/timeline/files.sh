# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Files as dbgportd writes them with format=json, made here.  To be sourced.
. ../lib/ktap.sh || exit

# shellcheck disable=SC2034 # used by the tests
dbgportctl=$(readlink -f ../../userspace/dbgportctl)

# object TYPE VM ID ZERO_NS TIME_NS SEQ FIELDS: one line of the file.
object()
{
	printf '{"type":"%s","vm":"%s","vm_id":%d,"pid":77,"time":0,"time_ns":%d,' \
		"$1" "$2" "$3" "$5"
	printf '"monotonic_ns":%d,"realtime":"","seq":%d%s}\n' "$(($4 + $5))" "$6" "${7:+,$7}"
}

# code VM ID ZERO_NS TIME_NS SEQ VALUE COMPONENT
code()
{
	object code "${@:1:5}" \
		"\"port\":128,\"vcpu\":0,\"count\":1,\"claimed\":true,\"width\":1,\"value\":$(($6)),\"component\":\"$7\",\"name\":null"
}

# line VM ID ZERO_NS TIME_NS SEQ PORT TEXT [FIELDS]: TEXT is as JSON has it.
line()
{
	object line "${@:1:5}" \
		"\"port\":$(($6)),\"vcpu\":0,\"count\":3,\"claimed\":true,\"text\":\"$7\"${8:+,$8}"
}

# many_boots N LINE: boots such as a VM's with 25 lines of firmware, 5 of a boot loader,
# 25 of user space and 30 POST codes, each with times of its own; LINE is put behind a
# line, as awk has it; digits(n) are so many that are drawn by lot.
many_boots()
{
	awk -v n="$1" '
	function object(type, fields) {
		time += 1000 + int(rand() * rand() * 5e7)
		printf "{\"type\":\"%s\",\"vm\":\"vm-%d\",\"vm_id\":%d,\"pid\":77,\"time\":0,", type, boot, boot
		printf "\"time_ns\":%d,\"monotonic_ns\":%.0f,\"realtime\":\"\",", time, zero + time
		printf "\"seq\":%d,\"vcpu\":0,\"count\":3,\"claimed\":true,%s}\n", seq++, fields
	}
	function digits(n,	text) {
		while (length(text) < n)
			text = text int(rand() * 10)
		return text
	}
	function lines(port, many, text,	i) {
		for (i = 0; i < many; i++)
			object("line", sprintf("\"port\":%d,\"text\":\"%s %d%s\"", port, text, i, '"$2"'))
	}
	function codes(first, many, component,	i) {
		for (i = 0; i < many; i++)
			object("code", sprintf("\"port\":128,\"width\":1,\"value\":%d,\"component\":\"%s\",\"name\":null",
				first + i, component))
	}
	BEGIN {
		srand(1)
		for (boot = 1; boot <= n; boot++) {
			zero = boot * 700000000
			time = seq = 0
			lines(1026, 25, "a device that firmware has found on the PCI bus, number")
			codes(0, 8, "Firmware")
			codes(32, 6, "Bootloader")
			lines(233, 5, "the boot loader loads its module")
			codes(64, 8, "Kernel")
			codes(96, 8, "Userspace")
			lines(233, 25, "the manager of the system has started its unit, which has a description, number")
		}
	}'
}
