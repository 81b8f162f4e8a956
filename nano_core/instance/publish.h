// SPDX-License-Identifier: MIT
/// @file
/// Who serves an interface: the stores that change it.
#pragma once
#include "nano_core/core/core.h"

/// Makes an instance the one that serves its interface, which nobody serves now.
void instance_publish(instance_t *instance);

/// Nobody serves the interface any more; whoever calls is led to the resolver.
/// @returns the instance that served
instance_t *instance_withdraw(interface_record_t *interface);
