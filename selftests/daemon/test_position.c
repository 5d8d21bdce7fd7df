// SPDX-License-Identifier: GPL-2.0
/* How far VMs and outputs have come, as a daemon after this one finds it. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "daemon/scratch.h"
#include "dbgportd/loop/clock.h"
#include "dbgportd/router/positions.h"

#define LOAD	1

static char why[512];

static bool all_exist(__u32 vm)
{
	(void)vm;
	return true;
}

/* An output on a sink whose stream does what the test wants. */
struct side {
	struct route route;
	struct sink sink;
	struct output out;
};

static void attach(struct vm *vm, __u32 id, __u64 seq)
{
	*vm = (struct vm){ .info = { .id = id } };
	snprintf(vm->info.name, sizeof(vm->info.name), "vm%u", id);
	vm_position_begin(&vm->position, id, vm->info.name, seq);
}

static void open_side(struct side *s, struct vm *vm, char *text)
{
	memset(s, 0, sizeof(*s));
	s->route.text = text;
	s->route.format = &format_raw;
	output_init(&s->out, vm, &s->route, &s->sink);
}

/* @n writes of @vm are read, and shown to @side, if any. */
static void show(struct vm *vm, struct side *side, int n)
{
	vm_position_move(&vm->position, vm->position.next_seq + n);
	if (side)
		position_move(&side->out.position);
}

/* The same, and @side takes them, a byte each. */
static void take(struct vm *vm, struct side *side, int n)
{
	show(vm, side, n);
	side->sink.stream.put += n;
}

static void let_go(struct side *side, int n)
{
	side->sink.stream.out += n;
}

/* @side takes them and writes them at once. */
static void pass(struct vm *vm, struct side *side, int n)
{
	take(vm, side, n);
	let_go(side, n);
}

/* VM 1 comes, and with it its output @side on route "a". */
static void begin(struct vm *vm, struct side *side)
{
	attach(vm, 1, 0);
	open_side(side, vm, "a");
}

/* A closed output's sink has a user less; its stream closes when it likes. */
static void close_side(struct side *side)
{
	position_end(&side->out.position);
}

FIXTURE(position)
{
	struct scratch scratch;
	struct vm vm;
	struct side a, b;
	__u64 seq;
	char name[VMNAME_SIZE];
	bool done;
};

#define OPEN(load)	\
	ASSERT_EQ(0, positions_open(self->scratch.dir, load, all_exist, why, sizeof(why)))

FIXTURE_SETUP(position)
{
	scratch_make(&self->scratch);
	OPEN(LOAD);
}

FIXTURE_TEARDOWN(position)
{
	positions_close();
	scratch_remove(&self->scratch);
}

/* All that a daemon knew is gone, but for the table as it was kept. */
#define RESTART do { positions_close(); OPEN(LOAD); } while (0)

#define EXPECT_KNOWN(id) EXPECT_TRUE(positions_of_vm(id, &self->seq, self->name, &self->done))
#define EXPECT_POSITION(id, n) do {	\
	EXPECT_KNOWN(id);		\
	EXPECT_EQ(n, self->seq);	\
} while (0)

TEST_F(position, of_an_unknown_vm_is_unknown)
{
	EXPECT_FALSE(positions_of_vm(1, &self->seq, self->name, &self->done));
}

TEST_F(position, of_a_vm_moves_at_the_end_of_the_turn)
{
	begin(&self->vm, &self->a);
	EXPECT_EQ(0, self->a.out.position.from);
	positions_keep();
	EXPECT_POSITION(1, 0);
	EXPECT_STREQ("vm1", self->name);
	EXPECT_FALSE(self->done);
	pass(&self->vm, &self->a, 10);
	EXPECT_POSITION(1, 0);
	positions_keep();
	EXPECT_POSITION(1, 10);
}

TEST_F(position, of_writes_that_nobody_takes_moves_too)
{
	attach(&self->vm, 1, 0);
	show(&self->vm, NULL, 10);
	positions_keep();
	EXPECT_POSITION(1, 10);
}

