#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The serial console of a Linux guest in unmodified QEMU, with all that its kernel says:
# recorded beside QEMU's own file; and claimed, with dbgportd killed and started again, with
# what is typed into it.
. ../lib/system.sh || exit
. ../lib/serial.sh || exit

typed_lines=120

make_guest()
{
	make_initramfs <<-'END'
		#!/bin/busybox sh
		/bin/busybox --install -s /bin
		export PATH=/bin
		mount -t devtmpfs dev /dev
		[ "$mode" = talk ] || poweroff -f
		exec </dev/ttyS0
		stty -echo
		say()
		{
			for i in $(seq 100); do
				echo "this is line $i of what it says while $1" >/dev/kmsg
			done
		}
		for phase in first second third; do
			say "$phase"
			echo "end of $phase" >/dev/kmsg
			read -r go
		done
		while :; do
			echo "the flood goes on" >/dev/kmsg
			usleep 2000
		done &
		head -n "$lines" | md5sum >/sum
		kill $!
		read -r sum </sum
		echo "it was typed: $sum" >/dev/kmsg
		stty echo
		exec setsid cttyhack sh -i >/dev/ttyS0 2>&1
	END
}

# The serial port's records of the one VM: all bytes to $tmp/all, those that the VMM got
# to $tmp/passed; fails if one was lost.
records()
{
	perl -e 'open D, "<", "/dev/dbgport" or die;
		open A, ">", "$ARGV[0]/all" or die;
		open P, ">", "$ARGV[0]/passed" or die;
		while (sysread D, $_, 65536) {
			while (s/^(.{32})//s) {
				my ($seq, $ns, $vm, $port, $type, $width, $value, $vcpu, $flags) =
					unpack "Q Q L S C C L S S", $1;
				exit 1 if $type == 4;
				exit if $type == 3;
				next if $type != 1 || $port != 0x3f8;
				print A chr $value;
				print P chr $value unless $flags & 1;
			}
		}' "$tmp"
}

# All that the guest has said is in the file, and when the status comes that is kept for the
# next dbgportd.
is_settled()
{
	[ "$(stat -c %s "$tmp/console")" = "$(port_has writes)" ] && status . >/dev/null
}

# settled_after TEXT: the guest has said that, and nothing more.
settled_after()
{
	await holds "$tmp/console" "$1" && await is_settled
}

type_much()
{
	local i

	for ((i = 0; i < typed_lines; i++)); do
		printf '%04d %095d\n' "$i" "$((i * i))"
	done
}

has_sum()
{
	holds "$tmp/console" "it was typed: $(type_much | md5sum | cut -d ' ' -f 1)"
}

comes_later()
{
	dbgportd --once --serial "file=$tmp/late" --firmware off --post off \
		--run-dir "$tmp/late.dir" 2>"$tmp/log" && cmp "$tmp/late" "$tmp/serial"
}

saves_exits()
{
	(($(port_has saved) > $(port_has writes)))
}

doctor_tells()
{
	dbgportctl doctor | grep -q "UART 0x3f8: while it is claimed, what its guest sends by polling"
}

# lacks FILE TEXT
lacks()
{
	! holds "$@"
}

ktap_print_header
ktap_set_plan 17

make_guest
reload_module uart=0x3f8
exec {hold}</dev/dbgport
boot_linux "ignore_loglevel mode=none"
result "with nobody to read, the VMM gets a whole boot" holds "$tmp/serial" "Linux version"
result "all of it was recorded" records
result "byte for byte" cmp "$tmp/all" "$tmp/serial"
result "and passed" cmp "$tmp/passed" "$tmp/serial"
result "the default ring has room for it" \
	test "$(dbgportctl show id:1 --json | jq .oldest)" = 0
result "dbgportd writes the same when it comes later" comes_later
exec {hold}<&-

reload_module uart=0x3f8 ring=131072
start_daemon --serial "file=$tmp/console" --firmware off --post off
open_tty
start_linux "ignore_loglevel printk.devkmsg=on mode=talk lines=$typed_lines" "${tty[@]}"
linux=$!
result "a boot comes to its end, claimed" settled_after "end of first"
result "of which the VMM gets little" \
	lacks "$tmp/serial" "this is line 1 of what it says while first"
result "exits are saved, more than one a byte" saves_exits
result "doctor says what is not in the VMM's console" doctor_tells

end_child "$daemon"
type_line go
result "when dbgportd is killed, the VMM gets the rest" await holds "$tmp/serial" "end of second"
start_daemon --serial "file=$tmp/console" --firmware off --post off
type_line go
result "and nothing more when it is back" settled_after "end of third"
result "from then on" lacks "$tmp/serial" "end of third"

type_line go
type_much >&"$typing"
result "what is typed during a flood arrives as it is" await has_sum
# Not in the words that are typed, which are echoed.
# shellcheck disable=SC2016 # for the guest's shell
type_line 'echo "an$((6 * 7))swer"'
result "a shell answers, to the VMM as ever" await holds "$tmp/serial" "an42swer"
type_line 'poweroff -f'
wait "$linux"
await said "linux: gone"
stop_daemon
records
result "dbgportd's file has all that was said, once" cmp "$tmp/all" "$tmp/console"
result "and the VMM's what was passed" cmp "$tmp/passed" "$tmp/serial"
ktap_finished
