#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl timeline on files: each format says the same, whatever guests write
# does no harm in any of them, and bad input is told.
. ./files.sh || exit

formats=(text svg html perfetto json)

# What a guest may write to get out of each format.
hostile='</script><script>alert(1)</script><img src=x onerror=alert(1)>\" onmouseover=\"x &amp; ]]> --> \u001b[2J\u0007\u009b31m \u0000 \ufffe\uffff \u202e ÄÖ'

make_files()
{
	{
		object attached web 1 5000000 0 0 '"uid":0,"late":false'
		line web 1 5000000 1000001 0 0x402 "SeaBIOS"
		line web 1 5000000 2000002 3 0x402 "$hostile" '"hex":"3c2f736372697074203e1b5b324aff00"'
		line web 1 5000000 2500002 6 0x402 "$hostile"
		code web 1 5000000 3000003 7 0x40 Kernel
		line web 1 5000000 4000004 8 0xe9 "half" '"begun":false,"unfinished":true'
		line web 1 5000000 4500000 11 0xe9 " and half" '"begun":true,"unfinished":false'
		code web 1 5000000 90000009 14 0x60 Userspace
		printf '{"type":"lost","vm":"web","vm_id":1,"pid":77,"time":null,"time_ns":null,'
		printf '"monotonic_ns":null,"realtime":null,"seq":15,"count":4}\n'
		code web 1 5000000 95000009 19 0x7f Userspace
		object gone web 1 5000000 96000000 20 '"lost":4'
		object new-type web 1 5000000 96000000 20
		line db-2 2 9000000 700 0 0xe9 "hello"
	} >"$tmp/boots.json"
	# What a killed daemon leaves: the beginning of an object, and its batch again.
	{
		sed -n 1,6p "$tmp/boots.json"
		echo '{"type":"line","vm":"web","vm_'
		sed -n '5,$p' "$tmp/boots.json"
	} >"$tmp/killed.json"
}

draw()
{
	"$dbgportctl" timeline --format "$1" "$tmp/boots.json" "${@:2}"
}

draw_all()
{
	local format

	for format in "${formats[@]}"; do
		draw "$format" >"$tmp/out.$format" || return
		[ -s "$tmp/out.$format" ] || return
	done
}

