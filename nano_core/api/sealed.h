// SPDX-License-Identifier: MIT
/// @file
/// Sealed objects: a server's progress with one client, held by that client, opened only by the
/// server. The type has a fixed capacity, so the client can hold it anywhere.
/// @source PLOS'17 Theseus, opaque exportation.
#pragma once
#include "nano_core/api/status.h"
#include "nano_core/api/types.h"

/// Stands at the head of each sealed object. All zero is an object that nobody has sealed yet.
typedef struct seal {
  uint32_t tag;         // which sealed type
  uint32_t version;     // of the layout inside
  uint64_t generation;  // counts the commits
  uint64_t check;       // 0 until checks are keyed
} seal_t;

/// Declares the sealed type `type` with room for `capacity` bytes of progress. In the fingerprint
/// it counts as its name and capacity.
#define SEALED_DEFINE(type, capacity)                       \
  typedef struct __attribute__((annotate("sealed"))) type { \
    seal_t seal;                                            \
    __attribute__((aligned(16))) uint8_t opaque[capacity];  \
  } type

/// Opens `object` (a sealed type) into `*progress`, a private struct of the owner. An object that
/// nobody has sealed yet opens as all zero.
/// @errors INVALID_OBJECT: another tag. STALE: a newer version than the owner's.
#define SEALED_OPEN(object, object_tag, object_version, progress)                        \
  sealed_open(&(object)->seal, (object)->opaque, sizeof((object)->opaque), (object_tag), \
              (object_version), (progress), sizeof(*(progress)))

/// Writes `*progress` back into `object` and seals it.
#define SEALED_COMMIT(object, object_tag, object_version, progress)                        \
  sealed_commit(&(object)->seal, (object)->opaque, sizeof((object)->opaque), (object_tag), \
                (object_version), (progress), sizeof(*(progress)))

static inline status_t sealed_open(const seal_t *seal, const void *opaque, size_t capacity,
                                   uint32_t tag, uint32_t version, void *progress, size_t bytes) {
  if (bytes > capacity) return ERR(INTERNAL);
  if (seal->tag == 0) {
    __builtin_memset(progress, 0, bytes);
    return OK;
  }
  if (seal->tag != tag) return ERR(INVALID_OBJECT);
  if (seal->version > version) return ERR(STALE);
  __builtin_memcpy(progress, opaque, bytes);
  return OK;
}

static inline void sealed_commit(seal_t *seal, void *opaque, size_t capacity, uint32_t tag,
                                 uint32_t version, const void *progress, size_t bytes) {
  if (bytes > capacity) TRAP();
  __builtin_memcpy(opaque, progress, bytes);
  seal->tag = tag;
  seal->version = version;
  seal->generation++;
}

/// A tag made of four letters.
#define SEALED_TAG(a, b, c, d) \
  ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
