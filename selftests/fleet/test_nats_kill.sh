#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nats=: whatever is killed, each record is in the stream once, and in order.
. ./nats.sh || exit

kills=10
# Of each of three VMs, between two kills: 20,020 in all.
some=318

killed_daemons()
{
	local i

	for ((i = 0; i < kills; i++)); do
		write_lines "$some"
		# At another place each time: what was written takes some 100 ms.
		sleep "0.0$((RANDOM % 10))"
		end KILL daemon
		start_daemon --sink "any:nats=$url,full=block"
	done
	write_lines "$some"
	await waits_for_nothing
}

killed_servers()
{
	local i

	for ((i = 0; i < kills; i++)); do
		write_lines "$some"
		sleep "0.0$((RANDOM % 10))"
		end KILL server
		start_server
	done
	write_lines "$some"
	await waits_for_nothing
}

killed_processes()
{
	local i

	for ((i = 0; i < 3; i++)); do
		write_lines "$some"
		pkill -KILL -P "${pids[daemon]}" dbgportd-nats
		await pgrep -P "${pids[daemon]}" dbgportd-nats
	done
	await waits_for_nothing
}

ktap_print_header
ktap_set_plan 7

start_server
await client add LINES "dbgport.>" 1000
vms 3
start_daemon --sink "any:nats=$url,full=block"
result "all comes of $kills daemons that were killed" killed_daemons
result "each once and in order" each_once
result "all comes by way of $kills servers that were killed" killed_servers
result "each once and in order" each_once
result "all comes of processes for the server that were killed" killed_processes
result "each once and in order" each_once
end TERM daemon
result "and that were as many as were written" holds $((vm_count * lines + vm_count))
ktap_finished
