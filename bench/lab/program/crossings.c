/*
 * The sum of the column "crossings" in /proc/domains. Reading the file makes
 * crossings itself: that many are found by reading it twice, once.
 */
#include "crossings.h"

#include <stdio.h>
#include <string.h>

#define LINE 256

/* The number in the column `at`; columns are separated by blanks. */
static long long column(const char *line, int at)
{
	long long value;

	while (at--) {
		line += strcspn(line, " ");
		line += strspn(line, " ");
	}
	return sscanf(line, "%lld", &value) == 1 ? value : 0;
}

/* Which column has this title, or -1. */
static int column_find(char *line, const char *title)
{
	const char *word = strtok(line, " \n");
	int at;

	for (at = 0; word; at++, word = strtok(NULL, " \n"))
		if (strcmp(word, title) == 0)
			return at;
	return -1;
}

static long long sum_read(void)
{
	char line[LINE];
	long long sum = 0;
	int at = -1;
	FILE *file = fopen("/proc/domains", "r");

	if (!file)
		return -1;
	if (fgets(line, sizeof(line), file))
		at = column_find(line, "crossings");
	while (at >= 0 && fgets(line, sizeof(line), file))
		sum += column(line, at);
	fclose(file);
	return at < 0 ? -1 : sum;
}

void windows_print(void)
{
	char line[LINE], name[32], state[32], organization[32];
	unsigned int generation, base, size;
	FILE *file = fopen("/proc/domains", "r");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%31s %31s %31s %u %x %x", name, state,
			   organization, &generation, &base, &size) == 6)
			printf("window %s %x %x\n", name, base, size);
	if (file)
		fclose(file);
}

long long crossings_read(void)
{
	static long long own = -1, taken;
	long long first;

	if (own < 0) {
		first = sum_read();
		if (first < 0)
			return -1;
		own = sum_read() - first;
		taken = own;
	}
	/* Each reading is counted in the next one's sum. */
	first = sum_read() - taken;
	taken += own;
	return first;
}
