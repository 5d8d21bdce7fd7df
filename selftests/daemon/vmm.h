/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that have been told a VM's name, as VMMs are. */
#ifndef DAEMON_VMM_H
#define DAEMON_VMM_H

#include <dbgport.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * struct vmm - one such process
 * @info: as the module would tell of its VM
 * @server: of one that lets nobody read: who keeps it so; else 0
 */
struct vmm {
	struct dbgport_vm_info info;
	pid_t server;
};

/* Run @file with @argv, and read the first line that it says. */
static inline struct vmm vmm_run(__u32 vm, const char *file, char *const argv[])
{
	struct vmm vmm = { .info = { .vm = vm, .comm = "vmm" } };
	int pipe_fd[2];
	char line[32] = "";

	if (pipe(pipe_fd))
		abort();
	vmm.info.pid = fork();
	if (!vmm.info.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(pipe_fd[1], STDOUT_FILENO);
		close(pipe_fd[0]);
		close(pipe_fd[1]);
		execv(file, argv);
		_exit(1);
	}
	close(pipe_fd[1]);
	if (read(pipe_fd[0], line, sizeof(line) - 1) <= 0)
		abort();
	close(pipe_fd[0]);
	vmm.server = atoi(line);
	return vmm;
}

/* A VMM that was told @name; NULL: no name. */
static inline struct vmm vmm_start(__u32 vm, const char *name)
{
	char *const argv[] = { "lkvm", "-c", "echo 0; kill -STOP $$",
			       name ? "--name" : NULL, (char *)name, NULL };

	return vmm_run(vm, "/bin/sh", argv);
}

/* The same, and whoever reads that waits until vmm_let_read(). */
static inline struct vmm vmm_start_held(__u32 vm, const char *name)
{
	char *const argv[] = { "lkvm", "--name", (char *)name, NULL };

	return vmm_run(vm, "../lib/hold_mm", argv);
}

static inline void vmm_let_read(struct vmm *vmm)
{
	if (vmm->server)
		kill(vmm->server, SIGKILL);
	vmm->server = 0;
}

static inline void vmm_end(struct vmm *vmm)
{
	vmm_let_read(vmm);
	if (vmm->info.pid <= 0)
		abort();
	kill(vmm->info.pid, SIGKILL);
	waitpid(vmm->info.pid, NULL, 0);
}

#endif /* DAEMON_VMM_H */
