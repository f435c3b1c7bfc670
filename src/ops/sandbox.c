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
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
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

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	for (int c = 0; prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; c++)
		prctl(PR_CAPBSET_DROP, c, 0, 0, 0); /* where it may: without CAP_SETPCAP the next lines are enough */
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
	SCMP_SYS(ioctl),
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
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(gettid),
	SCMP_SYS(getpid),
	SCMP_SYS(tgkill),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(nanosleep),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(getrandom),
	SCMP_SYS(prlimit64),
	SCMP_SYS(getrusage),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	/* the ring: its losses, and a last filter */
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

static bool restrict_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool fine = filter != NULL;

	for (size_t i = 0; fine && i < sizeof calls / sizeof *calls; i++)
		if (calls[i] >= 0) /* negative: this machine has none of the name */
			fine = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	fine = fine && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return fine;
}

static void note(struct call *call, const char *what)
{
	diagnose(&call->diagnostics, SEVERITY_NOTE, "sandbox-part", (struct place){ 0 },
		 "%s is not there on this machine: the run goes on without it", what);
}

bool sandbox_enter(struct call *call, const char *const *folders, size_t count)
{
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
	if (!restrict_calls())
		note(call, "seccomp");
	return true;
}
