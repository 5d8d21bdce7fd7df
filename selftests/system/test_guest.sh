#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In a Linux guest with nothing but BusyBox: each command that README and the manual
# page give for guests does what they say, and nothing else; and dbgport-mark where
# the kernel has no /dev/port, as Debian's cloud kernels.
. ../lib/system.sh || exit

top=$(dirname "$DBGPORT_BUILD")

# README's part for guests has them in a block, with comments.
readme_examples()
{
	awk '
		/^## / { part = /guest/ }
		/^```/ { block = !block; next }
		part && block { sub(/ *#.*/, ""); print }' "$top/README.md"
}

page_examples()
{
	grep -P '^\tdbgport-mark ' "$top/Documentation/dbgport-mark.1.scd" | cut -c2-
}

# What the host gets to see of each, as "EXAMPLE => PORT TEXT".
known=$(
	cat <<-'END'
		dbgport-mark hello => 233 hello
		dbgport-mark "disks found" => 233 disks found
		dbgport-mark 0x60 => 128 96
		dbgport-mark --port 0x402 "disks found" => 1026 disks found
		dbgport-mark 0x40 => 128 64
		dbgport-mark "looking for the root file system" => 233 looking for the root file system
		dbgport-mark --port 0x402 "still here" => 1026 still here
	END
)

make_guest()
{
	make_initramfs dbgport-mark <<-'END'
		#!/bin/busybox sh
		export PATH=/bin
		/bin/busybox mount -t devtmpfs dev /dev
		dbgport-mark "examples begin"
		while read -r example; do
			sh -c "$example" </dev/null || echo "failed: $example" >/dev/console
		done </examples
		dbgport-mark "examples end"
		/bin/busybox rm /dev/port
		dbgport-mark "no device" 2>/dev/console
		echo "status: $?" >/dev/console
		/bin/busybox poweroff -f
	END
	{ readme_examples; page_examples; } >"$tmp/initramfs/examples"
}

# All that came on any port between the two marks.
seen()
{
	jq -r 'select(.type == "line" or .type == "code") | "\(.port) \(.text // .value)"' \
		"$tmp/seen.json" | sed -n '/^233 examples begin$/,/^233 examples end$/p' | sed '1d;$d'
}

# It has been written, or why not is said in one line: never a signal's status.
says_so()
{
	local said

	said=$(tr -d '\r' <"$tmp/serial" | sed '/^status: /,$d')
	if holds "$tmp/serial" "status: 0"; then
		[ -z "$said" ] && jq -e 'select(.text == "no device")' "$tmp/seen.json" >/dev/null
	else
		holds "$tmp/serial" "status: 1" && [ "$(wc -l <<<"$said")" = 1 ] &&
			[[ $said == "dbgport-mark: "*"there is no /dev/port"* ]]
	fi
}

ktap_print_header
ktap_set_plan 5

make_guest
reload_module
start_daemon --sink "any:file=$tmp/seen.json,format=json"
result "README has examples, and so has the page" \
	diff <(awk -F ' => ' '{ print $1 }' <<<"$known") "$tmp/initramfs/examples"
result "none writes to /dev/port, whose position moves on" \
	test "$(cat "$top/README.md" "$tmp/initramfs/examples" | grep -c /dev/port)" = 0
result "a Linux guest runs them" boot_linux
await said "linux: gone"
stop_daemon
result "the host sees what they say, and nothing else" \
	diff <(awk -F ' => ' '{ print $2 }' <<<"$known") <(seen)
result "without /dev/port the text arrives, or one line says why not" says_so
sed 's/^/# serial: /' "$tmp/serial"
ktap_finished
