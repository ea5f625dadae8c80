#include "cardseg/core/error.hpp"

#include <cstring>
#include <utility>

#include "cardseg/core/field.hpp"

namespace cardseg::core {
namespace {

void append(std::string& bytes, std::int64_t value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append(std::string& bytes, const std::string& text) {
  append(bytes, static_cast<std::int64_t>(text.size()));
  bytes += text;
}

class Unpacker {
 public:
  explicit Unpacker(const std::string& bytes) : bytes_(bytes) {}

  std::int64_t number() {
    std::int64_t value = 0;
    if (at_ + sizeof value > bytes_.size()) throw std::invalid_argument("packed error is too short");
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  std::string text() {
    const auto length = static_cast<std::size_t>(number());
    if (at_ + length > bytes_.size()) throw std::invalid_argument("packed error is too short");
    at_ += length;
    return bytes_.substr(at_ - length, length);
  }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Error::Error(ExitCode code, std::string reason) : std::runtime_error(reason), code_(code), reason_(std::move(reason)) {
  update_message();
}

Error& Error::in_file(std::string file) {
  place_.file = std::move(file);
  update_message();
  return *this;
}

Error& Error::in_column(std::string column) {
  place_.column = std::move(column);
  update_message();
  return *this;
}

Error& Error::at_row(std::int64_t row) { return at_rows(row, row); }

Error& Error::at_rows(std::int64_t first, std::int64_t last) {
  place_.first_row = first;
  place_.last_row = last;
  update_message();
  return *this;
}

Error& Error::on_rank(int rank) {
  place_.rank = rank;
  update_message();
  return *this;
}

Error& Error::remedy(std::string what_to_do) {
  remedy_ = std::move(what_to_do);
  update_message();
  return *this;
}

Error& Error::as(ExitCode code) {
  code_ = code;
  return *this;
}

void Error::update_message() { message_ = with_fields(text(), ""); }

std::string Error::text() const {
  std::string where = place_.file;
  const auto add = [&where](const std::string& part) { where += (where.empty() ? "" : ", ") + part; };
  if (!place_.column.empty()) add("column " + place_.column);
  if (place_.first_row >= 0 && place_.first_row == place_.last_row) add("row " + std::to_string(place_.first_row + 1));
  if (place_.first_row >= 0 && place_.first_row != place_.last_row)
    add("rows " + std::to_string(place_.first_row + 1) + " to " + std::to_string(place_.last_row + 1));
  if (place_.rank >= 0) add("rank " + std::to_string(place_.rank));
  return (where.empty() ? "" : where + ": ") + reason_ + (remedy_.empty() ? "" : ". " + remedy_);
}

std::string Error::packed() const {
  std::string bytes;
  append(bytes, static_cast<std::int64_t>(code_));
  append(bytes, reason_);
  append(bytes, remedy_);
  append(bytes, place_.file);
  append(bytes, place_.column);
  append(bytes, place_.first_row);
  append(bytes, place_.last_row);
  append(bytes, place_.rank);
  return bytes;
}

Error Error::unpacked(const std::string& bytes) {
  Unpacker in(bytes);
  const auto code = static_cast<ExitCode>(in.number());
  Error error(code, in.text());
  error.remedy_ = in.text();
  error.place_.file = in.text();
  error.place_.column = in.text();
  error.place_.first_row = in.number();
  error.place_.last_row = in.number();
  error.place_.rank = static_cast<int>(in.number());
  error.update_message();
  return error;
}

}  // namespace cardseg::core
