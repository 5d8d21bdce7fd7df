#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The boot of a Linux guest as dbgportctl draws it, from SeaBIOS over Debian's
# kernel to user space, against the raw records; a hundred boots compared; and a VM that
# QEMU restores.
. ../lib/system.sh || exit

make_guest()
{
	make_initramfs dbgport-mark <<-'END'
		#!/bin/busybox sh
		/bin/busybox mount -t devtmpfs dev /dev
		/bin/dbgport-mark 0x40
		/bin/busybox mount -t proc proc /proc
		read -r uptime _ </proc/uptime
		/bin/dbgport-mark "Linux reached its initramfs after $uptime s"
		/bin/dbgport-mark 0x60
		/bin/dbgport-mark --port 0x402 "<b>user space</b>"
		/bin/busybox sleep 0.2
		/bin/dbgport-mark 0x7f
		/bin/busybox poweroff -f
	END
}

# The records as they are, of the one VM: "type port value seq time", the time from
# the ATTACHED's on.
raw()
{
	perl -e 'open D, "<", "/dev/dbgport" or die;
		while (sysread D, $_, 65536) {
			while (s/^(.{32})//s) {
				my ($seq, $ns, $vm, $port, $type, $width, $value) = unpack "Q Q L S C C L", $1;
				$zero = $ns if $type == 2;
				print "$type $port $value $seq ", $ns - $zero, "\n";
				exit if $type == 3;
			}
		}'
}

# What parts are by the raw records: Firmware from the first byte on 0x402, Bootloader from
# SeaBIOS's line that it boots from something, the others from their codes on.
parts_by_records()
{
	awk '
		$1 != 1 { next }
		{ last = $5 }
		$2 == 1026 && !begin["Firmware"] { begin["Firmware"] = $5 }
		$2 == 1026 && $3 == 10 { text = "" }
		$2 == 1026 && $3 != 10 {
			if (text == "")
				start = $5
			text = text sprintf("%c", $3 + 0)
			if (text == "Booting from " && !begin["Bootloader"])
				begin["Bootloader"] = start
		}
		$2 == 128 && $3 == 64 && !begin["Kernel"] { begin["Kernel"] = $5 }
		$2 == 128 && $3 == 96 && !begin["Userspace"] { begin["Userspace"] = $5 }
		$2 == 128 && $3 == 127 { end = $5 }
		END {
			print "Start", 0, begin["Firmware"]
			print "Firmware", begin["Firmware"], begin["Bootloader"]
			print "Bootloader", begin["Bootloader"], begin["Kernel"]
			print "Kernel", begin["Kernel"], begin["Userspace"]
			print "Userspace", begin["Userspace"], end
		}' "$tmp/raw"
}

phases_agree()
{
	diff <(parts_by_records) \
		<(jq -r '[.[0].phases[] | .part //= .name] | group_by(.part) | sort_by(.[0].begin_ns)[] |
			"\(.[0].part) \(.[0].begin_ns) \(.[-1].end_ns)"' "$tmp/$1.json")
}

# Each code with its time.
codes_agree()
{
	diff <(awk '$1 == 1 && $2 == 128 { print $3, $4, $5 }' "$tmp/raw") \
		<(jq -r '.[0].marks[] | select(.type == "code") | "\(.value) \(.seq) \(.time_ns)"' \
			"$tmp/module.json")
}

marks_agree()
{
	diff <(jq '.[0].marks' "$tmp/module.json") <(jq '.[0].marks' "$tmp/daemon.json")
}

# The VMM's process and KVM's VM began, in this order; the same both ways.
before_agrees()
{
	jq -e '.[0] | .restored == false and (.before | map(.name) == ["VMM", "VM"] and
		all(.begin_ns < .end_ns) and .[0].end_ns == .[1].begin_ns and .[1].end_ns == 0)' \
		"$tmp/module.json" >/dev/null &&
		diff <(jq '.[0] | .before, .restored' "$tmp/module.json") \
			<(jq '.[0] | .before, .restored' "$tmp/daemon.json")
}

says_line()
{
	jq -e --arg text "$1" '.[0].marks | any(.type == "line" and (.text | contains($text)))' \
		"$tmp/module.json" >/dev/null
}

# draws FORMAT TEXT...: each is in it.
draws()
{
	local text

	dbgportctl timeline --format "$1" >"$tmp/out" || return
	for text in "${@:2}"; do
		holds "$tmp/out" "$text" || return
	done
}

# By the daemon's file: what jq finds of 100 boots by itself.
jq_figures()
{
	jq -n -r '
		def rank($p): .[(($p * length / 100) | ceil) - 1];
		def figure($name): sort |
			"\($name) \(length) \(.[0]) \(rank(50)) \(rank(90)) \(rank(99)) \(.[-1])";
		[inputs] as $all | ($all | map(select(.type == "attached"))) as $came |
		[$all[] | select(.type == "code") | {vm: .vm_id, code: .value, ns: .time_ns}] |
		[group_by(.vm)[] | map({"\(.code)": .ns}) | add] |
		(map(.["127"]) | figure("total")),
		($came | map(.created_ns - .started_ns) | figure("VMM")),
		($came | map(-.created_ns) | figure("VM")),
		(map(.["1"]) | figure("Start")),
		(map(.["64"] - .["1"]) | figure("Firmware")),
		(map(.["96"] - .["64"]) | figure("Kernel")),
		(map(.["127"] - .["96"]) | figure("Userspace")),
		(map(.["64"] - .["1"]) | figure("0x01-0x40")),
		(map(.["96"] - .["64"]) | figure("0x40-0x60")),
		(map(.["127"] - .["96"]) | figure("0x60-0x7f"))' "$tmp/boots.json"
}

