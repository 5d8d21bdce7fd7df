#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# libvirt's hook of Documentation/managers.rst gives the console of a domain to the user
# that the domain's description names, and nothing else to anybody.  dbgportd runs as the
# user that the service has.
. ../lib/system.sh || exit

top=$(readlink -f ../../..)
run_dir=/run/dbgport
owner=1234

# In the background, so that its id is the daemon's.
dbgportd()
{
	exec setpriv --reuid=dbgport --regid=dbgport --groups=kvm --inh-caps=+sys_ptrace \
		--ambient-caps=+sys_ptrace dbgportd "$@"
}

make_hook()
{
	awk '/^\t#!\/bin\/sh$/ { on = 1 } on && /^[^\t]/ { exit } on { print substr($0, 2) }' \
		"$top/Documentation/managers.rst" >"$tmp/hook"
	chmod +x "$tmp/hook"
	grep -q chown "$tmp/hook"
}

prepare()
{
	systemd-sysusers "$top/packaging/dbgport.sysusers" &&
		install -d -o dbgport "$run_dir" && chgrp kvm /dev/dbgport &&
		chmod 660 /dev/dbgport
}

# hook DOMAIN EVENT [METADATA]: as libvirt calls it.
hook()
{
	"$tmp/hook" "$1" "$2" begin - <<-END
		<domain type='kvm' id='1'>
		  <name>$1</name>
		  <metadata>
		    ${3-}
		  </metadata>
		</domain>
	END
}

owned()
{
	echo "<dbgport:console xmlns:dbgport=\"urn:dbgport\" owner=\"$owner\"/>"
}

# is_of USER LINK: whose pty that leads to
is_of()
{
	[ "$(stat -Lc %u "$run_dir/$2.console")" = "$1" ]
}

ktap_print_header
ktap_set_plan 7
reload_module
prepare
result "the page has a hook" make_hook
start_daemon --console pty
service=$(id -u dbgport)
for name in web db "My VM" evil; do
	start_vm "$name"
done
await is_of "$service" web
hook web prepare "$(owned)"
result "it waits until a domain has been started" is_of "$service" web
hook web started "$(owned)"
result "a domain's console is its owner's then" is_of "$owner" web
hook db started
result "one that names none stays the service's" await is_of "$service" db
hook "My VM" started "$(owned)"
result "a blank in the name is no trouble" is_of "$owner" My+VM
await is_of "$service" evil
touch "$tmp/victim"
ln -sf "$tmp/victim" "$run_dir/evil.console"
hook evil started "$(owned)"
result "a link to something else gives nothing away" test "$(stat -c %u "$tmp/victim")" = 0
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
ktap_finished
