#include "generate/generator_shifts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <variant>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/io/csv_table.hpp"
#include "generate/generator_columns.hpp"

namespace cardseg::generate {
namespace {

using core::Error;
using core::ExitCode;

constexpr core::EnumNames<Shift::Kind> kind_names = {"drift", "unit", "feed", "level", "grow", "move"};
constexpr std::array<const char*, 6> forms = {"drift:COLUMN:FACTOR",     "unit:COLUMN:FACTOR",  "feed:COLUMN",
                                              "level:COLUMN:NAME:SHARE", "grow:SEGMENT:FACTOR", "move:FROM:TO:SHARE"};
constexpr double most_of_all = 0.95;  // that a segment grows to

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// Reads one shift.
class ShiftReader {
 public:
  ShiftReader(const std::string& text, const GeneratorOptions& options)
      : text_(text), parts_(parts_of(text)), options_(options), columns_(generated_columns(options.extra_features)) {}

  Shift read() const {
    Shift shift;
    shift.text = text_;
    shift.kind = kind_names.named(parts_[0], core::field("shift"));
    if (parts_.size() != parts_of(form(shift.kind)).size())
      refuse(fmt::format("it has {} parts", parts_.size()), std::string("Write ") + form(shift.kind));
    switch (shift.kind) {
      case Shift::Kind::drift:
      case Shift::Kind::unit:
        shift.column = number_column(shift.kind);
        shift.value = number(2, 1e-6, 1e6);
        break;
      case Shift::Kind::feed: shift.column = number_column(shift.kind); break;
      case Shift::Kind::level:
        shift.column = text_column();
        shift.level = parts_[2];
        if (shift.level.empty() || shift.level.size() > 16) refuse("a level has 1 to 16 bytes", "Write a shorter name");
        shift.value = number(3, 0, 1);
        break;
      case Shift::Kind::grow:
        shift.to = segment(1);
        shift.value = number(2, 1, 100);
        break;
      case Shift::Kind::move:
        shift.from = segment(1);
        shift.to = segment(2);
        shift.value = number(3, 0, 1);
        break;
    }
    return shift;
  }

 private:
  static const char* form(Shift::Kind kind) { return forms[static_cast<std::size_t>(kind)]; }

  [[noreturn]] void refuse(const std::string& why, const std::string& remedy) const {
    throw Error(ExitCode::usage, fmt::format("{} cannot be '{}': {}", core::field("shift"), text_, why)).remedy(remedy);
  }

  double number(std::size_t part, double low, double high) const {
    char* end = nullptr;
    const double value = std::strtod(parts_[part].c_str(), &end);
    if (parts_[part].empty() || *end != '\0' || !(value >= low && value <= high))
      refuse(fmt::format("'{}' is no number from {} to {}", parts_[part], low, high),
             std::string("Write ") + form(kind_names.named(parts_[0], "")));
    return value;
  }

  int segment(std::size_t part) const {
    const double value = number(part, 1, options_.segments);
    if (value != std::floor(value)) refuse("a segment is a whole number", "Segments count from 1, the largest first");
    return static_cast<int>(value);
  }

  const io::ColumnSpec& column() const {
    std::vector<std::string> names;
    for (const io::ColumnSpec& each : columns_) names.push_back(each.name);
    const auto found = std::ranges::find(columns_, parts_[1], &io::ColumnSpec::name);
    if (found == columns_.end() || parts_[1] == id_column)
      refuse(fmt::format("no column '{}' can be shifted", parts_[1]), core::did_you_mean(parts_[1], names));
    return *found;
  }

  std::string number_column(Shift::Kind kind) const {
    const io::ColumnSpec& found = column();
    if (found.type == io::ColumnType::text && kind != Shift::Kind::feed)
      refuse("the column holds text", "Name a column of numbers");
    if (found.type == io::ColumnType::int32 && kind == Shift::Kind::feed)
      refuse("the column is stored as whole numbers, which cannot be missing", "Name a column of decimals or text");
    return found.name;
  }

  std::string text_column() const {
    const io::ColumnSpec& found = column();
    if (found.type != io::ColumnType::text) refuse("the column holds numbers", "Name a column of text: region");
    return found.name;
  }

