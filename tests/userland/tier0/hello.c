/* The least that a program with a C library does: arguments, environment,
 * memory, formatted output, an exit status. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const greetings[] = { "Hello", "Good morning" };
static _Thread_local int counted = 3;

static void last(void)
{
	puts("at exit");
}

int main(int argc, char **argv)
{
	const char *name = getenv("NAME");
	char *text = malloc(300000);

	if (!text || atexit(last))
		return 1;
	memset(text, '.', 299999);
	text[299999] = '\0';
	for (size_t i = 0; i < sizeof(greetings) / sizeof(*greetings); i++)
		printf("%s, %s\n", greetings[i], name ? name : "nobody");
	for (int i = 1; i < argc; i++)
		printf("argument %d of %d: %s\n", i, argc - 1, argv[i]);
	printf("%zu %.3f %lld %d\n", strlen(text), 22 / 7.0, 1ll << 40,
	       ++counted);
	if (!fopen("/none/such", "r"))
		printf("%s\n", strerror(errno));
	free(text);
	return argc;
}
