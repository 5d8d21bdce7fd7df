#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --console pty: a terminal for each VM, with a stable link to it.
. ../lib/system.sh || exit

link()
{
	find "$run_dir" -type l 2>/dev/null | head -n 1
}

has_link()
{
	test -n "$(link)"
}

has_no_link()
{
	! has_link
}

ktap_print_header
ktap_set_plan 11

reload_module
start_daemon --console pty
start "$talk" -k 0xe9 $'early\n' >/dev/null
vm=$!
await has_link
link=$(link)
result "the link leads to a pty" test -c "$link"
result "the link and the pty are told" grep -q "$link -> /dev/pts/" "$tmp/log"
result "the link carries the VM's name" \
	grep -q "talk-$vm" <<<"$link"

timeout 60 head -n 1 "$link" >"$tmp/first"
result "what came before anyone opened it is shown" holds "$tmp/first" early

# A second client after the first one has left, and a third one that types.
kill "$vm"
await said gone
text=$'one\ntwo\nthree\n\xff\x1b[2J\r\n'
start "$talk" -k 0xe9 "$text" >/dev/null
vm=$!
await has_link
link=$(link)
timeout 60 head -c 21 "$link" >"$tmp/second"
result "it has the exact bytes, control characters too" \
	cmp <(printf %s "$text") "$tmp/second"
result "the link stays when a client leaves" test -c "$link"
echo "typed by nobody in particular" >"$link"
result "what a client types does no harm" kill -0 "$daemon"
kill "$vm"
await said gone

# More than is kept: the oldest go, and that is seen.
start "$talk" -f 0xe9 >/dev/null
flood=$!
sleep 2
kill "$flood"
await grep -q "talk-$flood: gone" "$tmp/log"
# What nobody has read is kept for a while after a VM's end.
await has_no_link
result "a flood that nobody reads does not stop the daemon" kill -0 "$daemon"

start "$talk" -k 0xe9 $'still\n' >/dev/null
vm=$!
await has_link
timeout 60 head -n 1 "$(link)" >"$tmp/still"
result "and later VMs are served" holds "$tmp/still" still
stop_daemon
result "SIGTERM ends it well" test "$?" -eq 0
result "and leaves nothing behind" is_left_clean
ktap_finished
