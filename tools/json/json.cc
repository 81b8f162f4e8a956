// SPDX-License-Identifier: MIT
#include "tools/json/json.h"

#include <set>
#include <vector>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr int kDepth = 100;

constexpr char kRule[] = "malformed JSON";

// What the library's reason says behind the name of its exception, which stands in brackets.
std::string reason_of(const Json::exception &error) {
  const std::string reason = error.what();
  return reason.substr(reason.find("] ") + 2);
}

// Refuses what the library lets pass, as it goes along.
class Strict {
 public:
  explicit Strict(const std::string &subject) : subject_(subject) {}

  bool operator()(int depth, Json::parse_event_t event, const Json &value) {
    if (depth > kDepth) throw Refusal(subject_, kRule, "it is nested too deeply");
    if (event == Json::parse_event_t::object_start) names_.emplace_back();
    if (event == Json::parse_event_t::object_end) names_.pop_back();
    if (event == Json::parse_event_t::key) take_name(json_string(value));
    return true;
  }

 private:
  void take_name(const std::string &name) {
    if (!names_.back().insert(name).second)
      throw Refusal(subject_, kRule, name + " is there twice");
  }

  const std::string &subject_;
  std::vector<std::set<std::string>> names_;  // of each object that has not ended
};

}  // namespace

Json parse_json(const std::string &subject, const std::string &text) {
  try {
    return Json::parse(text, Strict(subject));
  } catch (const Json::exception &error) {
    throw Refusal(subject, kRule, reason_of(error));
  }
}

const Json &json_member(const Json &value, const std::string &name) {
  static const Json kNothing;
  const auto found = value.find(name);
  return found == value.end() ? kNothing : *found;
}

std::string json_string(const Json &value) {
  return value.is_string() ? value.get<std::string>() : "";
}

std::string json_text(const Json &value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace theseus
