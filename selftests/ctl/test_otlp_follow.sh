#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl timeline --otlp --follow: each boot is sent when it is over, and what a receiver
# does not take waits for it.
. ./fake.sh || exit
. ../timeline/otlp.sh || exit

follower=

stop()
{
	local status=0

	[ -z "$follower" ] || kill "$follower"
	wait "$follower" || status=$?
	follower=
	return "$status"
}

# follow [OPTION]...: in the background.
follow()
{
	LD_PRELOAD=$PWD/fake_device.so dbgportctl timeline --device "$tmp/device" --otlp "$url" \
		--follow "$@" >"$tmp/out" 2>"$log" &
	follower=$!
	# What had been written already has been read when it waits for signals.
	until readlink "/proc/$follower/fd/"* | grep -q signalfd; do
		kill -0 "$follower" || return
		sleep 0.01
	done
}

# become TEXT COMMAND...: wait until it prints that.
become()
{
	until [ "$("${@:2}")" = "$1" ]; do
		kill -0 "$follower" || return
		sleep 0.01
	done
}

# more: what comes now, from stdin.
more()
{
	until [ ! -e "$FAKE_DEVICE.more" ]; do
		kill -0 "$follower" || return
		sleep 0.01
	done
	cat >"$tmp/new"
	mv "$tmp/new" "$FAKE_DEVICE.more"
	printf x >&"$device_fd"
}

# The boots that were sent.
boots_sent()
{
	spans 2>/dev/null | jq -r "select(.parentSpanId | not) | $(attribute dbgport.boot.label)" |
		paste -sd' '
}

told()
{
	sed "s|$url/v1/traces|URL|" "$log"
}

# A boot of some seconds.
boot()
{
	cat <<-'EOT'
		vm 1 web claimed 10
		line 1 0x402 0 9000 SeaBIOS (version 1.16.2)
		code 1 0 5000 40
		line 1 0xe9 0 4000 Linux version 6.12.1 (x)
		code 1 0 3000 60
	EOT
}

running()
{
	boot | vms
}

# The same, written while it is followed.
coming()
{
	vms </dev/null
	receive
	follow "$@"
	boot | more
}

# Of a VM that is there, the host and the VMM are known.
resource()
{
	local name

	for name in host.name host.id process.executable.name process.pid; do
		spans | jq -r ".resource | $(attribute $name)" | sort -u
	done | diff - <(
		uname -n
		cat /etc/machine-id
		echo qemu-system-x86
		echo 1001
	) >>"$log"
}

next_begins()
{
	running
	receive
	follow --quiet 1h
	more <<<"line 1 0x402 0 0 SeaBIOS (version 1.16.2)"
	become web boots_sent && resource && stop && [ ! -s "$log" ]
}

phases()
{
	spans | jq -r 'select(.parentSpanId) | .name' | paste -sd' '
}

ends()
{
	running
	receive
	follow --quiet 1h
	more <<<"gone 1"
	become web boots_sent && [ "$(phases)" = "Start SeaBIOS Kernel Linux Userspace" ] && stop
}

is_quiet()
{
	coming --quiet 2900ms
	become web boots_sent && stop
}

