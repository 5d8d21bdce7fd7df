#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One port to several sinks, by options and by a config file that is read again.
. ../lib/system.sh || exit

conf=$tmp/conf

# is_mistake LINE TEXT: the config file on our input has one mistake, there,
# and --check-config says that with TEXT.
is_mistake()
{
	local status=0

	cat >"$conf"
	dbgportd --config "$conf" --check-config >"$tmp/out" 2>"$tmp/log" || status=$?
	test "$status" -eq 2 && test ! -s "$tmp/out" &&
		grep -q "^\(dbgportd: \)\?$conf:$1: " "$tmp/log" && said "$2" &&
		test "$(grep -c "$conf:" "$tmp/log")" -eq 1
}

# mistake WHAT LINE TEXT: the same as a test.
mistake()
{
	result "$1 is a mistake with its line" is_mistake "$2" "$3"
}

# bad_sink WHAT LINE TEXT MODE LINE...: the same of a file with one sink of that
# mode for 0xe9, and then these lines.
bad_sink()
{
	mistake "${@:1:3}" < <(printf '%s\n' "[sink a]" "port = 0xe9" "mode = $4" "${@:5}")
}

# write_config PART: routes that stay, and one that does not.
write_config()
{
	cat >"$conf" <<-EOT
		# what stays
		[sink serial]
		port = 0xe9
		mode = pty
		scrollback = 4M
		queue = 4M
		[sink raw]
		port = console
		mode = file=$tmp/%v.raw
		[sink text]
		port = 0xe9
		mode = file=$tmp/%v.txt
		format = text
		time = vm
		[sink json]
		port = 0xe9
		mode = file=$tmp/%v.json
		format = json
		# what changes
		[sink part]
		port = 0xe9
		mode = file=$tmp/part.$1
		[sink name$1]
		port = 0xe9
		mode = file=$tmp/name
		[sink queue]
		port = 0xe9
		mode = file=$tmp/queue
		queue = $((64 << $1 % 2))K
	EOT
}

texts()
{
	sed -n 's/^\[ *[0-9]*\.[0-9]\{6\}\] //p' "$1"
}

ktap_print_header
ktap_set_plan 62

# By options.
reload_module
start_daemon --sink 0xe9:pty --sink "0xe9:file=$tmp/%v.txt,format=text,time=vm" \
	--sink "0xe9:file=$tmp/%v.json,format=json"
printf '%s\0\n' $'one\n\x1b[31Ktwo\xff' >"$tmp/said"
"$say" 0xe9 <"$tmp/said" &
vm=$!
wait "$vm"
await test -c "$run_dir/say-$vm.console"
timeout 60 head -c "$(stat -c %s "$tmp/said")" "$run_dir/say-$vm.console" >"$tmp/pty"
await said "say-$vm: gone"
stop_daemon
result "dbgportd with three routes for a port ends well" test "$?" -eq 0
result "the pty has the exact bytes" cmp "$tmp/said" "$tmp/pty"
result "the text file has lines with the VM's time" \
	grep -qxE '\[ *[0-9]+\.[0-9]{6}\] one' "$tmp/say-$vm.txt"
result "and nothing that a terminal would obey" \
	grep -qxE '\[ *[0-9]+\.[0-9]{6}\] <1b>\[31Ktwo<ff>.*' "$tmp/say-$vm.txt"
result "the JSON file has the lines" \
	test "$(jq -r 'select(.type == "line").port' "$tmp/say-$vm.json")" = $'233\n233'
result "and their exact bytes where they are no text" test "$(jq -r '.hex // empty' \
	"$tmp/say-$vm.json")" = 1b5b33314b74776fff00
result "and the VM's beginning and end" test \
	"$(jq -r .type "$tmp/say-$vm.json" | tr '\n' ' ')" = "attached line line gone "

# --check-config.
write_config 0
dbgportd --config "$conf" --check-config >"$tmp/out" 2>"$tmp/log"
result "--check-config takes a good file" test "$?" -eq 0 -a ! -s "$tmp/log"
result "and prints each route" test "$(grep -c : "$tmp/out")" -eq 7
result "in words that --sink takes" grep -qxF \
	"0xe9:file=$tmp/%v.txt,format=text,name=text,time=vm" "$tmp/out"
