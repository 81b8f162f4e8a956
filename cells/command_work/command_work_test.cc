// SPDX-License-Identifier: MIT
#include "cells/command_work/command_work.h"

#include "cells/load_generator/load_generator.h"
#include "testing/host/command_test.h"

namespace {

void Name(char (&field)[kLoadGeneratorNameBytes], const std::string &name) {
  name.copy(field, sizeof(field) - 1);
}

load_report_t Load(const std::string &name, uint32_t status, uint64_t operations) {
  load_report_t load = {};
  Name(load.name, name);
  load.status = status;
  load.operations = operations;
  load.run_ns = 1000000000;
  return load;
}

std::string acts;
int stop_waits = 0;

std::vector<load_report_t> Loads() {
  acts.clear();
  return {Load("calls", kLoadGeneratorIdle, 0), Load("keys", kLoadGeneratorIdle, 0),
          Load("alloc", kLoadGeneratorIdle, 0)};
}

std::vector<load_report_t> loads = Loads();

}  // namespace

status_t load_generator_describe(uint64_t index, load_report_t *report) {
  if (index >= loads.size()) return ERR(END);
  *report = loads[index];
  return OK;
}

status_t load_generator_describe_worker(uint64_t index, uint64_t worker, load_report_t *report) {
  if (index >= loads.size() || worker >= loads[index].workers) return ERR(END);
  *report = Load(std::string(loads[index].name) + "/" + std::to_string(worker),
                 kLoadGeneratorRunning, 100 * index + worker);
  report->worst_ns = 7;
  return OK;
}

status_t load_generator_start(text_t name) {
  for (load_report_t &load : loads) {
    if (fake_string(name) != load.name) continue;
    if (load.status == kLoadGeneratorRunning) return ERR(BUSY);
    load.status = kLoadGeneratorRunning;
  }
  acts += "+" + fake_string(name);
  return OK;
}

status_t load_generator_stop(text_t name) {
  if (stop_waits-- > 0) return ERR(WOULD_BLOCK);
  acts += "-" + fake_string(name);
  return OK;
}

namespace {

using CommandWorkTest = CommandTest;

TEST_F(CommandWorkTest, Work_Start_StartsAllOrThoseNamed) {
  loads = Loads();
  EXPECT_STATUS(OK, Run(command_work_step, "work start").status);
  EXPECT_EQ(acts, "+calls+keys+alloc");
  acts.clear();
  loads = Loads();
  EXPECT_STATUS(OK, Run(command_work_step, "work start alloc calls").status);
  EXPECT_EQ(acts, "+calls+alloc");
}

TEST_F(CommandWorkTest, Work_StartRunning_IsBusyUnlessAll) {
  loads = Loads();
  loads[1].status = kLoadGeneratorRunning;
  EXPECT_STATUS(OK, Run(command_work_step, "work start all").status);
  acts.clear();
  const CommandAnswer answer = Run(command_work_step, "work start keys");
  EXPECT_STATUS(BUSY, answer.status);
  EXPECT_EQ(answer.message, "the load keys runs already");
}

TEST_F(CommandWorkTest, Work_Stop_WaitsUntilTheyHave) {
  loads = Loads();
  stop_waits = 2;
  const CommandAnswer answer = Run(command_work_step, "work stop");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.waits, 2);
  EXPECT_EQ(acts, "-calls-keys-alloc");
}

TEST_F(CommandWorkTest, Work_UnknownLoad_IsNotFound) {
  loads = Loads();
  const CommandAnswer answer = Run(command_work_step, "work start keys disk");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "no load disk; there are calls, keys, alloc, tasks and timers");
  EXPECT_EQ(acts, "") << "nothing is started";
  EXPECT_STATUS(UNSUPPORTED, Run(command_work_step, "work start queue").status);
}

TEST_F(CommandWorkTest, Work_Report_AllWell_IsATable) {
  loads = Loads();
  loads[0] = Load("calls", kLoadGeneratorRunning, 5000);
  loads[1] = Load("keys", kLoadGeneratorStopped, 1000);
  loads[1].external = 4;
  loads[1].retries = 3;
  const CommandAnswer answer = Run(command_work_step, "work report");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "NAME     OPS          LOST   ERRORS RETRIES  EXTERNAL\n"
            "calls    5000         0      0      0        0\n"
            "keys     1000         0      0      3        4\n");
}

TEST_F(CommandWorkTest, Work_Report_SomethingWrong_IsAnErrorAfterTheTable) {
  loads = Loads();
  loads[0] = Load("calls", kLoadGeneratorStopped, 5000);
  loads[1] = Load("keys", kLoadGeneratorStopped, 5000);
  loads[1].lost = 1;
  Name(loads[1].wrong, "keys/0");
  CommandAnswer answer = Run(command_work_step, "work report all");
  EXPECT_STATUS(INTERNAL, answer.status);
  EXPECT_EQ(answer.message, "the load keys lost keys: worker keys/0");
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 3);
  loads[0].errors = 1;
  Name(loads[0].wrong, "calls/3");
  answer = Run(command_work_step, "work report");
  EXPECT_EQ(answer.message, "the load calls met wrong answers: worker calls/3");
  EXPECT_STATUS(INTERNAL, Run(command_work_step, "work report calls").status);
}

TEST_F(CommandWorkTest, Work_Report_WorkerEndedByItself_IsNamed) {
  loads = Loads();
  loads[0] = Load("calls", kLoadGeneratorRunning, 5000);
  loads[0].errors = 1;
  Name(loads[0].ended, "calls/1");
  const CommandAnswer answer = Run(command_work_step, "work report");
  EXPECT_STATUS(INTERNAL, answer.status);
  EXPECT_EQ(answer.message, "the load calls has a worker that ended by itself: calls/1");
}

TEST_F(CommandWorkTest, Work_Workers_ARowEach) {
  loads = Loads();
  loads[0].workers = 2;
  loads[2].workers = 1;
  EXPECT_EQ(Run(command_work_step, "work workers").output,
            "WORKER     OPS          LOST   ERRORS RETRIES  EXTERNAL WORST_NS\n"
            "calls/0    0            0      0      0        0        7\n"
            "calls/1    1            0      0      0        0        7\n"
            "alloc/0    200          0      0      0        0        7\n");
  const CommandAnswer answer = Run(command_work_step, "work workers alloc");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 2);
}

TEST_F(CommandWorkTest, Work_Report_Slow_IsTimeout) {
  loads = Loads();
  loads[0] = Load("calls", kLoadGeneratorStopped, 999);
  const CommandAnswer answer = Run(command_work_step, "work report calls");
  EXPECT_STATUS(TIMEOUT, answer.status);
  EXPECT_EQ(answer.message, "the load calls made fewer than 1000 operations per second");
  loads[0].run_ns = 50000000;
  loads[0].operations = 0;
  EXPECT_STATUS(OK, Run(command_work_step, "work report calls").status) << "it has only just begun";
}

TEST_F(CommandWorkTest, Work_Report_NeverStarted_IsNotFoundIfNamed) {
  loads = Loads();
  EXPECT_STATUS(NOT_FOUND, Run(command_work_step, "work report keys").status);
  EXPECT_STATUS(OK, Run(command_work_step, "work report").status);
}

TEST_F(CommandWorkTest, Work_WrongVerb_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_work_step, "work").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_work_step, "work hard").status);
}

}  // namespace
