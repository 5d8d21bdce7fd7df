#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl boots on files: its figures are those that jq finds by itself.
. ./files.sh || exit

# 101 boots whose parts take what a fixed rule says, two of them much longer, and
# one that never reaches 0x7f.
make_boots()
{
	local n zero kernel userspace

	for ((n = 1; n <= 101; n++)); do
		zero=$((n * 1000000000))
		kernel=$((5000000 + n * 7919 % 101 * 10007))
		userspace=$((2000000 + n * 104729 % 97 * 9973))
		((n % 50)) || kernel=$((kernel * 10))
		code "vm-$n" $n $zero 1000000 0 0x00 Firmware
		code "vm-$n" $n $zero $((1000000 + kernel)) 1 0x40 Kernel
		code "vm-$n" $n $zero $((1000000 + kernel + userspace)) 2 0x60 Userspace
		((n == 7)) || code "vm-$n" $n $zero $((1500000 + kernel + userspace)) 3 0x7f Userspace
	done >"$tmp/boots.json"
	object attached silent 200 1 0 0 '"uid":0,"late":false' >"$tmp/silent.json"
}

# By itself, from the raw codes: count, minimum, nearest ranks and mean, maximum.  Each boot
# is an array of [value, time], in its order.
jq_figures()
{
	jq -s -r '
		def rank($p): .[(($p * length / 100) | ceil) - 1];
		def figure($name): sort | "\($name) \(length) \(.[0]) \(rank(50)) \(add / length | floor) \(rank(90)) \(rank(99)) \(rank(99.9)) \(.[-1])";
		def way($a; $b): map((map({"\(.[0])": .[1]}) | add) |
			select(has("\($a)") and has("\($b)")) | .["\($b)"] - .["\($a)"]);
		[group_by(.vm_id)[] | map([.value, .time_ns])] |
		(map(select(any(.[]; .[0] == 127))) | map(.[-1][1]) | figure("total")),
		(map(.[0][1]) | figure("Start")),
		(map(.[1][1] - .[0][1]) | figure("Firmware")),
		(map(.[2][1] - .[1][1]) | figure("Kernel")),
		(map(.[-1][1] - .[2][1]) | figure("Userspace")),
		(way(0; 64) | figure("0x00-0x40")),
		(way(64; 96) | figure("0x40-0x60")),
		(way(96; 127) | figure("0x60-0x7f"))' "$tmp/boots.json"
}

boots()
{
	"$dbgportctl" boots --until 0x7f "$tmp/boots.json" "$@"
}

