/* Following the kernel's log (/dev/kmsg) from where it now ends. */
#ifndef USERLAND_LOG_H
#define USERLAND_LOG_H

/* Open it at its end; a message and exit 1 if that cannot be. */
int log_open(const char *program);

/*
 * Give each line that has come since to `line`, without its head; does not
 * wait. Lines are shorter than 1,000 bytes.
 */
void log_follow(int log, void (*line)(const char *text));

#endif
