// SPDX-License-Identifier: MIT
/// @file
/// What blobs held before each store of a schedule. Putting that back costs as much as the schedule
/// itself; clearing a blob of some hundred KiB would cost a hundred times that.
#pragma once
#include <cstddef>
#include <cstring>
#include <vector>

namespace interleave {

class UndoLog {
 public:
  void Record(const void *place, size_t bytes) {
    const size_t start = old_.size();
    old_.resize(start + bytes);
    std::memcpy(old_.data() + start, place, bytes);
    entries_.push_back({const_cast<void *>(place), bytes});
  }

  void Undo() {
    size_t end = old_.size();
    for (size_t i = entries_.size(); i > 0; i--) {
      const Entry &entry = entries_[i - 1];
      end -= entry.bytes;
      std::memcpy(entry.place, old_.data() + end, entry.bytes);
    }
    old_.clear();
    entries_.clear();
  }

 private:
  struct Entry {
    void *place;
    size_t bytes;
  };
  std::vector<Entry> entries_;
  std::vector<unsigned char> old_;
};

}  // namespace interleave
