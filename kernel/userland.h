/* From running domains to the first process. */
#ifndef KERNEL_USERLAND_H
#define KERNEL_USERLAND_H

/* Make the root from the boot modules and start the first process. */
void userland_start(void);

#endif