json_agrees()
{
	diff <(jq_figures) <(boots --json | jq -r '.figures[] |
		"\(.name) \(.count) \(.min_ns) \(.median_ns) \(.mean_ns) \(.p90_ns) \(.p99_ns) \(.p999_ns) \(.max_ns)"')
}

csv_agrees()
{
	diff <(jq_figures) <(boots --format csv | tail -n +2 | tr -d '"' | tr ',' ' ')
}

# Milliseconds with three digits, cut.
text_agrees()
{
	diff <(jq_figures | awk '{ printf "%s %d", $1, $2
		for (i = 3; i <= 9; i++) printf " %d.%03d", $i / 1e6, int($i / 1000) % 1000
		print "" }') \
		<(boots | awk 'NF > 9 && $2 ~ /^[0-9]+$/ { print $1, $2, $3, $4, $5, $6, $7, $8, $9 }')
}

histograms_agree()
{
	boots --json | jq -e 'all(.figures[]; .count == (.histogram | add))' >/dev/null &&
		boots --json | jq -e '.figures[] | select(.name == "Firmware").histogram |
			.[0] == 99 and .[1:11] == [range(10) | 0] and .[11] == 2' >/dev/null
}

outliers_are_named()
{
	diff <(printf 'vm-50\nvm-100\n' | sort) <(boots --json |
		jq -r '.figures[] | select(.name == "Firmware").outliers[].vm' | sort) &&
		boots | sed '1,/^outliers:$/d' | grep -q 'vm-50 (id 50): Firmware took'
}

incomplete_is_named()
{
	[ "$(boots --json | jq -r '.incomplete[].vm')" = vm-7 ] &&
		boots | grep -q 'vm-7 (id 7) did not come to its end'
}

baseline_tells()
{
	boots --save "$tmp/before" >/dev/null || return
	jq -c 'if .value >= 96 then .time_ns += 1000000 | .monotonic_ns += 1000000 else . end' \
		"$tmp/boots.json" >"$tmp/slower.json" || return
	"$dbgportctl" boots --until 0x7f "$tmp/slower.json" --save "$tmp/after" >/dev/null || return
	"$dbgportctl" boots --until 0x7f "$tmp/slower.json" --baseline "$tmp/before" >"$tmp/text" &&
		"$dbgportctl" boots --until 0x7f "$tmp/slower.json" --baseline "$tmp/before" --json \
			>"$tmp/json" || return
	jq '(.figures[] | .samples_ns[]?) |= (. / 2 | floor)' "$tmp/before" >"$tmp/faster" || return
	# The median was 2.4 to 3.3 ms.
	jq -e '.figures[] | select(.name == "Kernel") |
		.median_ns - .baseline.median_ns == 1000000' "$tmp/json" >/dev/null &&
		jq -e '.figures[] | select(.name == "Firmware") |
			.median_ns == .baseline.median_ns' "$tmp/json" >/dev/null &&
		grep -qE '^Kernel .* \+[34][0-9]\.[0-9]% ' "$tmp/text" &&
		grep -qE '^Firmware .* \+0\.0% +\+0\.0% +same$' "$tmp/text"
}

# Userspace of the one is 1 ms longer, and so is Kernel, which ends where it begins.
verdicts_tell()
{
	"$dbgportctl" boots --until 0x7f --baseline "$tmp/before" "$tmp/slower.json" --json |
		jq -e '[.figures[] | select(.name == "Kernel" or .name == "Firmware") |
			.baseline.verdict] == ["same", "slower"]' >/dev/null
}

# compares BEFORE NOW [OPTION]...: the exit status.
compares()
{
	local status=0

	"$dbgportctl" boots --until 0x7f --compare "$@" >"$tmp/out" 2>"$tmp/said" || status=$?
	echo $status
}

# The same from boots, from what was kept of them, and from both.
changes_agree()
{
	local before now

	for before in boots.json before; do
		for now in slower.json after; do
			[ "$(compares "$tmp/$before" "$tmp/$now" --json)" -eq 1 ] || return
			cp "$tmp/out" "$tmp/$before-$now"
			cmp "$tmp/boots.json-slower.json" "$tmp/$before-$now" || return
		done
	done
	jq -e '.before == 101 and .now == 101 and ([.figures[] |
			select(.name == "Kernel" or .name == "Firmware") | .verdict] ==
			["same", "slower"]) and
		(.figures[] | select(.name == "Kernel") | .longer_ns == 1000000 and
			.least_ns > 0 and .least_ns < 1000000 and .most_ns > 1000000 and
			.p < 0.005)' "$tmp/before-after" >/dev/null
}

changes_are_shown()
{
	[ "$(compares "$tmp/boots.json" "$tmp/slower.json")" -eq 1 ] &&
		grep -qE '^Kernel +101 .* \+1\.000 .*<0\.0001  slower$' "$tmp/out" &&
		grep -qE '^Firmware .* same$' "$tmp/out" &&
		grep -qx 'slower than before: total, Kernel, 0x40-0x60' "$tmp/out"
}

csv_has_the_changes()
{
	compares "$tmp/boots.json" "$tmp/slower.json" --json >/dev/null
	mv "$tmp/out" "$tmp/json"
	compares "$tmp/boots.json" "$tmp/slower.json" --format csv >/dev/null
	diff <(jq -r '.figures[] | "\(.name) \(.before.count) \(.before.median_ns) \(.now.count) \(.now.median_ns) \(.longer_ns) \(.least_ns) \(.most_ns) \(.verdict)"' "$tmp/json") \
		<(tail -n +2 "$tmp/out" | tr -d '"' | cut -d, -f1-8,10 | tr ',' ' ')
}

