#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The service, as systemd runs it: as its own user, with what it is let do, it reads VMs
# of all users, those from before it too, writes where it should, comes back after a
# crash without a loss, and is not started again and again where that does not help.
# systemd is the first process of a pid namespace, with none of the host's units.
. ../lib/system.sh || exit

top=$(readlink -f ../../..)
units=/etc/dbgport-units
config=/etc/dbgport/dbgportd.conf

# add_unit NAME TEXT
add_unit()
{
	printf '%s\n' "$2" >"$units/$1"
}

prepare()
{
	local unit

	cp "$top/build/userspace/dbgportd" "$top/build/userspace/dbgportctl" /usr/local/bin/
	systemd-sysusers "$top/packaging/dbgport.sysusers" || return
	mkdir -p "$units" "${config%/*}" /var/log/journal
	for unit in systemd-journald.service systemd-journald.socket \
		systemd-journald-dev-log.socket modprobe@.service; do
		cp "/lib/systemd/system/$unit" "$units/" || return
	done
	cp "$top/packaging/dbgportd.service" "$units/"
	for unit in sysinit basic shutdown; do
		add_unit "$unit.target" "[Unit]"
	done
	add_unit test.target "[Unit]
Wants=systemd-journald.service"
	rm -f "$config" /run/systemd/journal/socket
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
	[ -s /etc/machine-id ] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
	printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\n' >/etc/systemd/journald.conf
}

# inside COMMAND...: where systemd is the first process
inside()
{
	nsenter --target "$manager" --mount --pid "$@"
}

is_running()
{
	inside systemctl is-system-running --quiet 2>>"$log" ||
		[ "$(inside systemctl is-system-running 2>>"$log")" = degraded ]
}

start_systemd()
{
	start unshare --mount --pid --fork --kill-child --mount-proc env -i \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		container=test SYSTEMD_UNIT_PATH="$units" \
		/lib/systemd/systemd --unit=test.target --log-target=null
	await manager_is_there "$!" && await is_running
}

manager_is_there()
{
	manager=$(pgrep -P "$1" systemd)
}

# value PROPERTY: of the service
value()
{
	inside systemctl show --value -p "$1" dbgportd.service
}

is_value()
{
	[ "$(value "$1")" = "$2" ]
}

main_is_not()
{
	[ "$(value MainPID)" != "$1" ] && is_value SubState running
}

runs_as_dbgport()
{
	local status

	inside systemctl start dbgportd.service >>"$log" 2>&1 || {
		inside systemctl status dbgportd.service >>"$log" 2>&1
		inside journalctl --no-pager -u dbgportd.service >>"$log" 2>&1
		return 1
	}
	is_value SubState running || return
	status=/proc/$(value MainPID)/status
	# The two capabilities, and no way to others.
	# shellcheck disable=SC2016 # awk's
	inside awk '/^Uid/ { print $2 } /^Cap(Eff|Bnd|Amb)|^NoNewPrivs|^Seccomp:/ { print }' \
		"$status" >"$tmp/is"
	diff - "$tmp/is" >>"$log" <<-EOT
		$(id -u dbgport)
		CapEff:	0000000000080004
		CapBnd:	0000000000080004
		CapAmb:	0000000000080004
		NoNewPrivs:	1
		Seccomp:	2
	EOT
}

# writes_memory WORD [LINE]: a program in the daemon's place, with that LINE in its unit,
# writes nothing into the manager's memory, and is "refused" or not.
writes_memory()
{
	mkdir -p "$units/dbgportd.service.d"
	# 311 is process_vm_writev.
	add_unit dbgportd.service.d/other.conf "[Service]
Type=oneshot
ExecStart=
ExecStart=perl -e 'print syscall(311, 1, 0, 0, 0, 0, 0) ? \"refused\" : \"permitted\"'
$2"
	inside systemctl daemon-reload
	inside systemctl reset-failed dbgportd.service
	inside systemctl start dbgportd.service >>"$log" 2>&1
	await says_last perl "$1"
}

# says_last IDENTIFIER TEXT
says_last()
{
	[ "$(inside journalctl --no-pager -o cat -n 1 -t "$1")" = "$2" ]
}

