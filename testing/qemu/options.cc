// SPDX-License-Identifier: MIT
#include "testing/qemu/options.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>

#include "testing/qemu/text.h"

namespace qemu {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kLongestTimeoutS = 1'000'000;

// Where a flag's value goes.
struct Target {
  Options *options;
  std::string working_directory;

  std::string UserPath(const std::string &path) const {
    if (path.empty() || path[0] == '/' || path == "-" || working_directory.empty()) return path;
    return working_directory + "/" + path;
  }
};

using Setter = std::function<Problem(const Target &, const std::string &)>;
struct Flag {
  bool takes_value;
  Setter set;
};

Flag Switch(bool Options::*member) {
  return {false, [member](const Target &to, const std::string &) {
            to.options->*member = true;
            return Problem();
          }};
}

Flag Text(std::string Options::*member) {
  return {true, [member](const Target &to, const std::string &value) {
            to.options->*member = value;
            return Problem();
          }};
}

Flag UserFile(std::string Options::*member) {
  return {true, [member](const Target &to, const std::string &value) {
            to.options->*member = to.UserPath(value);
            return Problem();
          }};
}

Flag Number(unsigned Options::*member, bool Options::*given, unsigned low, unsigned high) {
  return {true, [=](const Target &to, const std::string &value) -> Problem {
            const auto number = ParseNumber(value, low, high);
            if (!number) {
              return "'" + value + "' is no number from " + std::to_string(low) + " to " +
                     std::to_string(high);
            }
            to.options->*member = static_cast<unsigned>(*number);
            if (given) to.options->*given = true;
            return {};
          }};
}

// A flag that takes one of a few words.
Flag Choice(std::string Options::*member, const std::vector<std::string> &words) {
  return {true, [=](const Target &to, const std::string &value) -> Problem {
            if (std::find(words.begin(), words.end(), value) == words.end()) {
              return "'" + value + "' is none of " + Joined(words, ", ");
            }
            to.options->*member = value;
            return {};
          }};
}

Problem Append(const Target &to, const std::string &value) {
  std::string &words = to.options->append;
  words += words.empty() ? value : " " + value;
  return {};
}

Problem AddExtra(const Target &to, const std::string &value) {
  if (value.empty()) return "an empty word means nothing to QEMU";
  to.options->extra.push_back(value);
  return {};
}

Problem AddDebug(const Target &to, const std::string &value) {
  to.options->debug.push_back(value);
  return {};
}

std::string WithoutSuffix(const std::string &name) {
  for (const std::string_view suffix : {".cell.o", ".o"}) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

bool IsObjectName(const std::string &name) {
  const auto is_good = [](unsigned char c) { return std::isalnum(c) || std::strchr("_.-", c); };
  return !name.empty() && name.size() <= 63 && std::all_of(name.begin(), name.end(), is_good);
}

Problem Add(const Target &to, const std::string &value) {
  const size_t equals = value.rfind('=');
  const std::string path = value.substr(0, equals);
  const std::string name = WithoutSuffix(
      equals == std::string::npos ? fs::path(path).filename().string() : value.substr(equals + 1));
  if (path.empty()) return "no file is named; give FILE or FILE=NAME";
  if (!IsObjectName(name)) {
    return "'" + name + "' is no object name; use letters, digits, '_', '.' and '-', at most 63";
  }
  for (const AddedObject &other : to.options->adds) {
    if (other.name == name) return "'" + name + "' is added twice; give one FILE=OTHER_NAME";
  }
  to.options->adds.push_back({to.UserPath(path), name});
  return {};
}

const std::map<std::string_view, Flag> &Flags() {
  static const std::map<std::string_view, Flag> flags = {
      {"--accel", Choice(&Options::accelerator, {"tcg", "tcg,thread=single", "kvm"})},
      {"--add", {true, Add}},
      {"--append", {true, Append}},
      {"--archive", Text(&Options::archive)},
      {"--archive-tool", Text(&Options::archive_tool)},
      {"--channel", Switch(&Options::channel)},
      {"--cpu", Text(&Options::cpu)},
      {"--debug", {true, AddDebug}},
      {"--display", Switch(&Options::display)},
      {"--dry-run", Switch(&Options::dry_run)},
      {"--extra", {true, AddExtra}},
      {"--firmware", Choice(&Options::firmware, {"bios", "uefi"})},
      {"--font", Text(&Options::font)},
      {"--gdb", Switch(&Options::gdb)},
      {"--gdb-at", Text(&Options::gdb_at)},
      {"--help", Switch(&Options::help)},
      {"--icount", Switch(&Options::icount)},
      {"--iso", Text(&Options::iso)},
      {"--junit", UserFile(&Options::junit)},
      {"--key-timeout", Number(&Options::key_timeout_s, nullptr, 1, 3600)},
      {"--kernel", Text(&Options::kernel)},
      {"--machine", Text(&Options::machine)},
      {"--media", Choice(&Options::media, {"cdrom", "disk", "usb"})},
      {"--mem", Number(&Options::memory_mib, nullptr, 16, 65536)},
      {"--no-debug-exit", Switch(&Options::no_debug_exit)},
      {"--qemu", Text(&Options::qemu)},
      {"--script", UserFile(&Options::script)},
      {"--smp", Number(&Options::processors, &Options::processors_given, 1, 255)},
      {"--tap", Switch(&Options::tap)},
      {"--text-font", Text(&Options::text_font)},
      {"--terminal", Switch(&Options::terminal)},
      {"--timeout", Number(&Options::timeout_s, &Options::timeout_given, 1, kLongestTimeoutS)},
      {"--trace", UserFile(&Options::trace)},
  };
  return flags;
}

// Takes the flag at `*at` and its value; `*at` is left on the last argument that belongs to it.
Problem TakeFlag(std::span<const std::string> arguments, size_t *at, const Target &target) {
  const std::string &argument = arguments[*at];
  const size_t equals = argument.find('=');
  const std::string name = argument.substr(0, equals);
  const auto found = Flags().find(name);
  if (found == Flags().end()) return "unknown flag '" + name + "'";
  const Flag &flag = found->second;
  if (!flag.takes_value) {
    if (equals != std::string::npos) return name + ": takes no value; write it alone";
    return flag.set(target, "");
  }
  if (equals == std::string::npos && *at + 1 == arguments.size()) {
    return name + ": its value is missing; write " + name + " VALUE";
  }
  const Problem problem = flag.set(
      target, equals == std::string::npos ? arguments[++*at] : argument.substr(equals + 1));
  return problem.empty() ? problem : name + ": " + problem;
}

Problem CheckMedia(const Options &options) {
  if (options.media.empty()) {
    return options.firmware == "uefi" ? "--firmware: uefi starts from a medium; add --media" : "";
  }
  if (options.iso.empty()) return "--media: the build rule gives no --iso; name one as its `iso`";
  if (!options.adds.empty()) {
    return "--add: a medium has its own archive; leave --media out, or build another iso "
           "(tools/rules/iso.bzl)";
  }
  return {};
}

Problem CheckTogether(Options *options) {
  if (Problem problem = CheckMedia(*options); !problem.empty()) return problem;
  if (options->icount) {
    if (options->processors_given && options->processors != 1) {
      return "--smp: --icount runs one processor; leave --smp out, or leave --icount out";
    }
    if (options->accelerator != "tcg") {
      return "--accel: --icount counts instructions, which only tcg can; leave --accel out";
    }
    options->processors = 1;
  }
  // A person at the debugger takes time.
  if (options->gdb && !options->timeout_given) options->timeout_s = kLongestTimeoutS;
  if (options->script.empty()) {
    for (const auto &[flag, given] :
         {std::pair("--tap", options->tap), std::pair("--junit", !options->junit.empty()),
          std::pair("--terminal", options->terminal),
          std::pair("--trace", !options->trace.empty())}) {
      if (given) return std::string(flag) + ": needs --script";
    }
  }
  if (options->script.empty() && options->channel) {
    return "--channel: needs --script, which is its host side; see --extra for others";
  }
  for (const auto &[flag, value] :
       {std::pair("--qemu", options->qemu), std::pair("--kernel", options->kernel),
        std::pair("--archive", options->archive)}) {
    if (value.empty())
      return std::string(flag) + ": missing; start it as tools/bazel run //:theseus";
  }
  return {};
}

}  // namespace

Result<Options> ParseOptions(std::span<const std::string> arguments,
                             const std::string &working_directory) {
  Options options;
  const Target target{&options, working_directory};
  for (size_t i = 0; i < arguments.size(); i++) {
    if (Problem problem = TakeFlag(arguments, &i, target); !problem.empty()) {
      return Result<Options>::Bad(std::move(problem));
    }
  }
  if (options.help) return Result<Options>::Good(std::move(options));
  if (Problem problem = CheckTogether(&options); !problem.empty()) {
    return Result<Options>::Bad(std::move(problem));
  }
  return Result<Options>::Good(std::move(options));
}

Problem CheckFiles(const Options &options) {
  std::vector<std::pair<std::string, std::string>> files = {
      {"--qemu", options.qemu}, {"--kernel", options.kernel}, {"--archive", options.archive}};
  if (!options.media.empty()) files.emplace_back("--iso", options.iso);
  if (!options.script.empty() && options.script != "-") {
    files.emplace_back("--script", options.script);
  }
  for (const AddedObject &object : options.adds) files.emplace_back("--add", object.path);
  for (const auto &[flag, path] : files) {
    std::error_code error;
    if (fs::is_directory(path, error)) return flag + ": '" + path + "' is a folder, not a file";
    if (access(path.c_str(), R_OK) != 0) {
      return flag + ": cannot read '" + path + "' (" + std::strerror(errno) +
             "); relative paths start in the folder where you called the command";
    }
  }
  return {};
}

}  // namespace qemu
