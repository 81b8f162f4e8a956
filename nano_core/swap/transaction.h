// SPDX-License-Identifier: MIT
/// @file
/// The three parts of a request: prepare can fail and changes nothing that others see; commit is
/// stores; finish frees. One request is one transaction, however many cells it has.
#pragma once
#include "nano_core/core/core.h"

/// Loads and checks everything that the request needs.
/// @errors  whatever the loader says, and: BUSY, NOT_FOUND, UNAVAILABLE, UNSUPPORTED, INCOMPATIBLE,
///          DENIED, INVALID_ARGUMENT; the message says more; all is as before.
/// @context root, on the loader's stack
status_t transaction_prepare(request_record_t *request);

/// Redirects every slot while all processors are parked; the request is in grace then. Cannot fail.
void transaction_commit(request_record_t *request);

/// Withdraws what a load has brought, by a commit of its own.
void transaction_revoke(request_record_t *request);

/// Frees the old instances; none is pinned.
void transaction_finish(request_record_t *request);
