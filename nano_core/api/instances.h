// SPDX-License-Identifier: MIT
/// @file
/// What nano_core knows about cells, and the requests to change it. A request is carried out at the
/// root, on no cell's stack; who asked polls for the outcome between steps. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/reference.h"
#include "nano_core/api/span.h"
#include "nano_core/api/units.h"
EXTERN_C_BEGIN

/// Names (of cells, objects, functions, blobs) have at most 63 characters.
enum { kNameBytes = 64, kMessageBytes = 160, kCallArguments = 6, kRequestCells = 16 };

typedef struct name {
  char characters[kNameBytes];  // terminated
} name_t;

enum instance_status { kInstanceLoaded = 1, kInstanceServing, kInstanceRetired };

/// In place of a read window, where none is declared.
static const uint64_t kNoReadWindow = UINT64_MAX;

typedef struct instance_info {
  name_t name;    // the interface that it serves
  name_t object;  // the file that it came from
  uint32_t version;
  uint32_t status;  // enum instance_status; serving = initialised, or in need of no initialisation
  uint64_t generation;
  vaddr_t text;
  vaddr_t rodata;
  uint64_t text_bytes;
  uint64_t rodata_bytes;
  uint64_t state_bytes;
  uint64_t imports;
  uint64_t callers;
  uint64_t exports;
  uint64_t read_window;  // of a driver: items that its failure can cost; kNoReadWindow
} instance_info_t;

typedef struct export_info {
  name_t function;
  name_t shape;  // docs/book/objects.md
  uint64_t fingerprint;
} export_info_t;

typedef struct import_info {
  name_t provider;
  name_t function;
  uint64_t fingerprint;
  uint64_t bound;  // 1: the slot names an entry now
} import_info_t;

typedef struct object_info {
  name_t object;
  name_t implements;
  uint32_t version;
  uint32_t bytes;
  char summary[kMessageBytes];  // terminated
} object_info_t;

typedef struct blob_info {
  name_t name;
  uint32_t version;
  uint32_t owners;
  uint64_t bytes;
  uint64_t fingerprint;
} blob_info_t;

/// Describe the item in place `index` (0, 1, ...) of instances (nano_core first), of an interface's
/// published functions, imports and clients, of the archive's objects, and of the state database.
/// @errors   END: past the last. NOT_FOUND: nobody serves `name`. BAD_OBJECT (objects only): the
///           object has no readable manifest.
CELL_EXPORT status_t instance_describe(uint64_t index, OUT instance_info_t *info);
CELL_EXPORT status_t instance_export(text_t name, uint64_t index, OUT export_info_t *info);
CELL_EXPORT status_t instance_import(text_t name, uint64_t index, OUT import_info_t *info);
CELL_EXPORT status_t instance_client(text_t name, uint64_t index, OUT name_t *client);
CELL_EXPORT status_t object_describe(uint64_t index, OUT object_info_t *info);
CELL_EXPORT status_t blob_describe(uint64_t index, OUT blob_info_t *info);

enum request_kind { kRequestLoad = 1, kRequestUnload, kRequestSwap };

/// Index and generation of a request; {0, 0} names nothing.
typedef struct request {
  uint32_t index;
  uint32_t generation;
} request_t;

RESULT_DEFINE(request_result_t, request_t);

typedef struct request_outcome {
  name_t name;
  uint32_t old_version;
  uint32_t new_version;
  uint64_t generation;
  uint64_t pinned;        // gate frames that were inside the old instance at the commit
  uint64_t pause_cycles;  // of the cycle counter, interrupts held off
  uint64_t total_cycles;  // from the start of prepare until the old pages were freed
} request_outcome_t;

/// Opens a request; it does nothing until it is submitted.
/// @errors   BUSY: all requests are taken. INVALID_ARGUMENT: `kind`.
CELL_EXPORT request_result_t request_open(uint64_t kind);

/// Adds one cell: for a load the object, for an unload the name, for a swap both (an empty object
/// means the archive's copy of what serves `name` now).
/// @errors   STALE. INVALID_ARGUMENT: too long, or empty. NO_SPACE: kRequestCells are in already.
CELL_EXPORT status_t request_add(request_t request, text_t name, text_t object);

/// Hands the request to the root.
/// @errors   STALE. INVALID_ARGUMENT: nothing was added.
CELL_EXPORT status_t request_submit(request_t request);

/// Asks how the request went. WOULD_BLOCK while it is under way; its event is watched then.
/// @errors   STALE, WOULD_BLOCK, and those of the request itself; `request_message` says more.
CELL_EXPORT status_t request_poll(request_t request);

/// The outcome of the `index`-th cell of a request that is done.
/// @errors   STALE. END: past the last.
CELL_EXPORT status_t request_outcome(request_t request, uint64_t index,
                                     OUT request_outcome_t *outcome);

/// Copies the message of a request that failed; both sides are named where two do not fit.
CELL_EXPORT status_t request_message(request_t request, LENT text_buffer_t message);

/// Ends a request that is done or was never submitted.
/// @errors   STALE. BUSY: under way.
CELL_EXPORT status_t request_close(request_t request);

typedef struct call_arguments {
  uint64_t values[kCallArguments];
  uint64_t count;
} call_arguments_t;

typedef struct call_outcome {
  status_t status;  // of the function that was called
  uint64_t value;   // 0 where it returns none
  char message[kMessageBytes];
} call_outcome_t;

/// Calls a published function that takes integers only; no listing as a client is needed.
/// @returns  OK when the call was made, whatever it answered
/// @errors   NOT_FOUND: no such function. UNAVAILABLE: nobody serves `name`. INVALID_ARGUMENT:
///           another number of arguments, or one is a pointer. `message` says which.
CELL_EXPORT status_t instance_call(text_t name, text_t function,
                                   LENT const call_arguments_t *arguments,
                                   OUT call_outcome_t *outcome);

EXTERN_C_END
