// SPDX-License-Identifier: MIT
#include "testing/interleave/events.h"

#include <array>
#include <atomic>
#include <cstdint>

#include "nano_core/api/event.h"
#include "testing/interleave/suite.h"

namespace interleave {
namespace {

constexpr size_t kPlaces = 1024;
constexpr size_t kWatches = 4;  // of a step, as on the machine

struct Place {
  std::atomic<uint32_t> generation{0};  // odd while there is an event
  std::atomic<uint64_t> number{0};
  bool kept = false;  // made in Prepare
};

struct Watch {
  event_t event;
  uint64_t number;
};

// Of one processor; no other one touches it.
struct Watches {
  std::array<Watch, kWatches> watches;
  size_t count = 0;
};

std::array<Place, kPlaces> places;
std::array<Watches, kMostProcessors> watched;
std::atomic<size_t> used{0};  // no place from here on was ever taken
bool prepared = false;

Place *Find(event_t event) {
  if (event.index >= kPlaces || event.generation % 2 == 0) return nullptr;
  Place &place = places[event.index];
  return place.generation.load(std::memory_order_acquire) == event.generation ? &place : nullptr;
}

bool HasMoved(const Watch &watch) {
  const Place *place = Find(watch.event);
  return place == nullptr || place->number.load(std::memory_order_acquire) != watch.number;
}

bool AnyHasMoved(void *argument) {
  const auto *mine = static_cast<const Watches *>(argument);
  const size_t count = mine->count < kWatches ? mine->count : kWatches;
  for (size_t i = 0; i < count; i++) {
    if (HasMoved(mine->watches[i])) return true;
  }
  return false;
}

}  // namespace

void EventsClear() {
  for (size_t i = 0; i < used.load(); i++) {
    Place &place = places[i];
    const uint32_t generation = place.generation.load();
    if (!prepared) place.kept = generation % 2 == 1;
    if (!place.kept) place.generation.store(0);
    place.number.store(0);
  }
  prepared = true;
  // Kept ones come first, so this is as it was after Prepare, and handles are the same each time.
  size_t kept = 0;
  while (kept < kPlaces && places[kept].kept) kept++;
  used.store(kept);
  for (Watches &watches : watched) watches.count = 0;
}

void Await() {
  Watches &mine = watched[static_cast<size_t>(Self())];
  // With nothing to wait for it is ready at once, but others may have their turn first.
  if (mine.count == 0 || AnyHasMoved(&mine)) {
    Yield();
  } else {
    WaitUntil(AnyHasMoved, &mine, "an event");
  }
  mine.count = 0;
}

int Events() {
  int count = 0;
  for (const Place &place : places) count += static_cast<int>(place.generation.load() % 2);
  return count;
}

}  // namespace interleave

event_result_t event_create(void) {
  interleave::Call("event_create");
  for (size_t i = 0; i < interleave::kPlaces; i++) {
    interleave::Place &place = interleave::places[i];
    uint32_t generation = place.generation.load(std::memory_order_relaxed);
    if (generation % 2 == 1) continue;
    if (!place.generation.compare_exchange_strong(generation, generation + 1)) continue;
    size_t seen = interleave::used.load();
    while (seen <= i && !interleave::used.compare_exchange_weak(seen, i + 1)) {
    }
    return {OK, {static_cast<uint32_t>(i), generation + 1}};
  }
  return {ERR(NO_MEMORY), {}};
}

status_t event_destroy(event_t event) {
  interleave::Call("event_destroy");
  interleave::Place *place = interleave::Find(event);
  if (place == nullptr) return ERR(STALE);
  uint32_t generation = event.generation;
  if (!place->generation.compare_exchange_strong(generation, generation + 1)) return ERR(STALE);
  interleave::Kick();
  return OK;
}

status_t event_signal(event_t event) {
  interleave::CallAnywhere("event_signal");
  interleave::Place *place = interleave::Find(event);
  if (place == nullptr) return ERR(STALE);
  place->number.fetch_add(1, std::memory_order_acq_rel);
  interleave::Kick();
  return OK;
}

status_t event_watch(event_t event) {
  interleave::Call("event_watch");
  const interleave::Place *place = interleave::Find(event);
  if (place == nullptr) return ERR(STALE);
  interleave::Watches &mine = interleave::watched[static_cast<size_t>(interleave::Self())];
  mine.watches[mine.count % interleave::kWatches] = {event,
                                                     place->number.load(std::memory_order_acquire)};
  mine.count++;
  return OK;
}
