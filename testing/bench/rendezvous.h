// SPDX-License-Identifier: MIT
/// @file
/// What it costs to park all processors, against their number: for nothing, and for the commit of a
/// real swap in the same run.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "testing/bench/measurements.h"

namespace bench {

/// The commands of the shell that measure it: both kinds in turn, with work on the processors.
std::vector<std::string> RendezvousCommands();

/// What one machine printed.
struct Rendezvous {
  unsigned asked = 0;         // processors that the machine has
  unsigned online = 0;        // of them, that ran tasks
  bool changed = false;       // their number did meanwhile
  std::vector<double> empty;  // ns
  std::vector<double> pause;  // ns
};

/// @param asked  processors
Rendezvous ReadRendezvous(unsigned asked, std::string_view output);

/// Bars over buckets of powers of two microseconds, and how both compare. Neither list is empty.
std::string Histogram(const Rendezvous &run);

/// The same as measurements, `swap.rendezvous.pN` and `swap.pause.pN`.
std::vector<Measurement> AsMeasurements(const Rendezvous &run);

}  // namespace bench