# few N: the first boots.
few()
{
	jq -c "select(.vm_id <= $1)" "$tmp/boots.json" >"$tmp/few-$1.json"
}

# Boot 7 has no total, so seven of eight boots have one.
statuses_tell()
{
	few 8 && few 9 &&
		[ "$(compares "$tmp/boots.json" "$tmp/boots.json")" -eq 0 ] &&
		grep -qx 'no change that chance does not explain' "$tmp/out" &&
		[ "$(compares "$tmp/slower.json" "$tmp/boots.json")" -eq 0 ] &&
		grep -q '^faster than before: .*Kernel' "$tmp/out" &&
		[ "$(compares "$tmp/boots.json" "$tmp/few-8.json")" -eq 3 ] &&
		grep -qE '^total .* too few$' "$tmp/out" && grep -q '^too few boots' "$tmp/out" &&
		[ "$(compares "$tmp/boots.json" "$tmp/few-9.json")" -eq 0 ]
}

# One that somebody else made.
kept_names_are_harmless()
{
	jq '.figures[0].name = "\u001b[2Jtotal"' "$tmp/before" >"$tmp/hostile" &&
		[ "$(compares "$tmp/hostile" "$tmp/after" --format csv)" -eq 1 ] &&
		grep -qF '"<1b>[2Jtotal",' "$tmp/out" &&
		jq '.boots = -1' "$tmp/before" >"$tmp/hostile" &&
		[ "$(compares "$tmp/hostile" "$tmp/after")" -eq 1 ] &&
		grep -qF 'that is not what boots --save wrote' "$tmp/said"
}

# An older one has only figures.
older_baselines_are_read()
{
	jq 'del(.figures[].samples_ns)' "$tmp/before" >"$tmp/older" &&
		boots --baseline "$tmp/older" | grep -qE '^Kernel .* \+0\.0% +\+0\.0% +too few$' &&
		status 3 'kept without' --baseline "$tmp/older" --assert 'median(total)<baseline'
}

# No boot comes to 0x99, so there is no total then, but there are phases.
baseline_may_lack_values()
{
	"$dbgportctl" boots --until 0x99 "$tmp/boots.json" --save "$tmp/none" >/dev/null &&
		boots --baseline "$tmp/none" --json >"$tmp/json" || return
	jq -e '[.figures[] | select(.name == "total" or .name == "Kernel") | has("baseline")] ==
		[false, true]' "$tmp/json" >/dev/null
}

# The boots of host hv1, which has a clock, and one of an older daemon's.
make_rows()
{
	{
		jq -c '.host = "hv1" | .boot = 1 | .realtime =
			((.monotonic_ns / 1000000000 | floor) + 1795418382 | todate |
				sub("Z"; "")) + "." + ("00000000\(.monotonic_ns % 1000000000)" |
				.[-9:]) + "Z"' "$tmp/boots.json"
		line old 900 5000 10 0 0x402 'SeaBIOS (version 1.16.2)'
		line old 900 5000 20 20 0x3f8 '[    0.000000] Linux version 6.1.0-28-amd64 (x)'
	} >"$tmp/rows.json"
}

each()
{
	"$dbgportctl" boots --until 0x7f --each "$tmp/rows.json" "$@"
}

each_has_a_row_a_boot()
{
	make_rows && each --json >"$tmp/each" &&
		diff <(jq -s -r 'group_by(.vm_id)[] | "\(.[0].host) \(.[0].vm) \(if any(.[]; .value == 127) then .[-1].time_ns else null end)"' "$tmp/rows.json") \
			<(jq -r '.[] | "\(.host) \(.vm) \(.total_ns)"' "$tmp/each") &&
		jq -e '.[2] | .realtime == "2026-11-23T07:19:45.000000000Z" and .boot == 1 and
			.vm_id == 3 and .firmware == null and ([.phases[].name] ==
			["Start", "Firmware", "Kernel", "Userspace"])' "$tmp/each" >/dev/null &&
		jq -e '.[-1] | .host == null and .realtime == null and
			.firmware == "SeaBIOS 1.16.2" and .kernel == "Linux 6.1.0-28-amd64"' \
			"$tmp/each" >/dev/null
}

