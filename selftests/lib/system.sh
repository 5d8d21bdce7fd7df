# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of dbgportd and real VMMs in the rig.  To be sourced from a test in
# its installed directory; brings ktap.sh along, and ends at exit whatever was
# started here.
. ../lib/ktap.sh || exit

run_dir=$tmp/run
# shellcheck disable=SC2034 # used by the tests
talk=$(readlink -f ../lib/talk)
# shellcheck disable=SC2034 # used by the tests
stuck_vm=$(readlink -f ../lib/stuck_vm)
# shellcheck disable=SC2034 # used by the tests
flood=$(readlink -f ../lib/flood)
# shellcheck disable=SC2034 # used by the tests
say=$(readlink -f ../lib/say)
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
# Not in what is forked and does not come to its exec.
trap '[ "$BASHPID" != $$ ] || { end_children; rm -rf "$tmp"; }' EXIT

# A rig is emulated.
# shellcheck disable=SC2034 # for await
await_s=300

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

# start COMMAND...: in the background; its id is $!, its end is at ours.  It has
# our input, which bash would else replace by nothing.
start()
{
	"$@" <&0 &
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
	dbgportd --run-dir "$run_dir" \
		${DBGPORTD_ENGINE:+--engine "$DBGPORTD_ENGINE"} "$@" >"$tmp/out" 2>"$tmp/log" &
	daemon=$!
	children+=("$daemon")
	await is_up
}

# Not the status of one that was killed before.
is_up()
{
	grep -qs "\"pid\": $daemon," "$run_dir/status.json" || is_ended "$daemon"
}

# Ends it as an administrator does; its exit status.
stop_daemon()
{
	kill -TERM "$daemon"
	wait "$daemon"
}

# Nothing is left of a daemon that has ended but what the next one goes on from.
is_left_clean()
{
	[ "$(ls -A "$run_dir")" = positions ]
}

# is_ended PID: it is no more, or a zombie.
is_ended()
{
	! grep -qs '^State:.[^Z]' "/proc/$1/status"
}

# is_no_more PID: nor a zombie that nobody can wait for.
is_no_more()
{
	is_ended "$1" && wait "$1" 2>/dev/null
	[ ! -e "/proc/$1" ]
}