# entries FILTER: what jq makes of what guests wrote
entries()
{
	inside journalctl --no-pager -o json -t dbgportd 2>>"$log" |
		jq -r "select(.DBGPORT_VM) | $1" 2>>"$log"
}

# in_journal TEXT
in_journal()
{
	entries '.MESSAGE' | grep -qxF -- "$1"
}

# say TEXT: by a VM of root's
say()
{
	inside "$talk" 0x402 "$1"$'\n' >/dev/null
}

others_vm()
{
	local status

	inside setpriv --reuid=1234 --regid=kvm --clear-groups "$talk" 0x402 $'of another user\n' \
		>/dev/null
	await in_journal "of another user" || return
	status=$(entries 'select(.MESSAGE == "of another user") | .DBGPORT_PORT')
	[ "$status" = 0x402 ]
}

early_vm_is_taken_in()
{
	inside systemctl stop dbgportd.service
	reload_unseen
	inside systemctl start dbgportd.service || return
	await attached_late
}

# A VM that was there before the module.
reload_unseen()
{
	unload_module
	start inside "$talk" -k 0xe9 x >/dev/null
	await pgrep -x talk >/dev/null
	reload_module
	chgrp kvm /dev/dbgport
	chmod 660 /dev/dbgport
}

attached_late()
{
	inside journalctl --no-pager -o cat -t dbgportd | grep -q "talk-[0-9]*: attached late"
}

writes_file()
{
	printf '[sink a]\nport = any\nmode = file=/var/log/dbgport/%%v.log\nformat = text\n[sink b]\nport = any\nmode = pty\n' \
		>"$config"
	inside systemctl restart dbgportd.service || return
	say "into a file"
	await grep -qsx "into a file" -r /var/log/dbgport
	[ "$(stat -c %U:%a /var/log/dbgport)" = dbgport:750 ]
}

survives_crash()
{
	local main

	main=$(value MainPID)
	inside kill -9 "$main"
	say "while it is away"
	await main_is_not "$main"
	await grep -qsx "while it is away" -r /var/log/dbgport || return
	[ "$(value NRestarts)" -ge 1 ] && is_value Result success
}

is_in_file()
{
	grep -qsx "$1" -r /var/log/dbgport
}

# As a package's upgrade ends one and starts the next.
survives_upgrade()
{
	say "before an upgrade"
	await is_in_file "before an upgrade" || return
	inside systemctl stop dbgportd.service
	say "during an upgrade"
	inside systemctl start dbgportd.service || return
	await is_in_file "during an upgrade" || return
	say "after an upgrade"
	await is_in_file "after an upgrade" || return
	# None twice.
	[ "$(cat /var/log/dbgport/*.log | grep -cx '[a-z]* an upgrade')" = 3 ]
}

reload_fails()
{
	local main

	main=$(value MainPID)
	printf '[sink a]\nport = any\nmode = nul\n' >"$config"
	! inside systemctl reload dbgportd.service 2>>"$log" || return
	is_value MainPID "$main" && is_value SubState running
}

# not_again STATUS: it has failed with that, once
not_again()
{
	! inside systemctl restart dbgportd.service 2>>"$log" || return
	is_value ExecMainStatus "$1" && is_value NRestarts 0 && is_value ActiveState failed
}

without_module()
{
	rm -f "$config"
	unload_module
	not_again 3
}

ktap_print_header
ktap_set_plan 14
result "systemd can be run here" prepare
result "and is" start_systemd
result "the service runs as its own user, with two capabilities" runs_as_dbgport
say "hello from root"
result "firmware's output is in the journal, with fields" await in_journal "hello from root"
result "that of another user's VM too" others_vm
result "a VM from before the module is taken in" early_vm_is_taken_in
end_child "${children[-1]}" 2>/dev/null
result "files are written where they should be" writes_file
result "a crash loses nothing, and it comes back" survives_crash
result "an upgrade loses nothing, and repeats nothing" survives_upgrade
result "a reload of a broken config file fails, and it runs on" reload_fails
result "it is not started again with a broken config file" not_again 2
result "nor without the module" without_module
result "it cannot write another process's memory" writes_memory refused ""
result "as it could without the filter" writes_memory permitted SystemCallFilter=
ktap_finished
