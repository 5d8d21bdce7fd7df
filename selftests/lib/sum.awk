# SPDX-License-Identifier: GPL-2.0
#
# Sums up the TAP of kselftest's runner.  Every program's own results come
# first, indented by "# ", then one line about the program.  That one counts if
# it says what none of the former did: that the program died, or was skipped,
# or has no results of its own.

function count(line)
{
	if (line ~ /^not ok/)
		failed++
	else if (line ~ /# SKIP/)
		skipped++
	else
		passed++
}

/^# (not )?ok / {
	own++
	own_failed += /^# not ok/
	sub(/^# /, "")
	count($0)
	next
}

/^(not )?ok / {
	if (!own || (/^not ok/ && !own_failed))
		count($0)
	own = own_failed = 0
}

END {
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0 || passed == 0
}
