// SPDX-License-Identifier: MIT
// A command that tests the scheduler's policy from inside, under deterministic time:
// `policy_check WHAT` makes workers, lets them be for a while, and judges what has come of them.
#include "cells/timer/timer.h"
#include "nano_core/api/machine.h"
#include "patterns/command_request.h"
#include "testing/scheduling/command_policy_check/figures.h"

CELL_EXPORT status_t command_policy_check_step(LENT command_t *command);

enum { kWorkersPerStep = 32 };

enum {
  kStageBegin,
  kStageSpawn,
  kStageSwap,
  kStageSwapping,
  kStageSettle,
  kStageCount,
  kStageFigures,
  kStageJudge,
  kStageJoin,
};

typedef struct check_progress {
  reference_t step;
  request_t request;
  task_parameters_t parameters;  // of the shell's task, from before
  uint64_t check;
  uint64_t length;  // for which is counted
  uint64_t until;   // is waited for
  uint64_t counted;
  uint64_t made;
  uint64_t joined;
  uint64_t round;
  uint64_t wrong_ends;
  uint64_t wrong_sums;
  tap_t tap;
} check_progress_t;

static const text_t kUsage =
    TEXT("policy_check round_robin|priority|deadline|overload|fair|swaps|stay [MILLISECONDS]");

static text_t check_name(uint64_t check) {
  static const text_t kNames[] = {
      [kCheckRoundRobin] = TEXT("round_robin"),
      [kCheckPriority] = TEXT("priority"),
      [kCheckDeadline] = TEXT("deadline"),
      [kCheckOverload] = TEXT("overload"),
      [kCheckFair] = TEXT("fair"),
      [kCheckSwaps] = TEXT("swaps"),
      [kCheckStay] = TEXT("stay"),
  };
  return kNames[check];
}

// For how many milliseconds is counted.
static uint64_t usual_length(uint64_t check) {
  if (check_is_swapped(check)) return 260;
  return check == kCheckOverload ? 1000 : 3000;
}

static status_t parse(command_t *command, check_progress_t *progress) {
  while (!text_equal(command_word(command, 1), check_name(progress->check))) {
    if (++progress->check == kChecks) return command_usage(command, kUsage);
  }
  progress->length = usual_length(progress->check);
  if (command_words(command) > 2) {
    const u64_result_t length = command_number(command, 2);
    TRY(length.status);
    progress->length = length.value;
  }
  if (command_words(command) > 3) return command_usage(command, kUsage);
  if (progress->length == 0 || progress->length > 100000) {
    return command_refuse(command, ERR(OUT_OF_RANGE), TEXT("for 1 to 100000 milliseconds"),
                          TEXT(""), TEXT(""));
  }
  progress->length *= kMillisecond;
  const bool_result_t deterministic = machine_option(TEXT("icount"));
  TRY(deterministic.status);
  if (deterministic.value) return OK;
  return command_refuse(command, ERR(UNSUPPORTED), TEXT("only under deterministic time"),
                        TEXT("; start the machine with --icount"), TEXT(""));
}

// The command is to be served under any policy.
static status_t be_urgent(check_progress_t *progress) {
  const task_result_t self = task_self();
  TRY(self.status);
  task_info_t info;
  TRY(task_describe(self.value.index, &info));
  progress->parameters = (task_parameters_t){info.priority, info.weight, info.deadline};
  const task_parameters_t urgent = {0, kScheduleUsualWeight, 2 * kMillisecond};
  return task_set_parameters(self.value, &urgent);
}

static void clear_tallies(const check_progress_t *progress, event_t bell) {
  const policy_tallies_t *tallies = state_policy_tallies;
  monitor_enter(&state_policy_tallies->monitor);
  state_clear(&tallies->stopping, sizeof(*tallies) - offsetof(policy_tallies_t, stopping));
  state_set(&tallies->order, (uint64_t)check_order(progress->check));
  // The scheduler is told of a release up to a tick later.
  state_set(&tallies->order_slack,
            tallies->order == kOrderDeadline ? UINT64_C(2) * kTick : UINT64_C(0));
  state_set(&tallies->since, (uint64_t)kNever);
  state_set(&tallies->bell, bell);
  monitor_exit(&state_policy_tallies->monitor);
}

static status_t wait_from_now(check_progress_t *progress, uint64_t time) {
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  progress->until = now.value.count + time;
  return OK;
}

static status_t begin(command_t *command, check_progress_t *progress) {
  TRY(parse(command, progress));
  TRY(wait_from_now(progress, 20 * kMillisecond));
  const reference_result_t step = reference_obtain(TEXT("command_policy_check_worker_step"));
  TRY(step.status);
  progress->step = step.value;
  const event_result_t bell = event_create();
  TRY(bell.status);
  clear_tallies(progress, bell.value);
  command->stage = kStageSpawn;
  return be_urgent(progress);
}

