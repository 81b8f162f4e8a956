// SPDX-License-Identifier: MIT
/// @file
/// The script language of //:theseus: shell commands, and lines that act from outside or check.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "testing/qemu/keys.h"
#include "testing/qemu/result.h"

namespace qemu {

/// What one line of a script asks for.
struct Step {
  enum class Kind {
    kCommand,      // `text` is sent to the shell
    kSleep,        // `duration` passes
    kSend,         // `text` goes to the serial line as it is
    kStrokes,      // `strokes` on the emulated keyboard (@key, @type)
    kExpect,       // the previous command's output contains `text`
    kExpectNot,    // it does not
    kMatch,        // a line of it matches the regular expression `text` (ECMAScript)
    kWait,         // waits until `text` is printed
    kStart,        // `text` is sent to the shell, and the script goes on at once
    kScreen,       // waits until a row of the screen shows `text`
    kPicture,      // saves a picture of the screen as `text`
    kNoShell,      // the machine is not to get as far as its shell
    kMouse,        // moves the mouse by `right` and `down` with `text` (of "lmr") held
    kChannelSend,  // `text` and a line feed go through --channel
    kChannelWait,  // waits until `text` comes from there
    kChannelEcho,  // whatever comes from there is sent back from now on
    kFinish,       // waits for the answer to what kStart sent
  };

  Kind kind = Kind::kCommand;
  int line = 0;        // in the script, from 1
  std::string source;  // the line as it stands there, without blanks around it
  std::string text;
  bool must_fail = false;  // kCommand: begins with `! `
  std::chrono::milliseconds duration{};
  std::vector<Stroke> strokes;
  int right = 0;
  int down = 0;

  /// Whether the step is judged on what was printed already, without the machine.
  bool IsCheck() const {
    return kind == Kind::kExpect || kind == Kind::kExpectNot || kind == Kind::kMatch;
  }
};

using Script = std::vector<Step>;

/// Reads a script. Comments (`#`) and blank lines give no step.
/// @errors  a command after @no-shell; unknown `@` word, bad number, unknown key, bad regular
/// expression, missing text, a
///          command between @start and @finish: the problem begins with "line N: "; a @start
///          without @finish
Result<Script> ParseScript(std::string_view text);

}  // namespace qemu
