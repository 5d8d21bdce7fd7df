#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The page of boots without a browser: what is in it is what --json tells, whatever that
# is, and a thousand boots are no megabyte.
. ./files.sh || exit

MEGABYTE=1000000

make_boots()
{
	local hostile='</script><script>alert(1)</script><!--<script> ]]> \" \\u2028 \u2028\u2029 \u202e &amp; ÄÖ \u0000'

	line web 1 5000000 1000001 0 0x402 "SeaBIOS"
	line web 1 5000000 2000002 3 0x402 "$hostile"
	code web 1 5000000 3000999 7 0x40 Kernel
	line web 1 5000000 3001000 8 0x3f8 "twice"
	line web 1 5000000 3001000 9 0xe9 "twice"
	line web 1 5000000 3001001 10 0xe9 "twice"
	code web 1 5000000 90000009 14 0x60 Userspace
	line db 2 6000000 700000 0 0xe9 "SeaBIOS"
	line web 4 8000000 1000000 0 0x402 "SeaBIOS"
	line web 4 8000000 1100000 1 0x402 "this is in no other boot"
	line web 4 8000000 2000000 3 0x402 "a number: 12345, and more"
	line web 5 9000000 1000000 0 0x402 "a number: 12, and more"
	line web 6 10000000 1100000 1 0x402 "a number: , and more"
	line web 7 11000000 1200000 2 0x402 "a number: &<1>12345, and more"
	line long 3 7000000 5000 0 0x402 "SeaBIOS"
	line long 3 7000000 900000000 1 0x3f8 "twice"
	code long 3 7000000 9000000000 2 0x60 Userspace
}

# page FILE OPTION...: in $tmp/page, and what its script draws from in $tmp/details.
page()
{
	"$dbgportctl" timeline --format html "$tmp/$1" "${@:2}" >"$tmp/page" &&
		xmllint --xpath 'string(//script[@id="details"])' "$tmp/page" >"$tmp/details"
}

# cells: of the table, a boot a line.
cells()
{
	xmllint --xpath '//table[@id="boots"]/tbody/tr' "$tmp/page" |
		sed 's|<p .*</p>||; s|<td/>|<td></td>|g; s|</td><td>| |g; s|<[^>]*>||g'
}

