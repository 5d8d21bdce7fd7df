# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A receiver of OTLP/HTTP for tests, and what it got, in $tmp/got.  To be sourced from a
# test that has $tmp.
: "${tmp:?}"
receivers=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034 # used by the tests
got=$tmp/got
receiver=

stop_receiver()
{
	[ -z "$receiver" ] || { kill "$receiver" && wait "$receiver"; } 2>/dev/null
	receiver=
}

# receive [ANSWER]...: a new one, which answers so, and then takes all that comes.
receive()
{
	stop_receiver
	rm -rf "$got"
	mkdir "$got"
	printf '%s\n' "$@" >"$got/answers"
	/usr/bin/python3 "$receivers/otlp_receiver.py" "$got" >"$tmp/receiver" 2>&1 &
	receiver=$!
	until [ -e "$got/port" ]; do
		kill -0 "$receiver" || return
		sleep 0.01
	done
	# shellcheck disable=SC2034 # used by the tests
	url=http://127.0.0.1:$(cat "$got/port")
}

# The spans of all that came, an object a line.
spans()
{
	cat "$got"/*.json | jq -c '.resourceSpans[] | .resource as $resource | .scopeSpans[].spans[] |
		. + {resource: $resource}'
}

# attribute NAME: for jq.
attribute()
{
	echo "(.attributes[] | select(.key == \"$1\").value | (.stringValue // .intValue // .boolValue))"
}

requests()
{
	find "$got" -name '*.json' | wc -l
}

trap 'stop_receiver; rm -rf "$tmp"' EXIT
