# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For jobs in the rig that boot firmware on QEMU's machines; to be sourced from one in its
# installed directory.
. ../lib/system.sh || exit

DBGPORT_BUILD=$(readlink -f ../..)
DBGPORT_KO=$DBGPORT_BUILD/$(uname -r)/dbgport.ko
declare -A port_of=([post]=0x80 [console]=0xe9 [firmware]=0x402)

# boot DIR END OPTION...: what QEMU has is DIR/PORT.qemu, and what dbgportd has
# DIR/PORT.daemon and, as JSON, DIR/json.  END is what the serial port says at the end;
# empty: QEMU ends.
boot()
{
	local dir=$1 end=$2 port args=() sinks=(--sink "any:file=$1/json,format=json")

	mkdir -p "$dir"
	rm -f "$dir"/*
	for port in "${!port_of[@]}"; do
		args+=(-chardev "file,id=$port,path=$dir/$port.qemu"
			-device "isa-debugcon,iobase=${port_of[$port]},chardev=$port")
		sinks+=(--sink "$port:file=$dir/$port.daemon,format=raw")
	done
	start_daemon "${sinks[@]}"
	qemu -m "${memory:-256}" -serial "file:$dir/serial" -device isa-debug-exit,iobase=0xf4 \
		"${args[@]}" "${@:3}"
	qemu=$!
	if [ "$end" ]; then
		await holds "$dir/serial" "$end"
		kill "$qemu"
	fi
	wait "$qemu"
	await said gone
	stop_daemon
}

# was_heard DIR: something was written at all.
was_heard()
{
	[ "$(cat "$1"/*.daemon | wc -c)" -gt 10 ]
}

is_the_same()
{
	local port

	for port in "${!port_of[@]}"; do
		cmp <(cat "$1/$port.qemu") <(cat "$1/$port.daemon" 2>/dev/null) || return
	done
}

# Another boot tells other times and addresses: for sed -E.
varies='s/0x[0-9a-f]*//g; s/[0-9]//g'

lines()
{
	tr -d '\r' 2>/dev/null <"$1" | sed -E "$varies" | sort
}

is_claimed()
{
	local port

	for port in "${!port_of[@]}"; do
		[ ! -s "$2/$port.qemu" ] || return
		diff -a <(lines "$1/$port.daemon") <(lines "$2/$port.daemon") >>"$log" || return
	done
}

# boots NAME END OPTION...: in both ways; three cases.
boots()
{
	reload_module claim=never
	boot "$tmp/tee" "${@:2}"
	result "$1: speaks" was_heard "$tmp/tee"
	result "$1: dbgportd has what QEMU has" is_the_same "$tmp/tee"
	reload_module
	boot "$tmp/claimed" "${@:2}"
	result "$1: claimed, dbgportd alone has it" is_claimed "$tmp/tee" "$tmp/claimed"
}
