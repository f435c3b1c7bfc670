/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Privileges are needed to open an interface, and for nothing after that. They are given up for good: another user,
 * no capabilities, no way to new ones; Landlock (landlock(7)) leaves the folders that results go to; seccomp leaves the
 * calls that the rest of the run makes and refuses others.
 */
#include "ops/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* ---- user and capabilities ---------------------------------------------------------------------------------------- */

/* Who called sudo, or nobody. */
static unsigned id_of(const char *variable)
{
	const char *text = getenv(variable);
	char *end;
	unsigned long id;

	if (!text || *text < '0' || *text > '9')
		return NOBODY;
	errno = 0;
	id = strtoul(text, &end, 10);
	return *end || errno || id == 0 || id >= UINT32_MAX ? NOBODY : (unsigned)id;
}

static bool drop_user(void)
{
	unsigned user = id_of("SUDO_UID"), group = id_of("SUDO_GID");

	if (geteuid() != 0)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0;
}

/* Where it may, as root: without CAP_SETPCAP what follows is enough. */
static void bound_capabilities(void)
{
	for (int c = 0; prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; c++)
		prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
}

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
	       syscall(SYS_capset, &header, none) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static bool allow_folder(int ruleset, const char *folder)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
				  LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
				  LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE,
		.parent_fd = open(*folder ? folder : ".", O_PATH | O_CLOEXEC),
	};
	bool fine = rule.parent_fd >= 0 &&
		    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;

	if (rule.parent_fd >= 0)
		close(rule.parent_fd);
	return fine;
}

static bool restrict_files(const char *const *folders, size_t count)
{
	/* All of Landlock's first version, which every kernel that has it knows. */
	struct landlock_ruleset_attr attr = { .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	bool fine = ruleset >= 0;

	for (size_t i = 0; fine && i < count; i++)
		fine = allow_folder(ruleset, folders[i]);
	fine = fine && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (ruleset >= 0)
		close(ruleset);
	return fine;
}

/* ---- calls -------------------------------------------------------------------------------------------------------- */

static const int calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(fcntl),
	SCMP_SYS(getdents64),
	/* results: a temporary file beside the final name */
	SCMP_SYS(openat),
	SCMP_SYS(open),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fchmod),
	SCMP_SYS(umask),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	/* memory, threads, time */
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(mprotect),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(gettid),
	SCMP_SYS(getpid),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(nanosleep),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrusage),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(getsockopt),  /* the ring's losses, an interface that went down */
	SCMP_SYS(getsockname), /* ... and one that is gone */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Calls that are let through with these arguments alone. */
static bool allow_some(scmp_filter_ctx filter)
{
	const scmp_datum_t namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
					CLONE_NEWPID | CLONE_NEWNET;

	/* Threads, and nothing with privileges of its own. clone3 hides its flags from a filter; the library then asks clone. */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces, 0)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
	       /* An abort, and how large the stack may be: of this process, not of others of the same user. */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0, 0)) == 0 &&
	       /* Whether what is written to is a terminal. */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)) == 0 &&
	       /* A last filter, through which nothing passes. */
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), 2, SCMP_A1(SCMP_CMP_EQ, SOL_SOCKET, 0),
				SCMP_A2(SCMP_CMP_EQ, SO_ATTACH_FILTER, 0)) == 0;
}

static bool restrict_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool fine = filter != NULL && allow_some(filter);

	for (size_t i = 0; fine && i < sizeof calls / sizeof *calls; i++)
		if (calls[i] >= 0) /* negative: this machine has none of the name */
			fine = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	fine = fine && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return fine;
}

/*
 * A second filter beside it: what is heard on can't be spoken on, though a packet socket would send what is written to it,
 * nor be given another number, under which it could.
 */
static bool keep_silent(const int *sockets, size_t count)
{
	static const int ways[] = { SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(fcntl) };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool fine = filter != NULL;

	for (size_t i = 0; fine && i < count; i++)
		for (size_t k = 0; fine && k < sizeof ways / sizeof *ways; k++)
			fine = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), ways[k], 1,
						SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)sockets[i], 0)) == 0;
	fine = fine && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return fine;
}

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
/*
 * A build with LeakSanitizer, which asks this at the end: it would trace the process from another one, be refused, and wait
 * for ever. That a plain question is refused too tells that the sandbox was entered.
 */
int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0;
}
#endif

static void note(struct call *call, const char *what)
{
	diagnose(&call->diagnostics, SEVERITY_NOTE, "sandbox-part", (struct place){ 0 },
		 "%s is not there on this machine: the run goes on without it", what);
}

bool sandbox_enter(struct call *call, const char *const *folders, size_t count, const int *sockets, size_t socket_count)
{
	bound_capabilities();
	if (!drop_user() || !drop_capabilities()) {
		call_fail(call, EXIT_NO_PERMISSION, "privileges-kept", "privileges can't be dropped: %s",
			  strerror(errno));
		return false;
	}
	/* Checked here: later it would cost the whole run. */
	for (size_t i = 0; i < count; i++)
		if (access(*folders[i] ? folders[i] : ".", W_OK | X_OK) < 0) {
			call_fail(call, EXIT_CANT_CREATE, "cannot-create",
				  "%s can't be written to without privileges: %s", *folders[i] ? folders[i] : ".",
				  strerror(errno));
			return false;
		}
	if (!restrict_files(folders, count))
		note(call, "Landlock");
	if (!keep_silent(sockets, socket_count) || !restrict_calls())
		note(call, "seccomp");
	return true;
}