TEST_F(position, is_that_of_the_output_that_lags_most)
{
	begin(&self->vm, &self->a);
	open_side(&self->b, &self->vm, "b");
	pass(&self->vm, &self->a, 10);
	take(&self->vm, &self->b, 5);
	positions_keep();
	EXPECT_POSITION(1, 0);
	let_go(&self->b, 5);
	positions_keep();
	EXPECT_POSITION(1, 15);
}

TEST_F(position, moves_on_as_the_stream_lets_go)
{
	begin(&self->vm, &self->a);
	take(&self->vm, &self->a, 10);
	positions_keep();
	take(&self->vm, &self->a, 10);
	positions_keep();
	EXPECT_POSITION(1, 0);
	let_go(&self->a, 9);
	positions_keep();
	EXPECT_POSITION(1, 0);
	let_go(&self->a, 1);
	positions_keep();
	EXPECT_POSITION(1, 10);
	pass(&self->vm, &self->a, 10);
	positions_keep();
	EXPECT_POSITION(1, 20);
	let_go(&self->a, 10);
	positions_keep();
	EXPECT_POSITION(1, 30);
}

TEST_F(position, is_not_held_back_by_a_stream_that_died)
{
	begin(&self->vm, &self->a);
	take(&self->vm, &self->a, 10);
	positions_keep();
	EXPECT_POSITION(1, 0);
	self->a.sink.stream.dead = true;
	positions_keep();
	EXPECT_POSITION(1, 10);
}

TEST_F(position, of_an_output_without_a_sink_follows)
{
	begin(&self->vm, &self->a);
	output_init(&self->a.out, &self->vm, &self->a.route, NULL);
	show(&self->vm, &self->a, 10);
	positions_keep();
	EXPECT_POSITION(1, 10);
}

TEST_F(position, is_the_first_write_of_an_unfinished_line)
{
	struct dbgport_record rec = { .type = DBGPORT_WRITE, .width = 1, .seq = 7 };

	ASSERT_EQ(0, loop_init(ENGINE));
	attach(&self->vm, 1, 7);
	open_side(&self->a, &self->vm, "a");
	show(&self->vm, &self->a, 3);
	lines_put(&self->a.out.lines, &rec, "abc", 3, loop_now());
	positions_keep();
	EXPECT_POSITION(1, 7);
}

TEST_F(position, tells_each_output_where_it_begins)
{
	struct vm again;
	struct side a, b, c;

	begin(&self->vm, &self->a);
	open_side(&self->b, &self->vm, "b");
	pass(&self->vm, &self->a, 10);
	positions_keep();
	take(&self->vm, &self->b, 10);
	positions_keep();
	RESTART;
	EXPECT_POSITION(1, 10);
	attach(&again, 1, self->seq);
	open_side(&a, &again, "a");
	open_side(&b, &again, "b");
	open_side(&c, &again, "c");
	EXPECT_EQ(20, a.out.position.from);
	EXPECT_EQ(10, b.out.position.from);
	EXPECT_EQ(20, c.out.position.from);
	RESTART;
}

/* A restarted daemon is killed while it reads again what one output lacked. */
TEST_F(position, never_goes_back_for_those_that_had_it)
{
	struct vm again, once_more;
	struct side a, b;

	begin(&self->vm, &self->a);
	open_side(&self->b, &self->vm, "b");
	take(&self->vm, &self->b, 100);
	positions_keep();
	RESTART;
	EXPECT_POSITION(1, 0);
	begin(&again, &a);
	open_side(&b, &again, "b");
	pass(&again, &b, 40);
	positions_keep();
	RESTART;
	EXPECT_POSITION(1, 40);
	attach(&once_more, 1, 40);
	open_side(&a, &once_more, "a");
	open_side(&b, &once_more, "b");
	EXPECT_EQ(100, a.out.position.from);
	EXPECT_EQ(40, b.out.position.from);
	pass(&once_more, &b, 60);
	RESTART;
	EXPECT_POSITION(1, 100);
}

