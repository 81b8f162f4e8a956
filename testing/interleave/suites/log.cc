// SPDX-License-Identifier: MIT
// cells/log: lines of several writers stay whole, and readers see each of them, in one order.
#include "cells/log/log.h"

#include <array>
#include <cstring>

#include "testing/interleave/events.h"
#include "testing/interleave/suite.h"

INTERLEAVE_STATE(log_ring, 64 + kLogLines * sizeof(log_line_t));

namespace {

// The last processor reads, the others write.
class LogSuite : public interleave::Suite {
 public:
  void Prepare() override { INTERLEAVE_CHECK(status_is_ok(log_initialize()), "log_initialize"); }

  void Begin(interleave::Random &, int processors) override {
    interleave::EventsClear();
    writers_ = processors - 1;
  }

  void Run(int processor, int operations, interleave::Random &) override {
    if (processor == writers_) {
      Read(static_cast<uint64_t>(operations * writers_));
      return;
    }
    for (int i = 0; i < operations; i++) Write(processor, i);
  }

 private:
  static constexpr size_t kLength = 60;

  // All characters of a line tell who wrote it, and when.
  static char Mark(int writer, int serial) {
    return static_cast<char>('0' + writer * 8 + serial % 8);
  }

  static void Write(int writer, int serial) {
    const char source[] = {'w', static_cast<char>('0' + writer)};
    char message[kLength];
    std::memset(message, Mark(writer, serial), kLength);
    INTERLEAVE_CHECK(status_is_ok(log_write({source, sizeof(source)}, {message, kLength})),
                     "log_write");
  }

  void Read(uint64_t lines) const {
    std::array<int, interleave::kMostProcessors> seen = {};
    uint64_t number = 0;
    while (number < lines) {
      log_line_t line = {};
      const status_t status = log_read(number, &line);
      if (status_is(status, STATUS_END)) {
        interleave::Await();
        continue;
      }
      INTERLEAVE_CHECK(status_is_ok(status) && line.number >= number, "log_read");
      const bool missed = line.number != number;
      number = line.number + 1;
      Look(line, missed, &seen);
    }
  }

  void Look(const log_line_t &line, bool missed,
            std::array<int, interleave::kMostProcessors> *seen) const {
    const int writer = line.source[1] - '0';
    INTERLEAVE_CHECK(writer >= 0 && writer < writers_, "line %llu is nobody's",
                     static_cast<unsigned long long>(line.number));
    const char mark = line.message[0];
    for (size_t i = 0; i < kLength; i++) {
      INTERLEAVE_CHECK(line.message[i] == mark, "line %llu is torn",
                       static_cast<unsigned long long>(line.number));
    }
    int &next = (*seen)[static_cast<size_t>(writer)];
    if (missed) {
      // Whatever fell out of the ring: it goes on from what there is.
      for (auto &serial : *seen) serial = -1;
    }
    INTERLEAVE_CHECK(next < 0 || mark == Mark(writer, next),
                     "line %llu of writer %d is out of order",
                     static_cast<unsigned long long>(line.number), writer);
    next = (mark - '0' - writer * 8 + 1) % 8;
  }

  int writers_ = 0;
};

}  // namespace

INTERLEAVE_SUITE("log", LogSuite);
