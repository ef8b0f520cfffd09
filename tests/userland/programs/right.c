/*
 * Rights: permission bits as another user sees them, set-id bits, sticky
 * folders, changing owners, the identities of a process, limits of both.
 */
#include "check.h"

#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define USER  1000
#define GROUP 1001

static void file_with(const char *name, mode_t mode, uid_t user, gid_t group)
{
	close(file_make(name, "x", 1));
	DO(chown(name, user, group));
	DO(chmod(name, mode));
}

static void become(uid_t user, gid_t group)
{
	DO(setgroups(0, NULL));
	DO(setresgid(group, group, group));
	DO(setresuid(user, user, user));
}

static mode_t mode_of(const char *name)
{
	struct stat about;

	DO(lstat(name, &about));
	return about.st_mode & 07777;
}

TEST(owner_group_others)
{
	DO(chmod(".", 0755));
	file_with("own", 0400, USER, 0);
	file_with("group", 0040, 0, GROUP);
	file_with("others", 0004, 0, 0);
	file_with("not-own", 0077, USER, 0);
	file_with("not-group", 0707, 0, GROUP);
	become(USER, GROUP);
	CHECK(open("own", O_RDONLY) >= 0);
	ERROR(open("own", O_WRONLY), EACCES);
	CHECK(open("group", O_RDONLY) >= 0);
	ERROR(open("group", O_RDWR), EACCES);
	CHECK(open("others", O_RDONLY) >= 0);
	ERROR(open("not-own", O_RDONLY), EACCES); /* the first class counts */
	ERROR(open("not-group", O_RDONLY), EACCES);
	ERROR(truncate("own", 0), EACCES);
}

TEST(folders)
{
	struct stat about;

	DO(chmod(".", 0755));
	DO(mkdir("listed", 0755));
	DO(chmod("listed", 0744));
	DO(mkdir("searched", 0755));
	close(file_make("listed/f", "", 0));
	close(file_make("searched/f", "", 0));
	DO(chmod("searched", 0711));
	become(USER, GROUP);
	CHECK(open("listed", O_RDONLY) >= 0);
	ERROR(stat("listed/f", &about), EACCES);
	ERROR(open("searched", O_RDONLY), EACCES);
	DO(stat("searched/f", &about));
	ERROR(open("new", O_RDWR | O_CREAT, 0644), EACCES);
	ERROR(mkdir("new", 0755), EACCES);
	ERROR(unlink("searched/f"), EACCES);
	ERROR(rename("searched/f", "f"), EACCES);
	ERROR(symlink("x", "new"), EACCES);
	ERROR(chdir("listed"), EACCES);
	ERROR(mkdir("listed", 0755), EEXIST);
}

TEST(sticky_folders)
{
	DO(chmod(".", 01777));
	file_with("theirs", 0666, 0, 0);
	file_with("mine", 0666, USER, 0);
	become(USER, GROUP);
	ERROR(unlink("theirs"), EPERM);
	ERROR(rename("theirs", "x"), EPERM);
	ERROR(rename("mine", "theirs"), EPERM);
	DO(unlink("mine"));
}

TEST(group_of_the_folder)
{
	struct stat about;

	DO(chown(".", 0, GROUP));
	DO(chmod(".", 02777));
	DO(mkdir("d", 0755));
	DO(stat("d", &about));
	IS(about.st_gid, GROUP);
	CHECK(about.st_mode & S_ISGID);
	close(file_make("f", "", 0));
	DO(stat("f", &about));
	IS(about.st_gid, GROUP);
}

TEST(changing_mode_and_owner)
{
	DO(chmod(".", 0777));
	file_with("theirs", 0666, 0, 0);
	file_with("mine", 06755, USER, GROUP);
	IS(mode_of("mine"), 06755);
	become(USER, GROUP);
	ERROR(chmod("theirs", 0777), EPERM);
	ERROR(chown("theirs", USER, GROUP), EPERM);
	ERROR(chown("mine", 0, (gid_t)-1), EPERM);
	ERROR(chown("mine", (uid_t)-1, 0), EPERM);
	DO(chown("mine", (uid_t)-1, GROUP)); /* takes the set-id bits */
	IS(mode_of("mine"), 0755);
	DO(chmod("mine", 04700));
	IS(mode_of("mine"), 04700);
	IS(write(open("mine", O_WRONLY), "x", 1), 1); /* so does writing */
	IS(mode_of("mine"), 0700);
}

