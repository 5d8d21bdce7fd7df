#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nats=: a server near the hosts, a leaf node with a stream of its own, takes what they say
# while the way to the hub is down; the hub's stream has each of it once, in order, later.
. ./nats.sh || exit

hub_port=$(free_port)
leaves_port=$(free_port)

write_configs()
{
	cat >"$tmp/hub.conf" <<-EOT
		listen: 127.0.0.1:$hub_port
		jetstream { store_dir: "$store/hub", domain: hub }
		leafnodes { listen: 127.0.0.1:$leaves_port }
	EOT
	cat >"$tmp/leaf.conf" <<-EOT
		listen: 127.0.0.1:$port
		jetstream { store_dir: "$store/leaf", domain: leaf }
		leafnodes { remotes: [ { url: nats://127.0.0.1:$leaves_port } ], reconnect: 1 }
	EOT
}

# start_node NAME
start_node()
{
	begin "$1" nats-server --config "$tmp/$1.conf"
}

# in_hub COMMAND...: asks the hub in the leaf's place
in_hub()
{
	local url=nats://127.0.0.1:$hub_port

	"$@"
}

# All that the VMs have said, and that they came.
hub_has_all()
{
	await in_hub holds $((vm_count * lines + vm_count)) && in_hub each_once
}

leaf_has_all()
{
	write_lines 200
	await waits_for_nothing
}

hub_goes_on()
{
	start_node hub
	hub_has_all
}

is_killed_on_the_way()
{
	write_lines 1000
	sleep 0.2
	end KILL "$1"
	sleep 1
	start_node "$1"
	await waits_for_nothing && hub_has_all
}

start_our_daemon()
{
	start_daemon --sink "any:nats=$url"
}

daemon_is_killed()
{
	write_lines 1000
	sleep 0.2
	end KILL daemon
	start_our_daemon
	await waits_for_nothing && hub_has_all
}

ktap_print_header
ktap_set_plan 6
write_configs
start_node hub
start_node leaf
await client add LINES "dbgport.>" 1000
await in_hub client source LINES leaf
vms 3
start_our_daemon
write_lines 200
result "what the leaf takes is in the hub" hub_has_all
end KILL hub
result "the leaf takes it with the hub away" leaf_has_all
result "which has it when it is back" hub_goes_on
result "the hub is killed while it comes" is_killed_on_the_way hub
result "the leaf is" is_killed_on_the_way leaf
result "the daemon is" daemon_is_killed
ktap_finished
