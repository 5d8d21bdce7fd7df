#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The trace of dbgportctl timeline in Perfetto's trace processor, which is what
# ui.perfetto.dev has inside: it loads, and answers for the phases.
. ./boots.sh || exit

trace=$tmp/boots.trace
"$dbgportctl" timeline --format perfetto "$tmp/boots.json" -o "$trace"
"$dbgportctl" timeline --json "$tmp/boots.json" -o "$tmp/boots.out"

ask()
{
	"$tmp/query" "$trace" "$1" | tail -n +2
}

builds()
{
	clang++ -std=c++17 -stdlib=libc++ -O1 -Wall -Wextra -Werror query.cc -o "$tmp/query" \
		-L/usr/lib/chromium -Wl,-rpath,/usr/lib/chromium -ltest_trace_processor
}

phases_are()
{
	diff <(jq -r '.[] | .vm as $vm | .zero_ns as $zero | .phases[] |
			"\($vm)\t\(.name)\t\($zero + .begin_ns)\t\(.duration_ns)"' "$tmp/boots.out") \
		<(ask "select process.name, slice.name, ts, dur from slice
			join thread_track on slice.track_id = thread_track.id
			join thread using (utid) join process using (upid)
			where category = 'phase' order by process.pid, ts, dur")
}

codes_are()
{
	diff <(jq -r '.[] | .zero_ns as $zero | .marks[] | select(.type == "code") |
			"\($zero + .time_ns)\t\(.component)"' "$tmp/boots.out") \
		<(ask "select ts, substr(name, 6) from slice where category = 'code' order by ts")
}

lines_are()
{
	[ "$(ask "select count(*) from slice where category = 'line'")" = \
		"$(jq '[.[].marks[] | select(.type == "line")] | length' "$tmp/boots.out")" ]
}

nothing_is_lost()
{
	! ask "select name, value from stats where severity in ('error', 'data_loss')
		and value > 0" | grep .
}

refuses_others()
{
	! "$tmp/query" query.cc 'select 1' 2>/dev/null
}

ktap_print_header
ktap_set_plan 6

result "the trace processor can be asked" builds
result "it has the phases of each VM, to the nanosecond" phases_are
result "it has the codes" codes_are
result "it has the lines" lines_are
result "it found nothing wrong" nothing_is_lost
result "it would refuse what is no trace" refuses_others
ktap_finished
