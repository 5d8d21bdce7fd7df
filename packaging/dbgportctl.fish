# SPDX-License-Identifier: GPL-2.0
#
# Completion of dbgportctl(1) for fish: the program itself knows what may come.

function __dbgportctl_complete
	set -l words (commandline --tokenize --cut-at-cursor --current-process)
	set -l entries (dbgportctl complete -- $words[2..-1] (commandline --current-token) 2>/dev/null)
	if set -q entries[1]
		printf '%s\n' $entries
	else
		__fish_complete_path (commandline --current-token)
	end
end
complete --command dbgportctl --no-files --arguments '(__dbgportctl_complete)'