sinks=()
while read -r line; do
	sinks+=(--sink "$line")
done <"$tmp/out"
result "and that mean the same there" \
	cmp "$tmp/out" <(dbgportd "${sinks[@]}" --check-config)

mistake "a section that is not known" 1 "[sinks] is not known" <<-EOT
	[sinks]
EOT
mistake "a key before all sections" 2 "before the first [section]" <<-EOT
	# nothing yet
	port = 0xe9
EOT
mistake "a line that says nothing" 3 "neither [SECTION] nor KEY = VALUE" <<-EOT
	[sink a]
	port = 0xe9
	hello
	mode = pty
EOT
bad_sink "a key that no sink has" 4 "colour= is not known" pty "colour = red"
mistake "a key that the daemon does not have" 2 "colour is not known" <<-EOT
	[daemon]
	colour = red
	[sink a]
	port = 0xe9
	mode = pty
EOT
mistake "an engine that there is not" 2 "'epoll' is not known" <<-EOT
	[daemon]
	engine = epoll
	[sink a]
	port = 0xe9
	mode = pty
EOT
mistake "a bad port" 2 "'0x10000' is no port" <<-EOT
	[sink a]
	port = 0x10000
	mode = pty
EOT
bad_sink "a bad mode" 3 "unknown mode 'loud'" loud
bad_sink "a file without a path" 3 "needs a path" file
bad_sink "an unknown % in a path" 3 "'%x' is not known" file=/tmp/%x
bad_sink "a bad format" 4 "format=xml is not known" pty "format = xml"
bad_sink "a bad choice" 5 "time=never is not known" pty "format = text" "time = never"
bad_sink "a number that is none" 4 "queue=many" pty "queue = many"
bad_sink "a number that is too small" 4 "linger=0" pty "linger = 0"
bad_sink "a key that is said twice" 5 "linger= is said twice" pty "linger = 1" "linger = 2"
mistake "a sink without a port" 2 "[sink a] needs a line port" <<-EOT
	# here
	[sink a]
	mode = pty
EOT
mistake "a sink without a mode" 1 "[sink a] needs a line mode" <<-EOT
	[sink a]
	port = 0xe9
EOT
bad_sink "a sink that is there twice" 4 "[sink a] is there already" pty "[sink a]" \
	"port = 0x402" "mode = pty"
bad_sink "what another mode has" 1 "size= is not for mode pty" pty "size = 1M"
bad_sink "what another format has" 1 "time= is not for format json" file=/tmp/a "format = json" \
	"time = vm"
bad_sink "a format for the journal" 1 "leave format= out" journal "format = text"
bad_sink "a log of what are no codes" 1 "POST codes only" log
mistake "a table of codes that is not there" 1 "$tmp/no/table" <<-EOT
	[sink a]
	port = post
	mode = log
	table = $tmp/no/table
EOT
bad_sink "one file with two sizes" 5 "other settings" file=/tmp/a "size = 1M" "[sink b]" \
	"port = 0x402" "mode = file=/tmp/a" "size = 2M"
bad_sink "a name that would be a path" 5 "is no name" pty "[names]" "qemu-* = ../../etc"
cat >"$conf" <<-EOT
	[sink a]
	port = 0x1ffff
	mode = pty
	[sink b]
	port = 0xe9
	mode = loud
EOT
dbgportd --config "$conf" --check-config >"$tmp/out" 2>"$tmp/log"
result "all mistakes are told at once" test "$?" -eq 2 -a "$(grep -c "$conf:" "$tmp/log")" -eq 2
dbgportd --run-dir "$run_dir" --config "$conf" 2>"$tmp/log"
result "dbgportd does not start with them" test "$?" -eq 2
result "and names the first one" said "$conf:2: "
dbgportd --run-dir "$run_dir" --config "$tmp/no/conf" 2>"$tmp/log"
result "a config file that is not there is refused" test "$?" -eq 2 -a "$(grep -cF \
	"$tmp/no/conf: No such file" "$tmp/log")" -eq 1

# SIGHUP, 20 times while a VM writes.
write_config 0
start_daemon --config "$conf"
start "$flood" -l 10 -p 30 0xe9 0x402 >"$tmp/number"
vm=$!
name=flood-$vm
await test -c "$run_dir/$name.serial"
pty=$(readlink "$run_dir/$name.serial")
start cat "$run_dir/$name.serial" >"$tmp/pty" 2>"$tmp/cat.log"
await has_bytes "$tmp/pty" 9
for i in {1..20}; do
	write_config "$i"
	kill -HUP "$daemon"
	await has_bytes "$tmp/part.$i" 900