// The worker's tally is there before it runs.
static void publish_worker(const worker_t *worker) {
  const policy_tallies_t *tallies = state_policy_tallies;
  const tally_t *tally = &tallies->tallies[worker->number];
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&tally->wants_from, worker_wants_from(worker));
  state_set(&tally->had, worker_wants_from(worker));
  state_set(&tally->rank, worker_rank(worker, tallies->order));
  state_set(&tallies->workers, worker->number + 1);
  monitor_exit(&state_policy_tallies->monitor);
}

static status_t spawn_one(check_progress_t *progress) {
  const uint64_t number = progress->made;
  worker_t worker = {.number = number, .plan = check_plan(progress->check, number)};
  worker.release = progress->until;
  // Not all at once.
  if (worker.plan.work != kNever) worker.release += number % 53 * kMillisecond;
  worker.checksum = number;
  publish_worker(&worker);
  task_progress_t task = {};
  SEALED_COMMIT(&task, kWorkerTag, kWorkerVersion, &worker);
  text_line_t name = {};
  text_line_text(&name, TEXT("policy/"));
  text_line_decimal(&name, number);
  TRY(reference_retain(progress->step));
  const task_result_t made = task_spawn_joinable(text_line_view(&name), progress->step, &task);
  if (!status_is_ok(made.status)) {
    status_ignore(reference_release(progress->step), "the first error counts");
    return made.status;
  }
  progress->made++;
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&state_policy_tallies->tallies[number].task, made.value);
  monitor_exit(&state_policy_tallies->monitor);
  const task_parameters_t parameters = {worker.plan.priority, worker.plan.weight,
                                        worker.plan.deadline};
  return task_set_parameters(made.value, &parameters);
}

static status_t spawn(command_t *command, check_progress_t *progress) {
  const uint64_t workers = check_workers(progress->check);
  for (size_t i = 0; i < kWorkersPerStep && progress->made < workers; i++) {
    TRY(spawn_one(progress));
  }
  if (progress->made < workers) return OK;
  command->stage = kStageSwap;
  return OK;
}

static status_t settle(command_t *command, check_progress_t *progress) {
  command->stage = kStageSettle;
  return wait_from_now(progress, (check_is_swapped(progress->check) ? 60 : 120) * kMillisecond);
}

static status_t swap(command_t *command, check_progress_t *progress) {
  if (progress->check != kCheckSwaps) return settle(command, progress);
  const request_result_t request = command_request_one(kRequestSwap, TEXT("scheduler_policy"),
                                                       policy_object(policy_of(progress->round)));
  TRY(request.status);
  progress->request = request.value;
  command->stage = kStageSwapping;
  return OK;
}

static status_t wait_for_swap(command_t *command, check_progress_t *progress) {
  TRY(command_request_poll(command, progress->request));
  TRY(request_close(progress->request));
  return settle(command, progress);
}

// What nano_core says that a worker has run.
static status_t read_account(uint64_t number, uint64_t *ran) {
  const task_t task = tally_at(number).task;
  task_info_t info;
  TRY(task_describe(task.index, &info));
  *ran = info.ran;
  return info.generation == task.generation && info.status != kTaskEnded ? OK : ERR(STALE);
}

static status_t start_counting(command_t *command, check_progress_t *progress) {
  TRY(timer_wait_until((nanoseconds_t){progress->until}));
  const policy_tallies_t *tallies = state_policy_tallies;
  for (uint64_t i = 0; i < progress->made; i++) {
    uint64_t ran;
    TRY(read_account(i, &ran));
    monitor_enter(&state_policy_tallies->monitor);
    state_set(&tallies->tallies[i].ran_before, ran);
    state_clear(&tallies->tallies[i].counts, sizeof(worker_counts_t));
    monitor_exit(&state_policy_tallies->monitor);
  }
  TRY(wait_from_now(progress, progress->length));
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&tallies->since, progress->until - progress->length);
  monitor_exit(&state_policy_tallies->monitor);
  command->stage = kStageCount;
  return OK;
}

// Who waits at the end counts as if it were served then: a job that is late already is missed, and
// a wait that is not over is one.
static void close_tally(uint64_t number, uint64_t ran, uint64_t deadline, uint64_t time) {
  const tally_t *tally = &state_policy_tallies->tallies[number];
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&tally->ran, ran - tally->ran_before);
  if (deadline != 0 && tally->wants_from + deadline < time) {
    state_set(&tally->counts.misses, tally->counts.misses + 1);
  }
  const uint64_t wait = tally->had < time ? time - tally->had : 0;
  const worker_counts_t *counts = &tally->counts;
  const uint64_t *longest = tally->has_job != 0 ? &counts->longest_wait : &counts->latency;
  if (wait >= kGap && wait > *longest) state_set(longest, wait);
  monitor_exit(&state_policy_tallies->monitor);
}

