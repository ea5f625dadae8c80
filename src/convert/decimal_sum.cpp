#include "convert/decimal_sum.hpp"

#include <algorithm>

namespace cardseg::convert {
namespace {

constexpr std::int64_t base = 1'000'000'000;
constexpr std::int64_t digits_in_limb = 9;
constexpr std::int64_t lowest_power = -360;
constexpr std::int64_t additions_between_carries = std::int64_t{1} << 32;
constexpr std::int64_t powers_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

// Brings every limb below the base in magnitude; the value stays.
void carry(std::span<std::int64_t> limbs) {
  std::int64_t over = 0;
  for (std::int64_t& limb : limbs) {
    limb += over;
    over = limb / base;
    limb %= base;
  }
}

}  // namespace

void DecimalSum::add_digit(int digit, std::int64_t power) {
  if (digit == 0) return;
  if (power < lowest_power) {
    is_exact_ = false;
    return;
  }
  const std::int64_t place = power - lowest_power;
  const auto limb = static_cast<std::size_t>(place / digits_in_limb);
  if (limb < limb_count) limbs_[limb] += digit * powers_of_ten[place % digits_in_limb];
  if (limb >= limb_count) is_exact_ = false;
}

void DecimalSum::add(std::string_view plain) {
  limbs_.resize(limb_count);
  const bool is_negative = !plain.empty() && plain.front() == '-';
  if (!plain.empty() && (plain.front() == '-' || plain.front() == '+')) plain.remove_prefix(1);
  const std::size_t mark = std::min(plain.find_first_of("eE"), plain.size());
  std::int64_t exponent = 0;
  const bool is_shrinking = mark + 1 < plain.size() && plain[mark + 1] == '-';
  for (const char c : plain.substr(mark))
    if (c >= '0' && c <= '9') exponent = std::min<std::int64_t>(10 * exponent + (c - '0'), 1'000'000);
  const std::string_view mantissa = plain.substr(0, mark);
  std::int64_t power = (is_shrinking ? -exponent : exponent) +
                       static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size())) - 1;
  for (const char c : mantissa) {
    if (c == '.') continue;
    add_digit(is_negative ? '0' - c : c - '0', power--);
  }
  if (++additions_ < additions_between_carries) return;
  carry(limbs_);
  additions_ = 0;
}

std::vector<std::int64_t> DecimalSum::limbs() const {
  std::vector<std::int64_t> all = limbs_;
  all.resize(limb_count);
  for (std::size_t scale = 0; scale < short_sums_.size(); ++scale) {
    const std::int64_t place = -lowest_power - static_cast<std::int64_t>(scale);
    auto limb = static_cast<std::size_t>(place / digits_in_limb);
    const std::int64_t factor = powers_of_ten[place % digits_in_limb];
    for (core::int128 rest = short_sums_[scale]; rest != 0; rest /= base, ++limb) {
      const std::int64_t part = static_cast<std::int64_t>(rest % base) * factor;  // below 10^17
      all[limb] += part % base;
      all[limb + 1] += part / base;
    }
    carry(all);
  }
  carry(all);
  return all;
}

std::string DecimalSum::text(std::span<const std::int64_t> limbs) {
  std::vector<std::int64_t> digits(limbs.begin(), limbs.end());
  carry(digits);
  const auto top = std::find_if(digits.rbegin(), digits.rend(), [](std::int64_t limb) { return limb != 0; });
  if (top == digits.rend()) return "0";
  const bool is_negative = *top < 0;
  if (is_negative)
    for (std::int64_t& limb : digits) limb = -limb;
  for (std::size_t i = 0; i + 1 < digits.size(); ++i)
    if (digits[i] < 0) digits[i] += base, --digits[i + 1];
  std::string text;
  for (auto limb = digits.rbegin(); limb != digits.rend(); ++limb) {
    const std::string part = std::to_string(*limb);
    text += std::string(static_cast<std::size_t>(digits_in_limb) - part.size(), '0') + part;
  }
  const std::size_t point = text.size() - static_cast<std::size_t>(-lowest_power);
  std::string whole = text.substr(0, point);
  std::string fraction = text.substr(point);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return (is_negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace cardseg::convert