comes_to_its_end()
{
	running
	receive
	follow --quiet 1h --until 0x7f
	more <<-'EOT'
		code 1 0 0 7f
		line 1 0xe9 0 0 a login, hours later
		gone 1
	EOT
	become web boots_sent && stop && ! grep -q "hours later" "$got"/*.json &&
		[ "$(requests)" = 1 ] && [ "$(spans | jq .status | sort -u)" = null ]
}

# Three boots, of which the second one is over, too.
three_boots()
{
	vms <<-'EOT'
		vm 1 web claimed 100
		line 1 0x402 0 90000 SeaBIOS (version 1.16.2)
		code 1 0 85000 60
		line 1 0x402 0 80000 SeaBIOS (version 1.16.2)
		code 1 0 75000 60
		line 1 0x402 0 1000 SeaBIOS (version 1.16.2)
	EOT
}

over_before()
{
	three_boots
	receive
	follow --quiet 1h
	more <<<"gone 1"
	become "web#3" boots_sent && stop
}

kept()
{
	three_boots
	receive
	follow --quiet 1h --kept
	more <<<"gone 1"
	become "web web#2 web#3" boots_sent && stop
}

# Between two boots: what comes after quiet belongs to none.
between()
{
	coming --quiet 2900ms
	become web boots_sent || return
	more <<-'EOT'
		line 1 0xe9 0 0 a login, hours later
		line 1 0x402 0 0 SeaBIOS (version 1.16.2)
		gone 1
	EOT
	become "web web#2" boots_sent && stop && ! grep -q "hours later" "$got"/*.json
}

two_vms()
{
	vms <<-'EOT'
		vm 1 web claimed 10
		line 1 0xe9 0 9000 hello
		vm 2 db claimed 10
		line 2 0xe9 0 9000 hello
	EOT
}

named()
{
	two_vms
	receive
	follow --quiet 1h --vm 'd*'
	more <<-'EOT'
		gone 1
		gone 2
	EOT
	become db boots_sent && stop
}

# A VM that comes while it follows.
comes()
{
	vms </dev/null
	receive
	follow --quiet 1h
	more <<-'EOT'
		vm 5 new claimed 1
		line 5 0xe9 0 500 hello
	EOT
	more <<<"gone 5"
	become new boots_sent && stop
}

later()
{
	running
	receive 503 "429 1" 502
	follow --quiet 1h
	more <<<"gone 1"
	become 4 requests || return
	become "dbgportctl: URL: HTTP 503: not<1b>[2J today; trying again
dbgportctl: URL: it takes boots again" told && stop && cmp -s "$got/1.json" "$got/4.json"
}

# The receiver comes back at the same place.
no_receiver()
{
	running
	receive
	stop_receiver
	follow --quiet 1h
	more <<<"gone 1"
	until grep -q "trying again" "$log"; do
		kill -0 "$follower" || return
		sleep 0.01
	done
	! stop && grep -q "1 boot was not sent" "$log"
}

refused()
{
	two_vms
	receive 400
	follow --quiet 1h
	more <<-'EOT'
		gone 1
		gone 2
	EOT
	become 2 requests && become "dbgportctl: URL: web is dropped: HTTP 400: not<1b>[2J today" told && stop
}

partial()
{
	running
	receive partial
	follow --quiet 1h
	more <<<"gone 1"
	become "dbgportctl: URL: web: it did not take 2 of the spans: too old" told && stop
}

# While a receiver does not answer, VMs are read.
slow()
{
	two_vms
	receive slow
	follow --quiet 1h
	more <<<"gone 1"
	become 1 requests || return
	more <<<"gone 2"
	# It has been read when this is taken.
	more <<<"line 2 0xe9 0 0 more" || return
	touch "$got/go"
	become "web db" boots_sent && stop
}

usage()
{
	ends_with 2 ctl timeline "$@" && [ "$(wc -l <"$log")" = 1 ]
}

ktap_print_header
ktap_set_plan 17
result "a boot is sent when the next one begins" next_begins
result "when its VM ends, with its phases" ends
result "when nothing was written for some time" is_quiet
result "when it came to the code that boots end with, and nothing behind that" comes_to_its_end
result "what was over before is not sent" over_before
result "unless that is asked for" kept
result "what is written between two boots belongs to none" between
result "only VMs that match" named
result "a VM that comes later" comes
result "what is asked for later is sent again, which is told once" later
result "without a receiver boots wait, and it is told at the end" no_receiver
result "a boot that is refused is dropped, and the next one sent" refused
result "what was not taken of a boot is told" partial
result "a receiver that does not answer stops no reading" slow
result "--follow needs a receiver" usage --follow
result "--quiet takes a time" usage --otlp http://localhost --follow --quiet soon
result "what is no URL is told" usage --otlp nonsense --follow
ktap_finished
