# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A complete Debian 12 that is booted with systemd as its init, on CPUs that QEMU
# emulates, without network; to be sourced after packages.sh.  Its tree is bootstrapped
# once, into the cache.
#
#	make_host_tree		bootstraps it
#	make_host		an image of it, with the packages in /packages
#	boot			starts it, with its newest kernel as a boot loader would
#	inside COMMAND		shell, by root; its output is in $said
#	reboot_host		and power_off: as an administrator does
# shellcheck disable=SC2154 # $tmp, $log, $debs, $cache and $top are packages.sh's

host_tree=$cache/packages-host
host=$tmp/host
said=$tmp/said
emulator=
agent_pid=
questions=0

# Linux 6.1 and all that a host of libvirt's has; in /kernel is what an upgrade to 6.12
# brings.
make_host_tree()
{
	local packages=systemd-sysv,udev,dbus,kmod,dkms,initramfs-tools,zstd,apparmor,procps

	packages+=,linux-image-amd64,linux-headers-amd64,libcurl3-gnutls,libjansson4,libnats3.4,liburing2
	packages+=,bash-completion
	packages+=,libvirt-daemon-system,libvirt-clients,qemu-system-x86,seabios
	# shellcheck disable=SC2016 # mmdebstrap's shell knows $1
	bootstrap packages-host "$packages" --aptopt='APT::Install-Recommends "false"' \
		--customize-hook='mkdir "$1/kernel" && chroot "$1" sh -c "cd /kernel &&
			new=\$(apt-get --simulate install linux-image-6.12-amd64 \
				linux-headers-6.12-amd64 | sed -n \"s/^Inst \([^ ]*\).*/\1/p\") &&
			apt-get download \$new"'
}

# The only thing on it that a host does not have: a shell on a port of the machine.
add_agent()
{
	cat >"$1/usr/local/sbin/agent" <<-'EOT'
		#!/bin/bash
		exec 3<>/dev/virtio-ports/agent
		while read -r -u 3 number command; do
			bash -c "$(base64 -d <<<"$command")" </dev/null >/run/agent 2>&1
			printf '%s\n' "$number $? $(base64 -w 0 /run/agent)" >&3
		done
	EOT
	chmod 755 "$1/usr/local/sbin/agent"
	cat >"$1/etc/systemd/system/agent.service" <<-'EOT'
		[Unit]
		BindsTo=dev-virtio\x2dports-agent.device
		After=dev-virtio\x2dports-agent.device
		[Service]
		ExecStart=/usr/local/sbin/agent
		KillMode=process
		[Install]
		WantedBy=multi-user.target
	EOT
	ln -s ../agent.service "$1/etc/systemd/system/multi-user.target.wants/agent.service"
}

# make_host FILE...: these go to /packages.
make_host()
{
	local root=$tmp/root

	mount_over "$host_tree" "$root" || return
	mkdir "$root/packages"
	cp "$@" "$root/packages/" && add_agent "$root" || return
	echo host >"$root/etc/hostname"
	echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
	mkdir -p "$root/var/log/journal"
	mke2fs -q -t ext4 -d "$root" "$host.img" 8G >>"$log" 2>&1
	local status=$?
	umount_over "$root"
	return "$status"
}

# newest_file NAME: the newest kernel's, copied out of the image
newest_file()
{
	local file

	file=$(debugfs -R "ls -p /boot" "$host.img" 2>/dev/null |
		awk -F / -v name="$1-" 'index($6, name) == 1 { print $6 }' | sort -V | tail -n 1)
	debugfs -R "dump /boot/$file $host.$1" "$host.img" 2>/dev/null
	[ -s "$host.$1" ]
}

boot()
{
	local cmdline="root=/dev/vda rw console=ttyS0 tsc=reliable no_timer_check"

	newest_file vmlinuz && newest_file initrd.img || return
	cmdline+=" tsc_early_khz=$("$tmp/tsc_khz") systemd.show_status=0 loglevel=4 ${1-}" || return
	# The last emulator's says that there is one, and refuses.
	rm -f "$host.agent"
	qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-machine pc -accel tcg,thread=single -cpu max,+svm -smp 1 -m 3G \
		-kernel "$host.vmlinuz" -initrd "$host.initrd.img" -append "$cmdline" \
		-drive "file=$host.img,format=raw,if=virtio,cache=unsafe" \
		-serial "file:$host.console" -device virtio-serial-pci \
		-chardev "socket,id=agent,path=$host.agent,server=on,wait=off" \
		-device virtserialport,chardev=agent,name=agent \
		</dev/null >>"$log" 2>&1 &
	emulator=$!
	for _ in {1..100}; do
		[ ! -S "$host.agent" ] || break
		sleep 0.1
	done
	coproc agent { exec socat - "UNIX-CONNECT:$host.agent"; }
	agent_pid=$!
	# The machine's port keeps what is written until somebody reads there.
	host_timeout=900 inside 'systemctl is-system-running --wait'
	[ "$(<"$said")" = running ] || {
		inside 'systemctl --failed --no-legend'
		[ "$(grep -c . "$said")" = 0 ]
	}
}

# Answers to what was given up are passed over.
inside()
{
	local number=0 status text

	questions=$((questions + 1))
	printf '%s\n' "$questions $(base64 -w 0 <<<"$1")" >&"${agent[1]}" || return 126
	while ((number != questions)); do
		if ! read -r -t "${host_timeout:-600}" -u "${agent[0]}" number status text; then
			echo "no answer to: $1" >>"$log"
			tail -n 20 "$host.console" >>"$log"
			return 126
		fi
	done
	base64 -d <<<"$text" >"$said"
	{
		echo "\$ $1"
		cat "$said"
	} >>"$log"
	return "$status"
}

# A host that does not go down within ten minutes has failed.
wait_for_end()
{
	local status=1

	for _ in {1..600}; do
		kill -0 "$emulator" 2>/dev/null || {
			status=0
			break
		}
		sleep 1
	done
	kill -9 "$emulator" 2>/dev/null
	wait "$emulator" 2>/dev/null
	kill "$agent_pid" 2>/dev/null
	wait "$agent_pid" 2>/dev/null
	emulator=
	return "$status"
}

power_off()
{
	inside 'systemctl --no-block poweroff' && wait_for_end
}

reboot_host()
{
	inside 'systemctl --no-block reboot' && wait_for_end && boot
}

end_host()
{
	[ -z "$emulator" ] || kill -9 "$emulator"
	umount_over "$tmp/root"
	rm -rf --one-file-system "$tmp"
}
trap end_host EXIT

cc -O2 -o "$tmp/tsc_khz" "$top/selftests/vm/tsc_khz.c" ||
	ktap_exit_fail_msg "the TSC's rate cannot be found"
