#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl --nats: what the daemons of three hosts published is shown as their files are.
. ./nats.sh || exit

dbgportctl=$top/build/userspace/dbgportctl
hosts=(alpha beta gamma)
declare -A devices=()

# make_records NUMBER: VM 1 of a host boots, resets and boots again; some of it is lost, and
# how long things take is the host's own.  VM 2 comes, and ends.
make_records()
{
	perl -e '
		my $host = shift;
		my ($seq, $time) = (0, 1e9);
		sub event { print pack("QQLSCCQ", @_[0, 1], $_[2], 0, $_[3], 0, $_[4] // 0) }
		sub put {
			print pack("QQLSCCLSS", $seq++, $time += $_[2] * 1e6, 1, $_[0], 1, 1, $_[1],
				   0, 1);
		}
		sub say_on { put($_[0], $_, 0.001) for unpack("C*", $_[1]) }
		event(0, 1e9, 1, 2);
		for my $boot (1, 2) {
			say_on(0x402, "SeaBIOS (version 1.16.$host)\n");
			put(0x80, 0x10, 20 + $host);
			say_on(0x402, "Booting from host \e[31m$host\n");
			put(0x80, 0x40, 30 * $boot + $host);
			say_on(0xe9, "hello \xff of boot $boot\n");
			put(0x80, 0x60, 500);
			if ($boot == 2 && $host == 2) {
				event($seq, $time, 1, 4, 7);
				$seq += 7;
			}
		}
		event(0, 2e9, 2, 2);
		print pack("QQLSCCLSS", $_, 3e9 + $_, 2, 0xe9, 1, 1, (unpack("C*", "over\n"))[$_], 0, 1)
			for 0 .. 4;
		event(5, 4e9, 2, 3);' "$1"
}

# write_line HOST WORD: one more of VM 1, at 0xe9, of one write each
write_line()
{
	perl -e '
		my ($n, $word) = @ARGV;
		my @bytes = unpack("C*", "$word\n");
		print pack("QQLSCCLSS", 1e6 + 100 * $n + $_, 1e13 + 1e6 * $n + $_, 1, 0xe9, 1, 1,
			   $bytes[$_], 0, 1) for 0 .. $#bytes;' "$((++lines))" "$2" >>"$tmp/$1.records"
	echo >&"${devices[$1]}"
}

# start_host NAME NUMBER
start_host()
{
	local device

	make_records "$2" >"$tmp/$1.records"
	mkfifo "$tmp/$1.device"
	exec {device}<>"$tmp/$1.device"
	devices[$1]=$device
	HOST_NAME=$1 begin_daemon "$1" "$tmp/$1." --sink "any:nats=$url" \
		--sink "any:file=$tmp/$1.json,format=json"
	echo >&"$device"
}

# ctl COMMAND ARGUMENT...: what it prints goes to $tmp/out, what it says to $tmp/err
ctl()
{
	"$dbgportctl" "$1" --nats "$url" "${@:2}" >"$tmp/out" 2>"$tmp/err"
}

# has_all: the stream has as many as the files
has_all()
{
	[[ $(cat "$tmp"/*.json | wc -l) -gt 30 ]] && holds "$(cat "$tmp"/*.json | wc -l)"
}

# Rows of host, VM and what it took: in the order of the hosts, for the stream has another.
rows()
{
	jq -c 'sort_by(.host, .vm_id, .boot)'
}

boots_are_the_files()
{
	ctl boots --each --json || return
	diff <("$dbgportctl" boots --each --json "$tmp"/{alpha,beta,gamma}.json 2>>"$log" | rows) \
		<(rows <"$tmp/out") &&
		jq -e '[.[] | select(.vm == "vm.1")] | length == 6 and
			([.[].host] | unique) == ["alpha", "beta", "gamma"]' "$tmp/out" >/dev/null
}

figures_are_the_files()
{
	ctl boots --json &&
		diff <("$dbgportctl" boots --json "$tmp"/{alpha,beta,gamma}.json 2>>"$log") "$tmp/out"
}

timeline_is_the_files()
{
	ctl timeline --json &&
		diff <("$dbgportctl" timeline --json "$tmp"/{alpha,beta,gamma}.json | rows) \
			<(rows <"$tmp/out") &&
		[[ $(jq -c '[.[] | select(.lost > 0) | [.host, .lost]]' "$tmp/out") == '[["beta",7]]' ]]
}

# A VM of one id and name on three hosts is three VMs, which are called so.
hosts_are_told_apart()
{
	ctl timeline vm.1#2 &&
		[[ $(grep -oE '^[a-z]+/vm\.1#2' "$tmp/out" | sort | tr '\n' ' ') == \
			"alpha/vm.1#2 beta/vm.1#2 gamma/vm.1#2 " ]]
}

# host_matches PATTERN HOST...: these are the hosts of its boots
host_matches()
{
	ctl boots --each --json --host "$1" &&
		[[ $(jq -r '[.[].host] | unique | join(" ")' "$tmp/out") == "${*:2}" ]]
}

# One host's VMs are called as there.
one_host()
{
	ctl timeline --host beta vm.1 && grep -q "^vm.1#1 " "$tmp/out" && ! grep -q / "$tmp/out"
}

times_end()
{
	ctl boots --each --json --since 1h && [[ $(jq length "$tmp/out") -ge 6 ]] &&
		refuses 1 "has nothing of that time" boots --before 1h &&
		refuses 2 "longer ago than --since" boots --before 2h --since 1h
}

# refuses STATUS TEXT COMMAND ARGUMENT...: it says so in one line
refuses()
{
	"$dbgportctl" "${@:3}" --nats "$url" >"$tmp/out" 2>"$tmp/err"
	[[ $? == "$1" ]] && cat "$tmp/err" >>"$log" && grep -qF -- "$2" "$tmp/err" &&
		[[ $(wc -l <"$tmp/err") == 1 ]]
}

needs_url()
{
	! "$dbgportctl" list --host alpha 2>"$tmp/err" && grep -q -- "--host needs --nats" "$tmp/err"
}

# The last lines of all hosts are as many as were asked for; nothing reaches a terminal.
tails_the_last()
{
	ctl tail -n 5 && [[ $(wc -l <"$tmp/out") == 5 ]] &&
		ctl tail -n all && grep -qE '^\[?.*\[alpha/vm\.1\] Booting from host 1$' "$tmp/out" &&
		[[ $(grep -c 'hello <ff> of boot 2$' "$tmp/out") == 3 ]] &&
		! grep -q $'\e' "$tmp/out"
}

# Objects are what the daemons wrote.
tail_is_the_files()
{
	ctl tail -n all --json &&
		diff <(cat "$tmp"/{alpha,beta,gamma}.json | jq -c -S . | sort) \
			<(jq -c -S . "$tmp/out" | sort)
}

tails_a_port()
{
	ctl tail -n all -p 0xe9 --host gamma vm.1 && [[ $(wc -l <"$tmp/out") == 2 ]] &&
		! grep -q gamma "$tmp/out"
}

# followed TEXT: tail has shown it
followed()
{
	grep -qF -- "$1" "$tmp/tail.said"
}

follows()
{
	# shellcheck disable=SC2016 # of perl
	begin tail perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$dbgportctl" tail -f -n 0 \
		--nats "$url" --host '[ab]*'
	# It shows nothing of what was there before.  A shell has what it begins so ignore ^C.
	sleep 2
	write_line gamma third
	write_line beta second
	await followed "[beta/vm.1] second" && ! followed third && ! followed hello
}

# ^C ends it, and nothing but what it showed was said.
ends()
{
	kill -INT "${pids[tail]}"
	wait "${pids[tail]}"
	[[ $? == 130 ]] && unset "pids[tail]" && [[ $(wc -l <"$tmp/tail.said") == 1 ]]
}

# -F: the server goes and is back, and nothing is there twice or missing.
comes_back()
{
	: >"$tmp/tail.said"
	begin tail "$dbgportctl" tail -F -n 0 --nats "$url" -p 0xe9
	sleep 2
	write_line alpha before
	await followed "[alpha/vm.1] before" || return
	end KILL server
	await followed "the connection was lost; waiting for it" || return
	write_line alpha between
	start_server
	await followed "[alpha/vm.1] between" && followed "is read again" || return
	write_line alpha after
	await followed "[alpha/vm.1] after" &&
		[[ $(grep -cE 'before|between|after' "$tmp/tail.said") == 3 ]]
}

# Where the server goes, -f ends.
follow_fails()
{
	: >"$tmp/tail.said"
	begin tail "$dbgportctl" tail -f -n 1 --nats "$url"
	await followed /vm
	end KILL server
	wait "${pids[tail]}"
	[[ $? == 1 ]] && unset "pids[tail]" && followed "the connection was lost"
}

# A reader that goes away ends it as any other program.
pipe_ends()
{
	timeout 20 "$dbgportctl" tail -f -n 1 --nats "$url" 2>"$tmp/err" | head -n 1 >"$tmp/out"
	[[ ${PIPESTATUS[0]} == 141 && -s $tmp/out && ! -s $tmp/err ]]
}

lists()
{
	ctl list --json &&
		[[ $(jq -c '[.[] | [.host, .name, .id, .state, .boot]]' "$tmp/out") == \
'[["alpha","vm.1",1,"claimed",2],["alpha","vm.2",2,"ended",1],["beta","vm.1",1,"claimed",2],["beta","vm.2",2,"ended",1],["gamma","vm.1",1,"claimed",2],["gamma","vm.2",2,"ended",1]]' ]] &&
		jq -e 'all(.[]; .last_age > 0 and .writes >= 5)' "$tmp/out" >/dev/null &&
		ctl list --host 'g*' && [[ $(sed -n 's/ .*//p' "$tmp/out" | tr '\n' ' ') == "HOST gamma gamma " ]] &&
		ctl list --names --host alpha && [[ $(<"$tmp/out") == $'alpha/vm.1\nalpha/vm.2' ]]
}

# Of what came after all were there, no beginning is known: three VMs wrote then.
begun_is_left_out()
{
	! ctl boots --since "$((SECONDS - all_there - 1))s" && [[ ! -s $tmp/out ]] &&
		grep -q "3 boots had begun before what was read, and are left out" "$tmp/err" &&
		grep -q "no boot in that: begin earlier" "$tmp/err"
}

# A host can say only what its subjects say.
names_no_other()
{
	client publish dbgport.mallory.web.0xe9 \
		'{"type":"line","host":"alpha","vm":"web","vm_id":9,"pid":1,"boot":1,"time_ns":5,"monotonic_ns":1000,"seq":0,"count":1,"port":233,"vcpu":0,"claimed":true,"text":"I am alpha"}' &&
		client publish dbgport.mallory.web.0xe8 $'no \e[31mobject' &&
		ctl tail -n all && ! grep -q "I am alpha" "$tmp/out" &&
		grep -q "another host may not say" "$tmp/err" && ! grep -q $'\e' "$tmp/err" &&
		ctl timeline --json && ! grep -q "I am alpha" "$tmp/out" &&
		grep -q "another host may not say that it is 'host'" "$tmp/err"
}

# No password is repeated.
hides_password()
{
	refuses 1 "the server has no JetStream" tail && ! grep -q secret "$tmp/err"
}

ktap_print_header
ktap_set_plan 30

result "a server that is away is said" refuses 1 "no server answers there" boots
locked=127.0.0.1:$(free_port)
begin locked nats-server --addr 127.0.0.1 --port "${locked#*:}" --user me --pass secret
await grep "Server is ready" "$tmp/locked.said"
url=nats://$locked result "so is one that wants to know who it is" \
	refuses 1 "the server does not take these credentials" list
url=nats://me:secret@$locked result "and one that has no JetStream" hides_password
result "credentials that cannot be read are refused" refuses 2 "--creds=$tmp/none: No such file" \
	boots --creds "$tmp/none"
start_server
await client add OTHER "other.>" 1000
result "so is a stream that is missing" refuses 1 "no stream takes dbgport.*.*.*" tail
result "and one that is named" refuses 1 "there is no stream NONE" list --stream NONE
await client add LINES "dbgport.>" 1000
result "and one that has nothing" refuses 1 "stream LINES has nothing" timeline
for i in 0 1 2; do
	start_host "${hosts[i]}" $((i + 1))
done
await has_all
all_there=$SECONDS

result "boots are those of the files" boots_are_the_files
result "figures are the same" figures_are_the_files
result "timelines are the same" timeline_is_the_files
result "VMs of three hosts are three" hosts_are_told_apart
result "--host takes one" host_matches beta beta
result "or a pattern" host_matches '[!b]*' alpha gamma
result "VMs of one host are called as there" one_host
result "boots of a time are" times_end
result "a host that is not there is said" refuses 1 "has nothing of host delta" boots --host delta
result "so is a VM" refuses 1 "has nothing of VM web" timeline web
result "what is no URL is refused" refuses 2 "it takes URLs" list --nats localhost
result "so is --host without --nats" needs_url
result "tail shows the last lines" tails_the_last
result "its objects are those of the files" tail_is_the_files
result "it takes ports, a host and a VM" tails_a_port
result "it goes on with what comes" follows
result "until ^C" ends
result "list shows what was heard of last" lists
result "a reader that goes away ends tail" pipe_ends
result "-F goes on when the server is back" comes_back
end INT tail
result "boots whose beginning is not read are left out" begun_is_left_out
result "no host can speak for another" names_no_other
result "without a server -f ends" follow_fails
ktap_finished