# Two hosts' VMs with one name, one id and one zero; what one of them lost is its own.
hosts_are_told_apart()
{
	local host ms

	for host in alpha beta; do
		ms=20
		[ $host = alpha ] || ms=30
		{
			code web 1 5000 10 0 0x00 Firmware
			code web 1 5000 $ms 9 0x40 Kernel
			[ $host = beta ] || echo '{"type":"lost","vm":"web","vm_id":1,"seq":1,"count":4}'
		} | sed "s/^{/{\"host\":\"$host\",/"
	done | sort -s -t , -k 3 >"$tmp/hosts.json"
	"$dbgportctl" boots --each "$tmp/hosts.json" --json |
		jq -e 'map("\(.host) \(.vm)") == ["alpha web", "beta web"]' >/dev/null &&
		"$dbgportctl" timeline "$tmp/hosts.json" --json |
		jq -e 'map("\(.host) \(.lost) \(.marks | length)") ==
			["alpha 4 3", "beta 0 2"]' >/dev/null &&
		[ "$("$dbgportctl" timeline "$tmp/hosts.json" | grep -oE '^(alpha|beta)/web ' |
			sort -u | wc -l)" -eq 2 ]
}

each_csv_agrees()
{
	[ "$(each --format csv | head -n 1 | tr -d '"')" = "host,vm,vm_id,boot,realtime,firmware,kernel,restored,VMM_ns,VM_ns,Start_ns,SeaBIOS_ns,Linux_ns,Firmware_ns,Kernel_ns,Userspace_ns,total_ns" ] &&
		diff <(jq -r '.[] | (.phases | map({(.name): .duration_ns}) | add) as $phase |
			[.host, .vm, .vm_id, .boot, .realtime, .firmware, .kernel, .restored, "", "",
			$phase.Start, $phase.SeaBIOS, $phase.Linux, $phase.Firmware, $phase.Kernel, $phase.Userspace,
			.total_ns] | map(if . == null then "" else . end) | join(",")' "$tmp/each") \
		<(each --format csv | tail -n +2 | tr -d '"')
}

# Milliseconds with three digits, cut; the host's clock as text.
each_text_agrees()
{
	export TZ=UTC-1
	each >"$tmp/text" || return
	grep -qE '^hv1 +vm-3 +1  2026-11-23T08:19:45\.000000\+01:00  - +- +1\.000 ' "$tmp/text" &&
		grep -qE '^- +old +1  \? +SeaBIOS 1\.16\.2  Linux 6\.1\.0-28-amd64 ' "$tmp/text" &&
		each --time 24h | grep -qE '^hv1 +vm-3 +1  08:19:45\.000000  ' &&
		"$dbgportctl" boots "$tmp/rows.json" --time 24h |
			grep -qF 'vm-50 (id 50, 08:20:32.000000): Firmware took'
}

html_is_well_formed()
{
	boots --format html --baseline "$tmp/before" >"$tmp/html" && xmllint --noout "$tmp/html" &&
		[ "$(xmllint --xpath 'count(//div[@class="hist"])' "$tmp/html")" -eq 8 ] &&
		grep -q '<summary>Intervals between POST codes: [1-9]' "$tmp/html" &&
		grep -q '<summary>Outliers: [1-9]' "$tmp/html"
}

# status EXPECTED TEXT ARGUMENT...: and one line with that text, or none.
status()
{
	local status=0

	boots "${@:3}" >"$tmp/out" 2>"$tmp/said" || status=$?
	echo "# status $status: $(cat "$tmp/said")"
	[ "$status" -eq "$1" ] || return
	if [ -n "$2" ]; then
		grep -qF -- "$2" "$tmp/said"
	else
		[ ! -s "$tmp/said" ]
	fi
}

silent_is_left_out()
{
	"$dbgportctl" boots "$tmp/boots.json" "$tmp/silent.json" --json 2>"$tmp/said" |
		jq -e '.boots == 101' >/dev/null && grep -q '1 VM wrote nothing' "$tmp/said"
}

ktap_print_header
ktap_set_plan 45

make_boots
result "JSON has the figures that jq finds" json_agrees
result "CSV has the same" csv_agrees
result "text has the same" text_agrees
result "histograms count each boot once" histograms_agree
result "outliers are named" outliers_are_named
result "a boot that did not come to its end is named" incomplete_is_named
result "a baseline shows what has changed" baseline_tells
result "and says which figures chance does not explain" verdicts_tell
result "what is slower than it by more than chance gives 1" status 1 \
	'median(0x40-0x60)<baseline+5% does not hold' --baseline "$tmp/faster" \
	--assert 'median(0x40-0x60)<baseline+5%'
result "two sets are compared, as boots or as what was kept of them" changes_agree
result "a table shows what has changed" changes_are_shown
result "and so does CSV" csv_has_the_changes
result "0, 1 and 3: whether something is slower, or cannot be told" statuses_tell
result "what was kept is harmless, whoever made it" kept_names_are_harmless
result "a baseline without the boots' times is read" older_baselines_are_read
result "too few boots give 3" status 3 'too few boots to tell' --baseline "$tmp/before" \
	--vm 'vm-[1-7]' --assert 'median(Kernel)<baseline'
result "HTML and --save need the boots" test "$(compares "$tmp/before" "$tmp/after" \
	--format html)$(compares "$tmp/before" "$tmp/after" --save "$tmp/x")" -eq 22
result "an expression about the baseline needs one" status 2 '--baseline or --compare' \
	--assert 'median(total)<baseline'
result "and what is not gives 0" status 0 '' --baseline "$tmp/before" \
	--assert 'median(total)<baseline'
result "two files are needed to compare" status 2 'two files' --compare
result "so does one that has no values for a figure" baseline_may_lack_values
result "--each has a row a boot: where, when, what, how long" each_has_a_row_a_boot
result "CSV has the same rows" each_csv_agrees
result "VMs of two hosts are two, whatever they are called" hosts_are_told_apart
result "text too, with the time as it is wanted" each_text_agrees
result "it is no page" status 2 '--each is text, json or csv' --each --format html
result "nor metrics" status 2 '--each is text, json or csv' --each --format openmetrics
result "changes are no metrics" status 2 '--compare is text, json, csv or html' --compare \
	--format openmetrics "$tmp/boots.json"
result "and compares nothing" status 2 '--each is' --each --compare "$tmp/boots.json"
result "--time is for text" status 2 '--time is for text' --time 24h --json
result "a time that is none is told" status 2 '24h|iso8601|epoch|monotonic' --time vm
result "HTML is well-formed, with all histograms" html_is_well_formed
result "an expression that holds gives 0" status 0 '' --assert 'Firmware<200ms' \
	--assert 'p98(0x40-0x60)<1s' --assert 'count(total)>=100'
result "codes are decimal without 0x, as everywhere" status 0 '' --assert 'count(0-64)>=101' \
	--assert 'count(00-064)>=101'
result "one that does not hold gives 1 and is told" \
	status 1 'p99(Firmware)<20ms does not hold' --assert 'p99(Firmware)<20ms'
result "each boot must have what it is of" \
	status 1 'total<1s does not hold: 100 of 101' --assert 'total<1s'
result "one of many is enough" status 1 'Kernel>1s' --assert 'Start<1s' --assert 'Kernel>1s'
result "the figures are shown all the same" grep -q '^Kernel' "$tmp/out"
result "a bad expression gives 2, and no figures" status 2 'p0' --assert 'p0(total)<1s'
result "nothing is shown then" test ! -s "$tmp/out"
result "a baseline that is none is told" status 1 'boots --save' --baseline "$tmp/boots.json"
result "one that is not there too" status 1 'cannot be read' --baseline "$tmp/missing"
result "a full disk is told by the name of the file to keep" \
	status 1 'dbgportctl: /dev/full: No space' --save /dev/full
result "files and --live exclude each other" status 2 '--live' --live
result "VMs that wrote nothing are left out, which is told" silent_is_left_out
ktap_finished
