// SPDX-License-Identifier: MIT
/// @file
/// The table of interface names, and who serves each.
#pragma once
#include "nano_core/core/core.h"

/// All of these: core_lock.

/// The record of `name`, or null.
interface_record_t *interface_find(text_t name);

/// The record of `name`, made where there is none.
/// @errors   NO_MEMORY: the table is full (names are never forgotten: they are owner numbers).
///           INVALID_ARGUMENT: no name.
status_t interface_obtain(text_t name, interface_record_t **interface);

/// The interface that publishes `function` by its name: the longest known prefix that ends before a
/// `_`, loaded or in the archive.
/// @errors   NOT_FOUND, NO_MEMORY
status_t interface_of_function(text_t function, interface_record_t **interface);
