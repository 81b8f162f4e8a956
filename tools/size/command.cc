// SPDX-License-Identifier: MIT
#include "tools/size/command.h"

#include <algorithm>
#include <ostream>

#include "tools/cell_object/files.h"
#include "tools/run_target/run_target.h"
#include "tools/size/budgets.h"
#include "tools/size/sizes.h"

namespace theseus {
namespace {

constexpr char kUsage[] =
    "usage: tools/bazel run //tools/size -- [FLAG...]\n"
    "Prints the sizes of nano_core and of each cell of the default image: bytes of code (TEXT),\n"
    "of constants (RODATA) and of declared state (STATE; of nano_core: of its writable sections),\n"
    "and how many functions it imports and exports, and its relocations.\n"
    "  --sort COLUMN     largest of COLUMN first: text (default), rodata, state, imports,\n"
    "                    exports, relocations\n"
    "  --json            one JSON object, for --against\n"
    "  --against FILE    only what differs from FILE, an earlier output of --json\n"
    "  --check           holds the sizes against the budgets; status 1 where one is exceeded\n"
    "  --update-budgets  writes tools/size/budgets.txt anew: raises what is exceeded, adds what\n"
    "                    is missing, drops what is gone\n"
    "  --image FOLDER    another image: a folder with nano_core.elf and cells.cpio\n"
    "  --help\n";

constexpr char kCoreInterface[] = "nano_core/api/nano_core.interface";
constexpr char kBudgets[] = "tools/size/budgets.txt";

struct Options {
  std::string image = "image";
  std::string against;
  SizeColumn column = kText;
  bool json = false;
  bool check = false;
  bool update = false;
  bool help = false;
};

SizeColumn column_of(const std::string &word) {
  const auto found = std::find(kSizeColumnNames.begin(), kSizeColumnNames.end(), word);
  if (found == kSizeColumnNames.end()) throw UsageError("there is no column " + word);
  return static_cast<SizeColumn>(found - kSizeColumnNames.begin());
}

Options parse_options(const std::vector<std::string> &arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); i++) {
    const std::string &flag = arguments[i];
    const bool has_value = flag == "--sort" || flag == "--against" || flag == "--image";
    if (has_value && i + 1 == arguments.size()) throw UsageError(flag + ": a value is missing");
    if (flag == "--json") {
      options.json = true;
    } else if (flag == "--check") {
      options.check = true;
    } else if (flag == "--update-budgets") {
      options.update = true;
    } else if (flag == "--help") {
      options.help = true;
    } else if (flag == "--sort") {
      options.column = column_of(arguments[++i]);
    } else if (flag == "--against") {
      options.against = arguments[++i];
    } else if (flag == "--image") {
      options.image = user_path(arguments[++i]);
    } else {
      throw UsageError("unknown argument " + flag);
    }
  }
  const int actions = options.json + options.check + options.update + !options.against.empty();
  if (actions > 1) {
    throw UsageError("of --json, --against, --check and --update-budgets one at a time");
  }
  return options;
}

int check(const Sizes &sizes, std::ostream &out, std::ostream &err) {
  const Budgets budgets = read_budgets(kBudgets, read_file(kBudgets));
  const std::vector<std::string> found = check_budgets(budgets, sizes);
  for (const std::string &sentence : found) err << "error: " << sentence << "\n";
  if (found.empty()) out << sizes.size() << " sizes are within their budgets\n";
  return found.empty() ? 0 : 1;
}

void update(const Sizes &sizes, std::ostream &out) {
  const std::string path = workspace_folder() + "/" + kBudgets;
  const std::string before = read_file(path);
  const std::string after = update_budgets(before, sizes);
  if (after == before) {
    out << kBudgets << " stays as it is\n";
    return;
  }
  write_files({{path, after}});
  out << kBudgets << " is written: look at it with `git diff`, and say in the commit why\n";
}

int run(const Options &options, std::ostream &out, std::ostream &err) {
  if (options.help) {
    out << kUsage;
    return 0;
  }
  const Sizes sizes = sizes_of(read_image(options.image), read_file(kCoreInterface));
  if (options.check) return check(sizes, out, err);
  if (options.update) {
    update(sizes, out);
  } else if (options.json) {
    out << size_json(sizes);
  } else if (!options.against.empty()) {
    const std::string before = read_file(user_path(options.against));
    out << size_differences(read_sizes(options.against, before), sizes);
  } else {
    out << size_table(sizes, options.column);
  }
  return 0;
}

}  // namespace

int size_tool(const std::vector<std::string> &arguments, std::ostream &out, std::ostream &err) {
  try {
    return run(parse_options(arguments), out, err);
  } catch (const UsageError &error) {
    err << "size: " << error.what() << "\n" << kUsage;
    return 2;
  } catch (const Refusal &refusal) {
    err << refusal.what() << "\n";
    return 1;
  }
}

}  // namespace theseus
