// SPDX-License-Identifier: MIT
/// @file
/// Tells a debugger where each instance was placed, by GDB's JIT interface: on the command-line
/// word `gdb`, the archive's OBJECT.debug, with the addresses filled in, joins the list that GDB
/// reads whenever the function __jit_debug_register_code is called.
/// @source  GDB manual, "JIT Compilation Interface"
#pragma once
#include "nano_core/core/core.h"
#include "nano_core/loader/object.h"

/// Lists an instance that was just placed. Nothing where no debugger is wanted, the archive has no
/// debug information of the object, or memory is short: an instance runs as well without.
/// @context  the loader's stack, before a first call can reach the instance
void debugger_add(LENT instance_t *instance, const object_t *object,
                  const object_placement_t *placement);

/// Takes an instance off the list and frees what debugger_add made.
void debugger_remove(LENT instance_t *instance);
