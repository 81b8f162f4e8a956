// SPDX-License-Identifier: MIT
#include "cells/scheduler_policy_round_robin/scheduler_policy.h"

#include "cells/scheduler_policy_round_robin/turn.h"

static const uint32_t kIdentity = SEALED_TAG('r', 'r', 'o', 'b');

u64_result_t scheduler_policy_place(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                                    uint64_t sequence, uint64_t floor) {
  (void)now;
  (void)floor;
  schedule->key = turn_place(schedule, kIdentity, reason, sequence, UINT64_MAX);
  schedule->lasting = kIdentity;
  return (u64_result_t){.value = kIdentity};
}
