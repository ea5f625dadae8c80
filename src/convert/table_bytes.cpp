#include "convert/table_bytes.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cardseg/convert/csv_problem.hpp"
#include "cardseg/convert/csv_types.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::convert {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 16;

class BlanksToTabs : public ByteSource {
 public:
  explicit BlanksToTabs(ByteSource& inner) : inner_(inner) {}

  std::size_t read(std::span<char> out) override {
    for (;;) {
      const std::size_t got = inner_.read(out.first(std::max<std::size_t>(1, out.size() / 2)));
      if (got == 0) return 0;
      piece_.assign(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(got));
      if (const std::size_t made = change(piece_, out.data())) return made;
    }
  }

 private:
  // At most two bytes for each.
  std::size_t change(std::string_view bytes, char* out) {
    char* at = out;
    for (const char c : bytes) {
      const bool ends_line = c == '\n' || c == '\r';
      if (c == ' ' || c == '\t') {
        is_blank_due_ = has_field_;
        continue;
      }
      if (is_blank_due_ && !ends_line) *at++ = '\t';
      is_blank_due_ = false;
      has_field_ = !ends_line;
      *at++ = c;
    }
    return static_cast<std::size_t>(at - out);
  }

  ByteSource& inner_;
  std::string piece_;
  bool has_field_ = false;  // in this line
  bool is_blank_due_ = false;
};

class PlacesToTabs : public ByteSource {
 public:
  PlacesToTabs(ByteSource& inner, std::span<const FieldPlace> places)
      : inner_(inner), places_(places.begin(), places.end()), piece_(piece_bytes) {}

  std::size_t read(std::span<char> out) override {
    while (used_ == made_.size() && !is_at_end_) make_more();
    const std::size_t given = made_.copy(out.data(), out.size(), used_);
    used_ += given;
    return given;
  }

 private:
  void make_more() {
    made_.clear();
    used_ = 0;
    const std::size_t got = inner_.read(piece_);
    is_at_end_ = got == 0;
    line_.append(piece_.data(), got);
    std::size_t begin = 0;
    for (std::size_t end = line_.find('\n'); end != std::string::npos; end = line_.find('\n', begin)) {
      add_line(std::string_view(line_).substr(begin, end - begin));
      begin = end + 1;
    }
    line_.erase(0, begin);
    if (line_.size() > csv_max_record_bytes)
      throw core::Error(core::ExitCode::bad_data, "a line has more than 16 MiB").remedy("Look at how it was written");
    if (is_at_end_ && !line_.empty()) add_line(std::exchange(line_, {}));
  }

  void add_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (without_blanks(line).empty()) {
      made_ += '\n';
      return;
    }
    for (std::size_t f = 0; f < places_.size(); ++f) {
      if (f > 0) made_ += '\t';
      add_field(without_blanks(cut(line, places_[f])));
    }
    made_ += '\n';
  }

  // The bytes of characters first to last.
  static std::string_view cut(std::string_view line, const FieldPlace& place) {
    const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    std::int64_t character = 0;
    std::size_t begin = line.size();
    std::size_t end = line.size();
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (!is_first_byte(line[i])) continue;
      if (++character == place.first) begin = i;
      if (character == place.last + 1) {
        end = i;
        break;
      }
    }
    return line.substr(begin, end - begin);
  }

  void add_field(std::string_view field) {
    if (field.find_first_of("\t\"") == std::string_view::npos) {
      made_ += field;
      return;
    }
    made_ += '"';
    for (const char c : field) made_.append(c == '"' ? 2 : 1, c);
    made_ += '"';
  }

  ByteSource& inner_;
  std::vector<FieldPlace> places_;
  std::vector<char> piece_;
  std::string line_;  // not whole yet
  std::string made_;
  std::size_t used_ = 0;
  bool is_at_end_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> with_tabs_for_blanks(ByteSource& inner) { return std::make_unique<BlanksToTabs>(inner); }

std::unique_ptr<ByteSource> with_tabs_for_places(ByteSource& inner, std::span<const FieldPlace> places) {
  return std::make_unique<PlacesToTabs>(inner, places);
}

}  // namespace cardseg::convert
