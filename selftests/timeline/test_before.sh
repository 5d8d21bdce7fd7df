#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the host did before a VM's zero: shown by timeline and boots, before the boot and
# not in its total; and that a VM was restored.
. ./files.sh || exit

zero=5000000000

# attached VM ID RESTORED [STARTED_NS CREATED_NS]: the VMM's process began, KVM made the VM.
attached()
{
	object attached "$1" "$2" $zero 0 0 \
		"\"uid\":0,\"late\":${late:-false},\"restored\":$3${4:+,\"started_ns\":$4}${5:+,\"created_ns\":$5}"
}

# boot_of VM ID TOTAL_NS
boot_of()
{
	code "$1" "$2" $zero 1000000 0 0x00 Firmware
	code "$1" "$2" $zero "$3" 1 0x40 Kernel
}

# cold's VMM takes 30 ms and KVM 2 ms, restored's 10 and 1; of old nothing is known, and late
# was there before the module.
make_files()
{
	{
		attached cold 1 false -32000000 -2000000
		boot_of cold 1 90000000
		attached restored 2 true -11000000 -1000000
		boot_of restored 2 9000000
		object attached old 3 $zero 0 0 '"uid":0,"late":false'
		boot_of old 3 5000000
		late=true attached late 4 true -99000000000
		boot_of late 4 5000000
	} >"$tmp/boots.json"
	sed -E 's/,"(started|created)_ns":[-0-9]+//g' "$tmp/boots.json" >"$tmp/without.json"
}

timeline()
{
	"$dbgportctl" timeline "$tmp/boots.json" "$@"
}

boots()
{
	"$dbgportctl" boots "$tmp/boots.json" "$@"
}

json_has_spans()
{
	local expected='cold VMM -32000000 -2000000 30000000
cold VM -2000000 0 2000000
restored VMM -11000000 -1000000 10000000
restored VM -1000000 0 1000000'

	diff <(echo "$expected") <(timeline --json | jq -r '.[] | .vm as $vm | .before[] |
		"\($vm) \(.name) \(.begin_ns) \(.end_ns) \(.duration_ns)"') &&
		timeline --json | jq -e 'map(.restored) == [false, true, false, true]' >/dev/null
}

# Phases, marks and totals are those of a file that knows nothing of it.
boot_is_the_same()
{
	diff <(timeline --json | jq 'map(del(.before, .restored))') \
		<("$dbgportctl" timeline "$tmp/without.json" --json | jq 'map(del(.before, .restored))')
}

# has VM LINES TEXT: so many lines of its part of the text match.
has()
{
	[ "$(timeline --vm "$1" | grep -cE -e "$3")" -eq "$2" ]
}

text_has_spans()
{
	has cold 1 '^VMM +before +0\.030000 s$' && has cold 1 '^VM +before +0\.002000 s$' &&
		has cold 1 '^cold  0\.090000 s in all$' && has old 0 ' before ' &&
		has late 0 ' before '
}

text_fits()
{
	[ "$(COLUMNS=50 timeline | LC_ALL=C.UTF-8 wc -L)" -le 50 ]
}

# In all pictures for people; of two VMs.
restored_is_told()
{
	local format

	has restored 1 '^it goes on from a snapshot' && has cold 0 'snapshot' || return
	for format in svg html; do
		[ "$(timeline --format $format | grep -o 'it goes on from a snapshot' | wc -l)" -eq 2 ] ||
			return
	done
}

svg_has_spans()
{
	timeline --format svg --vm cold >"$tmp/svg" && xmllint --noout "$tmp/svg" &&
		grep -qF '0.090000 s; before: VMM 30.000 ms, VM 2.000 ms<' "$tmp/svg"
}

# Columns of the page's table, for boots that have them.
page_has_spans()
{
	timeline --format html >"$tmp/html" && xmllint --noout "$tmp/html" &&
		grep -qF '<th>VMM before, ms</th>' "$tmp/html" &&
		grep -qF '<td>90.000</td><td>30.000</td><td>2.000</td>' "$tmp/html" &&
		"$dbgportctl" timeline "$tmp/without.json" --format html >"$tmp/html" &&
		! grep -qF '<th>VMM' "$tmp/html"
}

# On the host's clock, up to the boot's first phase.
trace_has_spans()
{
	timeline --format perfetto --vm cold | jq -e '[.traceEvents[] |
		select(.cat == "before" or .name == "Start") |
		"\(.name) \(.ts * 1000 | round) \(.dur * 1000 | round)"] ==
		["VMM 4968000000 30000000", "VM 4998000000 2000000", "Start 5000000000 1000000"]' \
		>/dev/null
}

