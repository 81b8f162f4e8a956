// SPDX-License-Identifier: MIT
/// @file
/// Keys of a US keyboard, by the names that QEMU gives them (qcodes).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "testing/qemu/result.h"

namespace qemu {

/// One stroke: the keys go down in this order and come up in the reverse one.
using Stroke = std::vector<std::string>;

/// Finds the stroke that types one character.
/// @param character  printable ASCII, or `\n`, `\t`
/// @errors  any other character: the problem names its code
Result<Stroke> StrokeOfCharacter(char character);

/// Reads a key name such as `a`, `f1`, `ctrl-c`, `shift-pgup`; usual names that are not QEMU's
/// (`enter`, `space`, `escape`, ...) are understood too.
/// @errors  an unknown name: the problem names it
Result<Stroke> StrokeOfName(std::string_view name);

}  // namespace qemu
