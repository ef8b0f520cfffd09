/*
 * What tests with several processes need: children that are judged, events,
 * time, and small files.
 */
#include "check.h"

#include <fcntl.h>
#include <time.h>

#define GOOD 77 /* exit status of a child whose checks held */

void *bad = (void *)8;

pid_t child_make(void)
{
	pid_t child = fork();

	CHECK(child >= 0);
	return child;
}

void child_end(void)
{
	_exit(GOOD);
}

int child_status(pid_t child)
{
	int status;
	pid_t ended;

	do
		ended = waitpid(child, &status, 0);
	while (ended == -1 && errno == EINTR);
	IS(ended, child);
	return status;
}

void child_good(pid_t child)
{
	int status = child_status(child);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
		_exit(99); /* it has said why */
	if (WIFSIGNALED(status))
		IS(WTERMSIG(status), 0);
	IS(WEXITSTATUS(status), GOOD);
}

void signpost_make(struct signpost *post)
{
	DO(pipe(post->ends));
}

void signpost_tell(struct signpost *post)
{
	IS(write(post->ends[1], "!", 1), 1);
}

void signpost_wait(struct signpost *post)
{
	char byte;
	ssize_t got;

	do
		got = read(post->ends[0], &byte, 1);
	while (got == -1 && errno == EINTR);
	IS(got, 1);
}

long long clock_now(void)
{
	struct timespec now;

	DO(clock_gettime(CLOCK_MONOTONIC, &now));
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_sleep(int milliseconds)
{
	struct timespec time = { milliseconds / 1000,
				 milliseconds % 1000 * 1000000l };

	while (nanosleep(&time, &time) == -1)
		IS(errno, EINTR);
}

void process_state_wait(pid_t process, char state)
{
	char path[64], text[512], *behind;
	int tries;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
	for (tries = 0; tries < 5000; tries++) {
		file_read(path, text, sizeof(text));
		behind = strrchr(text, ')');
		CHECK(behind != NULL);
		if (behind[2] == state)
			return;
		clock_sleep(2);
	}
	CHECK(!"the process came into that state");
}

int file_make(const char *name, const void *bytes, size_t size)
{
	int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	CHECK(file >= 0);
	IS(write(file, bytes, size), size);
	IS(lseek(file, 0, SEEK_SET), 0);
	return file;
}

size_t file_read(const char *name, char *text, size_t room)
{
	int file = open(name, O_RDONLY);
	size_t size = 0;
	ssize_t got;

	CHECK(file >= 0);
	while (size + 1 < room &&
	       (got = read(file, text + size, room - 1 - size)) > 0)
		size += (size_t)got;
	text[size] = '\0';
	close(file);
	return size;
}
