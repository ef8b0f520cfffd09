/* The innermost of three nested domains: it sleeps in the core. */
#include "nest3.h"

#define LEVEL	    3
#define OWN_PASS    deep3_pass
#define OWN_LINGER  deep3_linger
#define OWN_HOLD    deep3_hold
#define OWN_HELD    deep3_held
#define OWN_FAIL    deep3_fail
#define OWN_INSIDE  deep3_inside
#define NEXT_LINGER waits_time_sleep

#include "../nest.h"
