// SPDX-License-Identifier: MIT
#include "testing/qemu/trace.h"

#include "testing/qemu/text.h"

namespace qemu {

Result<std::string> CutTrace(std::string_view output) {
  std::string trace;
  for (const std::string_view line : Lines(output)) {
    const bool first = line == "{\"traceEvents\":[";
    if (trace.empty() ? !first : !line.starts_with('{') && line != "]}") continue;
    trace += line;
    trace += '\n';
    if (line == "]}") return Result<std::string>::Good(std::move(trace));
  }
  return Result<std::string>::Bad("`trace json` printed no whole trace; does the image have it?");
}

}  // namespace qemu
