#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VM that is reset: dbgportctl timeline and boots tell its boots apart, by what the file
# says or else by what firmware says first.
. ./files.sh || exit

zero=1000000000

# firmware TIME SEQ [FIELDS]: SeaBIOS, then a kernel and user space; 300 ms later it ends.
boot_once()
{
	line web 1 $zero "$1" "$2" 0x402 "SeaBIOS (version 1.16.2)" "${@:3}"
	line web 1 $zero $(($1 + 10000000)) $(($2 + 30)) 0x402 \
		"Turning on vga text mode console" "${@:3}"
	line web 1 $zero $(($1 + 20000000)) $(($2 + 70)) 0x402 "SeaBIOS (version 1.16.2)" "${@:3}"
	code web 1 $zero $(($1 + 100000000)) $(($2 + 100)) 0x40 Kernel
	code web 1 $zero $(($1 + 200000000)) $(($2 + 101)) 0x60 Userspace
	code web 1 $zero $(($1 + 300000000)) $(($2 + 102)) 0x7f Userspace
}

# Four boots of web, the first one 5 ms after its zero, then one each half hour; one of db.
make_files()
{
	local n

	{
		object attached web 1 $zero 0 0 '"uid":0,"late":false'
		for n in 0 1 2 3; do
			boot_once $((5000000 + n * 1800000000000)) $((n * 200))
		done
		line db 2 $zero 1000 0 0x402 "SeaBIOS (version 1.16.2)"
	} >"$tmp/resets.json"
	# As a daemon that knows boots writes it.
	jq -c 'if .vm == "web" then .boot = 1 + (.seq / 200 | floor) else .boot = 1 end' \
		"$tmp/resets.json" >"$tmp/numbered.json"
	# Of another port only, and from the third boot on.
	jq -c 'select(.type == "code" and .boot >= 3)' "$tmp/numbered.json" >"$tmp/codes.json"
	# With each write for itself, a boot's first line is not known as one.
	jq -c 'if .type == "line" then .seq as $seq | .time_ns as $time | (.text + "\n") |
		explode | to_entries[] | {type: "write", vm: "web", vm_id: 1, pid: 77,
			boot: (1 + ([0, $seq - 20] | max / 200 | floor)),
			time_ns: $time, monotonic_ns: ($time + 1000000000), seq: ($seq + .key),
			port: 1026, vcpu: 0, count: 1, width: 1, value: .value}
		else . end | select(.vm == "web")' "$tmp/numbered.json" >"$tmp/writes.json"
}

boots_are()
{
	diff <(printf '%s\n' "${@:2}") <("$dbgportctl" timeline --json "$tmp/$1.json" |
		jq -r '.[] | "\(.vm) \(.boot) \(.zero_ns) \(.total_ns) \(.marks | length)"')
}

resets_are()
{
	boots_are "$1" "web 1 1000000000 305000000 6" "web 2 1801005000000 300000000 6" \
		"web 3 3601005000000 300000000 6" "web 4 5401005000000 300000000 6" "${@:2}"
}

# labels FORMAT: the names in a picture.
labels()
{
	"$dbgportctl" timeline --format "$1" "$tmp/resets.json" | grep -oE '\b(web|db)(#[0-9]+)?\b' |
		sort -u | xargs
}

labels_are_in()
{
	local format

	for format in text svg html perfetto; do
		[ "$(labels $format)" = "db web#1 web#2 web#3 web#4" ] || return
	done
}

# only WHAT ARGS…: of the boots that are shown, "VM#NUMBER".
only()
{
	[ "$("$dbgportctl" timeline --json "${@:2}" |
		jq -r '.[] | "\(.vm)#\(.boot)"' | xargs)" = "$1" ]
}

# told TEXT STATUS ARGS…
told()
{
	local status=0

	"$dbgportctl" "${@:3}" >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$status" -eq "$2" ] && grep -qF -e "$1" "$tmp/err" && [ ! -s "$tmp/out" ]
}

# The second to fourth boots have no Start, and all of them 100 ms of Kernel.
figures_count_boots()
{
	"$dbgportctl" boots --json "$tmp/resets.json" --vm web | jq -e '.boots == 4 and
		([.figures[] | {(.name): .count}] | add |
			.total == 4 and .Start == 1 and .Firmware == 4 and .Kernel == 4) and
		(.figures[] | select(.name == "Kernel") | .min_ns == 100000000 and
			.max_ns == 100000000)' >/dev/null
}

