// SPDX-License-Identifier: MIT
/// @file
/// What may be seen of a page that is remapped round after round, judged by a number that says how
/// far that is. The number only grows; it is written before what begins, and after what is done. Of
/// round R it is 4 R while the page is mapped, 4 R + 1 while it is being unmapped, 4 R + 2 when
/// that is done, and 4 R + 3 while it is being mapped for round R + 1.
/// @spill none
#pragma once
#include "nano_core/api/types.h"

enum { kRoundMapped, kRoundUnmapping, kRoundUnmapped, kRoundMapping, kRoundPhases };

/// What is done in a round beside reading and writing the page.
enum round_kind {
  kRoundRuns,     // the page is unmapped and mapped at once, under accesses that never pause
  kRoundStops,    // when the page is unmapped, everybody has to see that it is
  kRoundSleeps,   // everybody sleeps when the page is unmapped
  kRoundRefuses,  // the page is mapped without the right to write
  kRoundKinds,
};

/// How an access to the page ended.
enum access { kAccessRead, kAccessReadFault, kAccessWritten, kAccessWriteFault, kAccesses };

/// The last number; more rounds than there can be.
static const uint64_t kRoundsOver = UINT64_MAX - kRoundPhases;

static inline uint64_t round_phase(uint64_t number) { return number % kRoundPhases; }

/// The round whose page is mapped, or was, or is about to be.
static inline uint64_t round_of(uint64_t number) { return (number + 1) / kRoundPhases; }

static inline enum round_kind round_kind_of(uint64_t round) {
  return (enum round_kind)(round % kRoundKinds);
}

static inline bool round_may_write(uint64_t round) { return round_kind_of(round) != kRoundRefuses; }

/// Whether an access can end so at one moment.
/// @param found  of a read: the round whose page it saw
static inline bool round_allows(uint64_t number, enum access access, uint64_t found) {
  const uint64_t phase = round_phase(number);
  switch (access) {
    case kAccessRead:
      return phase != kRoundUnmapped && found == round_of(number);
    case kAccessWritten:
      return phase != kRoundUnmapped && round_may_write(round_of(number));
    case kAccessReadFault:
      return phase != kRoundMapped;
    default:
      return phase != kRoundMapped || !round_may_write(round_of(number));
  }
}

/// Whether an access can end so that took place when the number was somewhere from `before` to
/// `after`.
static inline bool round_explains(uint64_t before, uint64_t after, enum access access,
                                  uint64_t found) {
  // In two rounds of each kind anything can have happened, but no page comes from elsewhere.
  const uint64_t most = 2 * kRoundPhases * kRoundKinds;
  if (after < before) return false;
  if (after - before >= most) {
    return access != kAccessRead || (found >= round_of(before) && found <= round_of(after));
  }
  for (uint64_t number = before; number <= after; number++) {
    if (round_allows(number, access, found)) return true;
  }
  return false;
}
