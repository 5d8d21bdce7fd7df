#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What dbgportd and dbgportctl know, what their --help says, and what their manual
# pages say are the same; and the examples are such that they understand them.
. ./static.sh || exit

dbgportd=$top/build/userspace/dbgportd
dbgportctl=$top/build/userspace/dbgportctl
page=$top/Documentation/dbgportd.1.scd
conf_page=$top/Documentation/dbgportd.conf.5.scd
ctl_page=$top/Documentation/dbgportctl.1.scd
hacking_page=$top/Documentation/hacking.rst
security_page=$top/Documentation/security.rst
example=$top/packaging/dbgportd.conf

# helped BEGIN: the entries of --help behind the line that begins so, up to an
# empty line.
helped()
{
	"$dbgportd" --help | awk -v begin="$1" '
		index($0, begin) == 1 { on = 1; next }
		on && /^$/ && seen { exit }
		on && /^  [^ ]/ { seen = 1; sub(/^  /, ""); sub(/   *.*/, ""); print }'
}

# described PAGE SECTION: what the section explains, each with an indented text.
described()
{
	awk -v section="# $2" '
		/^# / { on = $0 == section; next }
		on && /^\t/ && head ~ /^\*/ { gsub(/[*\\]/, "", head); print head }
		{ head = $0 }' "$1" | sed 's/\b_\|_\b//g'
}

same()
{
	[ -s "$tmp/a" ] || echo "there is none"
	diff "$tmp/a" "$tmp/b"
}

# in_step BEGIN SECTION: --help and the manual page agree, in any order.
in_step()
{
	helped "$1" | sort >"$tmp/a"
	described "$page" "$2" | sort >"$tmp/b"
	same
}

# said ARGUMENT...: what dbgportd has against them.
said()
{
	"$dbgportd" "$@" --check-config 2>&1 | head -n 1
}

# listed TEXT: the words of a list with commas.
listed()
{
	tr ',' '\n' <<<"$1" | sed 's/^ *//' | sort
}

# What it says that it knows is what is described.
modes_in_step()
{
	listed "off, $(said --sink any:morse | sed 's/.*known are //')" >"$tmp/a"
	described "$page" MODES | sort >"$tmp/b"
	same
}

formats_in_step()
{
	listed "$(said --sink any:null,format=morse | sed 's/.*known are //')" >"$tmp/a"
	described "$page" FORMATS | sort >"$tmp/b"
	same
}

settings_in_step()
{
	listed "$(said --sink any:null,colour=red | sed 's/.*known are //')" >"$tmp/a"
	{ described "$page" SETTINGS | sed 's/=.*//'; echo format; } | sort >"$tmp/b"
	same
}

# Each value of a setting that takes a choice.
choices_known()
{
	local setting key value

	described "$page" SETTINGS | grep '|' | while read -r setting; do
		key=${setting%%=*}
		tr '|' '\n' <<<"${setting#*=}" | while read -r value; do
			[[ $value != PATH ]] || continue
			said --sink "any:null,$key=$value" |
				grep -E 'not known|no such file' || true
		done
	done
}

options_known()
{
	described "$page" OPTIONS | tr ',' '\n' | grep -o -- '-[^ ]*' | while read -r option; do
		said "$option" | grep 'unknown option' || true
	done
}

daemon_keys_in_step()
{
	printf '[daemon]\ncolour = red\n' >"$tmp/conf"
	listed "$(said --config "$tmp/conf" | sed 's/.*known are //')" >"$tmp/a"
	described "$conf_page" '[daemon]' | sort >"$tmp/b"
	same
}

# The config file's page names all settings but name.
sink_keys_in_step()
{
	{ helped 'The other KEY' | sed 's/=.*//' | grep -vx name; echo format mode port; } |
		tr ' ' '\n' | sort >"$tmp/a"
	{
		described "$conf_page" '[sink NAME]'
		sed -n '/^All settings of/,/^$/p' "$conf_page" | tr '\n' ' ' |
			sed 's/.* may stand//' | grep -o '\*[a-z-]*\*' | tr -d '*'
	} | sort >"$tmp/b"
	same
}

ctl_commands()
{
	"$dbgportctl" complete -- "" | cut -f 1
}

# documented HEAD: the long options that are explained below it.
documented()
{
	awk -v head="$1" '
		/^##? / { on = $0 == head }
		on && /^\*-/ { print }' "$ctl_page" | grep -o -- '--[a-z-]*' | sort
}

ctl_commands_in_step()
{
	ctl_commands | sort >"$tmp/a"
	sed -n 's/^## //p' "$ctl_page" | sort >"$tmp/b"
	same
}

# Each command's options, besides those that all have.
ctl_options_in_step()
{
	local command

	documented '# OPTIONS' >"$tmp/common"
	"$dbgportctl" complete -- -- | cut -f 1 | sort | diff "$tmp/common" -
	ctl_commands | while read -r command; do
		"$dbgportctl" complete -- "$command" -- | cut -f 1 | sort |
			comm -23 - "$tmp/common" >"$tmp/a"
		documented "## $command" | diff "$tmp/a" - || echo "of $command"
	done
}

