// SPDX-License-Identifier: MIT
#include "testing/qemu/script_runner.h"

#include <algorithm>
#include <utility>

#include "testing/qemu/output_check.h"
#include "testing/qemu/text.h"
#include "testing/qemu/trace.h"

namespace qemu {
namespace {

constexpr std::string_view kAnswer = "= ";

constexpr auto kGlance = std::chrono::milliseconds(200);  // between two looks at the screen

// A machine that prints on and on, but no answer, is given up on after so many times the silence.
constexpr int kMostTypedAnswers = 20;

// Between two movements of the mouse; QEMU adds up those that come faster than the machine reads.
constexpr auto kMouseGap = std::chrono::milliseconds(20);

bool IsOk(std::string_view answer) { return answer == "= ok" || answer.starts_with("= ok "); }

bool BeginsWithWord(const Step &step, std::string_view word) {
  const auto words = Words(step.text);
  return step.kind == Step::Kind::kCommand && !words.empty() && words[0] == word;
}

// The machine is meant to go away or to come up anew, so an `= ok` is not the end of it.
bool EndsMachine(const Step &step) {
  return BeginsWithWord(step, "poweroff") || BeginsWithWord(step, "reboot");
}

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The rows that show something, each in a line of its own.
std::string Framed(const std::vector<std::string> &rows) {
  std::string text;
  for (const std::string &row : rows) {
    if (!row.empty()) text += "\n    |" + row;
  }
  return text.empty() ? " nothing" : text;
}

// Takes out escape sequences, which a terminal would not show.
std::string Plain(std::string_view line) {
  std::string plain;
  bool inside = false;
  for (const char c : line) {
    const bool begins = c == '\x1b';
    if (!inside && !begins) plain += c;
    inside = begins || (inside && (c < '@' || c == '['));
  }
  return plain;
}

// Finds the next answer line from `*position` on.
std::optional<std::string> NextAnswer(const Transcript &transcript, size_t *position) {
  while (const auto line = transcript.NextLine(position)) {
    const std::string plain = Plain(*line);
    if (plain.starts_with(kAnswer)) return plain;
  }
  return std::nullopt;
}

}  // namespace

int ScriptRunner::Run(const Script &script, const Patience &patience) {
  patience_ = patience;
  deadline_ = Clock::now() + patience.run;
  no_shell_ = !script.empty() && script[0].kind == Step::Kind::kNoShell;
  const bool ready = no_shell_ || AwaitReady();
  if (!no_shell_) Note("boot", ready ? "" : "the shell was not ready");
  if (!ready) {
    SkipFrom(script, 0);
    return Status();
  }
  for (size_t i = 0; i < script.size(); i++) {
    const bool is_last = std::all_of(script.begin() + static_cast<ptrdiff_t>(i) + 1, script.end(),
                                     [](const Step &step) { return step.IsCheck(); });
    if (finished_ && !script[i].IsCheck()) {
      SkipFrom(script, i);
      break;
    }
    RunStep(script[i], is_last);
  }
  if (take_trace && !no_shell_) {
    const Problem problem = TakeTrace();
    Note("trace", problem);
    if (!problem.empty()) say("trace: " + problem);
  }
  if (!finished_ && !no_shell_) {
    const Problem problem = PowerOff();
    Note("power off", problem);
    if (!problem.empty()) say("power off: " + problem);
  }
  return Status();
}

bool ScriptRunner::AwaitReady() {
  const bool ready = machine_->Run(deadline_, [&] {
    while (const auto line = transcript_->NextLine(&ready_position_)) {
      if (*line == kReadyLine) return true;
    }
    return false;
  });
  if (ready) return true;
  if (machine_->ended()) {
    Died("the machine ended before its shell was ready");
  } else {
    say(OutOfTime("the machine did not print '" + std::string(kReadyLine) + "'"));
  }
  return false;
}

void ScriptRunner::RunStep(const Step &step, bool is_last) {
  const auto start = Clock::now();
  const Problem problem = DoStep(step, is_last);
  const std::string name = "line " + std::to_string(step.line) + ": " + step.source;
  report_->Add({name, problem.empty() ? Check::State::kPassed : Check::State::kFailed, problem,
                SecondsSince(start)});
  if (!problem.empty()) say(name + ": " + problem);
}

Problem ScriptRunner::DoStep(const Step &step, bool is_last) {
  switch (step.kind) {
    case Step::Kind::kCommand:
      return DoCommand(step, is_last);
    case Step::Kind::kSend:
      return DoSend(step);
    case Step::Kind::kStrokes:
      return DoStrokes(step);
    case Step::Kind::kWait:
      return DoWait(step);
    case Step::Kind::kMouse:
      return DoMouse(step);
    case Step::Kind::kChannelSend:
      machine_->SendChannel(step.text + "\n");
      return {};
    case Step::Kind::kChannelWait:
      return DoChannelWait(step);
    case Step::Kind::kChannelEcho:
      machine_->EchoChannel();
      return {};
    case Step::Kind::kScreen:
      return DoScreen(step);
    case Step::Kind::kPicture:
      return screen_->Save(step.text);
    case Step::Kind::kNoShell:
      return {};
    case Step::Kind::kStart:
      Send(step);
      started_ = step;
      return {};
    case Step::Kind::kFinish:
      return Finish(started_, is_last);
    case Step::Kind::kSleep:
      deadline_ += step.duration;
      machine_->Run(Clock::now() + step.duration, [] { return false; });
      return machine_->ended() ? JudgeEnd(step) : "";
    default:
      return CheckOutput(step, transcript_->Since(output_position_));
  }
}

void ScriptRunner::Send(const Step &step) {
  output_position_ = ready_position_ = wait_position_ = transcript_->end();
  line_is_open_ = false;
  machine_->SendSerial(step.text + "\n");
}

Problem ScriptRunner::DoCommand(const Step &step, bool is_last) {
  Send(step);
  return Finish(step, is_last);
}

Problem ScriptRunner::Finish(const Step &step, bool is_last) {
  std::string answer;
  const Outcome outcome = AwaitAnswer(step, &answer);
  wait_position_ = transcript_->end();
  switch (outcome) {
    case Outcome::kAnswered:
      return JudgeAnswer(step, answer);
    case Outcome::kRebooted:
      return JudgeReboot(step, is_last);
    case Outcome::kEnded:
      return JudgeEnd(step);
    case Outcome::kLate:
      break;
  }
  return OutOfTime("the command was not answered");
}

ScriptRunner::Outcome ScriptRunner::AwaitAnswer(const Step &step, std::string *answer) {
  const uint64_t resets = machine_->resets();
  size_t position = output_position_;
  const bool done = machine_->Run(deadline_, [&] {
    if (machine_->resets() > resets) return true;
    const auto line = NextAnswer(*transcript_, &position);
    if (!line || (IsOk(*line) && EndsMachine(step))) return false;
    *answer = *line;
    return true;
  });
  if (machine_->resets() > resets) return Outcome::kRebooted;
  if (done) return Outcome::kAnswered;
  return machine_->ended() ? Outcome::kEnded : Outcome::kLate;
}

Problem ScriptRunner::JudgeAnswer(const Step &step, const std::string &answer) const {
  if (IsOk(answer) != step.must_fail) return {};
  return step.must_fail ? "it must fail, but it succeeded" : "answered '" + answer + "'";
}

Problem ScriptRunner::JudgeReboot(const Step &step, bool is_last) {
  if (!BeginsWithWord(step, "reboot")) {
    Died("the machine rebooted during '" + step.source + "'");
    return "the machine rebooted";
  }
  if (is_last) {
    finished_ = true;
    machine_->Stop();
  } else if (!AwaitReady()) {
    return "the machine did not come up again";
  }
  return step.must_fail ? "it must fail, but the machine rebooted" : "";
}

// The machine is gone. That is as it should be only if somebody powered it off.
Problem ScriptRunner::JudgeEnd(const Step &step) {
  finished_ = true;
  const Ending &ending = machine_->ending();
  if (ending.kind == Ending::Kind::kInterrupted) return "stopped by a signal";
  const bool wanted = BeginsWithWord(step, "poweroff") || machine_->announced_power_off();
  if (ending.kind != Ending::Kind::kPoweredOff || !wanted) {
    Died("the machine died during '" + step.source + "'");
    return "the machine died";
  }
  if (ending.code != 0) {
    return "the machine powered off with code " + std::to_string(ending.code);
  }
  return step.must_fail ? "it must fail, but the machine powered off" : "";
}

Problem ScriptRunner::DoSend(const Step &step) {
  wait_position_ = transcript_->end();
  line_is_open_ = !step.text.ends_with('\n');
  machine_->SendSerial(step.text);
  return {};
}

Problem ScriptRunner::DoStrokes(const Step &step) {
  wait_position_ = transcript_->end();
  const auto start = Clock::now();
  Keyboard keyboard(machine_, patience_.key);
  Problem problem = keyboard.Type(step.strokes);
  const auto is_enter = [](const Stroke &stroke) { return stroke == Stroke{"ret"}; };
  line_is_open_ = !is_enter(step.strokes.back());
  if (problem.empty()) {
    AwaitTypedAnswers(
        static_cast<size_t>(std::count_if(step.strokes.begin(), step.strokes.end(), is_enter)));
  }
  deadline_ += Clock::now() - start;
  return machine_->ended() ? JudgeEnd(step) : problem;
}

// Without this an answer to a typed line could be taken for that to the next command.
void ScriptRunner::AwaitTypedAnswers(size_t lines) {
  size_t position = wait_position_;
  size_t seen = 0;
  const auto answered = [&] {
    while (NextAnswer(*transcript_, &position)) seen++;
    return seen >= lines;
  };
  const auto give_up = Clock::now() + kMostTypedAnswers * patience_.typed_answer;
  while (!answered() && !machine_->ended() && Clock::now() < give_up) {
    const size_t end = transcript_->end();
    const auto silence = Clock::now() + patience_.typed_answer;
    if (!machine_->Run(silence, [&] { return transcript_->end() != end; })) return;
  }
}

Problem ScriptRunner::DoWait(const Step &step) {
  size_t at = std::string_view::npos;
  const bool seen = machine_->Run(deadline_, [&] {
    at = transcript_->Since(wait_position_).find(step.text);
    return at != std::string_view::npos;
  });
  if (seen) {
    wait_position_ += at + step.text.size();
    return {};
  }
  if (machine_->ended()) {
    const Problem end = JudgeEnd(step);
    return end.empty() ? "the machine powered off and had not printed it" : end;
  }
  return OutOfTime("'" + step.text + "' was not printed");
}

Problem ScriptRunner::DoMouse(const Step &step) {
  for (const auto &[letter, name] :
       {std::pair('l', "left"), std::pair('m', "middle"), std::pair('r', "right")}) {
    const bool held = buttons_.find(letter) != std::string::npos;
    const bool wanted = step.text.find(letter) != std::string::npos;
    if (held != wanted) machine_->SendButton(name, wanted);
  }
  buttons_ = step.text;
  if (step.right != 0 || step.down != 0) machine_->MoveMouse(step.right, step.down);
  // The monitor answers at once; the machine need not have noticed yet.
  machine_->Run(Clock::now() + kMouseGap, [] { return false; });
  const std::string error = machine_->TakeMonitorError();
  if (!error.empty()) return "QEMU refuses the mouse: " + error;
  return machine_->ended() ? JudgeEnd(step) : "";
}

Problem ScriptRunner::DoChannelWait(const Step &step) {
  size_t at = std::string::npos;
  const bool seen = machine_->Run(deadline_, [&] {
    at = machine_->channel_output().find(step.text, channel_position_);
    return at != std::string::npos;
  });
  if (seen) {
    channel_position_ = at + step.text.size();
    return {};
  }
  if (machine_->ended()) {
    const Problem end = JudgeEnd(step);
    return end.empty() ? "the machine powered off and had not sent it" : end;
  }
  return OutOfTime("'" + step.text + "' did not come through the channel");
}

Problem ScriptRunner::DoScreen(const Step &step) {
  const auto give_up = std::min(deadline_, Clock::now() + patience_.screen);
  for (;;) {
    const auto rows = screen_->Read();
    if (!rows.ok()) return rows.problem;
    const bool seen = std::any_of(rows.value.begin(), rows.value.end(),
                                  [&](const auto &row) { return Contains(row, step.text); });
    if (seen) return {};
    if (Clock::now() >= give_up) {
      return "expected '" + step.text + "' on the screen, which shows:" + Framed(rows.value);
    }
    machine_->Run(Clock::now() + kGlance, [] { return false; });
  }
}

Problem ScriptRunner::OutOfTime(const std::string &what) {
  finished_ = late_ = true;
  return "out of time: " + what;
}

void ScriptRunner::SkipFrom(const Script &script, size_t first) {
  const bool powered_off = !late_ && !died_;
  for (size_t i = first; i < script.size(); i++) {
    const std::string name = "line " + std::to_string(script[i].line) + ": " + script[i].source;
    const std::string problem = "not run: the machine was gone, or time was up";
    // After a power-off in the middle of a script the rest is missing, which must not pass.
    report_->Add({name, powered_off ? Check::State::kFailed : Check::State::kSkipped, problem, 0});
  }
  if (first < script.size()) {
    say("line " + std::to_string(script[first].line) + " and what follows was not run");
  }
}

Problem ScriptRunner::TakeTrace() {
  if (finished_) return "the machine was gone before it; leave poweroff out of the script";
  mute();
  if (line_is_open_) machine_->SendSerial("\x03");  // drops what was typed without Enter
  Step step;
  step.source = step.text = "trace json";
  if (Problem problem = DoCommand(step, false); !problem.empty()) return problem;
  Result<std::string> trace = CutTrace(transcript_->Since(output_position_));
  trace_ = std::move(trace.value);
  return trace.problem;
}

Problem ScriptRunner::PowerOff() {
  size_t position = transcript_->end();
  mute();
  // What was typed without Enter would stand before the command, so it is sent off, whatever the
  // shell makes of it.
  machine_->SendSerial(line_is_open_ ? "\npoweroff 0\n" : "poweroff 0\n");
  std::string refusal;
  machine_->Run(deadline_, [&] {
    const auto answer = NextAnswer(*transcript_, &position);
    if (answer && !IsOk(*answer) && !std::exchange(line_is_open_, false)) refusal = *answer;
    return !refusal.empty();
  });
  if (!refusal.empty()) return "the machine refused: '" + refusal + "'";
  if (!machine_->ended()) return OutOfTime("the machine did not power off");
  if (machine_->ending().kind != Ending::Kind::kDied) return {};
  Died("the machine died at power-off");
  return "the machine died";
}

void ScriptRunner::Note(const std::string &name, const Problem &problem) {
  report_->Add({name, problem.empty() ? Check::State::kPassed : Check::State::kFailed, problem, 0});
}

void ScriptRunner::Died(const std::string &reason) {
  finished_ = died_ = true;
  const Ending &ending = machine_->ending();
  if (ending.kind == Ending::Kind::kInterrupted) return;
  say(reason + (ending.reason.empty() ? "" : ": " + ending.reason));
}

int ScriptRunner::Status() const {
  const Ending &ending = machine_->ending();
  if (ending.kind == Ending::Kind::kInterrupted) return 128 + ending.code;
  if (died_) return kExitDied;
  if (late_) return kExitTimeout;
  if (ending.kind == Ending::Kind::kPoweredOff && ending.code != 0) return kExitFailed;
  return report_->failed() ? kExitFailed : kExitOk;
}

}  // namespace qemu