incomplete_are_named()
{
	"$dbgportctl" boots --json "$tmp/resets.json" --vm web --until 0x11 |
		jq -e '[.incomplete[].boot] == [1, 2, 3, 4]' >/dev/null &&
		"$dbgportctl" boots "$tmp/resets.json" --vm web --until 0x11 |
		grep -qF 'web#3 (id 1) did not come to its end'
}

begin_at()
{
	"$dbgportctl" timeline --json "$tmp/resets.json" --vm 'web*' --boot-begins "$1" |
		jq -s -e ".[0] | length == $2 and .[-1].marks[0].value == $3" >/dev/null
}

late_is_the_first_only()
{
	{
		object attached web 1 $zero 0 0 '"uid":0,"late":true'
		code web 1 $zero 1000 0 0x60 Userspace
		boot_once 5000000 10
		boot_once 900000000 400
	} >"$tmp/late.json"
	"$dbgportctl" timeline --json "$tmp/late.json" |
		jq -e 'map(.late) == [true, false, false]' >/dev/null
}

# Of a VM whose first writes are lost, what is left of that boot is the first.
lost_is_the_first()
{
	{
		printf '{"type":"lost","vm":"web","vm_id":1,"pid":77,"seq":0,"count":50}\n'
		tail -n +4 "$tmp/resets.json" | grep '"web"'
	} >"$tmp/lost.json"
	only "web#1 web#2 web#3 web#4" "$tmp/lost.json" &&
		"$dbgportctl" timeline --json "$tmp/lost.json" |
		jq -e 'map(.marks | length) == [4, 6, 6, 6]' >/dev/null
}

ktap_print_header
ktap_set_plan 24
make_files
result "three resets are four boots" resets_are resets "db 1 1000000000 1000 1"
result "and so they are where the file says so" resets_are numbered "db 1 1000000000 1000 1"
result "and with each write for itself" resets_are writes
result "what a file says counts where nothing is to be seen" boots_are codes \
	"web 3 1000000000 3600305000000 3" "web 4 5401105000000 200000000 3"
result "boots have their numbers in all pictures" labels_are_in
result "one boot of a VM can be chosen" only "web#2" "$tmp/resets.json" --vm 'web#2'
result "and some" only "web#2 web#3" "$tmp/resets.json" --vm 'web#[23]'
result "a VM's name means all of its boots" only "web#1 web#2 web#3 web#4" \
	"$tmp/resets.json" --vm web
result "one boot of a file can be chosen" only "web#2" "$tmp/writes.json#2"
result "a boot that is not there is told" told "VM web has no boot 9: its last one is 4" 1 \
	timeline "$tmp/writes.json#9"
result "no boot has number 0" told "resets.json#0: " 1 timeline "$tmp/resets.json#0"
cp "$tmp/writes.json" "$tmp/name#2"
result "a file may have such a name" only "web#1 web#2 web#3 web#4" "$tmp/name#2"
result "figures are of boots" figures_count_boots
result "boots without an end are named" incomplete_are_named
result "a boot begins with a code on request" begin_at 0x40 4 64
result "or with a text" begin_at "Turning on" 4 null
result "where it never comes there is one boot" begin_at "no such line" 1 null
result "an empty text is refused" told "--boot-begins is empty" 2 timeline "$tmp/resets.json" \
	--boot-begins ""
result "and blanks are" told "--boot-begins ' ': it takes a POST code" 2 \
	timeline "$tmp/resets.json" --boot-begins " "
result "boots has it too" told "--boot-begins ' ': it takes a POST code" 2 \
	boots "$tmp/resets.json" --boot-begins " "
result "tail has it too" told "--boot-begins ' ': it takes a POST code" 2 \
	tail --boot-begins " "
result "only the first boot of a late VM is late" late_is_the_first_only
result "what is left of a boot that is lost is the first" lost_is_the_first
result "of a VM with one boot the name is all" \
	test "$("$dbgportctl" timeline --vm db "$tmp/resets.json" | sed -n 1p)" = "db  0.000001 s in all"
ktap_finished
