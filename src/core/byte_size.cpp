#include "cardseg/core/byte_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "cardseg/core/error.hpp"

namespace cardseg::core {
namespace {

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;
constexpr double most_bytes = 0x1p60;

// Powers of 1024, or -1.
int power_of(char unit) {
  switch (std::toupper(static_cast<unsigned char>(unit))) {
    case 'K': return 1;
    case 'M': return 2;
    case 'G': return 3;
    case 'T': return 4;
    default: return -1;
  }
}

}  // namespace

std::int64_t parse_byte_size(const std::string& text, const std::string& subject) {
  const auto refuse = [&](const char* why) {
    return Error(ExitCode::usage, fmt::format("{} {}: {}", subject, text, why))
        .remedy("Give a size such as 800M, 1.5G or 2T (powers of 1024), or bytes without a letter");
  };
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  if (digits == 0 || text.find('.') != text.rfind('.') || text[0] == '.') throw refuse("this is no positive size");
  if (text.size() > digits + 1) throw refuse("this is no size");
  const int power = digits < text.size() ? power_of(text[digits]) : 0;
  if (power < 0) throw refuse("this unit is not known");
  const double bytes = std::strtod(text.substr(0, digits).c_str(), nullptr) * static_cast<double>(1LL << (10 * power));
  if (!(bytes >= 1)) throw refuse("this is no positive size");
  if (bytes > most_bytes) throw refuse("this is more than any machine has");
  return static_cast<std::int64_t>(bytes);
}

std::string byte_size_text(std::int64_t bytes) {
  std::string unit;
  for (const char* next : {"K", "M", "G", "T"}) {
    if (bytes == 0 || bytes % 1024 != 0) break;
    bytes /= 1024;
    unit = next;
  }
  return fmt::format("{}{}", bytes, unit);
}

std::string byte_size_above(std::int64_t bytes) { return fmt::format("{}M", (bytes + mebibyte - 1) / mebibyte); }

std::string megabytes(std::int64_t bytes, int decimals) {
  return fmt::format("{:.{}f} MB", static_cast<double>(bytes) / 1e6, decimals);
}

}  // namespace cardseg::core
