#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl list: what it shows of VMs, in which order, in how much room.
. ./fake.sh || exit
. ./fake_daemon.sh || exit

# Names, and how long ago these VMs wrote last.
silences()
{
	ctl list | awk '{ print $2, $7 }'
}

# One VM's name and silence.
is_silent_for()
{
	silences | grep -qx "$*"
}

# seconds_since TIME
seconds_since()
{
	echo $(($(date +%s) - $(date -d "$1" +%s)))
}

# times_of VM: when it began and wrote last.
times_of()
{
	ctl list --time iso8601 | awk -v vm="$1" '$2 == vm { print $6, $7 }'
}

is_between()
{
	(($2 <= $1 && $1 < $3))
}

# All of the first VM but its last write has been overwritten.
overwrite()
{
	echo "lost 1 31" >>"$FAKE_DEVICE"
}

# on_terminal COLUMNS OPTION...: what list prints there.
on_terminal()
{
	script -qec "stty cols $1; LD_PRELOAD=$PWD/fake_device.so NO_COLOR=1 \
		dbgportctl list --device $tmp/device ${*:2}" /dev/null | tr -d '\r'
}

widest()
{
	wc -L
}

# jq_of FILTER: of list's objects.
jq_of()
{
	ctl list --json | jq -c "$1"
}

names_by()
{
	ctl list --names --sort "$@" | tr '\n' ' '
}

ktap_print_header
ktap_set_plan 30

vms <<'EOT'
vm 1 web10 claimed 72000
line 1 0x402 0 70000000 SeaBIOS
line 1 0x402 0 7800000 Scan for VGA option rom
vm 2 web2 ended 10800
code 2 3 3900000 0x10
vm 3 silent tee 18000
EOT

result "the main columns" test "$(ctl list | head -n 1 | tr -s ' ')" = \
	"ID NAME PID STATE BOOT AGE LAST WRITES LOST"
result "when each wrote last, if ever" test "$(silences)" = \
	$'NAME LAST\nweb10 2h10min\nweb2 1h05min\nsilent -'
# Each begins, two wrote, one has ended.
result "which is read, and nothing before it" test "$(<"$FAKE_DEVICE.read")" -eq 6
overwrite
result "also of a ring that holds no more" is_silent_for web10 2h10min
result "as JSON, too" test "$(jq_of '[.[] | (.last_age // -60) / 60 | floor]')" = '[130,65,-1]'
result "on the host's clock" test \
	"$(jq_of '[.[] | .last_ns != null and .last_ns > .zero_ns]')" = '[true,true,false]'
read -r began wrote < <(times_of web10)
result "in words on request: when each began" is_between "$(seconds_since "$began")" 72000 73000
result "and when it wrote last" is_between "$(seconds_since "$wrote")" 7800 8800
result "if ever" test "$(times_of silent | cut -d ' ' -f 2)" = -
result "which their columns say" test "$(ctl list --time epoch | head -n 1 | tr -s ' ')" = \
	"ID NAME PID STATE BOOT BEGAN LAST WRITES LOST"
result "they sort as ages do" test "$(names_by age)" = "$(names_by age --time 24h)"
result "any other style is told" ends_with 2 ctl list --time vm
start_daemon
daemon_says '{"id": 1, "name": "web10", "lost": 0, "boot": 4, "outputs": []}' \
	'{"id": 2, "name": "web2", "lost": 0, "outputs": []}'
result "the boot of each that a daemon tells" test "$(ctl list | awk '{ print $5 }' | xargs)" = \
	"BOOT 4 - -"
result "and as JSON" test "$(jq_of '[.[].boot]')" = '[4,null,null]'
kill "$daemon"
result "-l has all columns" test "$(ctl list -l | head -n 1 | tr -s ' ')" = \
	"ID NAME VMM PID USER STATE BOOT AGE LAST PORTS BACKEND WRITES LOST SAVED"
result "by id, if nothing is said" test "$(ctl list --names | tr '\n' ' ')" = "web10 web2 silent "
result "by name, numbers in it as numbers" test "$(names_by name)" = "silent web2 web10 "
result "by silence, one that never wrote before all" test "$(names_by last)" = "silent web10 web2 "
result "by age" test "$(names_by age)" = "web10 silent web2 "
result "by writes" test "$(names_by writes)" = "web10 web2 silent "
result "by state, and of these by id" test "$(names_by state)" = "web10 web2 silent "
result "the other way round" test "$(names_by last -r)" = "web2 web10 silent "
result "JSON in that order, too" test \
	"$(ctl list --json --sort name | jq -c '[.[].id]')" = '[3,2,1]'
result "a column that there is not is told" ends_with 2 ctl list --sort size
result "with those that there are" grep -q "^dbgportctl: list: --sort size: it takes one of id|name|" "$log"

cat >>"$FAKE_DEVICE" <<'EOT'
vm 123456 debian-12-webserver-in-production-with-a-long-name-0001 claimed 86000
line 123456 0xe9 0 85000000 Linux
EOT
result "it fits 80 columns" test "$(on_terminal 80 | widest)" -eq 80
result "by cutting names" grep -q ' debian-12-.*…  *124456  claimed ' <(on_terminal 80)
result "which are whole where there is room" \
	grep -q 'with-a-long-name-0001 ' <(on_terminal 132)
result "or where they are asked for" grep -q 'with-a-long-name-0001 ' <(on_terminal 80 -l)
result "and in a pipe" grep -q 'with-a-long-name-0001 ' <(ctl list)
ktap_finished
