// SPDX-License-Identifier: MIT
/// @file
/// Runs a script against a machine and judges it.
#pragma once
#include <chrono>
#include <functional>
#include <string>

#include "testing/qemu/keyboard.h"
#include "testing/qemu/machine.h"
#include "testing/qemu/report.h"
#include "testing/qemu/screenshot.h"
#include "testing/qemu/script.h"
#include "testing/qemu/transcript.h"

namespace qemu {

/// Line with which the machine says that its shell takes commands.
inline constexpr std::string_view kReadyLine = "[shell] ready";

/// How a script is run; the defaults are those of //:theseus.
struct Patience {
  std::chrono::milliseconds run = std::chrono::seconds(60);
  std::chrono::milliseconds key = std::chrono::seconds(10);
  // A line typed on the keyboard is answered too, unless a program takes the keys. So much silence
  // after it means that no answer is to come.
  std::chrono::milliseconds typed_answer = std::chrono::milliseconds(250);
  // How long what is printed takes to be seen.
  std::chrono::milliseconds screen = std::chrono::seconds(10);
};

/// One run. The transcript is filled by the machine's output; `say` gets one sentence for each
/// thing that went wrong; `mute` is called when what the machine prints is no longer of interest.
class ScriptRunner {
 public:
  ScriptRunner(Machine *machine, const Transcript *transcript, Screen *screen, Report *report)
      : machine_(machine), transcript_(transcript), screen_(screen), report_(report) {}

  std::function<void(const std::string &)> say = [](const std::string &) {};
  std::function<void()> mute = [] {};

  /// Runs the script on a machine that was just started, and powers the machine off.
  /// @returns the exit status that docs/interface.md gives to this run, or 128 + the number of the
  /// signal
  ///          that stopped it
  int Run(const Script &script, const Patience &patience);

  /// Asked for, the machine's trace is taken after the last line.
  bool take_trace = false;

  /// The trace as the command `trace json` prints it; empty: it was not taken.
  const std::string &trace() const { return trace_; }

 private:
  enum class Outcome { kAnswered, kRebooted, kEnded, kLate };

  bool AwaitReady();
  void RunStep(const Step &step, bool is_last);
  Problem DoStep(const Step &step, bool is_last);
  void Send(const Step &step);
  Problem DoCommand(const Step &step, bool is_last);
  // Waits for the answer to a command that was sent.
  Problem Finish(const Step &step, bool is_last);
  Problem DoSend(const Step &step);
  Problem DoStrokes(const Step &step);
  Problem DoWait(const Step &step);
  Problem DoScreen(const Step &step);
  Problem DoMouse(const Step &step);
  Problem DoChannelWait(const Step &step);
  Outcome AwaitAnswer(const Step &step, std::string *answer);
  Problem JudgeAnswer(const Step &step, const std::string &answer) const;
  Problem JudgeReboot(const Step &step, bool is_last);
  Problem JudgeEnd(const Step &step);
  Problem OutOfTime(const std::string &what);
  void AwaitTypedAnswers(size_t lines);
  void SkipFrom(const Script &script, size_t first);
  Problem TakeTrace();
  Problem PowerOff();
  void Note(const std::string &name, const Problem &problem);
  void Died(const std::string &reason);
  int Status() const;

  Machine *machine_;
  const Transcript *transcript_;
  Screen *screen_;
  Report *report_;
  Patience patience_;
  Clock::time_point deadline_;
  size_t ready_position_ = 0;    // where to look for the next ready line
  size_t output_position_ = 0;   // where the output of the previous command begins
  size_t wait_position_ = 0;     // where @wait begins to look
  size_t channel_position_ = 0;  // where @channel-wait begins to look
  std::string buttons_;          // of the mouse, that are held
  Step started_;                 // by @start
  std::string trace_;
  bool line_is_open_ = false;  // something was typed, but not Enter
  bool finished_ = false;      // no more steps: all done, out of time, or the machine is gone
  bool late_ = false;
  bool no_shell_ = false;  // nobody to power the machine off
  bool died_ = false;
};

}  // namespace qemu
