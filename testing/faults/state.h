// SPDX-License-Identifier: MIT
/// @file
/// The state database, compared with what it was a moment ago.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "testing/step/guest.h"

namespace step {

/// Words of eight bytes that are not what they were, by their addresses, with what they are now.
using Changes = std::map<uint64_t, uint64_t>;

class State {
 public:
  State(Memory *memory, std::vector<Blob> blobs);

  const std::vector<Blob> &blobs() const { return blobs_; }

  /// The blob that an address lies in.
  const Blob &Of(uint64_t address) const;

  /// Takes a copy of all blobs.
  void Keep();

  /// What has changed since.
  Changes Compare() const;

  /// Has these words be again what they were.
  void PutBack(const Changes &changes);

 private:
  struct Page {
    uint64_t address;
    uint8_t *there;
    size_t bytes;
    size_t copy;  // place of its copy
  };

  std::vector<Blob> blobs_;
  std::vector<Page> pages_;
  std::vector<uint8_t> copies_;
};

/// What one undisturbed call does to the state.
struct Effect {
  Changes changes;
  std::set<uint64_t> times;  // words that come out differently each time: readings of a clock
};

/// What becomes of a call, made twice from the same state.
Effect EffectOf(const Changes &once, const Changes &again);

/// Whether exactly these changes were made.
bool AreAll(const Changes &seen, const Effect &effect);

/// Leaves out words.
Changes Without(Changes changes, const std::set<uint64_t> &words);

/// Leaves out all but what lies in blobs.
Changes Within(const Changes &changes, const std::vector<Blob> &blobs);

}  // namespace step