TEST(access_asks_the_real_user)
{
	DO(chmod(".", 0755));
	file_with("f", 0600, 0, 0);
	DO(access("f", R_OK | W_OK));
	ERROR(access("f", X_OK), EACCES); /* for root, too */
	ERROR(access("f", 77), EINVAL);
	ERROR(access("none", F_OK), ENOENT);
	DO(setresuid(USER, 0, 0));
	ERROR(access("f", R_OK), EACCES);
	CHECK(open("f", O_RDONLY) >= 0);
	DO(faccessat(AT_FDCWD, "f", R_OK, AT_EACCESS));
}

TEST(set_user_identities)
{
	uid_t real, effective, saved;

	DO(setresuid(USER, USER + 1, USER + 2));
	DO(getresuid(&real, &effective, &saved));
	IS(real, USER);
	IS(effective, USER + 1);
	IS(saved, USER + 2);
	DO(seteuid(USER + 2));
	ERROR(seteuid(0), EPERM);
	ERROR(setuid(0), EPERM);
	DO(setuid(USER));
	IS(geteuid(), USER);
	ERROR(setresuid(5, (uid_t)-1, (uid_t)-1), EPERM);
	DO(setreuid(USER, USER + 2));
	IS(geteuid(), USER + 2);
}

TEST(set_group_identities)
{
	gid_t real, effective, saved, groups[4] = { 5, 6, 7 };

	DO(setgroups(3, groups));
	IS(getgroups(0, NULL), 3);
	memset(groups, 0, sizeof(groups));
	IS(getgroups(4, groups), 3);
	IS(groups[2], 7);
	ERROR(getgroups(2, groups), EINVAL);
	DO(setresgid(GROUP, GROUP + 1, GROUP + 2));
	DO(setuid(USER));
	DO(getresgid(&real, &effective, &saved));
	IS(real, GROUP);
	IS(effective, GROUP + 1);
	IS(saved, GROUP + 2);
	ERROR(setgroups(1, groups), EPERM);
	DO(setegid(GROUP));
	ERROR(setgid(0), EPERM);
}

TEST(supplementary_groups_count)
{
	gid_t group = 5;

	DO(chmod(".", 0755));
	file_with("f", 0040, 0, 5);
	DO(setgroups(1, &group));
	DO(setresgid(GROUP, GROUP, GROUP));
	DO(setresuid(USER, USER, USER));
	CHECK(open("f", O_RDONLY) >= 0);
}

/* Set-id programs; the words of the vector tell which identity runs. */
__attribute__((constructor)) static void identity_tell(int count, char **words)
{
	if (count != 2 || strcmp(words[1], "--identity") != 0)
		return;
	printf("%d %d %d %d\n", (int)getuid(), (int)geteuid(), (int)getgid(),
	       (int)getegid());
	fflush(stdout);
	_exit(0);
}

TEST(set_id_programs)
{
	char text[64] = "", *bytes = malloc(8 << 20);
	size_t size;
	int file, ends[2];
	pid_t child;

	DO(chmod(".", 0755));
	size = file_read("/proc/self/exe", bytes, 8 << 20);
	file = file_make("copy", bytes, size);
	DO(fchown(file, USER + 5, GROUP + 5));
	DO(fchmod(file, 06755));
	DO(close(file));
	DO(pipe(ends));
	child = child_make();
	if (child == 0) {
		char *words[] = { "copy", "--identity", NULL };

		become(USER, GROUP);
		dup2(ends[1], 1);
		execv("copy", words);
		_exit(1);
	}
	IS(child_status(child), 0);
	CHECK(read(ends[0], text, sizeof(text) - 1) > 0);
	TEXT(text, "1000 1005 1001 1006\n");
}