TEST_F(position, of_a_route_that_is_no_more_is_forgotten)
{
	struct vm again;
	struct side a;

	begin(&self->vm, &self->a);
	take(&self->vm, &self->a, 10);
	positions_keep();
	EXPECT_POSITION(1, 0);
	RESTART;
	EXPECT_POSITION(1, 0);
	attach(&again, 1, 0);
	open_side(&a, &again, "other");
	EXPECT_EQ(10, a.out.position.from);
	RESTART;
	EXPECT_POSITION(1, 10);
}

TEST_F(position, of_an_ended_vm_is_done_when_all_is_written)
{
	begin(&self->vm, &self->a);
	take(&self->vm, &self->a, 10);
	close_side(&self->a);
	vm_position_end(&self->vm.position, true);
	EXPECT_POSITION(1, 0);
	EXPECT_FALSE(self->done);
	positions_keep();
	EXPECT_POSITION(1, 0);
	EXPECT_FALSE(self->done);
	let_go(&self->a, 10);
	positions_keep();
	EXPECT_POSITION(1, 10);
	EXPECT_TRUE(self->done);
}

TEST_F(position, of_an_ended_vm_is_not_done_before_its_end_is_written)
{
	begin(&self->vm, &self->a);
	pass(&self->vm, &self->a, 10);
	positions_keep();
	/* No write, but more bytes. */
	take(&self->vm, &self->a, 0);
	self->a.sink.stream.put += 5;
	close_side(&self->a);
	vm_position_end(&self->vm.position, true);
	positions_keep();
	EXPECT_POSITION(1, 10);
	EXPECT_FALSE(self->done);
	let_go(&self->a, 4);
	positions_keep();
	EXPECT_KNOWN(1);
	EXPECT_FALSE(self->done);
	let_go(&self->a, 1);
	positions_keep();
	EXPECT_POSITION(1, 10);
	EXPECT_TRUE(self->done);
}

TEST_F(position, of_a_vm_without_outputs_is_done_at_its_end)
{
	attach(&self->vm, 1, 0);
	vm_position_end(&self->vm.position, true);
	positions_keep();
	EXPECT_POSITION(1, 0);
	EXPECT_TRUE(self->done);
}

TEST_F(position, of_a_vm_that_lives_on_is_not_done)
{
	begin(&self->vm, &self->a);
	pass(&self->vm, &self->a, 10);
	close_side(&self->a);
	vm_position_end(&self->vm.position, false);
	RESTART;
	EXPECT_POSITION(1, 10);
	EXPECT_FALSE(self->done);
	EXPECT_STREQ("vm1", self->name);
}

static bool is_closed;

static void closed(struct stream *s)
{
	(void)s;
	is_closed = true;
}

/* @side writes into a pipe that nobody reads. */
static bool has_pipe(struct side *side)
{
	struct stream *s = &side->sink.stream;
	int fd[2];

	s->closed = closed;
	return !pipe2(fd, O_NONBLOCK) && !stream_init(s, fd[1], STREAM_NONBLOCK, 1 << 20, "a");
}

/* What a closing stream gave up can be read again. */
TEST_F(position, stays_where_a_closed_stream_gave_up)
{
	struct stream *s = &self->a.sink.stream;
	static char bytes[4 << 20];

	ASSERT_EQ(0, loop_init(ENGINE));
	drive_without_log();
	begin(&self->vm, &self->a);
	ASSERT_TRUE(has_pipe(&self->a));
	s->patience_ms = 1;
	show(&self->vm, &self->a, 10);
	stream_put(s, bytes, 1 << 20);
	streams_flush();
	positions_keep();
	EXPECT_POSITION(1, 0);
	close_side(&self->a);
	vm_position_end(&self->vm.position, false);
	stream_close(s);
	EXPECT_TRUE(drive_until(is_closed));
	positions_keep();
	EXPECT_POSITION(1, 0);
	EXPECT_FALSE(self->done);
}

TEST_F(position, is_kept_once_a_closed_stream_has_written)
{
	struct stream *s = &self->a.sink.stream;

	ASSERT_EQ(0, loop_init(ENGINE));
	drive_without_log();
	begin(&self->vm, &self->a);
	ASSERT_TRUE(has_pipe(&self->a));
	show(&self->vm, &self->a, 10);
	stream_put(s, "0123456789", 10);
	close_side(&self->a);
	vm_position_end(&self->vm.position, true);
	stream_close(s);
	EXPECT_TRUE(drive_until(is_closed));
	positions_keep();
	EXPECT_POSITION(1, 10);
	EXPECT_TRUE(self->done);
}