done
result "a reload keeps the pty" test "$(readlink "$run_dir/$name.serial")" = "$pty"

# A mistake.
echo "mode = loud" >>"$conf"
kill -HUP "$daemon"
result "a mistake is told when it is read again" await said "$conf:$(wc -l <"$conf"): "
size=$(stat -c %s "$tmp/part.20")
result "and the old routes stay" await has_bytes "$tmp/part.20" $((size + 900))

# As logrotate does.
mv "$tmp/$name.raw" "$tmp/$name.raw.1"
write_config 20
kill -HUP "$daemon"
result "a file that was moved away is made anew" await has_bytes "$tmp/$name.raw" 900

kill "$vm"
wait "$vm"
number=$(cat "$tmp/number")
count_to "$number" >"$tmp/expected"
await said "$name: gone; writes: $((10 * number)), lost: 0"
await has_bytes "$tmp/pty" $((9 * number))
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
result "the pty has had each byte once, in order" cmp "$tmp/expected" "$tmp/pty"
result "so have the moved file and its successor" \
	cmp "$tmp/expected" <(cat "$tmp/$name.raw.1" "$tmp/$name.raw")
result "the text file has each line once, in order" \
	cmp "$tmp/expected" <(texts "$tmp/$name.txt")
result "so has the JSON file" cmp "$tmp/expected" <(json_lines "$tmp/$name.json")
result "the VM was told once there" test \
	"$(grep -c '"type":"attached"' "$tmp/$name.json")" -eq 1
for i in {0..20}; do
	cat "$tmp/part.$i"
done >"$tmp/parts"
result "what a changed route had goes on in its successor, byte for byte" \
	cmp "$tmp/expected" "$tmp/parts"
result "a file whose route changed its name has each byte once, in order" \
	cmp "$tmp/expected" "$tmp/name"
result "so has one whose queue changed" cmp "$tmp/expected" "$tmp/queue"

# Reloads that take and bring routes.
cat >"$conf" <<-EOT
	[sink a]
	port = 0xe9
	mode = file=$tmp/a
EOT
start_daemon --config "$conf"
start_bursts vm -l 1 0xe9 0x402
vm=$!
burst vm 1
await has_bytes "$tmp/a" 9
cat >"$conf" <<-EOT
	[sink b]
	port = 0xe9
	mode = file=$tmp/b
EOT
kill -HUP "$daemon"
await test -e "$tmp/b"
burst vm 1
await has_bytes "$tmp/b" 9
result "a route that went gets nothing more" test "$(cat "$tmp/a")" = 00000001
result "one that came gets what is new" test "$(cat "$tmp/b")" = 00000002
cat >"$conf" <<-EOT
	[sink b]
	port = 0x402
	mode = file=$tmp/b
	[sink c]
	port = 0xe9
	mode = file=$tmp/no/such
EOT
kill -HUP "$daemon"
result "a file that cannot be opened is told" await said "$tmp/no/such"
burst vm 1
result "and the old routes stay" await has_bytes "$tmp/b" 18
end_child "$vm"
rm "$conf"
kill -HUP "$daemon"
result "so they do without the config file" await said "$conf: No such file"
stop_daemon
result "dbgportd ends well after all that" test "$?" -eq 0

# What is taken when nothing is said.
mkdir -p /etc/dbgport
cat >/etc/dbgport/dbgportd.conf <<-EOT
	[sink a]
	port = 0x402
	mode = file=$tmp/default
EOT
start_daemon
"$talk" 0x402 $'from the default\n' >/dev/null
result "/etc/dbgport/dbgportd.conf is read by itself" \
	await holds "$tmp/default" "from the default"
await said gone
stop_daemon
result "and then there are no other routes" test ! -s "$tmp/out"
start_daemon --firmware stdout
"$talk" 0x402 $'from an option\n' >/dev/null
result "but not where a route is given" await holds "$tmp/out" "from an option"
stop_daemon
rm /etc/dbgport/dbgportd.conf
ktap_finished