TEST(kill_permission)
{
	pid_t root = child_make(), child;

	if (root == 0)
		for (;;)
			pause();
	child = child_make();
	if (child == 0) {
		become(USER, GROUP);
		ERROR(kill(root, 0), EPERM);
		ERROR(kill(root, SIGTERM), EPERM);
		ERROR(kill(1, SIGTERM), EPERM);
		DO(kill(getpid(), 0));
		child_end();
	}
	child_good(child);
	DO(kill(root, SIGKILL));
	child_status(root);
}

static void *user_tell(void *with)
{
	signpost_wait(with);
	return (void *)(intptr_t)syscall(SYS_geteuid32);
}

/* The C library takes all threads along, by signal 33. */
TEST(threads_change_together)
{
	struct signpost go;
	pthread_t thread;
	void *user;

	signpost_make(&go);
	IS(pthread_create(&thread, NULL, user_tell, &go), 0);
	DO(setuid(USER));
	signpost_tell(&go);
	IS(pthread_join(thread, &user), 0);
	IS((intptr_t)user, USER);
}

TEST(limits)
{
	struct rlimit limit, other;
	struct rlimit no_files = { 4, 4 };

	DO(getrlimit(RLIMIT_NOFILE, &limit));
	CHECK(limit.rlim_cur >= 64);
	other = (struct rlimit){ 50, limit.rlim_max };
	DO(setrlimit(RLIMIT_NOFILE, &other));
	ERROR(dup2(1, 50), EBADF);
	IS(dup2(1, 49), 49);
	other = (struct rlimit){ 60, 50 };
	ERROR(setrlimit(RLIMIT_NOFILE, &other), EINVAL);
	ERROR(getrlimit((__rlimit_resource_t)99, &other), EINVAL);
	DO(prlimit(0, RLIMIT_CORE, NULL, &other));
	DO(setrlimit(RLIMIT_NOFILE, &no_files));
	while (dup(1) >= 0)
		;
	IS(errno, EMFILE);
	ERROR(pipe((int[2]){ 0, 0 }), EMFILE);
	DO(setuid(USER));
	no_files.rlim_max = 8;
	ERROR(setrlimit(RLIMIT_NOFILE, &no_files), EPERM);
}

TEST(file_size_limit)
{
	struct rlimit limit = { 100, 100 };
	static char bytes[200];
	int file = file_make("f", "", 0);

	signal(SIGXFSZ, SIG_IGN);
	DO(setrlimit(RLIMIT_FSIZE, &limit));
	IS(write(file, bytes, 200), 100);
	ERROR(write(file, bytes, 1), EFBIG);
	ERROR(ftruncate(file, 101), EFBIG);
}

TEST(process_limit)
{
	struct rlimit limit = { 1, 1 };

	DO(setuid(USER + 77));
	DO(setrlimit(RLIMIT_NPROC, &limit));
	ERROR(fork(), EAGAIN);
}

TEST(process_name)
{
	char name[16] = "";

	DO(prctl(PR_SET_NAME, "a name that is too long"));
	DO(prctl(PR_GET_NAME, name));
	TEXT(name, "a name that is ");
	IS(prctl(PR_GET_DUMPABLE), 1);
	ERROR(prctl(7777), EINVAL);
	DO(prctl(PR_SET_PDEATHSIG, SIGTERM));
}

TEST(priorities)
{
	errno = 0;
	IS(getpriority(PRIO_PROCESS, 0), 0);
	DO(setpriority(PRIO_PROCESS, 0, 5));
	IS(getpriority(PRIO_PROCESS, 0), 5);
	IS(nice(3), 8);
	DO(setpriority(PRIO_PROCESS, 0, 100));
	IS(getpriority(PRIO_PROCESS, 0), 19);
	ERROR(getpriority(PRIO_PROCESS, 0x7ffffff0), ESRCH);
	ERROR(getpriority((__priority_which_t)9, 0), EINVAL);
	DO(setuid(USER));
	ERROR(setpriority(PRIO_PROCESS, 0, 1), EACCES);
}
