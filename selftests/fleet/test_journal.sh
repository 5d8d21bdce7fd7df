#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What VMs say is in a host's journal, and from there with a collector: by
# systemd-journal-remote, and by rsyslog as packaging/rsyslog has it.  The collector, which
# is in another network namespace, is away for a while.
. ./cluster.sh || exit

hosts=(h1)
servers=(s1)
vms_of_host=3
collector=$(address s1)
collected=$tmp/collected
here=$top/packaging/rsyslog

# A journal of the test's own, without the rest of systemd.
make_journal()
{
	local dir

	for dir in /run/systemd /run/log /var/log; do
		mount -t tmpfs dbgport "$dir"
	done
	mkdir -p /run/systemd/journal
	begin journald /lib/systemd/systemd-journald
	await test -S /run/systemd/journal/socket
} >>"$log" 2>&1

# on NODE NAME COMMAND...
on()
{
	begin "$2" ip netns exec "$1" "${@:3}"
}

start_remote()
{
	mkdir -p "$collected"
	on s1 remote /lib/systemd/systemd-journal-remote --listen-http="$collector:19532" \
		--output="$collected"
}

# As its unit does, it is started again when it fails.
start_upload()
{
	# shellcheck disable=SC2016 # for the inner shell
	on h1 upload sh -c 'until "$@"; do sleep 0.2; done' sh \
		/lib/systemd/systemd-journal-upload --url="http://$collector:19532" \
		--save-state="$tmp/upload.state"
}

# in_journal DIR: a line of each of what VMs wrote: VM, number of the first byte, text
in_journal()
{
	journalctl -D "$1" --quiet DBGPORT_PORT=0xe9 --output=json \
		--output-fields=DBGPORT_VM,DBGPORT_SEQ,MESSAGE |
		jq -r '"\(.DBGPORT_VM)\t\(.DBGPORT_SEQ)\t\(.MESSAGE)"'
}

# in_files: likewise, of what rsyslog has written
in_files()
{
	cat /var/log/dbgport/*.json | jq -r 'select(.DBGPORT_PORT == "0xe9") |
		"\(.DBGPORT_VM)\t\(.DBGPORT_SEQ)\t\(.msg // .MESSAGE)"'
}

# has_all COMMAND...: what that prints is all that was written
has_all()
{
	"$@" 2>>"$log" | sort -u >"$tmp/has"
	perl -e '
		my ($vms, $lines) = @ARGV;
		for my $vm (1 .. $vms) {
			printf("vm.%d\t%d\tline %07d\n", $vm, $_ * 13, $_) for 0 .. $lines - 1;
		}' "$vms_of_host" "$lines" | sort | diff - "$tmp/has" | head -n 3 | tee -a "$log" |
		cmp -s - /dev/null
}

# None is there twice, and of each VM all are in order.
is_in_order()
{
	in_journal "$1" | awk '!($2 == 0 && !($1 in next_seq) || $2 == next_seq[$1]) { exit 1 }
		{ next_seq[$1] = $2 + 13 }' >>"$log"
}

# write COUNT: lines of each VM
write()
{
	RECORDS=$tmp/h1/records device=${device_of[h1]} write_lines "$1"
}

# start_rsyslog NODE FILE: with that, the address being the collector's
start_rsyslog()
{
	mkdir -p "$tmp/rsyslog.$1"
	{
		echo "global(workDirectory=\"$tmp/rsyslog.$1\")"
		sed "s/collector\.example/$collector/; s/\(resumeInterval=\)\"5\"/\1\"1\"/" "$2"
	} >"$tmp/rsyslog.$1.conf"
	on "$1" "rsyslog.$1" rsyslogd -n -f "$tmp/rsyslog.$1.conf" -i "$tmp/rsyslog.$1.pid"
}

ktap_print_header
ktap_set_plan 8

make_network
make_journal
lines=0
add_host h1
vm_count=$vms_of_host
start_host h1 --sink any:journal
write 500
result "the journal has what VMs write" await has_all in_journal /run/log/journal
result "each line once and in order" is_in_order /run/log/journal

start_remote
start_upload
result "a collector has it by systemd-journal-remote" await has_all in_journal "$collected"
result "each line once and in order" is_in_order "$collected"
end TERM remote
write 500
sleep 2
start_remote
result "and all when it was away" await has_all in_journal "$collected"

start_rsyslog s1 "$here/dbgport-collector.conf"
start_rsyslog h1 "$here/dbgport.conf"
result "a collector has it by rsyslog" await has_all in_files
end TERM rsyslog.s1
write 500
sleep 2
start_rsyslog s1 "$here/dbgport-collector.conf"
result "and all when it was away" await has_all in_files
result "the host's rsyslog has kept nothing for itself" test ! -e /var/log/syslog
ktap_finished
