// SPDX-License-Identifier: MIT
// nano_core/arch/ticket_lock.h: one at a time is inside, in the order in which tickets were drawn,
// also where the numbers begin anew, and what was stored inside is seen by the next one.
#include "nano_core/arch/ticket_lock.h"

#include "testing/interleave/suite.h"

namespace {

class TicketLockSuite : public interleave::Suite {
 public:
  void Begin(interleave::Random &random, int) override {
    // Some begin a few tickets before the last number.
    const uint32_t first = random.Percent(50) ? UINT32_MAX - 3 : 0;
    lock_ = {first, first};
    next_ = first;
    inside_ = 0;
    entries_ = 0;
    expected_ = 0;
  }

  void Run(int, int operations, interleave::Random &random) override {
    for (int i = 0; i < operations; i++) {
      if (random.Percent(30)) interleave::Pause();
      Enter();
    }
    __atomic_fetch_add(&expected_, static_cast<uint64_t>(operations), __ATOMIC_RELAXED);
  }

  void End() override {
    INTERLEAVE_CHECK(entries_ == expected_, "somebody was never inside");
    INTERLEAVE_CHECK(lock_.next == lock_.serving, "the lock is not free in the end");
  }

 private:
  struct Turn {
    const ticket_lock_t *lock;
    uint32_t ticket;
  };

  static bool HasCome(void *argument) {
    const auto *turn = static_cast<const Turn *>(argument);
    return ticket_is_served(&turn->lock->serving, turn->ticket);
  }

  void Enter() {
    interleave::Pause();
    Turn turn = {&lock_, ticket_draw(&lock_.next)};
    interleave::Note("draws ticket %u", turn.ticket);
    interleave::WaitUntil(HasCome, &turn, "its turn");
    // These are plain: the lock alone keeps them whole.
    INTERLEAVE_CHECK(inside_ == 0, "two are inside");
    INTERLEAVE_CHECK(next_ == turn.ticket, "ticket %u is served before ticket %u", turn.ticket,
                     next_);
    inside_++;
    interleave::Pause();
    inside_--;
    next_++;
    entries_++;
    ticket_leave(&lock_.serving);
    interleave::Kick();
  }

  ticket_lock_t lock_ = {};
  uint32_t next_ = 0;  // to be served
  int inside_ = 0;
  uint64_t entries_ = 0;
  uint64_t expected_ = 0;
};

}  // namespace

INTERLEAVE_SUITE("ticket_lock", TicketLockSuite);
