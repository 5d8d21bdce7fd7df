#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The packages on a Debian 12 with two kernels, without network: they bring the user, the
# service and a module for each kernel, take an upgrade, and leave nothing when they are
# purged.  The tree is bootstrapped once, into the cache; nothing is booted.
. ./packages.sh || exit

tree=$cache/packages-bookworm
root=$tmp/root

# make_tree: systemd, DKMS, and two kernels with their headers.
make_tree()
{
	local packages=systemd-sysv,udev,dbus,kmod,dkms,initramfs-tools,zstd

	packages+=,linux-image-amd64,linux-headers-amd64,libcurl3-gnutls,libjansson4,libnats3.4,liburing2
	packages+=,linux-image-6.12-amd64,linux-headers-6.12-amd64
	bootstrap packages-bookworm "$packages"
}

mount_tree()
{
	mount_over "$tree" "$root" && mount -t proc proc "$root/proc" &&
		mount -t tmpfs dev "$root/dev" || return
	mknod -m 666 "$root/dev/null" c 1 3
	mknod -m 666 "$root/dev/zero" c 1 5
	mknod -m 666 "$root/dev/urandom" c 1 9
	ln -s /proc/self/fd "$root/dev/fd"
}

umount_tree()
{
	umount -q "$root/dev" "$root/proc"
	umount_over "$root"
	rm -rf --one-file-system "$tmp"
}
trap umount_tree EXIT

# inside COMMAND...: in the tree, without network
inside()
{
	unshare --net chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		DEBIAN_FRONTEND=noninteractive "$@" >"$tmp/said" 2>&1
	local status=$?
	cat "$tmp/said" >>"$log"
	return "$status"
}

# all_files: of the tree, but what packages' managers and users of ours may leave
all_files()
{
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./tmp \) -prune -o \
		-type f -print -o -type l -print) | grep -v -e '^./var/lib/dpkg/' \
		-e '^./var/cache/' -e '^./var/log/\(apt\|dpkg\|alternatives\)' -e '^./packages/' \
		-e '^./etc/\(passwd\|group\|shadow\|gshadow\)-\?$' -e '^./var/lib/systemd/' \
		-e '^./var/lib/dkms/mok\.' -e '^./var/lib/apt/' -e '^./run/' | sort
}

install_them()
{
	mkdir "$root/packages"
	cp "$debs"/dbgport_*.deb "$debs"/dbgport-dkms_*.deb "$debs"/libdbgport-dev_*.deb \
		"$debs"/dbgport-guest_*.deb "$root/packages/"
	inside sh -c 'apt-get install --yes --no-install-recommends /packages/*.deb'
}

# module_of KERNEL: our module's file there, compressed if the kernel's own are
module_of()
{
	find "$1/updates/dkms" -name 'dbgport.ko*' 2>>"$log"
}

# Of each kernel that is there.
has_modules()
{
	local kernel count=0

	for kernel in "$root"/lib/modules/*; do
		[ -e "$root$(readlink "$kernel/build")" ] || continue
		count=$((count + 1))
		[ "$(module_of "$kernel")" ] || {
			echo "none for ${kernel##*/}" >>"$log"
			return 1
		}
		grep -q '/dbgport\.ko[.a-z]*:.*/kvm\.ko' "$kernel/modules.dep" || return
	done
	[ "$count" -ge 2 ]
}

has_service()
{
	local wants=$root/etc/systemd/system

	inside id -u dbgport || return
	[ "$(stat -c %u:%a "$root/var/log/dbgport")" = "$(<"$tmp/said"):750" ] || return
	[ -L "$wants/multi-user.target.wants/dbgportd.service" ] &&
		[ -L "$wants/dev-dbgport.device.wants/dbgportd.service" ]
}

service_is_understood()
{
	inside systemd-analyze verify --man=no dbgportd.service &&
		! grep -q 'dbgport' "$tmp/said" &&
		inside dbgportd --check-config && grep -q '^0x402:journal$' "$tmp/said"
}

initramfs_has_mark()
{
	inside sh -c 'lsinitramfs /boot/initrd.img-* | grep -x usr/bin/dbgport-mark'
}

upgraded()
{
	echo "# the administrator's" >>"$root/etc/dbgport/dbgportd.conf"
	inside sh -c 'dpkg-deb -R /packages/dbgport_*.deb /tmp/new &&
		sed -i "s/^Version: .*/&+1/" /tmp/new/DEBIAN/control &&
		dpkg-deb -b /tmp/new /tmp/new.deb &&
		apt-get install --yes --no-install-recommends /tmp/new.deb' || return
	tail -n 1 "$root/etc/dbgport/dbgportd.conf" | grep -q administrator
}

new_kernel()
{
	local kernel

	# As if it had come just now: what the kernel's package runs then.
	kernel=$(find "$root/lib/modules" -maxdepth 1 -name '6.12*')
	inside dkms remove -m dbgport -v "$version" -k "${kernel##*/}" || return
	[ ! "$(module_of "$kernel")" ] || return
	inside /etc/kernel/postinst.d/dkms "${kernel##*/}" || return
	[ "$(module_of "$kernel")" ]
}

purged()
{
	inside apt-get purge --yes dbgport dbgport-dkms libdbgport-dev dbgport-guest || return
	all_files >"$tmp/after"
	diff "$tmp/before" "$tmp/after" >>"$log"
}

ktap_print_header
((EUID == 0)) || ktap_skip_all "only root can use a tree of another system"
ktap_set_plan 10
result "a Debian 12 is bootstrapped" make_tree
result "and can be changed for a while" mount_tree
all_files >"$tmp/before"
result "the packages are installed without network" install_them
result "each kernel has the module, which needs kvm.ko" has_modules
result "the service has its user and its directory, and is enabled" has_service
result "systemd and dbgportd understand what is installed" service_is_understood
result "a guest's initramfs has dbgport-mark" initramfs_has_mark
result "a new kernel gets the module" new_kernel
result "an upgrade leaves what the administrator changed" upgraded
result "nothing stays when they are purged" purged
ktap_finished
