#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The metrics, dashboard and alerts with the programs that they are for: dbgportd on a
# made-up device, node_exporter, and a Prometheus, which must have an answer to each query.
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
metrics=$top/packaging/metrics
file=$tmp/text/dbgport.prom
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait; rm -rf "$tmp"' EXIT

# await COMMAND...: until it succeeds.
await()
{
	local _

	for _ in {1..300}; do
		! "$@" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "this did not come: $*" >>"$log"
	return 1
}

# begin COMMAND...: in the background, until the test ends
begin()
{
	(
		exec {reader}<&-
		exec "$@"
	) >>"$log" 2>&1 &
	pids+=($!)
}

free_port()
{
	local port

	while port=$((20000 + RANDOM)); do
		(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# records TYPE VM PORT COUNT [VALUE]: so many, for the device; of lost, one that tells them
records()
{
	perl -e '
		my ($name, $vm, $port, $count, $value) = @ARGV;
		my $type = { write => 1, attached => 2, gone => 3, lost => 4 }->{$name};
		if ($name eq "write") {
			print pack("QQLSCCLSS", $_, 2e9 + 1e6 * $_, $vm, oct($port), $type, 1,
				   oct($value), 0, 1) for 0 .. $count - 1;
		} else {
			print pack("QQLSCCQ", 0, 1e9, $vm, 0, $type, 0, $count);
		}' "$1" "$2" "$3" "$4" "${5:-0}" >&"$device"
}

# answer PATH: what Prometheus says there
answer()
{
	perl -MHTTP::Tiny -e '
		my $r = HTTP::Tiny->new->get($ARGV[0]);
		print $r->{content};
		exit !$r->{success};' "http://127.0.0.1:$prometheus/$1"
}

# results QUERY [SECONDS]: how many it has, in so many seconds; empty if it is wrong
results()
{
	answer "api/v1/query?time=$(($(date +%s) + ${2:-0}))&query=$(jq -rn --arg q "$1" '$q|@uri')" |
		jq '.data.result | length'
}

has_results()
{
	[[ $(results "$@") -gt 0 ]]
}

has_none()
{
	[[ $(results "$@") == 0 ]]
}

# written QUERY: the metrics now, and then in Prometheus
written()
{
	kill -USR1 "$daemon"
	has_results "$1"
}

are_clean()
{
	promtool check metrics <"$file" >"$tmp/said" 2>&1
	cat "$tmp/said" >>"$log"
	[[ ! -s $tmp/said ]]
}

collected()
{
	has_results "node_textfile_scrape_error == 0"
}

all_healthy()
{
	answer api/v1/rules | jq -e '[.data.groups[].rules[]] | length > 0 and
		all(.health == "ok")' >>"$log"
}

alert_names()
{
	answer api/v1/rules | jq -r '.data.groups[].rules[].name'
}

# query_of ALERT
query_of()
{
	answer api/v1/rules | jq -r --arg name "$1" \
		'.data.groups[].rules[] | select(.name == $name).query'
}

# later ALERT: when it comes, in seconds, if nothing is heard of the daemon from now on
later()
{
	case $1 in
	DbgportdStale) echo 150 ;;
	DbgportdGone) echo 900 ;;
	*) echo 0 ;;
	esac
}

# The queries of the dashboard, a line each.
panels()
{
	# shellcheck disable=SC2016 # Grafana's variables
	jq -r '.panels[].targets[].expr' "$metrics/dashboard.json" |
		sed 's/\$__rate_interval/1m/g; s/\$instance/.*/g'
}

# Each query is of metrics that there are.
named()
{
	grep -oh 'dbgport_[a-z_]*' "$@" | grep -vx dbgport_ | sort -u
}

none_is_unknown()
{
	local unknown

	unknown=$(named "$metrics/dashboard.json" <(grep expr: "$metrics/alerts.yml") |
		comm -23 - <(named "$file"))
	echo "unknown: $unknown" >>"$log"
	[[ -z $unknown ]]
}

mkdir "$tmp/text"
mkfifo "$tmp/device" "$tmp/reader"
exec {device}<>"$tmp/device" {reader}<>"$tmp/reader"
cat >"$tmp/conf" <<EOT
[daemon]
device = $tmp/device
run-dir = $tmp/run
metrics = $file
boot-begins = 0x99
[sink stalled]
port = console
mode = file=$tmp/reader
queue = 16K
[sink held]
port = firmware
mode = unix=$tmp/%v.sock
[sink unopened]
port = post
mode = file=$tmp/none/%v.log
EOT
exporter=$(free_port)
prometheus=$(free_port)
cat >"$tmp/prometheus.yml" <<EOT
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [$metrics/alerts.yml]
scrape_configs:
  - job_name: node
    static_configs: [targets: ["127.0.0.1:$exporter"]]
EOT

mapfile -t queries < <(panels)
alerts=$(grep -c 'alert:' "$metrics/alerts.yml")

ktap_print_header
ktap_set_plan $((5 + ${#queries[@]} + 2 * alerts))

LD_PRELOAD=$(cd ../bench && pwd)/read_records.so begin \
	"$top/build/userspace/dbgportd" --config "$tmp/conf"
daemon=${pids[0]}
begin prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory="$tmp/text" --log.level=error \
	--web.listen-address="127.0.0.1:$exporter"
begin prometheus --config.file="$tmp/prometheus.yml" --storage.tsdb.path="$tmp/data" \
	--log.level=error --web.listen-address="127.0.0.1:$prometheus"

await test -e "$file"
result "they are clean" are_clean
await has_results dbgport_build_info
result "node_exporter collects them" collected

# A host where all is well, but for a route that cannot be opened.
records attached 1 0 0
records attached 2 0 0
await written 'dbgport_vms_seen_total == 2'
for alert in $(alert_names); do
	[[ $alert != DbgportOutputsUnopened ]] || continue
	result "$alert: silent where all is well" has_none "$(query_of "$alert")"
done

# Nobody reads any more, and there is too much of a VM, which is reset and reset.
exec {reader}<&-
records write 1 0x80 10 0x99
records write 1 0xe9 100000
records write 2 0x402 1000
records lost 2 0 5
await written 'increase(dbgport_lost_total[1m]) > 0'
result "they are clean with VMs" are_clean
result "the dashboard and the alerts are of metrics that there are" none_is_unknown
for query in "${queries[@]}"; do
	result "the dashboard: $query" has_results "$query"
done
result "Prometheus takes the alerts" await all_healthy
for alert in $(alert_names); do
	result "$alert: told" has_results "$(query_of "$alert")" "$(later "$alert")"
done
kill "$daemon"
wait "$daemon"
result "nothing is left of a daemon that has ended" test ! -e "$file"
ktap_finished