phases_are()
{
	local expected='web Start 0 1000001
web Firmware 1000001 3000003
web Kernel 3000003 90000009
web Userspace 90000009 95000009
db-2 Start 0 700'

	diff <(echo "$expected") <(jq -r '.[] | .vm as $vm | .phases[] |
		"\($vm) \(.name) \(.begin_ns) \(.end_ns)"' "$tmp/out.json")
}

# The trace's slices, back from microseconds of the host's clock.
trace_phases_are()
{
	diff <(jq -r '.[] | .zero_ns as $zero | .phases[] |
			"\(.name) \($zero + .begin_ns) \(.duration_ns)"' "$tmp/out.json") \
		<(jq -r '.traceEvents[] | select(.cat == "phase") |
			"\(.name) \(.ts * 1000 | round) \(.dur * 1000 | round)"' "$tmp/out.perfetto")
}

# Chrome's trace event format: what each type of event must have.
trace_is_well_formed()
{
	jq -e '.traceEvents | length > 10 and all(.[];
		(.name | type == "string") and (.pid | type == "number") and
		(.tid | type == "number") and
		if .ph == "X" then .ts >= 0 and .dur >= 0
		elif .ph == "i" then .ts >= 0 and .s == "t"
		else .ph == "M" and (.args | type == "object") end)' "$tmp/out.perfetto" >/dev/null &&
		jq -e '[.traceEvents[] | select(.name == "process_name").args.name] ==
			["web", "db-2"]' "$tmp/out.perfetto" >/dev/null
}

# Two files of VM 1, as of two hosts, and a later boot of one: each is a process by
# itself.
trace_tells_boots_apart()
{
	code web 1 5000000 10 0 0x40 Kernel >"$tmp/one.json"
	{
		code db 1 6000000 10 0 0x40 Kernel
		code db 1 7000000 10 0 0x40 Kernel
	} >"$tmp/two.json"
	"$dbgportctl" timeline --format perfetto "$tmp/one.json" "$tmp/two.json" |
		jq -e '[.traceEvents[] | select(.name == "process_name").pid] |
			length == 3 and (unique | length == 3)' >/dev/null
}

# No control characters but line ends and tabs, in UTF-8 too.
is_harmless()
{
	! LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$tmp/out.$1" &&
		iconv -f UTF-8 -t UTF-16 "$tmp/out.$1" >/dev/null
}

# The guest's words are there, but none of its tags and attributes.
is_text_only()
{
	local tags

	grep -q 'alert(1)' "$tmp/out.$1" || return
	tags=$(xmllint --xpath "count(//*[local-name()='img']) + count(//@onerror) +
		count(//@onmouseover) + count(//*[local-name()='script'])" "$tmp/out.$1") &&
		[ "$tags" = "$2" ]
}

# It names nothing that it would have to fetch.
needs_nothing()
{
	[ "$(xmllint --xpath 'count(//@src) + count(//@href)' "$tmp/out.$1")" = 0 ] &&
		! grep -nE 'url\([^#]|@import|https?:' "$tmp/out.$1" | grep -vE 'xmlns=|createElementNS'
}

texts()
{
	jq -r '.[0].marks[] | select(.type == "line").text' "$tmp/out.json"
}

fits()
{
	[ "$(COLUMNS=$1 draw text --all | LC_ALL=C.UTF-8 wc -L)" -le "$1" ]
}

# A boot of 100 s whose lines come each 0.1 s, but for a pause of 6.5 s.
make_pause()
{
	local n time=0

	for ((n = 0; n < 500; n++)); do
		((time += n == 200 ? 6500000000 : 100000000))
		line slow 1 0 $time $n 0x402 "line $n"
	done
	code slow 1 0 100000000000 500 0x7f Userspace
}

# Both lines that a pause stands between, with its length; of the others hardly any.
pause_is_seen()
{
	make_pause >"$tmp/pause.json"
	"$dbgportctl" timeline "$tmp/pause.json" >"$tmp/pause" || return
	grep -qE '^ +20\.000000 \+0\.100000 +firmware line 199$' "$tmp/pause" &&
		grep -qE '^ +26\.500000 \+6\.500000 +firmware line 200$' "$tmp/pause" &&
		[ "$(grep -c ' firmware line ' "$tmp/pause")" -eq 4 ]
}

# top ARGS…: lines of a boot with pauses of 6.5 s and 0.1 s.
top()
{
	"$dbgportctl" timeline "$tmp/pause.json" "$@" | tail -n +2
}

longest_are_shown()
{
	diff <(printf '\n+%s s %s%%\n%12s %-8s %s\n' 43.600000 43.6 100.000000 post \
		"0x7f Userspace" 6.500000 6.5 26.500000 firmware "line 200") <(top --top 2) &&
		[ "$(top --top 3 | grep -c '^+')" -eq 3 ] && [ "$(top --blame | grep -c '^+')" -eq 10 ]
}

blame_has_both_sides()
{
	diff <(printf '\n+%s s %s%%\n%12s firmware line 199\n%12s firmware line 200\n' \
		6.500000 6.5 20.000000 26.500000) <(top --blame --top 2 | tail -n 4)
}

# initcalls ARGS…: of a boot whose kernel tells of three, and of other things.
initcalls()
{
	{
		line k 1 0 1000000 0 0x3f8 "[    0.0] calling  a+0x0/0x10 @ 1"
		line k 1 0 2000000 1 0x3f8 "[    0.1] initcall a+0x0/0x10 returned 0 after 12 usecs"
		line k 1 0 3000000 2 0x3f8 "[    0.2] probe of 0000:00:01.1 returned 0 after 5321 usecs"
		line k 1 0 4000000 3 0x3f8 "[    0.3] initcall b+0x0/0x10 returned -19 after 700 usecs"
	} >"$tmp/initcalls.json"
	"$dbgportctl" timeline "$tmp/initcalls.json" "$@"
}

initcalls_are_a_table()
{
	diff <(printf '%10s %9s %9s  %s\n' TOOK ENDED RETURNED INITCALL \
		"0.005321 s" 0.003000 0 "probe of 0000:00:01.1" "0.000700 s" 0.004000 -19 b \
		"0.000012 s" 0.002000 0 a) <(initcalls --initcalls | tail -n 4) &&
		[ "$(initcalls --initcalls --top 1 | grep -c ' s ')" -eq 2 ] &&
		initcalls --json | jq -e '.[0].initcalls == [
			{name: "a", probe: false, returned: 0, duration_ns: 12000, end_ns: 2000000},
			{name: "0000:00:01.1", probe: true, returned: 0, duration_ns: 5321000, end_ns: 3000000},
			{name: "b", probe: false, returned: -19, duration_ns: 700000, end_ns: 4000000}]' \
			>/dev/null
}

# The first mark has the boot's zero before it, and of the same time nothing is told.
zero_is_before_the_first()
{
	{
		code z 1 0 5000000 0 0x40 Kernel
		code z 1 0 5000000 1 0x41 Kernel
	} >"$tmp/zero.json"
	diff <(printf '\n+0.005000 s 100.0%%\n%12s the boot%ss zero\n%12s post     0x40 Kernel\n' \
		0.000000 \' 0.005000) <("$dbgportctl" timeline "$tmp/zero.json" --blame | tail -n +2)
}

# web began at 07:19:42 by its host's clock.
times_are_the_hosts()
{
	jq -c 'select(.vm == "web" and .time_ns) | .host = "hv1" | .boot = 1 | .realtime =
		"2026-11-23T07:19:42." + ("00000000\(.time_ns)" | .[-9:]) + "Z"' \
		"$tmp/boots.json" >"$tmp/clock.json"
	export TZ=UTC-1
	"$dbgportctl" timeline "$tmp/clock.json" --time iso8601 >"$tmp/clock" || return
	grep -qx 'web  0.095000 s in all, from 2026-11-23T08:19:42.000000+01:00' "$tmp/clock" &&
		grep -qE '^2026-11-23T08:19:42\.090000\+01:00 \+[0-9.]+ +post +0x60 Userspace$' \
			"$tmp/clock" &&
		"$dbgportctl" timeline "$tmp/clock.json" --time 24h --blame --top 1 |
			grep -qx '08:19:42.090000 post     0x60 Userspace' &&
		"$dbgportctl" timeline "$tmp/clock.json" --time boot |
			grep -qE '^    0\.090000 \+' &&
		"$dbgportctl" timeline "$tmp/clock.json" --json | jq -e '.[0] | .host == "hv1" and
			.realtime == "2026-11-23T07:19:42.000000000Z"' >/dev/null &&
		jq -e 'all(.[]; .host == null and .realtime == null)' "$tmp/out.json" >/dev/null
}

only_web()
{
	draw json --vm 'w?b' | jq -e 'length == 1 and .[0].vm == "web"' >/dev/null
}

ends_with_0x60()
{
	draw json --vm web --until 0x60 | jq -e '.[0].total_ns == 90000009' >/dev/null
}

# Said in each format, and beside what else there is to say of that boot.
missing_end_is_said()
{
	local format text="did not come to the POST code"

	for format in text svg html; do
		draw "$format" --vm web --until 0x70 >"$tmp/drawn" &&
			grep -q "$text" "$tmp/drawn" && grep -q '4 writes were lost' "$tmp/drawn" &&
			! draw "$format" --vm web --until 0x60 | grep -q "$text" || return
	done
	draw json --vm web --until 0x70 | jq -e '.[0].complete == false' >/dev/null &&
		jq -e 'all(.[]; .complete)' "$tmp/out.json" >/dev/null
}

named_by_table()
{
	echo '0x40 = Loader: Loading the kernel' >"$tmp/table"
	draw json --vm web --table "$tmp/table" |
		jq -e '[.[0].marks[] | select(.value == 64)] == [.[0].marks[] |
			select(.component == "Loader" and .name == "Loading the kernel")]' >/dev/null
}

gaps_from()
{
	draw json --vm web --gap "$1" | jq -e ".[0].gaps | length == $2" >/dev/null
}

# Each is a length in a row of its own.
gaps_are_drawn()
{
	draw svg --vm web --gap "$1" >"$tmp/gaps.svg" &&
		[ "$(xmllint --xpath 'count(//*[@class="gap"])' "$tmp/gaps.svg")" -eq "$2" ] &&
		[ "$(xmllint --xpath 'count(//*[text()="86.000 ms"])' "$tmp/gaps.svg")" -eq 1 ]
}

same_by_pipe()
{
	"$dbgportctl" timeline --json - <"$tmp/boots.json" | diff - "$tmp/out.json"
}

same_when_killed()
{
	"$dbgportctl" timeline --json "$tmp/killed.json" 2>"$tmp/said" |
		diff - "$tmp/out.json" && grep -qF 'killed.json:7: ' "$tmp/said"
}

same_by_output()
{
	draw html -o "$tmp/file" && diff "$tmp/file" "$tmp/out.html"
}

# "-" is no file of that name.
dash_is_standard_output()
{
	draw html -o - | diff - "$tmp/out.html" && [ ! -e - ]
}

has_no_colour()
{
	! LC_ALL=C grep -q $'\033' "$tmp/out.text"
}

# refuses STATUS TEXT ARGUMENT...: with one line that has it.
refuses()
{
	local status=0

	"$dbgportctl" timeline "${@:3}" >"$tmp/said.out" 2>"$tmp/said" || status=$?
	echo "# status $status: $(cat "$tmp/said")"
	[ "$status" -eq "$1" ] && [ "$(wc -l <"$tmp/said")" -eq 1 ] &&
		[ ! -s "$tmp/said.out" ] && grep -qF -- "$2" "$tmp/said"
}

# keeps_file OPTION...: what is refused with these does not touch --output.
keeps_file()
{
	! "$dbgportctl" timeline "$tmp/boots.json" -o "$tmp/kept" "$@" 2>/dev/null &&
		[ "$(cat "$tmp/kept")" = "as it was" ]
}

# leaves_out TEXT LINE: of a file whose second line that is, which is told; the boot
# before and the one behind are there.
leaves_out()
{
	{
		code web 1 0 10 0 0x40 Kernel
		echo "$2"
		code db 2 0 10 0 0x40 Kernel
	} >"$tmp/bad.json"
	"$dbgportctl" timeline --json "$tmp/bad.json" >"$tmp/left" 2>"$tmp/said" || return
	echo "# $(cat "$tmp/said")"
	[ "$(wc -l <"$tmp/said")" -eq 1 ] && grep -qF "bad.json:2: $1" "$tmp/said" &&
		jq -e 'map([.vm, (.marks | length)]) == [["web", 1], ["db", 1]]' "$tmp/left" >/dev/null
}

# After a power loss: half an object, NULs in place of others, and one behind them.
survives_power_loss()
{
	{
		code web 1 0 10 0 0x40 Kernel
		echo '{"type":"code","vm":"web","vm_id":1,"args":{}'
		head -c 4096 /dev/zero
		code web 1 0 20 2 0x60 Userspace
	} >"$tmp/lost.json"
	"$dbgportctl" timeline --json "$tmp/lost.json" >"$tmp/left" 2>"$tmp/said" || return
	[ "$(wc -l <"$tmp/said")" -eq 1 ] && grep -qF 'lost.json:2: ' "$tmp/said" &&
		grep -qF 'so are 1 more' "$tmp/said" &&
		jq -e '.[0].marks | map(.value) == [64, 96]' "$tmp/left" >/dev/null
}

# Times that go back: by themselves each line is one of dbgportd's.
leaves_out_boot()
{
	{
		code web 1 0 20 0 0x40 Kernel
		code web 1 0 10 1 0x60 Userspace
		code db 2 0 10 0 0x40 Kernel
	} >"$tmp/back.json"
	"$dbgportctl" timeline --json "$tmp/back.json" >"$tmp/left" 2>"$tmp/said" || return
	[ "$(wc -l <"$tmp/said")" -eq 1 ] && grep -qF 'web (id 1) is left out' "$tmp/said" &&
		jq -e 'map(.vm) == ["db"]' "$tmp/left" >/dev/null
}

# A host that has been up for a year, and a program that keeps numbers as doubles.
survives_rounding()
{
	local year=31536000000000000 i

	for i in 1 2 3; do
		code web 1 $((year + 2)) $((1000003 * i)) "$i" $((16#40 + i)) Kernel
	done | perl -pe 's/(?<="monotonic_ns":)(\d+)/sprintf "%.0f", unpack "d", pack "d", $1/e' \
		>"$tmp/rounded.json"
	! grep -q "\"monotonic_ns\":$((year + 2 + 1000003))," "$tmp/rounded.json" || return
	"$dbgportctl" timeline --json "$tmp/rounded.json" >"$tmp/left" || return
	jq -e 'map(.marks | length) == [3]' "$tmp/left" >/dev/null
}

# The first VM of two loads of the module, one after the other in one file.
tells_loads_apart()
{
	{
		code web 1 5000000000 10 0 0x40 Kernel
		code web 1 9000000000 10 0 0x40 Kernel
	} >"$tmp/loads.json"
	"$dbgportctl" timeline --json "$tmp/loads.json" >"$tmp/left" || return
	jq -e 'map(.marks | length) == [1, 1]' "$tmp/left" >/dev/null
}

ktap_print_header
ktap_set_plan 64

make_files
result "all formats draw" draw_all
result "phases are those of the file, to the nanosecond" phases_are
result "the trace has the same phases, to the nanosecond" trace_phases_are
result "the trace is well-formed" trace_is_well_formed
result "the trace tells boots with one id apart" trace_tells_boots_apart
result "SVG is well-formed" xmllint --noout "$tmp/out.svg"
result "HTML is well-formed as XML too" xmllint --noout "$tmp/out.html"
for format in "${formats[@]}"; do
	result "$format: what guests write does no harm" is_harmless "$format"
done
result "svg: guests' tags are text" is_text_only svg 0
result "html: guests' tags are text" is_text_only html 2
result "svg needs nothing else" needs_nothing svg
result "html needs nothing else" needs_nothing html
result "parts of a line are one line" test "$(texts | tail -n 1)" = "half and half"
result "exact bytes come before text" test "$(texts | sed -n 2p)" = '</script ><1b>[2J<ff><00>'
result "a loss is told" grep -q '4 writes lost' "$tmp/out.text"
result "a boot without phases is told" grep -q 'no POST code and nothing' "$tmp/out.text"
result "text has no colour in a file" has_no_colour
result "text fits into 80 columns" fits 80
result "text fits into 50 columns" fits 50
result "text fits into 200 columns" fits 200
result "a pause too short for a gap is seen in text" pause_is_seen
result "the longest intervals are shown on request, ten of them" longest_are_shown
result "and what stands before and after each" blame_has_both_sides
result "before the first one is the boot's zero" zero_is_before_the_first
result "they are text" refuses 2 "--top and --blame are text" --top 3 --json "$tmp/boots.json"
result "and not all lines" refuses 2 "--top and --blame are text" --blame -a "$tmp/boots.json"
result "Linux's initcalls are a table, the longest first" initcalls_are_a_table
result "that there are none is told" refuses 1 "Linux needs initcall_debug" --initcalls \
	"$tmp/boots.json"
echo "as it was" >"$tmp/kept"
result "and FILE is left as it was" keeps_file --initcalls
result "the table is text" refuses 2 "--initcalls is text" --initcalls --json "$tmp/boots.json"
result "a bad number is told" refuses 2 "--top 0: it takes a number from 1 on" --top 0 \
	"$tmp/boots.json"
result "times are the host's where that is asked for" times_are_the_hosts
result "--time is for text" refuses 2 "--time is for text" --time 24h --json "$tmp/boots.json"
result "--vm takes those that match" only_web
result "--until ends a boot" ends_with_0x60
result "a boot that did not come to it is told" missing_end_is_said
result "--table names codes" named_by_table
result "gaps from a tenth of the boot on" gaps_from 9.5ms 1
result "gaps from --gap on" gaps_from 1ms 5
result "they are drawn as lengths" gaps_are_drawn 1ms 5
result "standard input is as good as a file" same_by_pipe
result "what a killed daemon left is left out, what is there twice counts once" \
	same_when_killed
result "-o writes the same into a file" same_by_output
result "-o - writes it to standard output" dash_is_standard_output
result "a full disk is told by the file's name" \
	refuses 1 "dbgportctl: /dev/full: No space" "$tmp/boots.json" -o /dev/full
result "no such file is told" refuses 1 "No such file" "$tmp/none.json"
result "a file without a boot is told" refuses 1 "no boot in that" /dev/null
result "no such format is told" refuses 2 "unknown format" --format morse "$tmp/boots.json"
result "no VM that matches is told" refuses 1 "no VM's name matches" --vm x "$tmp/boots.json"
result "no such table is told" refuses 2 "--table" --table "$tmp/none" "$tmp/boots.json"
result "a bad code is told" refuses 2 "0x7f" --until x "$tmp/boots.json"
result "a bad time is told" refuses 2 "50ms" --gap 5 "$tmp/boots.json"
result "what is no JSON is left out, and told" leaves_out "it is no JSON" '{"type" "line"}'
result "so is an object of another program" leaves_out "there is no string 'type'" '{"a":1}'
result "and one without a field" leaves_out "there is no number 'vm_id'" '{"type":"code"}'
result "and one with a name that is none" leaves_out "that is no name of a VM" \
	"$(code '../../etc' 3 0 20 1 0x41 Kernel)"
result "half an object and NULs are left out, and what is behind is not" survives_power_loss
result "numbers that another program has rounded are those of one boot" survives_rounding
result "the first VMs of two loads of the module are two" tells_loads_apart
result "a boot whose times contradict its numbers is left out, and told" leaves_out_boot
ktap_finished
