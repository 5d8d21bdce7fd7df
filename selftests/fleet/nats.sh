# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests with a NATS server: that, and daemons that are given VMs which grow.  To be
# sourced from a test in its installed directory; brings ktap.sh along.
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
# In memory, for a disk that is slow is not what the tests are about.
store=$tmp/js
export RECORDS=$tmp/records
# A spool is to be there still after all other directories are gone.
export STATE_DIRECTORY=$tmp/state
declare -A pids=()
trap end_all EXIT

end_all()
{
	# What is stopped does not end.
	kill -CONT "${pids[@]}" 2>/dev/null
	kill -KILL "${pids[@]}" 2>/dev/null
	wait
	rm -rf "$tmp"
}

# await COMMAND...: until it succeeds.
await()
{
	local _

	for _ in {1..600}; do
		! "$@" >>"$log" 2>&1 || return 0
		sleep 0.1
	done
	echo "this did not come: $*" >>"$log"
	tail -n 10 "$tmp"/*.said >>"$log"
	return 1
}

# begin NAME COMMAND...: in the background, until it is ended; it speaks in $tmp/NAME.said
begin()
{
	(
		exec {device}<&-
		exec "${@:2}"
	) >>"$tmp/$1.said" 2>&1 &
	pids[$1]=$!
}

# end SIGNAL NAME
end()
{
	kill "-$1" "${pids[$2]}"
	wait "${pids[$2]}" 2>>"$log"
	unset "pids[$2]"
}

free_port()
{
	local port

	while port=$((20000 + RANDOM % 12000)); do
		(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

port=$(free_port)
url=nats://127.0.0.1:$port

start_server()
{
	begin server nats-server --addr 127.0.0.1 --port "$port" --jetstream --store_dir "$store"
}

# client COMMAND ARGUMENT...
client()
{
	./nats_client "$url" "$@" 2>>"$log"
}

# vms COUNT: that is what there is, and nothing was written
vms()
{
	vm_count=$1
	lines=0
	perl -e 'print pack("QQLSCCQ", 0, 1e9, $_, 0, 2, 0, 0) for 1 .. shift' "$1" >"$RECORDS"
}

# write_lines COUNT: each VM writes so many more, numbered from 0; no two are the same
write_lines()
{
	perl -e '
		my ($vms, $begin, $count) = @ARGV;
		for my $i ($begin .. $begin + $count - 1) {
			my @bytes = unpack("C*", sprintf("line %07d\n", $i));
			for my $vm (1 .. $vms) {
				my $seq = $i * @bytes;
				print pack("QQLSCCLSS", $seq++, 2e9 + 1e3 * $seq, $vm, 0xe9, 1, 1,
					   $_, 0, 1) for @bytes;
			}
		}' "$vm_count" "$lines" "$1" >>"$RECORDS"
	((lines += $1))
	echo >&"$device"
}

mkfifo "$tmp/device"
exec {device}<>"$tmp/device"

# begin_daemon NAME PREFIX [ARGUMENT]...: by the words of $via, if there are some; its files'
# names begin with PREFIX
begin_daemon()
{
	RECORDS=$2records STATE_DIRECTORY=$2state begin "$1" "${via[@]}" \
		env LD_PRELOAD="$PWD/replay_device.so" "$top/build/userspace/dbgportd" \
		--engine poll --device "$2device" --run-dir "$2run" "${@:3}"
}
via=()

# is_daemon NAME PREFIX: before it can take signals it is none
is_daemon()
{
	jq -e ".pid == ${pids[$1]}" "$2run/status.json"
}

# has_sent NAME PREFIX WRITES VMS: all that these wrote, each so much, is with the servers
has_sent()
{
	kill -USR1 "${pids[$1]}" && jq -e "
		([.vms[] | select(.next_seq == $3)] | length == $4) and
		([.sinks[] | .queue == 0 and (.stalled | not)] | all)" "$2run/status.json"
}

# start_daemon [ARGUMENT]...
start_daemon()
{
	begin_daemon daemon "$tmp/" "$@"
	echo >&"$device"
	await is_daemon daemon "$tmp/"
}

# in_status FILTER: the daemon's sinks are so
in_status()
{
	kill -USR1 "${pids[daemon]}" && jq -e "$1" "$tmp/run/status.json"
}

# waits_for_nothing: all that was written is with the server
waits_for_nothing()
{
	has_sent daemon "$tmp/" $((lines * 13)) "$vm_count"
}

# holds COUNT: the stream has so many messages
holds()
{
	[[ $(client count LINES) == "$1" ]]
}

# in_file FILE: so are they in a file of JSON
in_file()
{
	[[ $(wc -l <"$1") == $((vm_count * lines + vm_count)) ]]
}

# each_once: every VM's ATTACHED and lines are in the stream, in order, and nothing else
each_once()
{
	client get LINES >"$tmp/got"
	perl -F'\t' -lane '
		BEGIN { ($vms, $lines) = splice(@ARGV, 0, 2) }
		$F[0] =~ /vm%2E(\d+)\.(\w+)$/ or die "subject $F[0]\n";
		($vm, $port) = ($1, $2);
		$ids{$F[1]}++ and die "message id $F[1] twice\n";
		next if $port eq "vm" and !$attached{$vm}++;
		$F[2] =~ /"text":"line (\d+)"/ or die "data $F[2]\n";
		$1 == $next{$vm}++ or die "VM $vm: line $1 in place of ", $next{$vm} - 1, "\n";
		END { $next{$_} == $lines or die "VM $_: $next{$_} lines of $lines\n" for 1 .. $vms }
	' "$vm_count" "$lines" "$tmp/got" >>"$log" 2>&1
}
