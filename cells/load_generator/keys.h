// SPDX-License-Identifier: MIT
/// @file
/// The load `keys`: one operation is one scan code that went through the controller and the driver
/// and came back in its turn. Codes 0x60 to 0x7e, which no key makes, carry a number. There is one
/// keyboard, so there is one worker.
#pragma once
#include "cells/keyboard/keyboard.h"
#include "cells/load_generator/worker.h"

enum {
  kKeysTag = SEALED_TAG('L', 'K', 'E', 'Y'),
  kKeysVersion = 3,
  kKeysPerBatch = 24,
  kKeysFirstCode = 0x60,
  kKeysNumbers = 31,
  kKeysPatienceNs = 1000000000,  // then a code is lost
};

typedef struct keys_progress {
  load_worker_t worker;
  uint64_t token;
  uint64_t next;         // number of the next code to send
  uint64_t deadline_ns;  // for the one that is under way; 0: none was set
  bool acquired;
  bool under_way;  // code number `next - 1` has not come back
} keys_progress_t;

static inline uint64_t keys_code(uint64_t number) { return kKeysFirstCode + number % kKeysNumbers; }

// Becomes the consumer of the keyboard.
static inline bool keys_acquire(load_batch_t *batch, keys_progress_t *progress) {
  if (progress->acquired) return true;
  const keyboard_consumer_result_t consumer = keyboard_acquire();
  if (!batch_accept(batch, consumer.status)) return false;
  progress->token = consumer.value;
  progress->acquired = true;
  return true;
}

static inline bool keys_send(load_batch_t *batch, keys_progress_t *progress) {
  if (!batch_accept(batch, keyboard_inject(keys_code(progress->next)))) return false;
  progress->next++;
  progress->under_way = true;
  progress->deadline_ns = 0;
  return true;
}

// Judges a code that came, and removes it.
static inline void keys_take(load_batch_t *batch, keys_progress_t *progress,
                             const keyboard_item_t *item) {
  // Somebody else has acted on it if it is stale; it comes again if the driver was away.
  if (!batch_accept(batch, keyboard_complete(progress->token, item->sequence))) return;
  if (!item->injected) {
    batch->external++;
    return;
  }
  batch_count(batch, progress->under_way && item->code == keys_code(progress->next - 1));
  progress->under_way = false;
}

// Nothing has come: goes on waiting, or gives the code up.
static inline status_t keys_wait(load_batch_t *batch, keys_progress_t *progress) {
  if (progress->deadline_ns == 0) {
    const nanoseconds_result_t now = timer_now();
    if (!batch_accept(batch, now.status)) return OK;
    progress->deadline_ns = now.value.count + kKeysPatienceNs;
  }
  const status_t status = timer_wait_until((nanoseconds_t){progress->deadline_ns});
  if (status_is(status, STATUS_WOULD_BLOCK)) return status;
  if (batch_accept(batch, status)) {
    batch->lost++;
    progress->under_way = false;
  }
  return OK;
}

// Takes what has come. OK: something was done; WOULD_BLOCK: the step waits.
static inline status_t keys_receive(load_batch_t *batch, keys_progress_t *progress) {
  keyboard_item_t item;
  const status_t status = keyboard_peek(progress->token, &item);
  if (status_is(status, STATUS_WOULD_BLOCK)) return keys_wait(batch, progress);
  if (status_is(status, STATUS_STALE)) {
    progress->acquired = false;  // somebody took the keyboard over: it is taken back
    batch->retries++;
  } else if (batch_accept(batch, status)) {
    keys_take(batch, progress, &item);
  }
  return OK;
}

// One batch; sends nothing new once the load is stopping.
static inline status_t keys_batch(load_batch_t *batch, keys_progress_t *progress, bool stopping) {
  for (size_t i = 0; i < kKeysPerBatch; i++) {
    if (!keys_acquire(batch, progress)) return OK;
    if (!progress->under_way) {
      if (stopping || !keys_send(batch, progress)) return OK;
    }
    TRY(keys_receive(batch, progress));
  }
  return OK;
}

// Gives the keyboard back, once nothing is under way.
static inline status_t keys_end(load_batch_t *batch, keys_progress_t *progress) {
  if (progress->under_way) return OK;
  if (progress->acquired) {
    const status_t status = keyboard_release(progress->token);
    if (!status_is(status, STATUS_STALE) && !batch_accept(batch, status)) return OK;
    progress->acquired = false;
  }
  return ERR(END);
}

/// One turn of the worker.
static inline status_t keys_turn(load_batch_t *batch, keys_progress_t *progress, bool stopping) {
  if (!stopping || progress->under_way) TRY(keys_batch(batch, progress, stopping));
  return stopping ? keys_end(batch, progress) : OK;
}
