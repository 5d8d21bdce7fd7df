#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl timeline --otlp: boots as traces, by OpenTelemetry's own definitions, and what
# becomes of what a receiver says.
. ./files.sh || exit
. ./otlp.sh || exit

top=$(cd ../../.. && pwd)
definitions=$("$top/selftests/timeline/otlp_definitions") || exit

# From "host" and "realtime" on it is as a daemon of today writes it.
of_today()
{
	sed 's/"realtime":""/"realtime":"2026-11-23T07:19:42.019004000Z"/; s/^{/{"host":"alpha",/'
}

{
	line web 7 5000000 1000000 0 0x402 'SeaBIOS (version 1.16.2-x)'
	code web 7 5000000 2000000 1 0x40 Kernel
	line web 7 5000000 3000000 2 0xe9 'Linux version 6.12.1 (x)'
	code web 7 5000000 9000000 3 0x60 Userspace
	code web 7 5000000 9500000 4 0x7f Userspace
} | of_today >"$tmp/web.json"
line db 2 9000000 700 0 0xe9 hello | of_today >"$tmp/db.json"
line old 3 9000000 700 0 0xe9 hello >"$tmp/old.json"
many_boots 1000 '""' | of_today >"$tmp/many.json"

# sends STATUS [ARGUMENT]...: what it tells is in $log, and it prints nothing.
sends()
{
	local status=0

	"$dbgportctl" timeline "${@:2}" >"$tmp/out" 2>"$log" || status=$?
	[ "$status" = "$1" ] && [ ! -s "$tmp/out" ]
}

silently()
{
	sends 0 "$@" && [ ! -s "$log" ]
}

# tells TEXT STATUS [ARGUMENT]...: that line, and no other one; URL stands for the receiver's.
tells()
{
	sends "${@:2}" && [ "$(sed "s|$url/v1/traces|URL|" "$log")" = "dbgportctl: $1" ]
}

