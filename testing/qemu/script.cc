// SPDX-License-Identifier: MIT
#include "testing/qemu/script.h"

#include <optional>
#include <regex>

#include "testing/qemu/text.h"

namespace qemu {
namespace {

constexpr uint64_t kLongestSleepMs = 24ull * 60 * 60 * 1000;
constexpr uint64_t kLongestMovement = 1000;

// Each parser fills in its step from what follows the word; an empty problem is success.

Problem ParseSleep(std::string_view rest, Step *step) {
  const auto number = ParseNumber(Trim(rest), 0, kLongestSleepMs);
  if (!number) return "@sleep needs a number of milliseconds, not '" + std::string(rest) + "'";
  step->kind = Step::Kind::kSleep;
  step->duration = std::chrono::milliseconds(*number);
  return {};
}

Problem ParseKey(std::string_view rest, Step *step) {
  step->kind = Step::Kind::kStrokes;
  for (const std::string &name : Words(rest)) {
    auto stroke = StrokeOfName(name);
    if (!stroke.ok()) return stroke.problem;
    step->strokes.push_back(std::move(stroke.value));
  }
  return step->strokes.empty() ? "@key needs one or more key names, such as ret or ctrl-c" : "";
}

// Undoes `\n`, `\t`, `\e`, `\s` and `\\`; any other backslash stands for itself.
std::string Unescape(std::string_view text) {
  static constexpr std::string_view kLetters = "ntes\\";
  static constexpr std::string_view kMeanings = "\n\t\x1b \\";
  std::string plain;
  for (size_t i = 0; i < text.size(); i++) {
    const size_t meaning = text[i] == '\\' && i + 1 < text.size() ? kLetters.find(text[i + 1])
                                                                  : std::string_view::npos;
    if (meaning == std::string_view::npos) {
      plain += text[i];
      continue;
    }
    plain += kMeanings[meaning];
    i++;
  }
  return plain;
}

Problem ParseSend(std::string_view rest, Step *step) {
  step->kind = Step::Kind::kSend;
  step->text = Unescape(rest);
  return step->text.empty() ? "@send needs the text to send" : "";
}

Problem ParseType(std::string_view rest, Step *step) {
  step->kind = Step::Kind::kStrokes;
  for (const char character : Unescape(rest)) {
    auto stroke = StrokeOfCharacter(character);
    if (!stroke.ok()) return stroke.problem;
    step->strokes.push_back(std::move(stroke.value));
  }
  return step->strokes.empty() ? "@type needs the text to type" : "";
}

Problem ParseText(std::string_view rest, Step::Kind kind, Step *step) {
  step->kind = kind;
  step->text = std::string(Trim(rest));
  return step->text.empty() ? "the text to look for is missing" : "";
}

Problem ParseMatch(std::string_view rest, Step *step) {
  if (Problem problem = ParseText(rest, Step::Kind::kMatch, step); !problem.empty()) {
    return problem;
  }
  try {
    static_cast<void>(std::regex(step->text, std::regex::ECMAScript));
  } catch (const std::regex_error &error) {
    return "'" + step->text + "' is no ECMAScript regular expression: " + error.what();
  }
  return {};
}

// Units of the mouse, with a sign.
std::optional<int> ParseMovement(std::string_view word) {
  const bool negative = word.starts_with('-');
  const auto number = ParseNumber(negative ? word.substr(1) : word, 0, kLongestMovement);
  if (!number) return std::nullopt;
  return negative ? -static_cast<int>(*number) : static_cast<int>(*number);
}

Problem ParseMouse(std::string_view rest, Step *step) {
  const std::vector<std::string> words = Words(rest);
  step->kind = Step::Kind::kMouse;
  const auto right = words.size() < 2 ? std::nullopt : ParseMovement(words[0]);
  const auto down = words.size() < 2 ? std::nullopt : ParseMovement(words[1]);
  if (words.size() == 3) step->text = words[2];
  const bool buttons = step->text.find_first_not_of("lmr") == std::string::npos;
  if (!right || !down || !buttons || words.size() > 3) {
    return "@mouse needs two numbers from -1000 to 1000 and maybe letters of 'lmr', not '" +
           std::string(rest) + "'";
  }
  step->right = *right;
  step->down = *down;
  return {};
}

Problem ParseEcho(std::string_view rest, Step *step) {
  step->kind = Step::Kind::kChannelEcho;
  return Trim(rest).empty() ? "" : "@channel-echo stands alone";
}

Problem ParseFinish(std::string_view rest, Step *step) {
  step->kind = Step::Kind::kFinish;
  return Trim(rest).empty() ? "" : "@finish stands alone; it waits for what @start sent";
}

Problem ParseNoShell(std::string_view rest, Step *step) {
  step->kind = Step::Kind::kNoShell;
  return Trim(rest).empty() ? "" : "@no-shell stands alone";
}

Problem ParseDirective(std::string_view line, Step *step) {
  const size_t end = line.find_first_of(" \t");
  const std::string_view word = line.substr(0, end);
  const std::string_view rest = end == std::string_view::npos ? "" : line.substr(end + 1);
  if (word == "@sleep") return ParseSleep(rest, step);
  if (word == "@key") return ParseKey(rest, step);
  if (word == "@type") return ParseType(rest, step);
  if (word == "@send") return ParseSend(rest, step);
  if (word == "@match") return ParseMatch(rest, step);
  if (word == "@expect") return ParseText(rest, Step::Kind::kExpect, step);
  if (word == "@expect-not") return ParseText(rest, Step::Kind::kExpectNot, step);
  if (word == "@wait") return ParseText(rest, Step::Kind::kWait, step);
  if (word == "@expect-screen") return ParseText(rest, Step::Kind::kScreen, step);
  if (word == "@screenshot") return ParseText(rest, Step::Kind::kPicture, step);
  if (word == "@no-shell") return ParseNoShell(rest, step);
  if (word == "@start") return ParseText(rest, Step::Kind::kStart, step);
  if (word == "@finish") return ParseFinish(rest, step);
  if (word == "@mouse") return ParseMouse(rest, step);
  if (word == "@channel-send") return ParseText(rest, Step::Kind::kChannelSend, step);
  if (word == "@channel-wait") return ParseText(rest, Step::Kind::kChannelWait, step);
  if (word == "@channel-echo") return ParseEcho(rest, step);
  return "unknown word '" + std::string(word) +
         "'; there are @sleep, @key, @type, @send, @wait, @expect, @expect-not, @match, @start, "
         "@finish, @expect-screen, @screenshot, @no-shell, @mouse, @channel-send, @channel-wait, "
         "@channel-echo";
}

Problem ParseCommand(std::string_view line, Step *step) {
  step->kind = Step::Kind::kCommand;
  step->must_fail = line.starts_with("! ") || line == "!";
  step->text = std::string(Trim(step->must_fail ? line.substr(1) : line));
  return step->text.empty() ? "'!' stands before a command that must fail, but there is none" : "";
}

// Whether a @start waits for its @finish.
bool IsStarted(const Script &script) {
  bool started = false;
  for (const Step &earlier : script) {
    if (earlier.kind == Step::Kind::kStart) started = true;
    if (earlier.kind == Step::Kind::kFinish) started = false;
  }
  return started;
}

// Commands need a shell, and one at a time: until @finish only what acts from outside may follow
// @start.
Problem CheckOrder(const Script &script, const Step &step) {
  const bool started = IsStarted(script);
  const bool is_command = step.kind == Step::Kind::kCommand || step.kind == Step::Kind::kStart;
  const bool no_shell = !script.empty() && script[0].kind == Step::Kind::kNoShell;
  if (step.kind == Step::Kind::kNoShell && !script.empty()) return "@no-shell comes first";
  if (no_shell && is_command) return "after @no-shell there is nobody to take a command";
  if (started && is_command) return "the command that @start sent needs a @finish first";
  if (!started && step.kind == Step::Kind::kFinish) return "@finish, but nothing was started";
  return {};
}

// A typed text may end in blanks that count, so only the carriage return goes there.
std::string_view WithoutMargin(std::string_view line) {
  const std::string_view trimmed = Trim(line);
  if (!trimmed.starts_with("@type") && !trimmed.starts_with("@send")) return trimmed;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line.substr(line.find('@'));
}

}  // namespace

Result<Script> ParseScript(std::string_view text) {
  Script script;
  int number = 0;
  for (const std::string_view raw : Lines(text)) {
    number++;
    const std::string_view line = WithoutMargin(raw);
    if (line.empty() || line.starts_with('#')) continue;
    Step step;
    step.line = number;
    step.source = line;
    Problem problem =
        line.starts_with('@') ? ParseDirective(line, &step) : ParseCommand(line, &step);
    if (problem.empty()) problem = CheckOrder(script, step);
    if (!problem.empty()) {
      return Result<Script>::Bad("line " + std::to_string(number) + ": " + problem);
    }
    script.push_back(std::move(step));
  }
  if (IsStarted(script)) return Result<Script>::Bad("the last @start has no @finish");
  return Result<Script>::Good(std::move(script));
}

}  // namespace qemu
