#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportd where the module cannot be a device on a VM's bus: it gives it the
# eventfd that it needs instead.
. ../lib/system.sh || exit

text="by an eventfd: 0123456789"

# talk_to_file: what a VM says is in its file, and its VMM saw nothing of it.
talk_to_file()
{
	local exits

	exits=$("$talk" 0xe9 "$text") && test "$exits" = "0xe9 0" &&
		await grep -qxF "$text" "$tmp/console"
}

ktap_print_header
ktap_set_plan 5

reload_module backend=ioeventfd
# It says something only when the daemon has long been there.
start "$talk" -d 10000 -k 0x402 "$text" >/dev/null
start_daemon --console "file=$tmp/console" --firmware "file=$tmp/firmware"
result "a new VM is claimed from its first byte on" talk_to_file
result "a VM that was there is claimed, too" await test -s "$tmp/firmware"
result "a daemon of before has given enough" stop_daemon
rm "$tmp/console"
start_daemon --console "file=$tmp/console"
result "for the next one" talk_to_file
result "and all ends well" stop_daemon
ktap_finished