# Commands and long options of dbgportctl wherever it is told how to use it.
ctl_examples_understood()
{
	local command options option count=0

	while read -r command options; do
		ctl_commands | grep -qx "$command" || echo "there is no $command"
		for option in $options; do
			"$dbgportctl" complete -- "$command" -- | cut -f 1 |
				grep -qx -e "$option" || echo "$command has no $option"
		done
		count=$((count + 1))
	done < <(sed -n 's/.*\bdbgportctl \([a-z]\+\)\b\([^#`]*\).*/\1 \2/p' \
			"$top/README.md" "$top/Documentation/timeline.rst" \
			<(sed -n 's/^\tdbgportctl/&/p' "$ctl_page") |
		awk '{ line = $1
			for (i = 2; i <= NF; i++)
				if ($i ~ /^--[a-z]/) { sub(/=.*/, "", $i); line = line " " $i }
			print line }')
	((count > 12)) || echo "only $count were found"
}

pages_made()
{
	scdoc <"$page" >/dev/null
	scdoc <"$conf_page" >/dev/null
	scdoc <"$ctl_page" >/dev/null
}

# understood ARGUMENT...: it is a command line or config file without mistakes.
understood()
{
	"$dbgportd" "$@" --check-config >"$tmp/out" 2>&1 || cat "$tmp/out"
}

# The commands among the examples, and in what people read first.
commands_understood()
{
	local command arguments count=0

	while read -r command; do
		read -ra arguments <<<"$command"
		understood "${arguments[@]:1}"
		count=$((count + 1))
	done < <(sed -n '/^# EXAMPLES/,/^# SEE/ s/^\t\(dbgportd\b\)/\1/p' "$page"
		sed ':a; /\\$/ { N; s/\\\n//; ba; }' "$top/README.md" |
			sed -n 's/^sudo \(dbgportd\b[^#]*\).*/\1/p')
	((count > 8)) || echo "only $count commands were found"
}

conf_understood()
{
	awk '/^```/ { on = !on; next } on' "$conf_page" >"$tmp/conf"
	grep -q '^\[sink' "$tmp/conf" || echo "there is no example"
	understood --config "$tmp/conf"
}

example_understood()
{
	understood --config "$example"
	# With all that is only there to be tried.
	sed 's/^# *\([a-z*].* = \)/\1/; s/^#\(\[\)/\1/' "$example" >"$tmp/conf"
	! cmp -s "$example" "$tmp/conf" || echo "nothing is there to be tried"
	understood --config "$tmp/conf"
}

# The tree as it is drawn, and as it is: each folder of user space and of the tests.
folders_drawn()
{
	awk '/^::$/ { on++ } on == 1' "$hacking_page" | grep -o '[a-z]*/' | tr -d / |
		sort -u >"$tmp/a"
	(cd "$top" && find userspace selftests -mindepth 1 -maxdepth 2 -type d \
		-not -path 'selftests/*/*' -printf '%f\n') | sort -u >"$tmp/b"
	[ -s "$tmp/b" ] || echo "there is none"
	comm -13 "$tmp/a" "$tmp/b"
}

# Files that hackers are told of.
files_there()
{
	grep -oE '\b(module|userspace|selftests)/[a-z_/]+\.[a-z]+' "$hacking_page" >"$tmp/a"
	[ -s "$tmp/a" ] || echo "there is none"
	while read -r file; do
		[ -f "$top/$file" ] || echo "there is no $file"
	done <"$tmp/a"
}

# Each claim's (``COLLECTION:TEST``: a case of it).
security_tests_there()
{
	local test case file count=0

	# shellcheck disable=SC2016 # the page's quotes
	while IFS='|' read -r test case; do
		file=$(find "$top/selftests/${test%:*}" -name "${test#*:}.c" -o -name "${test#*:}.sh")
		if [ -z "$file" ] || ! grep -qF -- "$case" "$file"; then
			echo "no $test has: $case"
		fi
		count=$((count + 1))
	done < <(tr '\n' ' ' <"$security_page" | tr -s ' ' |
		grep -oP '\(``\K[a-z]+:test_[a-z0-9_]+``: [^)]+' | sed 's/``: /|/')
	((count > 40)) || echo "only $count were found"
	((count == $(grep -o '(``[a-z]*:test_' "$security_page" | wc -l))) ||
		echo "some are not as the others"
}

ktap_print_header
ktap_set_plan 21
quiet "--help and dbgportd(1): options" in_step 'Show what' OPTIONS
quiet "--help and dbgportd(1): modes" in_step 'MODE is one of' MODES
quiet "--help and dbgportd(1): formats" in_step 'format=FORMAT' FORMATS
quiet "--help and dbgportd(1): settings" in_step 'The other KEY' SETTINGS
quiet "dbgportd and dbgportd(1): modes" modes_in_step
quiet "dbgportd and dbgportd(1): formats" formats_in_step
quiet "dbgportd and dbgportd(1): settings" settings_in_step
quiet "dbgportd knows each value of a setting" choices_known
quiet "dbgportd knows each option" options_known
quiet "dbgportd and dbgportd.conf(5): [daemon]" daemon_keys_in_step
quiet "--help and dbgportd.conf(5): [sink NAME]" sink_keys_in_step
quiet "dbgportctl and dbgportctl(1): commands" ctl_commands_in_step
quiet "dbgportctl and dbgportctl(1): options" ctl_options_in_step
quiet "uses of dbgportctl in the documentation are understood" ctl_examples_understood
quiet "each folder is drawn in hacking.rst" folders_drawn
quiet "files that hacking.rst names are there" files_there
quiet "tests that security.rst names are there" security_tests_there
quiet "manual pages are made" pages_made
quiet "commands in the documentation are understood" commands_understood
quiet "the config file in dbgportd.conf(5) is understood" conf_understood
quiet "the config file that is installed is understood" example_understood
ktap_finished
