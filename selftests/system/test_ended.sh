#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VM that has died beside a daemon and a reader is there for everybody who comes
# later, under its name and with all that it wrote: with the daemon, without it, and
# beside another VM of its name.
. ../lib/system.sh || exit

# knows WORD ID TEXT: dbgportctl finds the VM of that id by that word, and its line.
knows()
{
	[ "$(dbgportctl show --json "$1" | jq .id)" = "$2" ] &&
		holds <(dbgportctl tail -n all "$1") "$3" &&
		holds <(dbgportctl timeline "$1") "$3"
}

# state ID: of that VM, as listed.
state()
{
	dbgportctl list --json | jq -r ".[] | select(.id == $1) | \"\(.name) \(.state)\""
}

is_listed_as()
{
	[ "$(state "$1")" = "$2" ]
}

count_lines()
{
	[ "$(grep -c "$2" "$1")" = "$3" ]
}

ktap_print_header
ktap_set_plan 17

reload_module
start_daemon --sink "any:file=$tmp/%v.txt"
start_vm web 0xe9 $'first\n'
web=$!
await wrote web 6
start dbgportctl tail -f web >"$tmp/tailed"
await holds "$tmp/tailed" first
end_child "$web"
await said "web: gone"
result "an ended VM is listed under its name" is_listed_as 1 "web ended"
result "shown, tailed and drawn beside the daemon that has read it" knows web 1 first
stop_daemon
result "and without that" knows web 1 first
result "under its name" is_listed_as 1 "web ended"

start_daemon --sink "any:file=$tmp/%v.txt"
start_vm db 0xe9 $'other\n'
db=$!
await holds "$tmp/db.txt" other
result "a daemon that comes later does not write it again" \
	count_lines "$tmp/web.txt" first 1
start_vm web 0xe9 $'second\n'
second=$!
await holds "$tmp/web.txt" second
result "of two VMs of a name the living one is meant" knows web 3 second
result "the other one has its id" knows id:1 1 first
end_child "$second"
await said "web: gone"
result "of two that have ended, the newer one" knows web 3 second
stop_daemon

# Nobody has asked for its name before its death but dbgportctl.
start_vm lone 0xe9 $'alone\n'
lone=$!
await wrote lone 6
end_child "$lone"
await is_listed_as 4 "lone ended"
result "dbgportctl alone does for the name to stay" knows lone 4 alone

# What an ended VM wrote is no news.
result "wait finds it in one that has ended and is named" dbgportctl wait --text alone lone
status=0
dbgportctl wait --text alone --timeout 1s 2>/dev/null || status=$?
result "and not in all that ever were" test "$status" = 124
status=0
dbgportctl wait --text alone --timeout 1s -F lone 2>/dev/null || status=$?
result "nor by its name while the next one is waited for" test "$status" = 124
result "tail that wants only what comes ends" timeout 60 dbgportctl tail -n 0 -f lone

# A daemon that was not there.
rm "$run_dir/positions"
start_daemon --sink "any:file=$tmp/%v.late.txt"
result "a daemon that never saw it gets all, under its name" \
	await holds "$tmp/lone.late.txt" alone
stop_daemon
start_vm last
last=$!
start dbgportd --run-dir "$tmp/run2" --until-vm-exit \
	--sink "any:file=$tmp/%v.until.txt"
until=$!
await holds "$tmp/web.until.txt" second
result "VMs that have ended end no daemon that waits for its VM's end" kill -0 "$until"
await is_listed_as 5 "last claimed"
end_child "$last"
end_child "$db"
result "those of its VMs do" await is_ended "$until"
end_children
result "the module can be unloaded" unload_module
ktap_finished
