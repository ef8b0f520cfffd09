/*
 * The line discipline: editing, echo, end of file, translations, raw modes
 * with their counts and times, queues, flow control.
 */
#include "check.h"
#include "terminal.h"

#include <poll.h>

static struct pair pair;
static struct termios modes;

/* A pair, `c_lflag` and `c_iflag` and `c_oflag` as they are at first. */
static void start(void)
{
	pair = pair_make();
	DO(tcgetattr(pair.inner, &modes));
}

static void set(void)
{
	DO(tcsetattr(pair.inner, TCSANOW, &modes));
}

static void type(const char *keys)
{
	IS(write(pair.outer, keys, strlen(keys)), strlen(keys));
}

/* What a program reads must be this. */
static void read_is(const char *must)
{
	char text[512];
	ssize_t got = read(pair.inner, text, sizeof(text) - 1);

	CHECK(got >= 0);
	text[got] = '\0';
	TEXT(text, must);
}

/* What the person sees must be this, and nothing more. */
static void seen_is(const char *must)
{
	struct pollfd outer = { pair.outer, POLLIN, 0 };
	char text[512];
	size_t size = 0;
	ssize_t got;

	while (size < strlen(must)) {
		got = read(pair.outer, text + size, sizeof(text) - 1 - size);
		CHECK(got > 0);
		size += (size_t)got;
	}
	text[size] = '\0';
	TEXT(text, must);
	IS(poll(&outer, 1, 0), 0);
}

/* Linux carries typed bytes on in the background. */
static void arrived(void)
{
	struct pollfd inner = { pair.inner, POLLIN, 0 };

	IS(poll(&inner, 1, 10000), 1);
}

static void nothing_to_read(void)
{
	struct pollfd inner = { pair.inner, POLLIN, 0 };
	int count = -1;

	IS(poll(&inner, 1, 20), 0);
	DO(ioctl(pair.inner, FIONREAD, &count));
	IS(count, 0);
}

TEST(first_modes)
{
	start();
	IS(modes.c_iflag, ICRNL | IXON);
	IS(modes.c_oflag, OPOST | ONLCR);
	IS(modes.c_cflag & (CSIZE | CREAD | PARENB), CS8 | CREAD);
	IS(modes.c_lflag,
	   ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN);
	IS(modes.c_cc[VINTR], 3);
	IS(modes.c_cc[VQUIT], 28);
	IS(modes.c_cc[VERASE], 127);
	IS(modes.c_cc[VKILL], 21);
	IS(modes.c_cc[VEOF], 4);
	IS(modes.c_cc[VSTART], 17);
	IS(modes.c_cc[VSTOP], 19);
	IS(modes.c_cc[VSUSP], 26);
	IS(modes.c_cc[VREPRINT], 18);
	IS(modes.c_cc[VWERASE], 23);
	IS(modes.c_cc[VLNEXT], 22);
	IS(cfgetospeed(&modes), B38400);
}

TEST(lines)
{
	start();
	type("half");
	nothing_to_read();
	type(" a line\rand more");
	read_is("half a line\n");
	nothing_to_read();
	seen_is("half a line\r\nand more");
}

TEST(two_lines_one_read_each)
{
	char text[8];

	start();
	type("one\ntwo\n");
	read_is("one\n");
	IS(read(pair.inner, text, 2), 2); /* the rest stays */
	IS(memcmp(text, "tw", 2), 0);
	read_is("o\n");
}

TEST(erasing)
{
	start();
	type("abd\177c\r");
	read_is("abc\n");
	seen_is("abd\b \bc\r\n");
	type("\177\177x\r"); /* nothing left to erase */
	read_is("x\n");
	seen_is("x\r\n");
}

TEST(erasing_control_characters)
{
	start();
	type("a\001\177b\r");
	read_is("ab\n");
	seen_is("a^A\b \b\b \bb\r\n");
}

TEST(erasing_tabs)
{
	start();
	type("ab\t\177c\r");
	read_is("abc\n");
	seen_is("ab\t\b\b\b\b\b\bc\r\n");
}

TEST(kill_and_word_erase)
{
	start();
	type("rubbish\025one two\027three\r");
	read_is("one three\n");
	seen_is("rubbish\b \b\b \b\b \b\b \b\b \b\b \b\b \b"
		"one two\b \b\b \b\b \bthree\r\n");
}

TEST(literal_next)
{
	start();
	type("a\026\003b\026\177\r");
	read_is("a\003b\177\n");
	seen_is("a^\b^Cb^\b^?\r\n");
}

TEST(reprint)
{
	start();
	type("abc\022d\r");
	read_is("abcd\n");
	seen_is("abc^R\r\nabcd\r\n");
}

TEST(end_of_file)
{
	char byte;

	start();
	type("\004");
	IS(read(pair.inner, &byte, 1), 0);
	type("abc\004"); /* what is there, without a line end */
	read_is("abc");
	type("def\r");
	read_is("def\n");
}

TEST(other_line_ends)
{
	start();
	modes.c_cc[VEOL] = ';';
	set();
	type("a;b\n");
	read_is("a;");
	read_is("b\n");
}

