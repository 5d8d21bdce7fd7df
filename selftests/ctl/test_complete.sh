#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What comes next in a command line: in bash, zsh and fish, from the same tables
# as --help.
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh || exit

top=$(cd ../../.. && pwd)
PATH=$top/build/userspace:$PATH
# shellcheck source=/dev/null
. "$top/packaging/dbgportctl.bash"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# in_bash WORD...: what is offered for the last one.
in_bash()
{
	COMP_WORDS=(dbgportctl "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_dbgportctl
	printf '%s ' "${COMPREPLY[@]}"
}

# in_zsh WORD...: likewise, each with its help; "files" if zsh is to offer these.
in_zsh()
{
	# shellcheck disable=SC2016 # for zsh
	zsh -f -c '
		_describe() { print -r -- "${(@P)2}" }
		_files() { print files }
		script=$1
		shift
		words=(dbgportctl "$@")
		CURRENT=$#words
		complete() { source $script }
		complete' zsh "$top/packaging/dbgportctl.zsh" "$@"
}

# in_fish LINE: likewise, for the end of the whole line.  Debian 11's fish has no --no-config.
in_fish()
{
	XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home \
		fish -c "source $top/packaging/dbgportctl.fish; complete -C '$1'" |
		tr '\t' :
}

result()
{
	if [ "$2" = "$3" ]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		printf '# %s\n' "expected: $2" "is:       $3"
	fi
}

# All that --help has: of the program, its commands; of these, their options.
commands_of_help()
{
	dbgportctl --help | sed -n '/^COMMAND/,/^$/ s/^  \([a-z][a-z]*\) .*/\1/p' | tr '\n' ' '
}

options_of_help()
{
	dbgportctl "$1" --help | sed -n '/^  /p' | grep -o -- '^  *\(-., \)\?--[a-z-]*' |
		grep -o -- '--.*' | sort | tr '\n' ' '
}

ktap_print_header
read -ra commands <<<"$(commands_of_help)"
ktap_set_plan $((22 + ${#commands[@]}))

result "there are commands" "list show tail wait on" "$(commands_of_help | cut -d ' ' -f 1-5)"
result "all are offered" "$(commands_of_help)" "$(in_bash "")"
for command in "${commands[@]}"; do
	result "all options of $command are offered" "$(options_of_help "$command")" \
		"$(dbgportctl complete -- "$command" -- | cut -f 1 | sort | tr '\n' ' ')"
done
result "what was begun is ended" "tail " "$(in_bash ta)"
result "and nothing is offered for what is none" " " "$(in_bash nothing)"
result "an option" "--follow --follow-name " "$(in_bash tail --fol)"
result "a value of several" "text svg html perfetto json " "$(in_bash timeline --format "")"
result "behind a letter is a value" " " "$(in_bash tail -n -)"
result "bash's own three words" "svg " "$(in_bash timeline --format = s)"
result "with nothing begun" "text svg html perfetto json " "$(in_bash timeline --format =)"
result "a command, of which help is wanted" "tail timeline " "$(in_bash help t)"
result "a mode behind the VM" "listening " "$(in_bash claim 1 li)"
result "not before it" " " "$(in_bash claim li)"
result "nor behind the mode" " " "$(in_bash claim 1 always li)"
result "a mode where there is no VM" "listening " "$(in_bash claim --host li)"
result "nor behind that" " " "$(in_bash claim --host always li)"
result "an option's value is not the VM" " " "$(in_bash claim --device /dev/null li)"
result "behind -- is no option" " " "$(in_bash tail -- --fol)"
result "zsh has the help too" "tail:Show what VMs have written last, and with -f what they write" \
	"$(in_zsh ta)"
result "zsh offers files where there is nothing else" files "$(in_zsh tail --device "")"
result "fish has the help too" "tail:Show what VMs have written last, and with -f what they write" \
	"$(in_fish "dbgportctl ta")"
result "fish offers the options of a command" "--lines:the last N lines, or all [10]" \
	"$(in_fish "dbgportctl tail --li")"
result "fish offers files where there is nothing else" "$PWD/test_complete.sh" \
	"$(in_fish "dbgportctl tail --device $PWD/test_complete")"
ktap_finished
