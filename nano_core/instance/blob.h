// SPDX-License-Identifier: MIT
/// @file
/// The state database's blobs: named, typed, versioned, jointly owned by the instances bound to
/// them.
#pragma once
#include "nano_core/core/core.h"
#include "nano_core/loader/manifest.h"

/// Binds to the blob that `state` declares; makes it, all zero, where there is none.
/// @param number  its place in the table
/// @errors   INCOMPATIBLE: there, with another fingerprint, version or size; both are named.
///           NO_MEMORY
status_t blob_bind(const manifest_state_t *state, uint32_t *number, message_t *message);

/// Whether there is a blob called `name`.
bool blob_exists(text_t name);

/// Gives a binding up; the last one frees the blob, unless nano_core retains it.
/// @returns  whether it was freed
bool blob_release(uint32_t number);
