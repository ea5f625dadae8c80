#include "cardseg/segments/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/profile/disclosure.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;

constexpr double largest_coordinate = 1e150;  // distances to larger ones could be infinite

double share_of(double part, double whole) { return whole != 0 ? part / whole : 0.0; }

const profile::ColumnProfile* column_named(const profile::Profile& profile, const std::string& name) {
  const auto found =
      std::ranges::find(profile.columns, name, [](const profile::ColumnProfile& each) { return each.column.name; });
  return found == profile.columns.end() ? nullptr : &*found;
}

// Whether a level's count is; those that the column does not name are among its others, or nobody's.
bool is_level_withheld(const profile::ColumnProfile& column, const profile::CategoryProfile& group,
                       const std::string& level) {
  if (level == portfolio::missing_level) return group.missing.is_withheld;
  const auto found = std::ranges::find(column.levels, level);
  return found != column.levels.end() &&
         group.levels[static_cast<std::size_t>(found - column.levels.begin())].customers.is_withheld;
}

// Reads one file of centroids line by line.
class CentroidReader {
 public:
  CentroidReader(const std::filesystem::path& path, const std::vector<portfolio::FittedColumn>& columns, int segments)
      : path_(path), columns_(columns), layout_(columns), centroids_(segments, layout_.features()) {
    std::fill(centroids_.values.begin(), centroids_.values.end(), std::numeric_limits<double>::quiet_NaN());
  }

  cluster::Centroids read(const std::string& text) {
    io::CsvReader reader(text);
    io::CsvRecord record;
    reader.next(record);
    line_ = 1;
    read_header(record.fields);
    while (reader.next(record)) {
      line_ = record.line;
      read_line(record.fields);
    }
    check_complete();
    return centroids_;
  }

 private:
  [[noreturn]] void refuse(const std::string& reason, const std::string& remedy) const {
    Error error(ExitCode::bad_data, fmt::format("line {}: {}", line_, reason));
    throw error.in_file(path_.string()).remedy(remedy);
  }

  void read_header(const std::vector<std::string>& names) {
    const auto place = [&](const char* name) {
      const auto found = std::ranges::find(names, name);
      return found == names.end() ? -1 : static_cast<int>(found - names.begin());
    };
    segment_ = place("segment");
    column_ = place("column");
    scaled_ = place("scaled");
    original_ = place("original");
    if (segment_ < 0 || column_ < 0 || (scaled_ < 0 && original_ < 0))
      refuse("the header lacks segment, column, or both of scaled and original",
             "Give a file like the centroids.csv of a run directory");
  }

  double number(const std::vector<std::string>& fields, int place) const {
    const std::string text = place < 0 ? "" : fields[static_cast<std::size_t>(place)];
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
      refuse("a value is not a finite number", "Correct the line");
    return value;
  }

  void read_line(const std::vector<std::string>& fields) {
    const int places = std::max({segment_, column_, scaled_, original_});
    if (static_cast<int>(fields.size()) <= places) refuse("too few fields", "Correct the line");
    const std::string& name = fields[static_cast<std::size_t>(column_)];
    const std::optional<Feature> feature = feature_of(name);
    if (!feature) refuse("'" + name + "' is not a feature of this fit", "Remove the line, or use the column");
    const double segment = number(fields, segment_);
    if (segment != std::floor(segment) || segment < 1 || segment > centroids_.segments)
      refuse("the segment is not a whole number from 1 to " + std::to_string(centroids_.segments),
             core::field("segments") + " says how many there are");
    const auto is_empty = [&](int place) { return place < 0 || fields[static_cast<std::size_t>(place)].empty(); };
    if (is_empty(scaled_) && is_empty(original_))
      refuse("there is no value: what would tell of few customers is withheld",
             "Give the value, or the model.json beside the file, which has it");
    const bool is_scaled = scaled_ >= 0 && !fields[static_cast<std::size_t>(scaled_)].empty();
    double value = number(fields, is_scaled ? scaled_ : original_);
    if (!is_scaled) value = encode(column_of(feature->block).encoder, feature->place - feature->block.begin, value);
    if (!std::isfinite(value)) refuse("the value cannot be transformed as the column is", "Correct the line");
    if (std::abs(value) > largest_coordinate)
      refuse("the value is too large", "It is in scaled units: correct the line");
    double& coordinate = centroids_.row(static_cast<int>(segment) - 1)[feature->place];
    if (!std::isnan(coordinate)) refuse("a second value for this segment and column", "Remove one of the lines");
    coordinate = value;
  }

  void check_complete() const {
    for (int j = 0; j < centroids_.segments; ++j)
      for (int f = 0; f < centroids_.features; ++f)
        if (std::isnan(centroids_.row(j)[f])) {
          Error error(ExitCode::bad_data, fmt::format("segment {} has no value", j + 1));
          throw error.in_file(path_.string())
              .in_column(name_of({layout_.block_of(f), f}))
              .remedy("Give every feature of every segment, and as many segments as " + core::field("segments") +
                      " says");
        }
  }

  struct Feature {
    portfolio::FeatureBlock block;
    int place;
  };

  std::optional<Feature> feature_of(const std::string& name) const {
    for (const portfolio::FeatureBlock& block : layout_.blocks())
      for (int place = block.begin; place < block.end; ++place)
        if (name_of({block, place}) == name) return Feature{block, place};
    return std::nullopt;
  }

