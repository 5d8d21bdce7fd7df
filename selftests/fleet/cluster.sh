# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests with hosts h1, h2, … that publish to a cluster of NATS servers s1, s2 and s3,
# each in a network namespace of its own, on one bridge.  To be sourced from a test in its
# installed directory, as root; brings nats.sh along.
#
# All that is made is in network and mount namespaces of the test's own, and gone with it.
if [[ ! ${IN_NAMESPACES-} ]]; then
	IN_NAMESPACES=y exec unshare --net --mount -- "$PWD/${0##*/}" "$@"
fi
. ./nats.sh || exit

servers=(s1 s2 s3)
hosts=(h1 h2 h3)
vms_of_host=4
url=
routes=
declare -A device_of=() written=()

# address NODE
address()
{
	case $1 in
	s*) echo "10.98.1.${1#s}" ;;
	h*) echo "10.98.2.${1#h}" ;;
	esac
}

add_node()
{
	ip netns add "$1"
	ip link add name "$1" type veth peer name eth0 netns "$1"
	ip link set "$1" master hub up
	ip -n "$1" address add "$(address "$1")/16" dev eth0
	ip -n "$1" link set eth0 up
	ip -n "$1" link set lo up
}

# As "ip netns" keeps them.
make_network()
{
	local node

	mkdir -p /run/netns
	mount -t tmpfs dbgport /run/netns
	ip link add name hub type bridge
	ip address add 10.98.0.1/16 dev hub
	ip link set hub up
	for node in "${servers[@]}" "${hosts[@]}"; do
		add_node "$node"
	done
	for node in "${servers[@]}"; do
		url+=${url:+,}nats://$(address "$node"):4222
		routes+=${routes:+,}nats://$(address "$node"):6222
	done
} >>"$log" 2>&1

# start_node SERVER
start_node()
{
	begin "$1" ip netns exec "$1" nats-server --name "$1" --addr "$(address "$1")" \
		--port 4222 --jetstream --store_dir "$store/$1" --cluster_name fleet \
		--cluster "nats://$(address "$1"):6222" --routes "$routes"
}

# add_host HOST: its VMs have said nothing yet
add_host()
{
	local dir=$tmp/$1 device

	mkdir -p "$dir"
	mkfifo "$dir/device"
	exec {device}<>"$dir/device"
	device_of[$1]=$device
	RECORDS=$dir/records vms "$vms_of_host"
	written[$1]=0
}

# start_host HOST [ARGUMENT]...: with these a daemon
start_host()
{
	# shellcheck disable=SC2034 # for begin_daemon
	local via=(ip netns exec "$1")

	HOST_NAME=$1 begin_daemon "$1" "$tmp/$1/" "${@:2}"
	echo >&"${device_of[$1]}"
	await is_daemon "$1" "$tmp/$1/"
}

# write_codes HOST COUNT: each of its VMs writes so many more, each a message, numbered
# from 0
write_codes()
{
	perl -e '
		my ($vms, $begin, $count) = @ARGV;
		for my $i ($begin .. $begin + $count - 1) {
			print pack("QQLSCCLSS", $i, 2e9 + 1e6 * $i, $_, 0x80, 1, 4, $i, 0, 1)
				for 1 .. $vms;
		}' "$vms_of_host" "${written[$1]}" "$2" >>"$tmp/$1/records"
	((written[$1] += $2))
	echo >&"${device_of[$1]}"
}

# All that was written is with the servers.
all_have_sent()
{
	local host

	for host in "${hosts[@]}"; do
		await has_sent "$host" "$tmp/$host/" "${written[$host]}" "$vms_of_host" || return
	done
}

# total: messages that there must be
total()
{
	local host n=0

	for host in "${hosts[@]}"; do
		((n += (written[$host] + 1) * vms_of_host))
	done
	echo "$n"
}

gets_all()
{
	client get LINES >"$tmp/got"
}

# each_code_once: of every host's every VM there are ATTACHED and all codes, in order, and
# nothing else
each_code_once()
{
	local host

	# Not at once where servers are choosing a leader.
	await gets_all || return
	for host in "${hosts[@]}"; do
		echo "$host ${written[$host]}"
	done | perl -e '
		my ($vms, $got) = @ARGV;
		while (<STDIN>) {
			my ($host, $written) = split;
			$missing{"$host.vm%2E$_"} = $written for 1 .. $vms;
		}
		open(STDIN, "<", $got) or die "$got: $!\n";
		while (<STDIN>) {
			my ($subject, $id, $data) = split(/\t/);
			my ($vm, $port) = $subject =~ /^dbgport\.(.*)\.(\w+)$/
				or die "subject $subject\n";
			exists $missing{$vm} or die "$vm is none\n";
			$ids{$id}++ and die "message id $id twice\n";
			next if $port eq "vm" and !$attached{$vm}++;
			my ($value) = $data =~ /"type":"code".*"value":(\d+)/ or die "data $data\n";
			$next{$vm} //= 0;
			$value == $next{$vm}++ or die "$vm: $value, not ", $next{$vm} - 1, "\n";
			$missing{$vm}--;
		}
		$missing{$_} == 0 or die "$_: $missing{$_} codes are missing\n" for keys %missing;
		keys %attached == keys %missing or die "not each VM is attached\n";
	' "$vms_of_host" "$tmp/got" >>"$log" 2>&1
}
