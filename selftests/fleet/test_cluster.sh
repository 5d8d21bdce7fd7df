#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nats=: three hosts and a cluster of three servers: whatever is killed, cut off or away,
# each record is in the stream once, in order per VM, and no spool grows beyond its bound.
#
# $FLEET_RECORDS, $FLEET_KILLS and $FLEET_AWAY say how much of it: how many records, of how
# many daemons and of how many servers, and for how many seconds there is no server.  The
# servers know a message again for one second.
. ./cluster.sh || exit

records=${FLEET_RECORDS:-24000}
kills=${FLEET_KILLS:-3}
away=${FLEET_AWAY:-10}
spool=64

# Of each VM, at each of these moments.
moments=$((2 * kills + 4))
some=$((records / (${#hosts[@]} * vms_of_host * moments) + 1))

all_write()
{
	local host

	for host in "${hosts[@]}"; do
		write_codes "$host" "$some"
	done
}

start_daemon_of()
{
	start_host "$1" --sink "any:nats=\"$url\",spool=${spool}M,full=block,storm=show"
}

# some_time: at another place each time
some_time()
{
	sleep "$((RANDOM % 2)).$((RANDOM % 10))"
}

killed_daemons()
{
	local i host

	for ((i = 0; i < kills; i++)); do
		host=${hosts[i % ${#hosts[@]}]}
		all_write
		some_time
		end KILL "$host"
		start_daemon_of "$host" || return
	done
	all_have_sent
}

# A cluster of three goes on with two.
killed_servers()
{
	local i server

	for ((i = 0; i < kills; i++)); do
		server=${servers[i % ${#servers[@]}]}
		all_write
		some_time
		end KILL "$server"
		some_time
		start_node "$server"
	done
	all_have_sent
}

# Whoever was connected to it must find that out.
cut_off()
{
	ip link set s2 down
	all_write
	sleep 15
	all_write
	sleep 5
	ip link set s2 up
	all_have_sent
}

# None answers, for longer than any knows a message again.
all_away()
{
	local server i

	all_write
	some_time
	for server in "${servers[@]}"; do
		end KILL "$server"
	done
	all_write
	for ((i = 0; i < away; i++)); do
		sleep 1
		du -sm "$tmp"/h*/state >>"$tmp/spools"
	done
	for server in "${servers[@]}"; do
		start_node "$server"
	done
	all_have_sent
}

spools_are_bounded()
{
	local largest

	largest=$(cut -f 1 "$tmp/spools" | sort -n | tail -n 1)
	echo "the largest spool had $largest MiB, of $spool" >>"$log"
	((largest <= spool))
}

ktap_print_header
ktap_set_plan 10

make_network
for server in "${servers[@]}"; do
	start_node "$server"
done
await client add LINES "dbgport.>" 1000 -1 "${#servers[@]}"
for host in "${hosts[@]}"; do
	add_host "$host"
	start_daemon_of "$host"
done
result "all comes of $kills daemons that were killed" killed_daemons
result "each once and in order" each_code_once
result "all comes by way of $kills servers that were killed" killed_servers
result "each once and in order" each_code_once
result "all comes while one server is cut off" cut_off
result "each once and in order" each_code_once
result "all comes after $away seconds without servers" all_away
result "each once and in order" each_code_once
result "no spool was larger than it may be" spools_are_bounded
result "these are $(total) messages" holds "$(total)"
ktap_finished