TEST(echo_off)
{
	start();
	modes.c_lflag &= (tcflag_t)~ECHO;
	set();
	type("secret\r");
	read_is("secret\n");
	seen_is("");
	modes.c_lflag |= ECHONL;
	set();
	type("secret\r");
	read_is("secret\n");
	seen_is("\r\n");
}

TEST(input_translation)
{
	start();
	modes.c_lflag = 0;
	modes.c_iflag = INLCR;
	set();
	type("a\rb\n");
	read_is("a\rb\r");
	modes.c_iflag = IGNCR;
	set();
	type("a\rb\n");
	read_is("ab\n");
	modes.c_iflag = ISTRIP | IUCLC;
	modes.c_lflag = IEXTEN;
	set();
	type("\301BC");
	read_is("abc");
}

TEST(output_translation)
{
	start();
	modes.c_oflag = OPOST | XTABS;
	set();
	IS(write(pair.inner, "ab\tc", 4), 4);
	seen_is("ab      c");
	modes.c_oflag = OPOST | ONLCR;
	set();
	IS(write(pair.inner, "a\nb\n", 4), 4);
	seen_is("a\r\nb\r\n");
	modes.c_oflag = OPOST | OCRNL;
	set();
	IS(write(pair.inner, "a\rb\n", 4), 4);
	seen_is("a\nb\n");
	modes.c_oflag = 0;
	set();
	IS(write(pair.inner, "a\nb\n", 4), 4);
	seen_is("a\nb\n");
}

TEST(raw_counts)
{
	struct pollfd inner;
	char text[16];

	start();
	raw_set(pair.inner);
	DO(tcgetattr(pair.inner, &modes));
	modes.c_cc[VMIN] = 3;
	set();
	type("ab");
	inner = (struct pollfd){ pair.inner, POLLIN, 0 };
	IS(poll(&inner, 1, 20), 0); /* too few yet */
	type("c\003");
	IS(read(pair.inner, text, sizeof(text)), 4);
	IS(memcmp(text, "abc\003", 4), 0);
}

TEST(raw_times)
{
	long long begin;
	char text[16];

	start();
	raw_set(pair.inner);
	DO(tcgetattr(pair.inner, &modes));
	modes.c_cc[VMIN] = 0;
	modes.c_cc[VTIME] = 2;
	set();
	begin = clock_now();
	IS(read(pair.inner, text, sizeof(text)), 0);
	CHECK(clock_now() - begin >= 150);
	type("x");
	IS(read(pair.inner, text, sizeof(text)), 1);
	modes.c_cc[VTIME] = 0;
	set();
	IS(read(pair.inner, text, sizeof(text)), 0);
	modes.c_cc[VMIN] = 5; /* time between bytes ends it */
	modes.c_cc[VTIME] = 1;
	set();
	type("ab");
	IS(read(pair.inner, text, sizeof(text)), 2);
}

TEST(no_waiting)
{
	char byte;

	start();
	DO(fcntl(pair.inner, F_SETFL, O_NONBLOCK));
	ERROR(read(pair.inner, &byte, 1), EAGAIN);
	type("abc");
	ERROR(read(pair.inner, &byte, 1), EAGAIN);
	type("\r");
	arrived();
	IS(read(pair.inner, &byte, 1), 1);
	DO(fcntl(pair.outer, F_SETFL, O_NONBLOCK));
	IS(read(pair.outer, &byte, 1), 1);
}

TEST(switching_to_raw_keeps_bytes)
{
	int count;

	start();
	type("typed ahead");
	nothing_to_read();
	modes.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
	set();
	DO(ioctl(pair.inner, FIONREAD, &count));
	IS(count, 11);
	read_is("typed ahead");
}

TEST(flushing)
{
	start();
	type("gone\r");
	arrived();
	DO(tcflush(pair.inner, TCIFLUSH));
	nothing_to_read();
	type("gone\r");
	arrived();
	DO(tcsetattr(pair.inner, TCSAFLUSH, &modes));
	type("kept\r");
	read_is("kept\n");
	ERROR(tcflush(pair.inner, 77), EINVAL);
}

TEST(flow_control)
{
	struct pollfd outer;

	start();
	type("\023");
	clock_sleep(20);
	outer = (struct pollfd){ pair.outer, POLLIN, 0 };
	DO(fcntl(pair.inner, F_SETFL, O_NONBLOCK));
	ERROR(write(pair.inner, "held", 4), EAGAIN);
	IS(poll(&outer, 1, 20), 0);
	type("\021");
	clock_sleep(20);
	IS(write(pair.inner, "let go", 6), 6);
	seen_is("let go");
}

/* A line longer than the queue: 4095 bytes and its end are kept. */
TEST(long_line)
{
	static char keys[6000], text[8192];
	ssize_t got;

	start();
	modes.c_lflag &= (tcflag_t)~ECHO;
	set();
	memset(keys, 'k', sizeof(keys));
	IS(write(pair.outer, keys, 3000), 3000);
	type("\r");
	got = read(pair.inner, text, sizeof(text));
	IS(got, 3001);
	IS(text[3000], '\n');
}
