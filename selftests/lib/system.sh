# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of dbgportd and real VMMs in the rig.  To be sourced from a test in
# its installed directory; brings kselftest's KTAP functions along, a scratch
# directory $tmp, and ends at exit whatever was started here.
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh

# kselftest's runner makes stdout line-buffered this way: not for VMMs.
unset LD_PRELOAD

tmp=$(mktemp -d)
run_dir=$tmp/run
# shellcheck disable=SC2034 # used by the tests
talk=$(readlink -f ../lib/talk)
children=()

end_children()
{
	local child

	for child in "${children[@]}"; do
		kill -9 "$child" 2>/dev/null
	done
	wait 2>/dev/null
	children=()
}
trap 'end_children; rm -rf "$tmp"' EXIT

# ktap_test_result for conditions whose words must not be split again; what
# the daemon said is shown if it fails.
result()
{
	if "${@:2}"; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		echo "# failed: ${*:2}"
		tail -n 20 "$tmp/log" 2>/dev/null | sed 's/^/# /'
	fi
}

# Wait, up to 300 s, until a command succeeds.
await()
{
	local end=$((SECONDS + 300))

	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.05
	done
}

# reload_module [PARAM=VALUE]...: the module as freshly loaded.
reload_module()
{
	! [ -e /sys/module/dbgport ] || await rmmod dbgport 2>/dev/null
	insmod "$DBGPORT_KO" "$@"
}

unload_module()
{
	! [ -e /sys/module/dbgport ] || await rmmod dbgport 2>/dev/null
}

# start COMMAND...: in the background; its id is $!, its end is at ours.
start()
{
	"$@" &
	children+=("$!")
}

# end_child PID: kill it, in bash's silence.
end_child()
{
	kill -9 "$1"
	wait "$1" 2>/dev/null
}

# start_daemon OPTION...: stdout goes to $tmp/out, messages to $tmp/log.
# Returns when it claims; $daemon is its id.  It runs on the engine
# $DBGPORTD_ENGINE, or else on the one that it chooses.
start_daemon()
{
	dbgportd --run-dir "$run_dir" ${DBGPORTD_ENGINE:+--engine "$DBGPORTD_ENGINE"} \
		"$@" >"$tmp/out" 2>"$tmp/log" &
	daemon=$!
	children+=("$daemon")
	await test -d "$run_dir" -o ! -d "/proc/$daemon"
}

# Ends it as an administrator does; its exit status.
stop_daemon()
{
	kill -TERM "$daemon"
	wait "$daemon"
}

# is_ended PID: it is no more, or a zombie.
is_ended()
{
	! grep -qs '^State:.[^Z]' "/proc/$1/status"
}

# said TEXT: among the daemon's messages.
said()
{
	grep -qF -- "$1" "$tmp/log"
}

# holds FILE TEXT: one of its lines has it.
holds()
{
	grep -qaF -- "$2" "$1" 2>/dev/null
}

# qemu OPTION...: with nothing but what is asked for; $! is its id.
qemu()
{
	start qemu-system-x86_64 -accel kvm -display none -net none "$@" \
		</dev/null >"$tmp/qemu.log" 2>&1
}

# boot_sector FILE: a disk that ends QEMU (-device isa-debug-exit,iobase=0xf4)
# as soon as the firmware boots from it.
boot_sector()
{
	# mov al, 0; out 0xf4, al; 1: hlt; jmp 1b
	printf '\xb0\x00\xe6\xf4\xf4\xeb\xfd' >"$1"
	truncate -s 510 "$1"
	printf '\x55\xaa' >>"$1"
	truncate -s 1M "$1"
}
