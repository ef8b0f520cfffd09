/* Threads, a mutex, a condition, thread-local storage. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#define THREADS 8
#define ROUNDS	1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_started = PTHREAD_COND_INITIALIZER;
static _Thread_local int own;
static int started, sum;

static void *work(void *argument)
{
	pthread_mutex_lock(&lock);
	if (++started == THREADS)
		pthread_cond_broadcast(&all_started);
	while (started < THREADS)
		pthread_cond_wait(&all_started, &lock);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		sum++;
		pthread_mutex_unlock(&lock);
		own++;
	}
	return (void *)((intptr_t)argument * own);
}

int main(void)
{
	pthread_t threads[THREADS];
	void *result;

	for (intptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)i))
			return 1;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &result);
		printf("thread %d: %d\n", i, (int)(intptr_t)result);
	}
	printf("%d %d\n", sum, own);
	return 0;
}