# mount_new NAME MKFS...: a file system of 32 MiB of its own, at $tmp/NAME.
mount_new()
{
	truncate -s 32M "$tmp/$1.image"
	"${@:2}" "$tmp/$1.image" >/dev/null
	mkdir "$tmp/$1"
	mount -o loop "$tmp/$1.image" "$tmp/$1"
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

# start_bursts NAME OPTION...: "flood" that writes when it is told by "burst NAME
# N"; after N bursts the number that it has come to is in $tmp/NAME.number.  Ends
# when it is killed.
declare -A burst_to
start_bursts()
{
	local fifo

	mkfifo "$tmp/$1.bursts"
	exec {fifo}<>"$tmp/$1.bursts"
	burst_to[$1]=$fifo
	start "$flood" "${@:2}" <"$tmp/$1.bursts" >"$tmp/$1.number"
}

burst()
{
	echo "$2" >&"${burst_to[$1]}"
}

# ends_with_line FILE TEXT
ends_with_line()
{
	tail -n 1 "$1" 2>/dev/null | grep -qxF -- "$2"
}

# is_json FILE...: values of JSON and nothing else.
is_json()
{
	jq . "$@" >/dev/null
}

# json_lines FILE: what its lines say.  Where it took its time, a line may have come
# in parts.
json_lines()
{
	jq -j 'select(.type == "line") | .text + if .unfinished then "" else "\n" end' "$1"
}

# count_to N: the lines that "flood" writes up to number N.
count_to()
{
	seq -f %08.0f "$1"
}

# has_bytes FILE N: at least so many.
has_bytes()
{
	test "$(stat -Lc %s "$1" 2>/dev/null || echo 0)" -ge "$2"
}

# start_journald: a systemd-journald of our own, whose id is $journald.  Its files
# are in memory and go with the rig.
start_journald()
{
	mkdir -p /run/systemd/journal /run/log/journal
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
	[ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
	printf '[Journal]\n%s\n' Storage=volatile ReadKMsg=no Audit=no \
		RateLimitIntervalSec=0 >/etc/systemd/journald.conf
	rm -f /run/systemd/journal/socket
	start /lib/systemd/systemd-journald
	# shellcheck disable=SC2034 # used by the tests
	journald=$!
	await test -S /run/systemd/journal/socket
}

# journal FILTER: what jq makes of dbgportd's entries.
journal()
{
	journalctl --no-pager -o json -t dbgportd | jq -r "$1"
}

# status FILTER: what jq makes of the daemon's status as it is now.
status()
{
	local before

	before=$(stat -c %i "$run_dir/status.json" 2>/dev/null)
	kill -USR1 "$daemon"
	await is_replaced "$run_dir/status.json" "$before"
	jq -r "$1" "$run_dir/status.json"
}

is_replaced()
{
	[ "$(stat -c %i "$1" 2>/dev/null)" != "$2" ]
}

# tells FILTER VALUE: the daemon's status has that.
tells()
{
	[ "$(status "$1")" = "$2" ]
}

# qemu OPTION...: with nothing but what is asked for; $! is its id.
qemu()
{
	start qemu-system-x86_64 -accel kvm -display none -net none "$@" \
		</dev/null >"$tmp/qemu.log" 2>&1
}

# ask COMMAND: of the monitor of a QEMU that was started with "${monitor[@]}".
# shellcheck disable=SC2034 # used by the tests
monitor=(-monitor "unix:$tmp/monitor,server=on,wait=off")
ask()
{
	echo "$1" | socat -t 10 - "unix-connect:$tmp/monitor"
}

# answers COMMAND TEXT
answers()
{
	[[ $(ask "$1" 2>/dev/null) == *"$2"* ]]
}

# make_initramfs PROGRAM... <INIT: the directory $tmp/initramfs, with BusyBox and these.
make_initramfs()
{
	local dir=$tmp/initramfs program

	mkdir -p "$dir"/{bin,dev,proc}
	for program in busybox "$@"; do
		cp "$(command -v "$program")" "$dir/bin/"
	done
	ln -s busybox "$dir/bin/sh"
	cat >"$dir/init"
	chmod +x "$dir/init"
}

# start_linux PARAMETERS OPTION...: the rig's kernel as a guest's, with the directory
# $tmp/initramfs for its initramfs; $! is QEMU's id.
start_linux()
{
	(cd "$tmp/initramfs" && find . | cpio --quiet -o -H newc -R 0:0) >"$tmp/initrd"
	qemu -name linux -cpu max -m 256 -no-reboot -kernel "$DBGPORT_VMLINUX" -initrd "$tmp/initrd" \
		-append "$1 panic=-1 console=ttyS0" "${@:2}"
}

# boot_linux [PARAMETERS]: the same; its serial port goes to $tmp/serial.  Returns when it
# has ended.
boot_linux()
{
	start_linux "${1-quiet loglevel=0}" -serial "file:$tmp/serial"
	wait "$!"
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

# start_vm NAME [PORT TEXT]...: a VM of that name that writes each TEXT to its PORT,
# and lives until it is killed.  The name goes to a port that nobody takes.
start_vm()
{
	# shellcheck disable=SC2016 # for the inner shell
	start bash -c 'exec -a firecracker "$@"' - "$talk" -k -- "${@:2}" 0x1000 "--id=$1" \
		>/dev/null
}

# wrote VM N: it has written so much by now; one of that name that has ended does not count.
wrote()
{
	[ "$(dbgportctl list --json | jq -r --arg vm "$1" '.[] |
		select(.own_name == $vm and .state != "ended") | .writes')" = "$2" ]
}

# fails_with STATUS TEXT COMMAND...: that one of dbgportctl, with one line that has TEXT.
fails_with()
{
	local said status=0

	said=$("${@:3}" 2>&1) || status=$?
	[ "$status" = "$1" ] && [ "$(wc -l <<<"$said")" = 1 ] && [[ $said == "dbgportctl: "*"$2"* ]]
}