/* The table could not be made: outputs come and go as ever. */
TEST_F(position, is_nowhere_without_a_table)
{
	struct side *side = malloc(sizeof(*side));

	positions_close();
	attach(&self->vm, 1, 0);
	open_side(side, &self->vm, "a");
	EXPECT_EQ(0, side->out.position.from);
	take(&self->vm, side, 10);
	close_side(side);
	vm_position_end(&self->vm.position, true);
	/* Its sink is gone with it. */
	free(side);
	positions_keep();
	EXPECT_FALSE(positions_of_vm(1, &self->seq, self->name, &self->done));
}

TEST_F(position, is_forgotten_when_the_module_is_loaded_anew)
{
	begin(&self->vm, &self->a);
	take(&self->vm, &self->a, 10);
	close_side(&self->a);
	vm_position_end(&self->vm.position, false);
	positions_keep();
	positions_reload(LOAD);
	EXPECT_KNOWN(1);
	positions_reload(LOAD + 1);
	EXPECT_FALSE(positions_of_vm(1, &self->seq, self->name, &self->done));
	let_go(&self->a, 10);
	positions_keep();
	EXPECT_FALSE(positions_of_vm(1, &self->seq, self->name, &self->done));
}

/* Unplugged and back: the same VM, and what the old sink still writes is not read again. */
TEST_F(position, goes_on_where_the_output_before_was_given)
{
	struct vm again;
	struct side a;

	begin(&self->vm, &self->a);
	take(&self->vm, &self->a, 10);
	close_side(&self->a);
	vm_position_end(&self->vm.position, false);
	positions_keep();
	EXPECT_POSITION(1, 0);
	begin(&again, &a);
	EXPECT_EQ(10, a.out.position.from);
	RESTART;
	EXPECT_POSITION(1, 10);
}

TEST_F(position, can_be_forgotten)
{
	attach(&self->vm, 1, 0);
	vm_position_end(&self->vm.position, false);
	positions_keep();
	EXPECT_KNOWN(1);
	positions_forget(1);
	EXPECT_FALSE(positions_of_vm(1, &self->seq, self->name, &self->done));
}

/*
 * A daemon that is killed again and again.  What its outputs have written is
 * in memory that outlives it.
 */
#define VMS	2
#define SIDES	3
#define BATCH	64

struct written {
	/* Of each VM and side: the next write that it has not written. */
	__u64 next[VMS][SIDES];
	/* Writes that one life repeated, at most, of the side that writes at once. */
	__u64 repeated;
	__u64 turns;
	__u64 holes;
};

struct life {
	struct vm vm;
	struct side side[SIDES];
	/* Of the sides that write late: what they were given, in order. */
	__u64 given[SIDES][1 << 16];
};

static void check_in(struct written *w, int v, int s, __u64 seq, __u64 *repeats)
{
	if (seq > w->next[v][s])
		w->holes++;
	else if (seq < w->next[v][s])
		++*repeats;
	else
		w->next[v][s] = seq + 1;
}

#define NEVER	(~0ULL)