  const std::string& text_;
  std::vector<std::string> parts_;
  const GeneratorOptions& options_;
  std::vector<io::ColumnSpec> columns_;
};

// A value after drift, in the steps that it was stored in; cents of amounts.
double drifted(double value, double factor) { return std::nearbyint(100.0 * value * factor) / 100.0; }
float drifted(float value, double factor) { return static_cast<float>(static_cast<double>(value) * factor); }
std::int32_t drifted(std::int32_t value, double factor) {
  const double changed = std::nearbyint(value * factor);
  return static_cast<std::int32_t>(std::clamp(changed, -2e9, 2e9));
}

template <class T>
T in_unit(T value, double factor) {
  if constexpr (std::is_same_v<T, std::int32_t>)
    return drifted(value, factor);
  else
    return static_cast<T>(static_cast<double>(value) * factor);
}

template <class T>
void shift_value(const Shift& shift, double uniform, T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    if (shift.kind == Shift::Kind::feed) value.clear();
    if (shift.kind == Shift::Kind::level && uniform < shift.value) value = shift.level;
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (shift.kind == Shift::Kind::drift) value = drifted(value, shift.value);
    if (shift.kind == Shift::Kind::unit) value = in_unit(value, shift.value);
    if constexpr (std::is_floating_point_v<T>)
      if (shift.kind == Shift::Kind::feed) value = std::numeric_limits<T>::quiet_NaN();
  }
}

// The same for the types that generated columns have.
template <class Values>
constexpr bool is_generated =
    std::is_same_v<Values, std::vector<double>> || std::is_same_v<Values, std::vector<float>> ||
    std::is_same_v<Values, std::vector<std::int32_t>> || std::is_same_v<Values, std::vector<std::string>>;

}  // namespace

std::vector<Shift> make_shifts(const GeneratorOptions& options) {
  std::vector<Shift> shifts;
  for (const std::string& text : options.shifts) shifts.push_back(ShiftReader(text, options).read());
  return shifts;
}

int moved_segment(const std::vector<Shift>& shifts, const std::vector<double>& shares, const core::RowRandom& random,
                  std::int64_t row, int segment) {
  for (std::size_t s = 0; s < shifts.size(); ++s) {
    const Shift& shift = shifts[s];
    if (shift.is_of_column() || segment == shift.to || (shift.from != 0 && segment != shift.from)) continue;
    double chance = shift.value;
    if (shift.kind == Shift::Kind::grow) {
      const double share = shares[static_cast<std::size_t>(shift.to - 1)];
      chance = (std::min(most_of_all, share * shift.value) - share) / (1.0 - share);
    }
    if (random.uniform(row, static_cast<std::uint32_t>(s)) < chance) segment = shift.to;
  }
  return segment;
}

void shift_values(const std::vector<Shift>& shifts, const std::vector<io::ColumnSpec>& columns,
                  const core::RowRandom& random, std::int64_t first_row, std::int64_t rows, std::size_t at,
                  io::Block& block) {
  for (std::size_t s = 0; s < shifts.size(); ++s) {
    if (!shifts[s].is_of_column()) continue;
    const auto column = std::ranges::find(columns, shifts[s].column, &io::ColumnSpec::name);
    std::visit(
        [&]<class Values>(Values& values) {
          if constexpr (is_generated<Values>)
            for (std::int64_t i = 0; i < rows; ++i)
              shift_value(shifts[s], random.uniform(first_row + i, static_cast<std::uint32_t>(s)),
                          values[at + static_cast<std::size_t>(i)]);
        },
        block[static_cast<std::size_t>(column - columns.begin())]);
  }
}

std::string shifts_csv(const std::vector<Shift>& shifts) {
  io::CsvWriter table({"kind", "column", "level", "from", "to", "value"});
  const auto segment = [](int number) { return number > 0 ? io::CsvValue(std::int64_t{number}) : io::CsvValue(); };
  for (const Shift& shift : shifts)
    table.add_row({std::string(kind_names[shift.kind]), shift.column, shift.level, segment(shift.from),
                   segment(shift.to), shift.kind == Shift::Kind::feed ? io::CsvValue() : io::CsvValue(shift.value)});
  return table.text();
}

}  // namespace cardseg::generate
