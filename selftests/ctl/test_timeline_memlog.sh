#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl timeline --memlog VM: the log in its memory, between what has a time.
. ./fake_log.sh || exit

# lines OPTION...: of what is listed of web, the time, the port and the text.
lines()
{
	ctl timeline web --memlog --all "$@" 2>"$log" |
		grep '^ *[-0-9.]* .* \(memory\|post\|firmware\) ' |
		sed 's/^ *\([-0-9]*\)[.0-9]* *\(+[0-9.]*\)\? */\1 /'
}

# marks: of its last boot, in JSON.
marks()
{
	ctl timeline web --memlog --json | jq -r '.[-1].marks[] |
		"\(if .time_ns then "timed" else .time_ns end) \(.source) \(.phase) \(.component) \(.text)"'
}

# is_as_without OPTION...: the same is drawn without --memlog.
is_as_without()
{
	ctl timeline web --memlog "$@" >"$tmp/with" 2>"$log" &&
		ctl timeline web "$@" >"$tmp/without" && cmp "$tmp/with" "$tmp/without"
}

# agree FILTER OPTION...: what jq takes out of the JSON is the same; these VMs began a minute before
# they are looked at.
agree()
{
	ctl timeline web --memlog "${@:2}" >"$tmp/with" &&
		ctl timeline web "${@:2}" >"$tmp/without" &&
		diff <(jq "$1" "$tmp/with") <(jq "$1" "$tmp/without")
}

# What the page's script lists; the longest boot comes first.
page_has_them()
{
	ctl timeline web --memlog --format html |
		xmllint --xpath 'string(//script[@id="details"])' - >"$tmp/details" &&
		diff - <(jq -c .undated "$tmp/details") <<-'EOT'
			{"0":[1,"PEI","Loading PEIM A <1b>[2J",3,"DXE","Loading DXE CORE at 0x1",3,"","</b>"]}
		EOT
}

start_vmm < <(printf '%s\r\n' 'SecCoreStartupWithStack(0x1)' $'Loading PEIM A \e[2J' 'on both' \
	'Loading DXE CORE at 0x1' '</b>')
whole=$vmm
start_vmm 1 < <(printf '%s\n' 'half of a line' 'a whole one')
cut=$vmm
sleep 600 &
other=$!
trap 'kill "$whole" "$cut" "$other"; rm -rf "$tmp"' EXIT

ktap_print_header
ktap_set_plan 23
vms <<-EOT
	vm 1 web claimed 60
	pid 1 $whole
	line 1 0x402 0 50000 SecCoreStartupWithStack(0x0)
	line 1 0x402 0 45000 on both
	code 1 0 44000 0x40
	line 1 0x402 0 40000 SecCoreStartupWithStack(0x1)
	code 1 0 35000 0x01
	line 1 0x402 0 30000 on both
	code 1 0 20000 0x40
	vm 2 old ended 60
	line 2 0x402 0 50000 hello
	vm 3 none claimed 60
	pid 3 $other
	line 3 0x402 0 50000 hello
	vm 4 cut claimed 60
	pid 4 $cut
	vm 5 away claimed 60
	pid 5 0
	line 5 0x402 0 50000 hello
EOT

result "the last boot has its lines, where they belong" diff - <(lines) <<-'EOT'
	10 firmware SecCoreStartupWithStack(0x0)
	15 firmware on both
	16 post     0x40 Kernel
	0 firmware SecCoreStartupWithStack(0x1)
	- PEI         memory   Loading PEIM A <1b>[2J
	5 post     0x01 Firmware
	10 firmware on both
	- DXE         memory   Loading DXE CORE at 0x1
	- memory   </b>
	20 post     0x40 Kernel
EOT
result "and nothing is said of it" test ! -s "$log"
result "of another clock they have no time either" test \
	"$(lines --time epoch | grep -c '^- .*memory')" -eq 3
ctl timeline web --memlog >"$tmp/out"
result "without --all those that begin phases, and the first and the last are there" \
	test "$(grep -c ' memory ' "$tmp/out")" -eq 3
result "in JSON they have no time, no phase, and their source" diff - <(marks) <<-'EOT'
	timed null SEC SEC SecCoreStartupWithStack(0x1)
	null memory null PEI Loading PEIM A <1b>[2J
	timed null SEC Firmware null
	timed null SEC null on both
	null memory null DXE Loading DXE CORE at 0x1
	null memory null null </b>
	timed null Kernel Kernel null
EOT
result "the page has them" page_has_them
result "figures are as without them" agree 'map(del(.marks, .zero_ns, .realtime))' --json
result "so is a trace" agree '.traceEvents | map(del(.ts))' --format perfetto
result "and a picture" is_as_without --format svg
result "so are the longest intervals" is_as_without --blame
result "only the last boot has them" is_as_without --vm 'web#1'
ctl timeline 'web#1' --memlog 2>"$log" >"$tmp/out"
result "which is told if it is not drawn" \
	grep -qx 'dbgportctl: --memlog: .* which is not drawn' "$log"

result "a VM without a log is drawn all the same" ends_with 0 ctl timeline none --memlog
result "and that it has none is told" grep -qx 'dbgportctl: none: no log in its memory.*' "$log"
result "as it is" grep -q 'firmware hello' "$tmp/out"
ends_with 0 ctl timeline old --memlog
result "one that has ended has no memory" grep -qx 'dbgportctl: old: it has ended.*' "$log"
ends_with 0 ctl timeline away --memlog
result "a process that is not seen is told" \
	grep -qx 'dbgportctl: away: its process.* not seen from here' "$log"
ends_with 0 ctl timeline cut --memlog
result "a VM may have written nothing else" grep -qx ' *- *memory   a whole one' "$tmp/out"
result "the half of a line is none" test "$(grep -c 'half of' "$tmp/out")" -eq 0
result "which is told" grep -qx 'dbgportctl: cut: its log does not begin at the beginning.*' "$log"

echo >"$tmp/boots.json"
result "a file has no memory" ends_with 2 ctl timeline "$tmp/boots.json#2" --memlog
result "nor have other hosts" ends_with 2 ctl timeline --nats nats://localhost web --memlog
result "nor are boots sent with it" ends_with 2 ctl timeline --otlp http://localhost web --memlog
ktap_finished
