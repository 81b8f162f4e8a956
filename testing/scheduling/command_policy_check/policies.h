// SPDX-License-Identifier: MIT
/// @file
/// The policies, and in which order they take over from each other.
#pragma once
#include "nano_core/api/cell.h"

enum {
  kRoundsSwapped = 13,  // each policy after each other one
  kRoundsStay = 6,      // each policy's promise once
};

enum policy { kRoundRobin, kPriority, kDeadline, kFair };

static inline text_t policy_name(uint64_t policy) {
  static const text_t kNames[] = {
      [kRoundRobin] = TEXT("round_robin"),
      [kPriority] = TEXT("priority"),
      [kDeadline] = TEXT("deadline"),
      [kFair] = TEXT("fair"),
  };
  return kNames[policy];
}

static inline text_t policy_promise(uint64_t policy) {
  static const text_t kPromises[] = {
      [kRoundRobin] = TEXT("all had their turns"),
      [kPriority] = TEXT("the more urgent ones ran at once, equals shared"),
      [kDeadline] = TEXT("no deadline was missed, the others shared"),
      [kFair] = TEXT("shares were as the weights"),
  };
  return kPromises[policy];
}

/// Which one serves in each round: each after each other one.
static inline uint64_t policy_of(uint64_t round) {
  static const uint8_t kOrder[kRoundsSwapped] = {
      kRoundRobin, kPriority, kRoundRobin, kDeadline, kRoundRobin, kFair,       kPriority,
      kDeadline,   kPriority, kFair,       kDeadline, kFair,       kRoundRobin,
  };
  return kOrder[round];
}

static inline text_t policy_object(uint64_t policy) {
  static const text_t kObjects[] = {
      [kRoundRobin] = TEXT("scheduler_policy_round_robin"),
      [kPriority] = TEXT("scheduler_policy_priority"),
      [kDeadline] = TEXT("scheduler_policy_deadline"),
      [kFair] = TEXT("scheduler_policy_fair"),
  };
  return kObjects[policy];
}
