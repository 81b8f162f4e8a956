// SPDX-License-Identifier: MIT
/// @file
/// Events, as nano_core serves them, for both kinds of processors.
#pragma once

namespace interleave {

/// Ends all events and watches but the events that were made in Prepare. For a suite's Begin.
void EventsClear();

/// Parks until an event has moved that this processor has watched since the last call: what the
/// root does with a task whose step answered WOULD_BLOCK.
void Await();

/// How many events there are.
int Events();

}  // namespace interleave