# It is the VM's, so no boot after a reset has it: by what is written, and as the file says.
resets_have_none()
{
	{
		attached web 1 true -32000000 -2000000
		line web 1 $zero 1000 0 0x402 "SeaBIOS (version 1.16.2-debian-1.16.2-1)"
		code web 1 $zero 5000000 50 0x60 Userspace
		line web 1 $zero 900000000 100 0x402 "SeaBIOS (version 1.16.2-debian-1.16.2-1)"
		code web 1 $zero 905000000 150 0x60 Userspace
	} >"$tmp/reset.json"
	"$dbgportctl" timeline --json "$tmp/reset.json" | jq -e 'map([.boot, .restored,
		(.before | length)]) == [[1, true, 2], [2, false, 0]]' >/dev/null || return
	grep -v '"seq":[05]' "$tmp/reset.json" | sed 's/}$/,"boot":2}/' >"$tmp/second.json"
	sed -n 1p "$tmp/reset.json" | cat - "$tmp/second.json" |
		"$dbgportctl" timeline --json - | jq -e 'map([.boot, .restored, (.before | length)]) ==
			[[2, false, 0]]' >/dev/null
}

# What makes no sense is not known.
nonsense_is_none()
{
	local times

	for times in '5 -1' '-1 -2' '-5 5' 'null -1' '-9e9 -1' '-9223372036854775807 -1' '-2 -2'; do
		# shellcheck disable=SC2086 # two of them
		{
			attached web 1 false $times
			boot_of web 1 90000000
		} | "$dbgportctl" timeline --json - |
			jq -e '.[0] | .before == [] and .total_ns == 90000000' >/dev/null || return
	done
}

each_has_spans()
{
	boots --each --json | jq -e 'map([.vm, .restored, (.before | map(.name, .duration_ns))]) == [
		["cold", false, ["VMM", 30000000, "VM", 2000000]],
		["restored", true, ["VMM", 10000000, "VM", 1000000]],
		["old", false, []], ["late", true, []]]' >/dev/null &&
		diff <(printf '%s\n' restored,VMM_ns,VM_ns,Start_ns false,30000000,2000000,1000000 \
			true,10000000,1000000,1000000 false,,,1000000 true,,,1000000) \
			<(boots --each --format csv | tr -d '"' | cut -d , -f 8-11)
}

each_text_has_spans()
{
	boots --each >"$tmp/each" && grep -qE ' KERNEL +VMM +VM +Start ' "$tmp/each" &&
		grep -qE ' cold .* 30\.000 +2\.000 +1\.000 ' "$tmp/each" &&
		grep -qE ' old .* - +- +1\.000 ' "$tmp/each" &&
		"$dbgportctl" boots --each "$tmp/without.json" >"$tmp/each" &&
		! grep -q VMM "$tmp/each"
}

figures_have_spans()
{
	boots --json | jq -e '[.figures[] | [.name, .count, .min_ns, .max_ns]][1:3] ==
			[["VMM", 2, 10000000, 30000000], ["VM", 2, 1000000, 2000000]]' >/dev/null &&
		"$dbgportctl" boots "$tmp/without.json" --json |
			jq -e 'all(.figures[]; .name != "VMM" and .name != "VM")' >/dev/null
}

# asserts STATUS EXPRESSION
asserts()
{
	local status=0

	boots --assert "$2" >/dev/null 2>&1 || status=$?
	[ "$status" -eq "$1" ]
}

# A cold start and a restore in one table.
compares()
{
	local vm

	for vm in cold restored; do
		timeline --json --vm $vm >/dev/null && grep "\"vm\":\"$vm\"" "$tmp/boots.json" >"$tmp/$vm.json"
	done
	"$dbgportctl" boots --compare "$tmp/cold.json" "$tmp/restored.json" --json >"$tmp/changes"
	jq -e '[.figures[] | select(.name == "VMM") | .before.median_ns, .now.median_ns] ==
		[30000000, 10000000]' "$tmp/changes" >/dev/null
}

# Metrics add up; these would not.
metrics_have_none()
{
	! boots --format openmetrics | grep -q 'phase="VM'
}

ktap_print_header
ktap_set_plan 17
make_files
result "JSON has the spans, and who was restored" json_has_spans
result "the boot itself is the same" boot_is_the_same
result "text has them" text_has_spans
result "in 50 columns" text_fits
result "a restored VM is told as that" restored_is_told
result "the picture has them" svg_has_spans
result "the page has them" page_has_spans
result "the trace has them" trace_has_spans
result "what comes after a reset has none" resets_have_none
result "what makes no sense is none" nonsense_is_none
result "--each has them, as JSON and as CSV" each_has_spans
result "as text" each_text_has_spans
result "they are figures" figures_have_spans
result "an expression about them holds" asserts 0 'max(VMM)<=30ms'
result "or it does not" asserts 1 'max(VM)<2ms'
result "a restore is compared with a cold start" compares
result "metrics have none" metrics_have_none
ktap_finished
