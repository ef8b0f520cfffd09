/*
 * Stands in for gates/domain/domain.h: a domain's header needs no more of it
 * than the words of gates/abi.h.
 */
#ifndef DOMAIN_DOMAIN_H
#define DOMAIN_DOMAIN_H

#include "gates/abi.h"

#endif