/* @stop_at: the turn in which the killer is shown where positions are kept */
static void live(const char *dir, struct written *w, __u64 stop_at)
{
	static struct life life[VMS];
	static char *const names[SIDES] = { "at once", "late", "in bursts" };
	__u64 repeats[VMS][SIDES] = { 0 };

	if (positions_open(dir, LOAD, all_exist, why, sizeof(why)))
		_exit(1);
	for (int v = 0; v < VMS; v++) {
		char name[VMNAME_SIZE];
		__u64 seq = 0;
		bool done;

		positions_of_vm(v + 1, &seq, name, &done);
		attach(&life[v].vm, v + 1, seq);
		for (int s = 0; s < SIDES; s++)
			open_side(&life[v].side[s], &life[v].vm, names[s]);
	}
	for (;; w->turns++) {
		for (int v = 0; v < VMS; v++) {
			struct vm *vm = &life[v].vm;

			for (int n = random() % BATCH; n; n--) {
				for (int s = 0; s < SIDES; s++) {
					struct side *side = &life[v].side[s];
					struct stream *st = &side->sink.stream;

					if (vm->position.next_seq < side->out.position.from)
						continue;
					position_move(&side->out.position);
					life[v].given[s][st->put++ % (1 << 16)] =
						vm->position.next_seq;
				}
				vm_position_move(&vm->position, vm->position.next_seq + 1);
			}
			for (int s = 0; s < SIDES; s++) {
				struct stream *st = &life[v].side[s].sink.stream;
				__u64 n = st->put - st->out;

				if (s == 1)
					n = n ? random() % (n + 1) : 0;
				else if (s == 2 && w->turns % 64)
					n = 0;
				for (; n; n--)
					check_in(w, v, s, life[v].given[s][st->out++ % (1 << 16)],
						 &repeats[v][s]);
			}
			if (repeats[v][0] > w->repeated)
				w->repeated = repeats[v][0];
		}
		if (w->turns == stop_at)
			raise(SIGSTOP);
		positions_keep();
		if (w->turns == stop_at)
			raise(SIGSTOP);
	}
}

FIXTURE(killed)
{
	struct scratch scratch;
	struct written *w;
};

FIXTURE_SETUP(killed)
{
	scratch_make(&self->scratch);
	self->w = mmap(NULL, sizeof(*self->w), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->w);
}

FIXTURE_TEARDOWN(killed)
{
	struct written *w = self->w;

	TH_LOG("%llu turns, at most %llu writes repeated of %llu", w->turns, w->repeated,
	       w->next[0][0]);
	EXPECT_EQ(0, w->holes);
	EXPECT_GT(BATCH, w->repeated);
	for (int v = 0; v < VMS; v++) {
		for (int s = 0; s < SIDES; s++)
			EXPECT_LT(1000, w->next[v][s]);
	}
	scratch_remove(&self->scratch);
}

TEST_F_TIMEOUT(killed, at_any_time_it_loses_no_write, 600)
{
	struct written *w = self->w;

	for (int kills = 0; kills < 200; kills++) {
		__u64 begin = w->turns;
		pid_t child = fork();

		if (!child) {
			srandom(kills);
			live(self->scratch.dir, w, NEVER);
		}
		while (__atomic_load_n(&w->turns, __ATOMIC_RELAXED) < begin + 10)
			usleep(100);
		usleep(random() % 1000);
		ASSERT_EQ(0, kill(child, SIGKILL));
		ASSERT_EQ(child, waitpid(child, NULL, 0));
	}
}

/* Single steps of @child until it stops by itself; at most @max. */
static int step(pid_t child, int max)
{
	int n = 0, status = 0;

	while (n < max && !ptrace(PTRACE_SINGLESTEP, child, NULL, NULL)) {
		waitpid(child, &status, 0);
		if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
			break;
		n++;
	}
	return n;
}

/* Between any two instructions of positions_keep(). */
TEST_F_TIMEOUT(killed, while_it_keeps_positions_it_loses_no_write, 600)
{
	struct written *w = self->w;
	int steps = 0;

	srandom(1);
	for (int kills = 0; kills <= 300; kills++) {
		pid_t child = fork();
		int status;

		if (!child) {
			srandom(kills);
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
			live(self->scratch.dir, w, w->turns + 20);
		}
		ASSERT_EQ(child, waitpid(child, &status, 0));
		ASSERT_TRUE(WIFSTOPPED(status));
		ASSERT_EQ(SIGSTOP, WSTOPSIG(status));
		if (steps)
			step(child, random() % steps);
		else
			steps = step(child, 1000000);
		ASSERT_EQ(0, kill(child, SIGKILL));
		ASSERT_EQ(child, waitpid(child, NULL, 0));
	}
	TH_LOG("killed in one of %d instructions", steps);
	EXPECT_LT(100, steps);
}

TEST_HARNESS_MAIN
