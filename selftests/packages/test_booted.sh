#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A Debian 12 with libvirt gets the packages, and from then on VMs are heard: at once, after
# a reboot, after kill -9 and reloads in a flood, with the module taken out and put back,
# after upgrades of the packages and of the kernel.  Nothing stays when they are purged.
# shellcheck disable=SC2016 # what is in single quotes is for the shell in there
. ./packages.sh || exit
. ./host.sh || exit

lib=$(readlink -f ../lib)
conf=/etc/dbgport/dbgportd.conf
# What a VM of libvirt's says, in this boot of the host.
journal="journalctl -b -t dbgportd DBGPORT_VM=web -o cat"

# newer PACKAGE: as the next version; the module's is another one by what is compiled
newer()
{
	local dir=$tmp/newer next=$version.1

	rm -rf "$dir"
	mkdir -p "$tmp/upgrade"
	dpkg-deb -R "$debs/$1"_[0-9]*.deb "$dir" || return
	sed -i "s/^Version: .*/Version: $next/" "$dir/DEBIAN/control"
	if [ "$1" = dbgport-dkms ]; then
		mv "$dir/usr/src/dbgport-$version" "$dir/usr/src/dbgport-$next" &&
			sed -i "s/\<${version//./\\.}\>/$next/" "$dir"/DEBIAN/{postinst,prerm} \
				"$dir"/usr/src/*/{dkms.conf,module/main.c} || return
	fi
	dpkg-deb --root-owner-group -b "$dir" "$tmp/upgrade/newer-$1.deb"
}

make_all()
{
	cat >"$tmp/web.xml" <<-EOT
		<domain type="kvm">
			<name>web</name>
			<memory unit="MiB">64</memory>
			<os><type arch="x86_64" machine="pc">hvm</type></os>
			<devices><memballoon model="none"/></devices>
		</domain>
	EOT
	newer dbgport >>"$log" && newer dbgport-dkms >>"$log" || return
	make_host "$debs"/dbgport_*.deb "$debs"/dbgport-dkms_*.deb "$tmp"/upgrade/*.deb \
		"$lib/flood" "$lib/check_counts" "$tmp/web.xml"
}

installs()
{
	host_timeout=2400 inside "apt-get install --yes --no-install-recommends $1"
}

# soon COMMAND: in three minutes it works
soon()
{
	inside "for i in \$(seq 180); do ! ($1) || exit 0; sleep 1; done; $1"
}

is_ready()
{
	soon 'systemctl is-active dbgportd' && inside 'dbgportctl doctor' &&
		inside 'modinfo -F srcversion dbgport | diff /sys/module/dbgport/srcversion -'
}

is_safe()
{
	local score

	inside 'systemd-analyze security --no-pager dbgportd.service | tail -n 1' || return
	score=$(grep -o '[0-9]*\.[0-9]' "$said")
	echo "# systemd-analyze security: $score"
	awk -v score="$score" 'BEGIN { exit !(score != "" && score <= 1.5) }'
}

# Firmware's first line, and its last; before the first one it is told that the VM came.
heard_whole()
{
	soon "$journal | grep -q 'No bootable device'" &&
		inside "$journal | head -n 3; $journal | grep -v '^\[… attached: ' | head -n 1 |
			grep -q '^SeaBIOS (version'"
}

domain_is_heard()
{
	inside "virsh define /packages/web.xml && virsh start web" || return
	heard_whole
}

is_confined()
{
	inside 'grep -qx "libvirt-.* (enforce)" /proc/$(pgrep -f guest=[w]eb)/attr/current' &&
		inside '! journalctl -b -k | grep "apparmor=\"DENIED\".*profile=\"libvirt-"'
}

# as USER: what the list of VMs is there
as()
{
	inside "runuser -u $1 -- dbgportctl list"
}

seen_by_its_user()
{
	inside 'useradd --groups kvm somebody' || return
	as root && grep -qw web "$said" || return
	as libvirt-qemu && grep -qw web "$said" || return
	as somebody && ! grep -qw web "$said"
}

after_reboot()
{
	inside 'virsh autostart web' && reboot_host && is_ready && heard_whole
}

flood_begins()
{
	inside "rm -f /var/log/dbgport/*.bytes
		printf '[sink bytes]\nport = console\nmode = file=/var/log/dbgport/%%v.bytes\n' >$conf &&
		systemctl restart dbgportd &&
		systemd-run --collect --unit=flood -p StandardOutput=file:/run/flood \\
			/packages/flood -l 20 -p 20 0xe9 0x402" &&
		soon '[ -s /var/log/dbgport/flood-*.bytes ]'
}

# flood_is_whole TIMES: but for what came again so often
flood_is_whole()
{
	inside 'systemctl kill -s TERM flood' && soon '[ -s /run/flood ]' || return
	soon "/packages/check_counts bytes \$(cat /run/flood) $1 /var/log/dbgport/flood-*.bytes" &&
		sed 's/^/# /' "$said"
}

reloads()
{
	flood_begins && inside 'for i in {1..5}; do
			systemctl reload dbgportd && sleep 1 || exit
		done' && flood_is_whole 0
}

kills()
{
	flood_begins && inside 'for i in {1..3}; do
			systemctl kill -s KILL dbgportd && sleep 3 || exit
		done' && flood_is_whole 3 && soon 'systemctl is-active dbgportd'
}

upgrade_is_whole()
{
	flood_begins && installs '-o Dpkg::Options::=--force-confold /packages/newer-dbgport.deb' &&
		flood_is_whole 1
}

# The domain's process, which goes on whatever happens.
same_process()
{
	inside 'pgrep -f guest=[w]eb' && [ "$(<"$said")" = "$process" ]
}

module_comes_and_goes()
{
	inside "cp /packages/dbgportd.conf $conf && systemctl restart dbgportd &&
		pgrep -f 'guest=[w]eb'" || return
	process=$(<"$said")
	inside 'modprobe -r dbgport && ! [ -e /sys/module/dbgport ] && systemctl is-active dbgportd' &&
		inside 'modprobe dbgport' && is_ready && same_process || return
	soon "journalctl -b -t dbgportd -o cat | grep -qx 'dbgportd: web: attached late, .*'"
}

module_is_replaced()
{
	local before

	inside 'cat /sys/module/dbgport/srcversion' || return
	before=$(<"$said")

	installs /packages/newer-dbgport-dkms.deb && is_ready && same_process || return
	inside 'cat /sys/module/dbgport/srcversion' && [ "$(<"$said")" != "$before" ]
}

kernel_is_newer()
{
	installs '/kernel/*.deb' && reboot_host && inside 'uname -r' &&
		grep -q '^6\.12\.' "$said" && is_ready && heard_whole
}

nothing_stays()
{
	inside 'pgrep -f guest=[w]eb' || return
	process=$(<"$said")
	inside 'apt-get purge --yes dbgport dbgport-dkms' && same_process || return
	inside '! [ -e /sys/module/dbgport ] && ! systemctl cat dbgportd &&
		! find / -xdev -name "*dbgport*" -not -path "/packages/*" \
			-not -path "/var/cache/*" -print | grep .'
}

ktap_print_header
((EUID == 0)) || ktap_skip_all "only root can make another system's tree"
ktap_set_plan 17
result "a Debian 12 with libvirt is bootstrapped" make_host_tree
result "becomes a host" make_all
result "and is booted" boot
result "the packages are installed without network" \
	installs '/packages/dbgport_*.deb /packages/dbgport-dkms_*.deb'
result "the service runs, and nothing is wrong" is_ready
inside "cp $conf /packages/"
result "it is well shut in" is_safe
result "a domain of libvirt's is heard, by its name" domain_is_heard
result "which AppArmor confines, and denies nothing" is_confined
result "root and its user see it, another user does not" seen_by_its_user
result "after a reboot an autostarted domain is heard from its first line" after_reboot
result "five reloads in a flood lose nothing" reloads
result "three kills in a flood lose nothing" kills
result "an upgrade of the daemon in a flood loses nothing" upgrade_is_whole
result "the module is taken out and put back, and a domain goes on" module_comes_and_goes
result "an upgrade of the module replaces it, and a domain goes on" module_is_replaced
result "after an upgrade of the kernel all is as before" kernel_is_newer
result "nothing stays when they are purged, but the domain" nothing_stays
ktap_finished
