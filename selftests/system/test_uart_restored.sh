#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A serial console that is claimed, of a Linux guest whose VMM loads an older state of it,
# and of one that comes to another VMM: it has to be alive, in both directions.
. ../lib/system.sh || exit
. ../lib/serial.sh || exit

times=3

make_guest()
{
	make_initramfs <<-'END'
		#!/bin/busybox sh
		/bin/busybox --install -s /bin
		export PATH=/bin
		mount -t devtmpfs dev /dev
		exec setsid cttyhack sh -i </dev/ttyS0 >/dev/ttyS0 2>&1
	END
}

# boot_guest OPTION...: with a disk that keeps states of the VM.
boot_guest()
{
	start_linux "ignore_loglevel printk.devkmsg=on" "${tty[@]}" "${monitor[@]}" \
		-drive "if=none,file=$tmp/states,format=qcow2" "$@"
}

# answers_shell N: with words that are not in what is typed.
answers_shell()
{
	type_line "echo \"an\$((6 * 7))swer $1\""
	await holds "$tmp/console" "an42swer $1"
}

# The state is from where the guest wrote by interrupts alone.  It is loaded into the midst
# of its kernel's polled text, where the module has seen them switched off.
load_state()
{
	local before

	type_line "while :; do echo polled \$((i += 1)) >/dev/kmsg; done &"
	before=$(grep -ac "polled" "$tmp/console")
	await has_lines "polled" $((before + 20))
	! ask "loadvm written" | grep -qa Error
}

# has_lines TEXT N: the console has so many by now.
has_lines()
{
	[ "$(grep -ac "$1" "$tmp/console")" -ge "$2" ]
}

ktap_print_header
ktap_set_plan $((times + 7))

make_guest
qemu-img create -q -f qcow2 "$tmp/states" 1M
reload_module uart=0x3f8 ring=131072
start_daemon --serial "file=$tmp/console" --firmware off --post off
open_tty
boot_guest
result "a shell answers, claimed" answers_shell 0
result "its kernel's text does not reach the VMM" is_claimed 1

type_line 'while :; do echo "by interrupts"; done &'
await has_lines "by interrupts" 100
ask "savevm written" >/dev/null
for ((n = 1; n <= times; n++)); do
	load_state || echo "# QEMU did not load it"
	result "it answers after an older state was loaded, time $n" answers_shell "$n"
done

type_line 'kill %1'
ask "migrate \"exec:cat >$tmp/state\"" >/dev/null
await answers "info migrate" "Migration status: completed"
ask quit >/dev/null
await said "linux: gone"
rm -f "$tmp/monitor"
boot_guest -incoming "exec:cat $tmp/state"
linux=$!
await answers "info status" "VM status: running"
result "one that came to another VMM answers" answers_shell incoming
result "its VMM has that" await holds "$tmp/serial" "an42swer incoming"
result "nothing is claimed until it sets its port up" test "$(port_has saved 2)" = 0
type_line 'stty 57600; echo "set up" >/dev/kmsg; echo "said after it" >/dev/kmsg'
result "it is from then on" await is_claimed 2
result "and answers" answers_shell "at last"
type_line 'poweroff -f'
wait "$linux"
stop_daemon
ktap_finished
