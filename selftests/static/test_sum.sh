#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The sum at the end of a check leaves nothing out and counts nothing twice.
. ./static.sh || exit

# sums EXPECTED STATUS, with a log on stdin.
sums()
{
	local status=0 said

	said=$(awk -f "$top/selftests/lib/sum.awk") || status=$?
	echo "$said" | grep -qx "$1" && [ "$status" -eq "$2" ] || echo "$said, $status"
}

ktap_print_header
ktap_set_plan 10
quiet "results of a program count, the program does not" \
	sums "2 passed, 0 failed, 1 skipped" 0 <<'EOT'
# ok 1 a
# ok 2 b # SKIP not here
# ok 3 c
ok 1 selftests: x: y
EOT
quiet "a failed one is counted once" sums "1 passed, 1 failed, 0 skipped" 1 <<'EOT'
# ok 1 a
# not ok 2 b
not ok 1 selftests: x: y # exit=1
EOT
quiet "a program that dies between good results has failed" \
	sums "1 passed, 1 failed, 0 skipped" 1 <<'EOT'
# ok 1 a
not ok 1 selftests: x: y # TIMEOUT 45 seconds
EOT
quiet "a program without results of its own counts itself" \
	sums "2 passed, 0 failed, 1 skipped" 0 <<'EOT'
# ok 1 a
ok 1 selftests: x: y
ok 2 selftests: x: z
ok 3 selftests: x: zz # SKIP
EOT
quiet "what programs print is no result" sums "1 passed, 0 failed, 0 skipped" 0 <<'EOT'
# # not ok 1 said by a test of a test
# it is not ok
ok 1 selftests: x: y
EOT
two_rigs()
{
	cat <<-EOT
		# ok 1 a
		ok 1 selftests: x: y
		# rig: 6.1
		# ok 1 a
		# not ok 2 b
		not ok 1 selftests: x: y # exit=1
		ok rig: came to its end
		# rig: sid
		# ok 1 a # SKIP not here
		ok 1 selftests: x: y
		not ok rig: came to its end
	EOT
}
quiet "what ran in rigs counts" sums "3 passed, 2 failed, 1 skipped" 1 < <(two_rigs)
quiet "rigs have a table, and what failed is named below it" \
	diff -b - <(two_rigs | awk -f "$top/selftests/lib/sum.awk" | sed '$d') <<'EOT'

kernel passed failed skipped
6.1 2 1 0
sid 0 1 1

failed:
6.1: x: y # exit=1
	not ok 2 b
sid: rig: came to its end
	not ok rig: came to its end

EOT
says_why()
{
	cat <<-EOF
		# # of another
		# ok 1 a
		# #  RUN           b ...
		# # test_b.c:12:b:Expected 1 == 2
		# #          FAIL  b
		# not ok 2 b
		# not ok 3 c
		# # 1c1
		# # < expected
		# ok 4 d
		# talk: /dev/kvm: Permission denied
		# # did not come in 300 s: d
		# not ok 5 e
		# ok 6 f
		# # of another
		not ok 1 selftests: x: y # exit=1
		not ok 2 selftests: x: z # TIMEOUT 45 seconds
		rig: stopped after 3000 s
		rig: console log: log
		not ok rig: came to its end
	EOF
}
quiet "what failed says why" \
	diff -b - <(says_why | awk -f "$top/selftests/lib/sum.awk" | sed '$d') <<'EOT'
failed:
x: y # exit=1
	not ok 2 b
	# test_b.c:12:b:Expected 1 == 2
x: y # exit=1
	not ok 3 c
	# 1c1
	# < expected
x: y # exit=1
	not ok 5 e
	talk: /dev/kvm: Permission denied
	# did not come in 300 s: d
x: z # TIMEOUT 45 seconds
	not ok 2 selftests: x: z # TIMEOUT 45 seconds
rig: came to its end
	not ok rig: came to its end
	rig: stopped after 3000 s
	rig: console log: log

EOT
quiet "a kernel has one row, however often it ran" \
	diff -b - <(printf '# rig: %s\nok x\n' a b a | awk -f "$top/selftests/lib/sum.awk" |
		sed '$d') <<'EOT'

kernel passed failed skipped
a 2 0 0
b 1 0 0

EOT
quiet "nothing at all is no success" sums "0 passed, 0 failed, 0 skipped" 1 </dev/null
ktap_finished
