#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl show: what is wrong with a VM at night, from its first line to its last.
. ./fake.sh || exit

# head_of VM, tail_of VM: the sentence, and the lines under LAST LINES.
head_of()
{
	ctl show "$1" | sed '/^$/,$d'
}

tail_of()
{
	ctl show "$1" | sed '1,/^LAST LINES$/d'
}

# begins VM TEXT: so begins the sentence.
begins()
{
	head_of "$1" | head -n 1 | grep -qF "$2"
}

ktap_print_header
ktap_set_plan 22

vms <<'EOT'
vm 1 web claimed 18000
line 1 0x402 0 7900000 SeaBIOS (version 1.16)
line 1 0x402 0 7860000 Booting from Hard Disk...
code 1 1 7830000 0x10
line 1 0x402 0 7800000 Scan for VGA option rom
read 1 0x402 712
vm 2 panicked ended 18000
line 2 0xe9 3 7800000 Kernel panic
vm 3 silent tee 7800
vm 4 never ended 7800
vm 5 busy claimed 7800
line 5 0xe9 0 200 0123456789abcde
restored 5 32 2
EOT

result "it begins with when, where and what was written last" begins web \
	"web last wrote 2h10min ago, on 0x402, vCPU 0: 'Scan for VGA option rom'"
result "how long after what came before" \
	grep -qx 'It came 30\.000 s after the line before\.' <(head_of web)
result "how often the port was read" grep -qx 'The guest has read 0x402 712 times\.' <(head_of web)
result "it ends with the last three lines and codes" test "$(tail_of web | sed 's/.*\] //')" = \
	$'Booting from Hard Disk...\n0x10 Firmware\nScan for VGA option rom'
result "as tail prints them" test "$(tail_of web)" = "$(ctl tail -n 3 web)"
result "of one that has ended it says how long before that" begins panicked \
	"panicked last wrote 2h10min before it ended, 2h10min ago, on 0xe9, vCPU 3: 'Kernel panic'"
result "a VM that never wrote is told" begins silent "silent has written nothing since it began, 2h10min ago"
result "whose sentence is all" test "$(head_of silent | wc -l)" -eq 1
result "and has no last lines" test -z "$(tail_of silent)"
result "one that has ended without a word" begins never "never wrote nothing in its 2h10min"
result "all else is there as ever" grep -qx 'VMM       qemu-system-x86, process 1001' <(ctl show web)
result "that it was restored is told" grep -qx 'age       2h10min; restored from a snapshot' \
	<(ctl show busy)
result "and of no other" test -z "$(ctl show web | grep restored)"
result "programs have it, and what was before its zero" test "$(ctl show busy --json |
	jq -c '[.restored, .zero_ns - .started_ns, .zero_ns - .created_ns]')" = '[true,32000000,2000000]'
result "timeline has it of the module" test "$(ctl timeline busy --json |
	jq -c '.[0] | [.restored, (.before[] | .begin_ns)]')" = '[true,-32000000,-2000000]'
result "its writes, and how many a second" grep -qx 'writes    16; 16/s' <(ctl show busy)
ctl show --time iso8601 web >"$tmp/shown"
result "the host's clock on request: when it wrote last" grep -qE \
	"^web last wrote at [0-9]{4}-[0-9-]{5}T[0-9:.+-]*, on 0x402, vCPU 0: 'Scan for " "$tmp/shown"
result "when it began" grep -qE '^began     [0-9]{4}-[0-9-]{5}T' "$tmp/shown"
result "and before each of its last lines" test 3 -eq \
	"$(sed '1,/^LAST LINES$/d' "$tmp/shown" | grep -cE '^[0-9]{4}-[0-9-]{5}T')"
result "of one that has ended, when that was" grep -qE \
	'^panicked last wrote at \[[0-9.]+\], and ended at \[[0-9.]+\], on 0xe9' \
	<(ctl show --time epoch panicked)
result "JSON has the time" test "$(ctl show --json web | jq '.last_age / 60 | floor')" = 130
result "and is nothing but an object" test "$(ctl show --json web | jq -r type)" = object
ktap_finished
