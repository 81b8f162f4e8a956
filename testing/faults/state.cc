// SPDX-License-Identifier: MIT
#include "testing/faults/state.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace step {
namespace {

constexpr size_t kWord = sizeof(uint64_t);

uint64_t WordAt(const uint8_t *place) {
  uint64_t word;
  std::memcpy(&word, place, sizeof word);
  return word;
}

bool IsIn(const Blob &blob, uint64_t address) {
  return address >= blob.start && address - blob.start < blob.bytes;
}

}  // namespace

// Blobs begin with a page, and nothing else is in their last one.
State::State(Memory *memory, std::vector<Blob> blobs) : blobs_(std::move(blobs)) {
  size_t bytes = 0;
  for (const Blob &blob : blobs_) {
    for (uint64_t offset = 0; offset < blob.bytes; offset += Memory::kPageBytes) {
      const uint64_t rest = (blob.bytes - offset + kWord - 1) / kWord * kWord;
      const size_t part = std::min(rest, Memory::kPageBytes);
      pages_.push_back({blob.start + offset, memory->At(blob.start + offset), part, bytes});
      bytes += part;
    }
  }
  copies_.resize(bytes);
}

const Blob &State::Of(uint64_t address) const {
  for (const Blob &blob : blobs_) {
    if (IsIn(blob, address)) return blob;
  }
  throw std::runtime_error("an address is in no blob");
}

void State::Keep() {
  for (const Page &page : pages_) std::memcpy(&copies_[page.copy], page.there, page.bytes);
}

Changes State::Compare() const {
  Changes changes;
  for (const Page &page : pages_) {
    const uint8_t *copy = &copies_[page.copy];
    if (std::memcmp(copy, page.there, page.bytes) == 0) continue;
    for (size_t i = 0; i < page.bytes; i += kWord) {
      const uint64_t now = WordAt(page.there + i);
      if (now != WordAt(copy + i)) changes[page.address + i] = now;
    }
  }
  return changes;
}

void State::PutBack(const Changes &changes) {
  for (const Page &page : pages_) {
    for (auto change = changes.lower_bound(page.address);
         change != changes.end() && change->first < page.address + page.bytes; ++change) {
      const size_t offset = change->first - page.address;
      std::memcpy(page.there + offset, &copies_[page.copy + offset], kWord);
    }
  }
}

Effect EffectOf(const Changes &once, const Changes &again) {
  Effect effect = {once, {}};
  for (const auto &[address, now] : again) {
    const auto found = once.find(address);
    if (found == once.end() || found->second != now) effect.times.insert(address);
  }
  for (const auto &[address, now] : once) {
    if (!again.contains(address)) effect.times.insert(address);
  }
  return effect;
}

bool AreAll(const Changes &seen, const Effect &effect) {
  for (const auto &[address, now] : seen) {
    if (effect.times.contains(address)) continue;
    const auto found = effect.changes.find(address);
    if (found == effect.changes.end() || found->second != now) return false;
  }
  for (const auto &[address, now] : effect.changes) {
    if (!seen.contains(address)) return false;
  }
  return true;
}

Changes Without(Changes changes, const std::set<uint64_t> &words) {
  for (const uint64_t word : words) changes.erase(word);
  return changes;
}

Changes Within(const Changes &changes, const std::vector<Blob> &blobs) {
  Changes within;
  for (const auto &[address, now] : changes) {
    for (const Blob &blob : blobs) {
      if (IsIn(blob, address)) within[address] = now;
    }
  }
  return within;
}

}  // namespace step