# The longest boot first; times in milliseconds, cut, and lengths that add up.
table_agrees()
{
	diff <(jq -r 'def us: . / 1000 | floor;
			def ms: "\(. / 1000 | floor).\("00\(. % 1000)"[-3:])";
			map(.zero_ns) as $zeros | sort_by([-.total_ns, .vm])[] |
			(.phases | map({(.name): ((.end_ns | us) - (.begin_ns | us))}) | add) as $took |
			[.vm, (.zero_ns - ($zeros | min) | "0.\("00\(. / 1000000)"[-3:])"), (.total_ns | us | ms),
			 (["Start", "Firmware", "Kernel", "Userspace"][] |
			  $took[.] | if . == null then "" else ms end)] | join(" ")' "$tmp/json") <(cells)
}

# What details.h describes, read by another program.
read_details()
{
	jq -r '
	def numbers:
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" as $digits |
		[foreach (explode[] | [.] | implode) as $digit ({weight: 1, n: 0, ends: true};
			if .ends then .n = 0 | .weight = 1 else . end |
			($digits | index($digit)) as $d | .n += $d % 32 * .weight | .weight *= 32 |
			.ends = $d < 32; select(.ends).n)];
	def groups($n): [range(0; length; $n) as $i | .[$i:$i + $n]];
	def unfolded: if . % 2 == 1 then (. + 1) / 2 else -. / 2 end;
	(.what | groups(3)) as $what | (.ports | groups(2)) as $ports |
	(.phases | groups(2)) as $phases |
	.boots | groups(3)[] | .[2] as $own |
	(.[0] | numbers | groups(3)[] | "\($phases[.[0]][0]) \(.[1]) \(.[2])"),
	(.[1] | numbers | {time: 0, fresh: .[0], expected: 0, own: 0, rest: .[1:]} |
		recurse(select(.rest != []) | .rest as [$after, $kind, $begin, $cut, $put] |
			.time += $after | .rest |= .[2:] |
			if $kind == 0 then
				.told = $what[.fresh] | .fresh += 1
			else
				.expected += (($kind - 1) / 2 | floor | unfolded) |
				.told = $what[.expected] | .expected += 1
			end |
			if $kind > 0 and $kind % 2 == 0 then
				.told[2] = .told[2][:$begin] + $own[.own:.own + $put] +
					.told[2][$begin + $cut:] |
				.own += $put | .rest |= .[3:]
			else . end) |
		select(.told) | .told as [$type, $port, $text] |
		"\(.time) \($ports[$port][0]) \(if $type == "l" then $text else $type end)")' "$tmp/details"
}

told_details()
{
	jq -r 'def us: . / 1000 | floor;
		sort_by([-.total_ns, .vm])[] | .marks as $marks |
		(.phases[] | .name as $name |
		 "\(.name) \((.end_ns | us) - (.begin_ns | us)) \([$marks[] | select(.phase == $name)] | length)"),
		(.marks[] | "\(.time_ns | us) \(.port) \(.text // "c")")' "$tmp/json"
}

details_agree()
{
	[ "$(jq -r '[.unit, .places] | join(" ")' "$tmp/details")" = "ms 3" ] &&
		diff <(told_details) <(read_details)
}

# Of each port.
each_text_is_there_once()
{
	[ "$(grep -o '"twice"' "$tmp/details" | wc -l)" -eq 2 ] &&
		[ "$(grep -o '"SeaBIOS"' "$tmp/details" | wc -l)" -eq 2 ] &&
		[ "$(grep -o 'a number' "$tmp/details" | wc -l)" -eq 1 ]
}

# Neither an end of the element, nor what other programs take for the end of a line.
nothing_gets_out()
{
	grep -q 'alert(1)' "$tmp/details" && xmllint --noout "$tmp/page" &&
		[ "$(grep -c '<script' "$tmp/page")" -eq 2 ] && [ "$(grep -c '</script' "$tmp/page")" -eq 2 ] &&
		! LC_ALL=C grep -qaP '\xe2\x80[\xa8\xa9\xae]' "$tmp/page"
}

# unit_is UNIT TOTAL_NS PRINTED: of a page with one boot that is so long.
unit_is()
{
	code web 1 0 "$2" 0 0x60 Userspace >"$tmp/one.json"
	page one.json && grep -qF "<th>total, $1</th>" "$tmp/page" && cells | grep -q "^web 0.000 $3 "
}

units_fit()
{
	unit_is µs 9999999 9999.999 && unit_is ms 10000000 10.000 &&
		unit_is ms 9999999999 9999.999 && unit_is s 10000000000 10.000000
}

# gap OPTION...: as the page has it.
gap()
{
	page boots.json "$@" && jq .gap "$tmp/details"
}

# A gap below what times are told in is not the default.
gaps_are_told()
{
	[ "$(gap)" = 0 ] && [ "$(gap --gap 50ms)" = 50000 ] && [ "$(gap --gap 1ns)" = 1 ]
}

# size_of COMMAND: its page of 1,000 boots is below a megabyte.
size_of()
{
	"$dbgportctl" "$1" "$tmp/many.json" --format html >"$tmp/page" || return
	echo "# $(stat -c %s "$tmp/page") bytes"
	[ "$(stat -c %s "$tmp/page")" -lt $MEGABYTE ]
}

all_are_there()
{
	page many.json && [ "$(jq '[.boots[] | select(. == null)] | length' "$tmp/details")" -eq 0 ] &&
		[ "$(jq '.boots | length' "$tmp/details")" -eq 3000 ]
}

# kept: how many boots have their marks.
kept()
{
	jq '[.boots | range(1; length; 3) as $i | select(.[$i])] | length' "$tmp/details"
}

# Of the longest ones there is all.
as_many_as_fit()
{
	local first

	# Half of each text at least.
	many_boots 1000 '" of " digits(75)' >"$tmp/unlike.json"
	page unlike.json || return
	first=$(jq '[.boots | range(1; length; 3) as $i | .[$i] != null] | index(false)' "$tmp/details")
	echo "# $(kept) boots have marks, $(stat -c %s "$tmp/page") bytes"
	[ "$(kept)" -ge 100 ] && [ "$(kept)" -lt 1000 ] && [ "$(kept)" -eq "$first" ] &&
		[ "$(stat -c %s "$tmp/page")" -lt $MEGABYTE ]
}

# A number in each line, as the kernel's times are, is told in a few bytes.
numbers_are_short()
{
	many_boots 1000 '" at 1." digits(6)' >"$tmp/numbers.json"
	page numbers.json || return
	echo "# $(kept) boots have marks, $(stat -c %s "$tmp/page") bytes"
	[ "$(kept)" -gt 600 ] && [ "$(stat -c %s "$tmp/page")" -lt $MEGABYTE ]
}

# However large that is.
hundred_are_there()
{
	many_boots 100 '" of " digits(300)' >"$tmp/large.json"
	page large.json && [ "$(jq '.boots | length' "$tmp/details")" -eq 300 ] &&
		[ "$(jq '[.boots[] | select(. == null)] | length' "$tmp/details")" -eq 0 ] &&
		[ "$(stat -c %s "$tmp/page")" -gt $MEGABYTE ]
}

ktap_print_header
ktap_set_plan 12

make_boots >"$tmp/boots.json"
many_boots 1000 '""' >"$tmp/many.json"
"$dbgportctl" timeline --json "$tmp/boots.json" >"$tmp/json"
page boots.json
result "without a script there is a table, the longest boot first" table_agrees
result "a script has all marks, to the microsecond" details_agree
result "a text that is written twice, or with another number, is there once" each_text_is_there_once
result "whatever a guest writes stays where it is" nothing_gets_out
result "one unit does for all, such that the longest boot is read well" units_fit
result "--gap is in it" gaps_are_told
result "1,000 boots are no megabyte" size_of timeline
result "compared, neither" size_of boots
result "all of them have their marks" all_are_there
result "of boots that have nothing in common there are as many as fit, the longest ones" as_many_as_fit
result "with a number of its own in each line there are most" numbers_are_short
result "of a hundred boots there is all" hundred_are_there
ktap_finished
