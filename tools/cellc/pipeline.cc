// SPDX-License-Identifier: MIT
#include "tools/cellc/pipeline.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tools/cellc/process.h"

namespace cellc {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

// Paths in the folder of the tools.
constexpr char kCellCheck[] = "tools/cell_check/cell_check";
constexpr char kFingerprint[] = "tools/fingerprint/fingerprint";
constexpr char kCellObject[] = "tools/cell_object/cell_object";
constexpr char kClang[] = "external/llvm/bin/clang";
constexpr char kLinker[] = "external/llvm/bin/ld.lld";
constexpr char kObjcopy[] = "external/llvm/bin/llvm-objcopy";

constexpr size_t kNameCharacters = 63;

std::string ReadFile(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::vector<std::string> Lines(const std::string &text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void ReplaceAll(std::string *text, const std::string &from, const std::string &to) {
  for (size_t at = 0; (at = text->find(from, at)) != std::string::npos; at += to.size()) {
    text->replace(at, from.size(), to);
  }
}

class Pipeline {
 public:
  explicit Pipeline(const Job &job) : job_(job) {}

  std::vector<std::string> Run() {
    const bool done = CheckRequest() && Prepare() && CheckSource() && CompileSource() && Link() &&
                      Stamp() && Deliver();
    if (!done && errors_.empty()) Refuse("internal", "a tool failed without a reason");
    return errors_;
  }

 private:
  bool Refuse(const std::string &rule, const std::string &reason) {
    return RefuseAt("1:1", rule, reason);
  }

  bool RefuseAt(const std::string &place, const std::string &rule, const std::string &reason) {
    errors_.push_back(job_.options.source + ":" + place + ": error: " + rule + ": " + reason);
    return false;
  }

  std::string Scratch(const std::string &name) const { return (job_.scratch / name).string(); }

  bool CheckRequest() {
    std::error_code error;
    if (!fs::is_regular_file(job_.source, error)) return Refuse("input", "there is no such file");
    CheckName();
    for (const std::string &import : job_.options.imports) CheckImport(import);
    return errors_.empty();
  }

  void CheckName() {
    const std::string &name = job_.options.name;
    const std::string all = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const bool fits = !name.empty() && name.size() <= kNameCharacters && name[0] >= 'a' &&
                      name[0] <= 'z' && name.find_first_not_of(all) == std::string::npos;
    if (fits) return;
    Refuse("name", "'" + name +
                       "' is no name of a cell: small letters, digits and '_', at most 63, " +
                       "a letter first; --name gives another one");
  }

  void CheckImport(const std::string &import) {
    if (import == "nano_core" || job_.kit.cells.contains(import)) return;
    std::string open;
    for (const auto &[name, unused] : job_.kit.cells) open += (open.empty() ? "" : ", ") + name;
    Refuse("import",
           "'" + import + "' is not open to cells from outside of the tree; these are: " + open);
  }

  // The source sees the headers of the cells that it imports, and no others.
  bool Prepare() {
    Words headers = job_.kit.headers;
    for (const std::string &import : job_.options.imports) {
      if (import == "nano_core") continue;
      const Words &more = job_.kit.cells.at(import).headers;
      headers.insert(headers.end(), more.begin(), more.end());
    }
    for (const std::string &header : headers) {
      const fs::path place = job_.scratch / "include" / header;
      std::error_code error;
      fs::create_directories(place.parent_path(), error);
      fs::copy_file(header, place, fs::copy_options::skip_existing, error);
      if (error) return Refuse("internal", header + " cannot be copied: " + error.message());
    }
    return true;
  }

  Words Flags() const {
    // One file needs no prototypes: CELL_EXPORT or static stands at every function.
    Words flags = job_.kit.flags;
    flags.insert(flags.end(), {"-Wno-missing-prototypes", "-iquote", Scratch("include")});
    return flags;
  }

  // Runs a tool; what it prints is understood as violations when it fails.
  bool Tool(const Words &command) {
    const Outcome outcome = cellc::Run(command);
    if (outcome.exit_status == 0) return true;
    for (const std::string &line : Lines(outcome.output)) Report(line);
    return false;
  }

  void Report(std::string line) {
    ReplaceAll(&line, job_.source.string(), job_.options.source);
    ReplaceAll(&line, Scratch("include/"), "");
    if (line.starts_with("error: ")) return ReportObject(line);
    if (line.find("'cells/") != std::string::npos && line.ends_with("file not found")) {
      line += "; --import CELL brings the headers of a cell";
    }
    if (line.find(": error: ") != std::string::npos) errors_.push_back(line);
  }

  // `error: CELL: WHAT SYMBOL: reason` of cell_object, which knows no lines: the symbol's first use
  // is the place.
  void ReportObject(const std::string &line) {
    const size_t what = line.find(": ", line.find(": ") + 2) + 2;
    const size_t reason = line.find(": ", what);
    if (what < 2 || reason == std::string::npos) return void(Refuse("object", line));
    std::string rule = line.substr(what, reason - what);
    const size_t blank = rule.rfind(' ');
    const std::string symbol = blank == std::string::npos ? "" : rule.substr(blank + 1);
    if (!symbol.empty()) rule.erase(blank);
    ReplaceAll(&rule, " ", "-");
    const std::string subject = symbol.empty() ? "" : "'" + symbol + "': ";
    RefuseAt(PlaceOf(symbol), rule, subject + line.substr(reason + 2));
  }

  std::string PlaceOf(const std::string &symbol) const {
    const bool is_state = symbol.starts_with("state_");
    const std::string word = is_state ? symbol.substr(6) : symbol;
    const Words lines = Lines(ReadFile(job_.source));
    for (size_t i = 0; !word.empty() && i < lines.size(); i++) {
      const size_t at = lines[i].find(word);
      if (at != std::string::npos) return std::to_string(i + 1) + ":" + std::to_string(at + 1);
    }
    return "1:1";
  }

  // Both, so that a person sees everything at once; what the compiler refuses is seen by both.
  bool CheckSource() {
    const bool is_clean = CheckDialect();
    const bool has_shape = TakeFingerprints();
    Words once;
    for (const std::string &error : errors_) {
      if (std::find(once.begin(), once.end(), error) == once.end()) once.push_back(error);
    }
    errors_ = once;
    return is_clean && has_shape;
  }

  bool CheckDialect() {
    Words command = {kCellCheck, "--trusted", Scratch("include/nano_core/api/")};
    for (const std::string &right : job_.options.rights) {
      command.insert(command.end(), {"--right", right});
    }
    command.insert(command.end(), {job_.source.string(), "--"});
    const Words flags = Flags();
    command.insert(command.end(), flags.begin(), flags.end());
    return Tool(command);
  }

  bool TakeFingerprints() {
    Words command = {
        kFingerprint, "--prefix",          job_.options.name, "--output", Scratch("own.interface"),
        "--source",   job_.source.string()};
    for (const std::string &state : job_.options.states) {
      command.insert(command.end(), {"--state", state});
    }
    command.push_back("--");
    const Words flags = Flags();
    command.insert(command.end(), flags.begin(), flags.end());
    if (!Tool(command)) return false;
    for (const std::string &line : Lines(ReadFile(Scratch("own.interface")))) {
      if (!line.starts_with("state ")) exports_.push_back(line.substr(0, line.find(' ')));
    }
    return !exports_.empty() || Refuse("no-export", "nothing in it is marked CELL_EXPORT");
  }

  bool CompileSource() {
    Words command = {kClang};
    const Words flags = Flags();
    command.insert(command.end(), flags.begin(), flags.end());
    command.insert(command.end(), {"-c", job_.source.string(), "-o", Scratch("unit.o")});
    const Outcome outcome = cellc::Run(command);
    for (std::string line : Lines(outcome.output)) {
      if (outcome.exit_status == 0) break;
      ReplaceAll(&line, ": error: ", ": error: compile: ");
      Report(line);
    }
    return outcome.exit_status == 0;
  }

  bool Link() {
    Words link = {kLinker, "-r", "--build-id=none", "-o", Scratch("whole.o"), Scratch("unit.o")};
    link.insert(link.end(), job_.kit.runtime.begin(), job_.kit.runtime.end());
    Words copy = {kObjcopy, "--strip-debug", "--remove-section=.comment",
                  "--remove-section=.note.GNU-stack", "--remove-section=.llvm_addrsig"};
    for (const std::string &name : exports_) copy.push_back("--keep-global-symbol=" + name);
    copy.insert(copy.end(), {Scratch("whole.o"), Scratch("bare.o")});
    return Tool(link) && Tool(copy);
  }

  bool Stamp() {
    const Options &options = job_.options;
    Words command = {kCellObject, "build",
                     "--output",  Scratch("cell.o"),
                     "--name",    options.name,
                     "--version", options.version,
                     "--summary", options.summary,
                     "--init",    options.init,
                     "--exports", Scratch("own.interface"),
                     "--imports", "nano_core=" + job_.kit.core_interface};
    for (const std::string &import : options.imports) {
      if (import == "nano_core") continue;
      command.insert(command.end(),
                     {"--imports", import + "=" + job_.kit.cells.at(import).interface});
    }
    if (!options.read_window.empty()) {
      command.insert(command.end(), {"--read-window", options.read_window});
    }
    for (const std::string &right : options.rights) {
      command.insert(command.end(), {"--right", right});
    }
    for (const std::string &client : options.clients) {
      command.insert(command.end(), {"--client", client});
    }
    command.push_back(Scratch("bare.o"));
    return Tool(command);
  }

  // Written beside its place and renamed, so that there is never half an object.
  bool Deliver() {
    const fs::path beside = job_.output.string() + ".partial";
    std::error_code error;
    fs::copy_file(Scratch("cell.o"), beside, fs::copy_options::overwrite_existing, error);
    if (!error) fs::rename(beside, job_.output, error);
    if (!error) return true;
    std::error_code ignored;
    fs::remove(beside, ignored);
    return Refuse("output", "'" + job_.options.output + "' cannot be written: " + error.message());
  }

  const Job &job_;
  Words exports_;
  std::vector<std::string> errors_;
};

}  // namespace

std::vector<std::string> Compile(const Job &job) { return Pipeline(job).Run(); }

}  // namespace cellc
