/* Signals as a file that can be read: what senders must know of it. */
#ifndef KERNEL_PROCESS_SIGNALFD_H
#define KERNEL_PROCESS_SIGNALFD_H

#include "gates/abi.h"

/* One of `set` became pending somewhere. Scheduler's lock held. */
void signalfd_wake(u64 set);

#endif