static status_t stop_counting(command_t *command, check_progress_t *progress) {
  TRY(timer_wait_until((nanoseconds_t){progress->until}));
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  const uint64_t since = progress->until - progress->length;
  progress->counted = now.value.count - since;
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&state_policy_tallies->since, (uint64_t)kNever);
  monitor_exit(&state_policy_tallies->monitor);
  for (uint64_t i = 0; i < progress->made; i++) {
    uint64_t ran;
    TRY(read_account(i, &ran));
    close_tally(i, ran, check_plan(progress->check, i).deadline, now.value.count);
  }
  command->stage = kStageFigures;
  command->cursor = 0;
  return OK;
}

static void judge_round(command_t *command, check_progress_t *progress) {
  tap_t *tap = &progress->tap;
  switch (progress->check) {
    case kCheckRoundRobin:
      return judge_round_robin(tap, command, progress->counted);
    case kCheckPriority:
      return judge_priority(tap, command, progress->counted);
    case kCheckDeadline:
      return judge_deadline(tap, command, progress->counted);
    case kCheckOverload:
      return judge_overload(tap, command);
    case kCheckFair:
      return judge_fair(tap, command);
    default:
      return judge_swapped(tap, command, policy_of(progress->round));
  }
}

// All that wait are told at the next moment that they wait for.
static void stop_workers(void) {
  const policy_tallies_t *tallies = state_policy_tallies;
  monitor_enter(&state_policy_tallies->monitor);
  state_set(&tallies->stopping, UINT64_C(1));
  const event_t bell = tallies->bell;
  monitor_exit(&state_policy_tallies->monitor);
  status_ignore(event_signal(bell), "where there is none, nobody listens");
}

static status_t judge(command_t *command, check_progress_t *progress) {
  judge_round(command, progress);
  progress->round++;
  const uint64_t rounds = progress->check == kCheckSwaps  ? kRoundsSwapped
                          : progress->check == kCheckStay ? kRoundsStay
                                                          : 1;
  command->stage = progress->round < rounds ? kStageSwap : kStageJoin;
  if (command->stage == kStageJoin) stop_workers();
  return OK;
}

static void judge_end(check_progress_t *progress, const tally_t *tally, const task_end_t *end) {
  task_end_t again;
  const bool once = status_is(task_join(tally->task, &again), STATUS_STALE);
  const bool right = status_is(end->result, STATUS_END) && end->steps == tally->steps;
  if (!once || !right || tally->twice != 0 || tally->inside != 0) progress->wrong_ends++;
  const uint64_t checksum = mix_far(progress->joined, tally->units * kRoundsPerUnit);
  if (checksum != tally->checksum) progress->wrong_sums++;
}

static status_t finish(command_t *command, check_progress_t *progress) {
  tap_t *tap = &progress->tap;
  tap_check(tap, command, progress->joined == check_workers(progress->check),
            TEXT("each was joined"));
  tap_check(tap, command, progress->wrong_ends == 0,
            TEXT("each once, after as many steps as it counted, none inside another"));
  tap_check(tap, command, progress->wrong_sums == 0, TEXT("and has calculated rightly"));
  return tap_end(tap, command);
}

static status_t join(command_t *command, check_progress_t *progress) {
  for (size_t i = 0; i < kWorkersPerStep; i++) {
    if (progress->joined == progress->made) return finish(command, progress);
    task_end_t end;
    TRY(task_join(tally_at(progress->joined).task, &end));
    const tally_t tally = tally_at(progress->joined);
    judge_end(progress, &tally, &end);
    progress->joined++;
  }
  return OK;
}

static status_t step(command_t *command, check_progress_t *progress) {
  switch (command->stage) {
    case kStageBegin:
      return begin(command, progress);
    case kStageSpawn:
      return spawn(command, progress);
    case kStageSwap:
      return swap(command, progress);
    case kStageSwapping:
      return wait_for_swap(command, progress);
    case kStageSettle:
      return start_counting(command, progress);
    case kStageCount:
      return stop_counting(command, progress);
    case kStageFigures:
      if (put_all_figures(command, progress->check)) command->stage = kStageJudge;
      return OK;
    case kStageJudge:
      return judge(command, progress);
    default:
      return join(command, progress);
  }
}

// Whatever came in between, the workers end, and the shell is as it was.
static void leave(check_progress_t *progress) {
  if (reference_is_none(progress->step)) return;
  stop_workers();
  monitor_enter(&state_policy_tallies->monitor);
  const event_t bell = state_policy_tallies->bell;
  monitor_exit(&state_policy_tallies->monitor);
  status_ignore(event_destroy(bell), "the command has made it");
  status_ignore(reference_release(progress->step), "the command has obtained it");
  const task_result_t self = task_self();
  if (progress->parameters.weight == 0 || !status_is_ok(self.status)) return;
  status_ignore(task_set_parameters(self.value, &progress->parameters), "it was like that");
}

status_t command_policy_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  if (!status_is_ok(status) && !status_is(status, STATUS_WOULD_BLOCK)) leave(&progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
