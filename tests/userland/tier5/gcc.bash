# gcc, as, ld, ar and make: what they build runs.
cat >hello.c <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
	printf("Hello, %s\n", argc > 1 ? argv[1] : "world");
	return argc;
}
END
gcc -O2 -Wall -o hello hello.c
./hello gcc
echo $?
gcc -static -o hello-static hello.c && ./hello-static
gcc -g -O0 -m32 -no-pie -o hello-plain hello.c && ./hello-plain plain
readelf -h hello | grep -E 'Class|Type|Machine'
cat >sum.s <<'END'
	.globl sum
sum:	movl 4(%esp), %eax
	addl 8(%esp), %eax
	ret
END
as -o sum.o sum.s
nm sum.o
cat >main.c <<'END'
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
int sum(int a, int b);
static int order(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}
static void *run(void *a)
{
	*(int *)a = sum(40, 2);
	return 0;
}
int main(void)
{
	int numbers[] = { 5, 3, 9, 1 }, got = 0;
	pthread_t t;
	qsort(numbers, 4, sizeof(int), order);
	for (int i = 0; i < 4; i++)
		printf("%d ", numbers[i]);
	pthread_create(&t, 0, run, &got);
	pthread_join(t, 0);
	printf("%d %.6f\n", got, sqrt(2) * cos(0.5));
	return 0;
}
END
cat >Makefile <<'END'
CFLAGS = -O1 -Wall
main: main.o libsum.a
	gcc -o $@ $^ -lm -lpthread
libsum.a: sum.o
	ar rcs $@ $^
clean:
	rm -f main *.o libsum.a
END
make
./main
make
touch -d tomorrow main.c
make -n 2>&1 | grep -v 'in the future\|skew'
make clean
ls
echo 'int main(void) { return x; }' >bad.c
gcc bad.c 2>&1
echo $?
echo 'int f(int a) { return a * 3; }' | gcc -O2 -S -o - -x c - | grep -c lea
echo 'A B' | gcc -E -P -DA=1 -DB=2 -
echo 'int twice(int a) { return 2 * a; }' >twice.c
gcc -shared -fPIC -o libtwice.so twice.c
echo 'int twice(int); int main(void) { return twice(21); }' >use.c
gcc -o use use.c -L. -ltwice -Wl,-rpath,"$PWD" && ./use
echo $?
as -o sum.o sum.s && objdump -d sum.o | tail -3
strip hello && ./hello stripped >/dev/null
echo $?
