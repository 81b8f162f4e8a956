// SPDX-License-Identifier: MIT
/// @file
/// --display.
#pragma once
#include <string>

#include "testing/qemu/options.h"

namespace qemu {

/// Chooses QEMU's -display. QEMU's own windows are parts of their own, which the pinned QEMU may
/// lack; then the screen is served to a VNC viewer on this machine, and Say() tells how to look.
/// @returns "none" unless --display is given
std::string ChooseDisplay(const Options &options);

}  // namespace qemu