  std::string name_of(const Feature& feature) const {
    return portfolio::feature_name(column_of(feature.block), feature.place - feature.block.begin);
  }

  const portfolio::FittedColumn& column_of(const portfolio::FeatureBlock& block) const {
    return columns_[static_cast<std::size_t>(block.column)];
  }

  std::filesystem::path path_;
  const std::vector<portfolio::FittedColumn>& columns_;
  portfolio::FeatureLayout layout_;
  cluster::Centroids centroids_;
  int line_ = 0;
  int segment_ = -1;
  int column_ = -1;
  int scaled_ = -1;
  int original_ = -1;
};

}  // namespace

std::string segments_csv(const Model& model, const std::vector<ValueTotals>& values, const profile::Profile& published,
                         const std::vector<SegmentColumn>& others) {
  std::vector<std::string> header = {"segment", "name", "customers", "share", "inertia", "rms_distance"};
  for (const SegmentColumn& other : others) header.push_back(other.name);
  for (const ValueTotals& value : values)
    header.insert(header.end(), {"total_" + value.column, "share_" + value.column});
  io::CsvWriter table(header);
  const cluster::SegmentTotals& totals = model.totals;
  const auto all = static_cast<double>(totals.all_customers());
  for (std::size_t j = 0; j < totals.customers.size(); ++j) {
    const std::size_t group = j + 1;
    std::vector<io::CsvValue> row(6);
    row[0] = static_cast<std::int64_t>(group);
    row[1] = model.names[j].name;
    if (!published.customers[group].is_withheld) {
      row[2] = totals.customers[j];
      row[3] = share_of(static_cast<double>(totals.customers[j]), all);
      row[4] = totals.inertia[j];
      row[5] = std::sqrt(share_of(totals.inertia[j], totals.mass[j]));
    }
    for (const SegmentColumn& other : others) row.push_back(other.by_segment[j]);
    for (const ValueTotals& value : values) {
      const profile::ColumnProfile* column = column_named(published, value.column);
      const double sum = std::accumulate(value.by_segment.begin(), value.by_segment.end(), 0.0);
      const double whole = std::isnan(sum) && column ? column->numbers[0].total.value : sum;  // some are withheld
      const auto is_published = [&](profile::Figure profile::NumberProfile::*figure) {
        return !published.customers[group].is_withheld && !(column && (column->numbers[group].*figure).is_withheld);
      };
      row.resize(row.size() + 2);
      if (is_published(&profile::NumberProfile::total)) row[row.size() - 2] = value.by_segment[j];
      if (is_published(&profile::NumberProfile::total_share)) row.back() = share_of(value.by_segment[j], whole);
    }
    table.add_row(row);
  }
  return table.text();
}

// A coordinate of a centroid is a mean over the segment's customers.
bool is_coordinate_withheld(const Model& model, const profile::Profile& published, int segment, int feature) {
  const auto group = static_cast<std::size_t>(segment) + 1;
  if (published.customers[group].is_withheld) return true;
  const portfolio::FittedColumn& fitted = model.column_of(feature);
  const profile::ColumnProfile* column = column_named(published, fitted.column.name);
  if (!column) return false;
  const portfolio::FeatureBlock block = model.layout.block_of(feature);
  const int place = feature - block.begin;
  if (column->is_category()) {
    const profile::CategoryProfile& levels = column->categories[group];
    // those without a level stand in the shares of the one that replaces it
    const bool has_filled = fitted.column.settings.missing == portfolio::Missing::mode && levels.missing.is_withheld;
    return has_filled || is_level_withheld(*column, levels, portfolio::level_at(fitted, place));
  }
  const profile::NumberProfile& numbers = column->numbers[group];
  // missing values stand in the mean with what replaces them
  if (numbers.missing.is_withheld || model.is_share(feature)) return numbers.missing.is_withheld;
  // scaled means of all segments add up to 0
  return numbers.mean.is_withheld || column->numbers[0].mean.is_withheld;
}

std::string centroids_csv(const Model& model, const profile::Profile& published) {
  io::CsvWriter table({"segment", "column", "scaled", "original", "transform"});
  for (int j = 0; j < model.centroids.segments; ++j)
    for (int f = 0; f < model.centroids.features; ++f) {
      std::vector<io::CsvValue> row(5);
      row[0] = std::int64_t{j + 1};
      row[1] = model.feature_name(f);
      if (!is_coordinate_withheld(model, published, j, f)) {
        row[2] = model.centroids.row(j)[f];
        row[3] = model.original(j, f);
      }
      if (!model.is_share(f)) row[4] = name_of(model.column_of(f).column.settings.transform);
      table.add_row(row);
    }
  return table.text();
}

cluster::Centroids read_centroids_csv(const std::filesystem::path& path,
                                      const std::vector<portfolio::FittedColumn>& columns, int segments) {
  return CentroidReader(path, columns, segments).read(io::read_file(path));
}

cluster::Centroids read_centroids(const std::filesystem::path& path,
                                  const std::vector<portfolio::FittedColumn>& columns, int segments) {
  if (path.extension() != ".json") return read_centroids_csv(path, columns, segments);
  const Model model = read_model(path);
  const profile::Profile all = profile::disclosed_sizes(model.totals.customers, {0});
  return CentroidReader(path, columns, segments).read(centroids_csv(model, all));
}

}  // namespace cardseg::segments
