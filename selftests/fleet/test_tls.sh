#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nats= and --nats by TLS: nobody between the host and its servers reads what VMs say, or
# takes it in the servers' place.
. ./nats.sh || exit

dbgportctl=$top/build/userspace/dbgportctl
# By this name the server is known, which is in its certificate.
url=tls://localhost:$port
# It cannot be looked for without.
export NATS_CA=$tmp/ca.pem

# authority NAME: one who signs certificates
authority()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-keyout "$tmp/$1.key" -out "$tmp/$1.pem" -subj "/CN=$1" 2>>"$log"
}

# certificate NAME SIGNED_BY FOR
certificate()
{
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tmp/$1.key" \
		-subj "/CN=$1" 2>>"$log" |
		openssl x509 -req -days 2 -CA "$tmp/$2.pem" -CAkey "$tmp/$2.key" -CAcreateserial \
			-extfile <(echo "subjectAltName=$3") -out "$tmp/$1.pem" 2>>"$log"
}

# start_server_as CERTIFICATE
start_server_as()
{
	begin server nats-server --addr 127.0.0.1 --port "$port" --jetstream \
		--store_dir "$store" --tls --tlscert "$tmp/$1.pem" --tlskey "$tmp/$1.key"
	await answers
}

answers()
{
	(: <"/dev/tcp/127.0.0.1/$port")
}

# said TEXT: the daemon says so, and has sent nothing
said()
{
	grep -qF -- "$1" "$tmp/daemon.said" &&
		in_status '.sinks[] | select(.kind == "nats") | .stalled and .queue > 0'
}

# takes URL [OPTION]: a daemon with that sink
takes()
{
	rm -rf "$STATE_DIRECTORY" "$tmp/out.json"
	: >"$tmp/daemon.said"
	start_daemon --sink "any:nats=$1" --sink "any:file=$tmp/out.json,format=json"
	write_lines 10
}

# in_other_sink: what was written since takes()
in_other_sink()
{
	[[ $(grep -c '"text":"line ' "$tmp/out.json") == $((vm_count * 10)) ]]
}

# ctl ARGUMENT...: what it prints goes to $tmp/out
ctl()
{
	"$dbgportctl" list --nats "$@" >"$tmp/out" 2>"$tmp/err"
}

# refuses TEXT ARGUMENT...: in one line
refuses()
{
	! ctl "${@:2}" && cat "$tmp/err" >>"$log" &&
		[[ $(wc -l <"$tmp/err") == 1 && ! -s $tmp/out ]] && grep -qF -- "$1" "$tmp/err"
}

ktap_print_header
ktap_set_plan 13

authority ca
authority other
certificate good ca DNS:localhost
certificate elsewhere ca DNS:nats.example.org

vms 3
start_server_as good
await client add LINES "dbgport.>" 1000
takes "$url,tls=$tmp/ca.pem"
result "a server is taken whose certificate is good" await waits_for_nothing
result "it has each line once" each_once
result "dbgportctl reads it" ctl "$url" --tls "$tmp/ca.pem"
result "and has all VMs" test "$(grep -c 'vm\.' "$tmp/out")" = 3
end TERM daemon

takes "$url,tls=$tmp/other.pem"
result "one whose certificate another has signed is not" await said "its certificate is not taken (tls)"
result "which dbgportctl says too" refuses "its certificate is not taken" \
	"$url" --tls "$tmp/other.pem"
end TERM daemon
takes "$url"
result "nor one whom the system does not know" await said "its certificate is not taken (tls)"
result "which dbgportctl says too" refuses "its certificate is not taken" "$url"
end TERM daemon

end TERM server
start_server_as elsewhere
takes "$url,tls=$tmp/ca.pem"
result "one with another's name is not taken" await said "its certificate is not taken (tls)"
result "which dbgportctl says too" refuses "its certificate is not taken" \
	"$url" --tls "$tmp/ca.pem"
result "other sinks get all of it" await in_other_sink
end TERM server
start_server_as good
result "when the right one is back, it gets what waited" await waits_for_nothing
end TERM daemon
end TERM server
start_server
takes "$url,tls=$tmp/ca.pem"
result "a server without TLS is not spoken to" await said "has no TLS"
end TERM daemon
ktap_finished
