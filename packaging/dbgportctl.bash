# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion of dbgportctl(1) for bash: the program itself knows what may come.

_dbgportctl()
{
	mapfile -t COMPREPLY < <(dbgportctl complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" \
		2>/dev/null | cut -f 1)
}
complete -o default -F _dbgportctl dbgportctl
