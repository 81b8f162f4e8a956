// SPDX-License-Identifier: MIT
/// @file
/// nano_core's events, for tests of cells that have one: it can always be made, and what is done
/// with it is counted. A cell watches outside of its monitors; the test fails where it does not.
#pragma once

struct HostEvents {
  int signals = 0;
  int watches = 0;
};

/// A test sets it to {} before each case.
extern HostEvents host_events;