figures_agree()
{
	diff <(jq_figures) <(dbgportctl boots --json "$tmp/boots.json" | jq -r '.figures[] |
		"\(.name) \(.count) \(.min_ns) \(.median_ns) \(.p90_ns) \(.p99_ns) \(.max_ns)"')
}

# asserts STATUS EXPRESSION
asserts()
{
	local status=0

	dbgportctl boots "$tmp/boots.json" --assert "$2" >/dev/null 2>"$tmp/log" || status=$?
	[ "$status" -eq "$1" ]
}

# What the module knows makes the same figures as the daemon's file.
live_agrees()
{
	diff <(dbgportctl boots --live --json | jq .figures) \
		<(dbgportctl boots --json "$tmp/linux.json" | jq .figures)
}

# start_monitored NAME OPTION...
start_monitored()
{
	qemu -name "$1" -m 16 "${monitor[@]}" "${@:2}"
	await answers "info name" "$1"
}

end_monitored()
{
	ask quit >/dev/null
	await said "$1: gone"
	rm -f "$tmp/monitor"
}

# A VM is kept before its first instruction, and goes on from there in another QEMU.
restore()
{
	start_monitored kept -S
	ask "migrate \"exec:cat >$tmp/snapshot\"" >/dev/null
	await answers "info migrate" "Migration status: completed"
	end_monitored kept
	start_monitored restored -incoming "exec:cat $tmp/snapshot"
	await answers "info status" "VM status: paused (prelaunch)"
	ask cont >/dev/null
	await holds "$tmp/restored.json" "SeaBIOS (version"
	end_monitored restored
}

restored_by_file()
{
	[ "$(jq -r 'select(.type == "attached") | "\(.vm) \(.restored)"' "$tmp/restored.json" |
		xargs)" = "kept false restored true" ]
}

restored_by_module()
{
	[ "$(dbgportctl list --json | jq -r '.[] | "\(.name) \(.restored)"' | xargs)" = \
		"kept false restored true" ]
}

restored_agrees()
{
	diff <(dbgportctl timeline restored --json | jq 'map(.before, .restored)') \
		<(dbgportctl timeline "$tmp/restored.json" --vm restored --json |
			jq 'map(.before, .restored)')
}

# As another user: none of root's VMs is his.
others_see_none()
{
	chmod 666 /dev/dbgport
	! setpriv --reuid 65534 --regid 65534 --clear-groups dbgportctl timeline >"$tmp/out" 2>"$tmp/log" &&
		said "there is no VM"
}

ktap_print_header
ktap_set_plan 25

make_guest
reload_module
start_daemon --sink "any:file=$tmp/linux.json,format=json"
# A reader that does not read: what has ended stays for those that come later.
exec {hold}</dev/dbgport
boot_linux
await said "linux: gone"
stop_daemon
raw >"$tmp/raw"

# By its number: the name went with the VMM.
result "the boot can be drawn by the module" \
	dbgportctl timeline id:1 --json -o "$tmp/module.json"
result "and by the daemon's file" \
	dbgportctl timeline "$tmp/linux.json" --json -o "$tmp/daemon.json"
result "the phases are those of the raw records, to the nanosecond" phases_agree module
result "they are in the daemon's file too" phases_agree daemon
result "so is each POST code" codes_agree
result "both ways give the same marks" marks_agree
result "and the same times before the zero" before_agrees
result "SeaBIOS speaks in it" says_line "SeaBIOS (version"
result "Linux's own time is in it" says_line "Linux reached its initramfs after"
result "the terminal shows all phases" draws text SeaBIOS Boot-sector Kernel Userspace "0x7f Userspace"
result "the page does" draws html SeaBIOS Boot-sector Kernel Userspace "0x7f Userspace" \
	'\u003cb\u003euser space'
result "the picture does" draws svg SeaBIOS Boot-sector Kernel Userspace "0x7f Userspace"
result "the trace does" draws perfetto SeaBIOS Boot-sector Kernel Userspace "0x7f Userspace"
result "its figures are the same by the module and by the file" live_agrees
result "other users do not see it" others_see_none
exec {hold}<&-

reload_module
start_daemon --sink "any:file=$tmp/boots.json,format=json"
"$talk" -n 100 0x80 $'\x01' 0xe9 $'kernel\n' 0x80 '@' 0xe9 $'user space\n' 0x80 '`' 0x80 $'\x7f' \
	>/dev/null
stop_daemon
result "a hundred boots have the figures that jq finds" figures_agree
result "an expression that holds gives 0" asserts 0 'count(total)>=100'
result "of every boot too" asserts 0 'Kernel<1min'
result "one that does not hold gives 1" asserts 1 'p99(total)<1ns'
result "and is told" said 'p99(total)<1ns does not hold'
result "a bad one gives 2" asserts 2 'p99(total)<1'

reload_module
start_daemon --sink "any:file=$tmp/restored.json,format=json"
result "QEMU keeps a VM, and restores it" restore
stop_daemon
result "the daemon's file says who was restored" restored_by_file
result "the module does, when it has ended" restored_by_module
result "timelines agree on it" restored_agrees
ktap_finished
