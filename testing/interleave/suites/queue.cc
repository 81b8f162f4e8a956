// SPDX-License-Identifier: MIT
// patterns/queue.h: whatever becomes of consumers, each item is completed once, and in order.
#include "patterns/queue.h"

#include <array>

#include "testing/interleave/suite.h"

namespace {

constexpr uint64_t kCapacity = 4;

struct item_t {
  uint64_t producer;
  uint64_t serial;
};

QUEUE_DEFINE(item_queue, item_t, kCapacity);

struct queue_blob_t {
  monitor_t monitor;
  item_queue_t queue;
};

}  // namespace

INTERLEAVE_STATE_OF(queue_blob_t, item_queue);

namespace {

// Processor 0 and the last one consume, and take the queue from one another; the others produce.
class QueueSuite : public interleave::Suite {
 public:
  void Begin(interleave::Random &, int processors) override {
    processors_ = processors;
    pushed_ = lost_ = completed_ = 0;
  }

  void Run(int processor, int operations, interleave::Random &random) override {
    uint64_t token = 0;
    uint64_t serial = 0;
    const bool consumes = processor == 0 || processor == processors_ - 1;
    const bool produces = !consumes || processors_ == 2;
    for (int i = 0; i < operations; i++) {
      if (produces) Push({static_cast<uint64_t>(processor), ++serial});
      if (consumes) Consume(&token, random);
    }
  }

  void End() override {
    const item_queue_t *queue = &state_item_queue->queue;
    INTERLEAVE_CHECK(item_queue_completed(queue) == completed_, "an item was completed twice");
    INTERLEAVE_CHECK(item_queue_waiting(queue) + completed_ == pushed_, "an item is missing");
    INTERLEAVE_CHECK(item_queue_lost(queue) == lost_, "lost items are not counted");
  }

 private:
  // The suite's own numbers are touched in the monitor only.
  void Push(item_t item) {
    monitor_enter(&state_item_queue->monitor);
    const u64_result_t pushed = item_queue_push(&state_item_queue->queue, &item);
    if (status_is_ok(pushed.status)) {
      pushed_++;
      INTERLEAVE_CHECK(pushed.value == pushed_, "a sequence number is used twice");
      items_[pushed.value % items_.size()] = item;
    } else {
      lost_++;
    }
    monitor_exit(&state_item_queue->monitor);
  }

  void Consume(uint64_t *token, interleave::Random &random) {
    item_t item = {};
    monitor_enter(&state_item_queue->monitor);
    if (*token == 0 || random.Percent(20)) {
      *token = item_queue_acquire(&state_item_queue->queue);
      interleave::Note("is the consumer by token %llu", static_cast<unsigned long long>(*token));
    }
    const u64_result_t peeked = item_queue_peek(&state_item_queue->queue, *token, &item);
    monitor_exit(&state_item_queue->monitor);
    if (status_is(peeked.status, STATUS_STALE)) *token = 0;
    if (!status_is_ok(peeked.status)) return;
    interleave::Pause();  // here it acts on the item
    monitor_enter(&state_item_queue->monitor);
    const item_t *expected = &items_[peeked.value % items_.size()];
    const status_t status = item_queue_complete(&state_item_queue->queue, *token, peeked.value);
    if (status_is_ok(status)) {
      completed_++;
      INTERLEAVE_CHECK(peeked.value == completed_, "an item is completed out of order");
      INTERLEAVE_CHECK(item.producer == expected->producer && item.serial == expected->serial,
                       "another item comes out than went in");
    } else {
      *token = 0;
    }
    monitor_exit(&state_item_queue->monitor);
  }

  int processors_ = 0;
  uint64_t pushed_ = 0;
  uint64_t lost_ = 0;
  uint64_t completed_ = 0;
  std::array<item_t, 64> items_ = {};
};

}  // namespace

INTERLEAVE_SUITE("queue", QueueSuite);
