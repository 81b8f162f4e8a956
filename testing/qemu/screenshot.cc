// SPDX-License-Identifier: MIT
#include "testing/qemu/screenshot.h"

#include <fstream>
#include <sstream>

namespace qemu {
namespace {

using Rows = std::vector<std::string>;

std::string ReadFile(const std::string &path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

Problem Screen::Save(const std::string &path) {
  const bool relative = !path.starts_with('/') && !folder_.empty();
  const char *format = path.ends_with(".png") ? "png" : "ppm";
  return machine_->Screenshot(relative ? folder_ + "/" + path : path, format);
}

Problem Screen::LoadFonts() {
  if (!fonts_.text.empty()) return {};
  if (font_file_.empty() || text_font_file_.empty()) {
    return "the screen cannot be read: the build rule gives no --font and --text-font";
  }
  auto framebuffer = ReadPf2(ReadFile(font_file_));
  if (!framebuffer) return "--font: '" + font_file_ + "' is no PF2 font of 8 by 16 pixels";
  auto text = ReadVgaRom(ReadFile(text_font_file_));
  if (!text) return "--text-font: '" + text_font_file_ + "' is no ROM of a VGA";
  fonts_ = {std::move(*framebuffer), std::move(*text)};
  return {};
}

Result<Rows> Screen::Read() {
  if (Problem problem = LoadFonts(); !problem.empty()) return Result<Rows>::Bad(problem);
  if (Problem problem = temporary_.Make(); !problem.empty()) return Result<Rows>::Bad(problem);
  const std::string path = temporary_.path() + "/screen.ppm";
  if (Problem problem = machine_->Screenshot(path, "ppm"); !problem.empty()) {
    return Result<Rows>::Bad(problem);
  }
  const auto picture = ParsePpm(ReadFile(path));
  if (!picture) return Result<Rows>::Bad("QEMU's picture of the screen cannot be read");
  return Result<Rows>::Good(ReadScreen(*picture, fonts_));
}

}  // namespace qemu