parses()
{
	PYTHONPATH=$definitions /usr/bin/python3 "$receivers/otlp_parse.py" "$got"/*.json \
		>"$tmp/parsed" 2>"$log"
}

# Names, begins and ends of all phases, by name and VM.
phases_sent()
{
	spans | jq -r "select(.parentSpanId) | [(.resource | $(attribute dbgport.vm.name)), .name,
		.startTimeUnixNano, .endTimeUnixNano] | @tsv" | sort
}

# The same of --json; the first object's time of the host's clock is known.
phases_drawn()
{
	"$dbgportctl" timeline --json "$tmp/many.json" | jq -r '.[] | . as $boot |
		(.realtime | capture("(?<s>.*)[.](?<ns>[0-9]*)Z")) as $t | .phases[] |
		[$boot.vm, .name, ($t.s + "Z" | fromdate), ($t.ns | tonumber), .begin_ns, .end_ns] | @tsv' |
		while IFS=$'\t' read -r vm name s ns begin end; do
			printf '%s\t%s\t%d\t%d\n' "$vm" "$name" $((s * 1000000000 + ns + begin)) \
				$((s * 1000000000 + ns + end))
		done | sort
}

same_phases()
{
	diff <(phases_drawn) <(phases_sent) >"$log" && [ "$(phases_sent | wc -l)" -ge 5000 ]
}

# resource_has NAME VALUE...
resource_has()
{
	while (($#)); do
		[ "$(spans | jq -r ".resource | $(attribute "$1")" | sort -u)" = "$2" ] || return
		shift 2
	done
}

# What was before the boot is before its root, by the host's clock; the boot is the same.
has_before()
{
	{
		object attached web 7 5000000 0 0 \
			'"late":false,"restored":true,"started_ns":-4000000,"created_ns":-1000000' |
			of_today
		cat "$tmp/web.json"
	} >"$tmp/before.json"
	silently --otlp "$url" "$tmp/web.json" && spans >"$tmp/spans" || return
	receive
	silently --otlp "$url" "$tmp/before.json" && parses || return
	diff <(jq -c '[.name, .spanId, .parentSpanId]' "$tmp/spans") \
		<(spans | jq -c 'select(.name | test("^VMM?$") | not) | [.name, .spanId, .parentSpanId]') \
		>"$log" &&
		[ "$(spans | jq -s -c '(map(select(.name == "boot")) | .[0]) as $root |
			($root.startTimeUnixNano | .[-9:] | tonumber) as $zero | map(
				select(.parentSpanId == $root.spanId and (.name | test("^VMM?$"))) |
				[.name, (.startTimeUnixNano | .[-9:] | tonumber) - $zero,
				(.endTimeUnixNano | .[-9:] | tonumber) - $zero])')" = \
			'[["VMM",-4000000,-1000000],["VM",-1000000,0]]' ] &&
		[ "$(spans | jq -c "select(.name == \"boot\") | $(attribute dbgport.restored)")" = true ]
}

ids()
{
	spans | jq -r '.traceId + .spanId' | sort -u
}

# Of a file, and of the same with another order of what is in it.
same_ids()
{
	ids >"$tmp/ids"
	receive
	tac "$tmp/web.json" >"$tmp/turned.json"
	silently --otlp "$url" "$tmp/turned.json" && ids | diff "$tmp/ids" - >"$log"
}

has_events()
{
	diff - <(spans | jq -r '.name as $span | .events[]? | .name as $name |
		([.attributes[] | {(.key): (.value | .stringValue // .intValue)}] | add) as $said |
		[$span, $name, $said."dbgport.code" // $said."dbgport.text"] | join(" ")') >"$log" <<-'EOT'
		SeaBIOS line SeaBIOS (version 1.16.2-x)
		Kernel code 64
		Linux line Linux version 6.12.1 (x)
		Userspace code 96
		Userspace code 127
	EOT
}

# until_code CODE STATUSES: of all spans, the boot's first.
until_code()
{
	silently --otlp "$url" --until "$1" "$tmp/web.json" &&
		[ "$(spans | jq .status.code | paste -sd' ')" = "$2" ]
}

one_request()
{
	silently --otlp "$url" "$tmp/web.json" "$tmp/db.json" && [ "$(requests)" = 1 ] && parses
}

fails_at_once()
{
	sends 1 --otlp "$url" "$tmp/web.json" && [ "$(requests)" = 1 ]
}

# Of 1,000 lines, each tenth of the first 900 after a pause, 128 events are kept.
bounded()
{
	local i time=0

	for ((i = 0; i < 1000; i++)); do
		time=$((time + ((i % 10 || i >= 900) ? 1000 : 900000)))
		line busy 4 5000000 $time $i 0x402 "line $i"
	done | of_today >"$tmp/busy.json"
	receive
	silently --otlp "$url" "$tmp/busy.json" || return
	[ "$(spans | jq -c 'select(.droppedEventsCount > 0) | [(.events | length), .droppedEventsCount]')" = \
		"[128,872]" ] &&
		[ "$(spans | jq -s '[.[].events[]?.attributes[] | select(.value.stringValue // "" |
			test("^line [0-8]?[0-9]?0$"))] | length')" -ge 90 ]
}

cut_text()
{
	local long

	# Each of them is shown as four.
	long=$(printf '\\u0001%.0s' {1..255})
	line long 5 5000000 1000 0 0xe9 "${long}xxxää" | of_today >"$tmp/long.json"
	receive
	silently --otlp "$url" "$tmp/long.json" && parses &&
		[ "$(spans | jq -r '.events[]?.attributes[] | select(.key == "dbgport.text").value.stringValue' |
			tr -d '\n' | wc -c)" = 1023 ]
}

sent_once_more()
{
	silently --otlp "$url" "$tmp/web.json" && [ "$(requests)" = 2 ] &&
		cmp -s "$got/1.json" "$got/2.json"
}

# Whatever libcurl of this version says.
refused_connection()
{
	stop_receiver
	sends 1 --otlp "$url" "$tmp/web.json" && [ "$(wc -l <"$log")" = 1 ] &&
		grep -q "^dbgportctl: $url/v1/traces: .*onnect.*; 0 of 1 boot was sent$" "$log"
}

closed()
{
	receive drop
	sends 1 --otlp "$url" "$tmp/web.json" && [ "$(wc -l <"$log")" = 1 ] && [ "$(requests)" = 1 ]
}

waits()
{
	receive slow
	"$dbgportctl" timeline --otlp "$url" "$tmp/web.json" 2>"$log" &
	until [ "$(requests)" = 1 ]; do
		kill -0 $! || return
		sleep 0.01
	done
	touch "$got/go"
	wait $!
}

patience()
{
	receive "429 3600"
	tells "URL: HTTP 429: not<1b>[2J today; 0 of 1 boot was sent" 1 --otlp "$url" "$tmp/web.json"
}

headers()
{
	receive
	OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer%20x%2Cy, x-scope = 1' \
		silently --otlp "$url/otlp/traces" "$tmp/web.json" &&
		grep -q '^POST /otlp/traces$' "$got/1.head" &&
		grep -qi '^content-type: application/json$' "$got/1.head" &&
		grep -qi '^authorization: Bearer x,y$' "$got/1.head"
}

no_url()
{
	tells "--otlp: it takes an http or https URL, as in http://localhost:4318" 2 \
		--otlp "$1" "$tmp/web.json"
}

# A password is not shown.
no_password()
{
	receive 400
	sends 1 --otlp "http://me:secret@127.0.0.1:${url##*:}" "$tmp/web.json" &&
		! grep -q secret "$log" && grep -qi '^authorization: basic' "$got/1.head"
}

ktap_print_header
ktap_set_plan 35

receive
result "1,000 boots are sent" silently --otlp "$url" "$tmp/many.json"
result "OpenTelemetry's definitions have all that is sent" parses
result "they are 1,000 traces, each with its spans" grep -qx "1000 6000 85000" "$tmp/parsed"
result "phases are those of timeline --json" same_phases
result "no request is longer than a MiB" test -z "$(find "$got" -name '*.json' -size +1024k)"

receive
result "a boot is sent" silently --otlp "$url" "$tmp/web.json"
result "it says whose it was" resource_has service.name dbgport host.name alpha process.pid 77 \
	dbgport.vm.name web dbgport.vm.id 7 dbgport.firmware "SeaBIOS 1.16.2-x" dbgport.kernel "Linux 6.12.1"
result "lines and codes are events of their phases" has_events
result "it is the same trace each time" sent_once_more
result "it is the same trace, in whichever order it was written" same_ids
receive
result "a boot that came to its end has no status" until_code 0x7f "null null null null null null"
receive
result "one that did not has failed" until_code 0x7e "2 null null null null null"
receive
result "what was before the boot is before its root" has_before
result "of many events, those after the longest pauses are kept, and the others counted" bounded
result "a long text is cut between two characters" cut_text
receive
result "several files are one request" one_request
result "a boot without a time of the host's clock is left out" tells \
	"1 boot is left out: an older dbgportd did not tell the host's clock" \
	1 --otlp "$url" "$tmp/old.json"

receive partial
result "what was not taken is told, harmlessly" tells \
	"URL: it did not take 2 of the spans: too old" 1 --otlp "$url" "$tmp/web.json"
receive warn
result "so is advice" tells "URL: it took all, and says: use gzip" 0 --otlp "$url" "$tmp/web.json"
receive "429 1" 503 "504 1"
result "what is asked for later is sent again" silently --otlp "$url" "$tmp/web.json"
result "as often as that" test "$(requests)" = 4
result "but not for longer than a minute" patience
receive 400
result "what is refused is not sent again" tells "URL: HTTP 400: not<1b>[2J today; 0 of 1 boot was sent" \
	1 --otlp "$url" "$tmp/web.json"
result "it came once" test "$(requests)" = 1
receive 500
result "nor is it after an error that is none for later" fails_at_once
receive html
result "another server is recognised" tells \
	"URL: HTTP 200, but no answer of OTLP's: is this the right URL?; 0 of 1 boot was sent" \
	1 --otlp "$url" "$tmp/web.json"
receive long
result "an answer without an end is not read" tells \
	"URL: its answer is longer than 4 MiB; 0 of 1 boot was sent" 1 --otlp "$url" "$tmp/web.json"
result "no receiver: one line" refused_connection
result "a receiver that goes away: one line" closed
result "a slow one is waited for" waits
result "headers come from the environment, and a path is left as it is" headers
result "a password in the URL is not shown" no_password
result "what is no URL is told" no_url nonsense
result "what is no URL of HTTP is told" no_url ftp://localhost/
result "what draws does not go with it" tells \
	"timeline: --otlp sends boots, and draws none: leave away how" 2 --otlp "$url" --json "$tmp/web.json"
ktap_finished
