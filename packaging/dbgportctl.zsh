#compdef dbgportctl
# SPDX-License-Identifier: GPL-2.0
#
# Completion of dbgportctl(1) for zsh: the program itself knows what may come.

local -a entries
local line

for line in "${(@f)$(dbgportctl complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
	[[ -n $line ]] && entries+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
done
if ((${#entries})); then
	_describe dbgportctl entries
else
	_files
fi
