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

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;

constexpr double largest_coordinate = 1e150;  // distances to larger ones could be infinite

double share_of(double part, double whole) { return whole != 0 ? part / whole : 0.0; }

// Reads one file of centroids line by line.
class CentroidReader {
 public:
  CentroidReader(const std::filesystem::path& path, const std::vector<portfolio::FittedColumn>& columns, int segments)
      : path_(path), columns_(columns), layout_(columns), centroids_(segments, layout_.features()) {
    std::fill(centroids_.values.begin(), centroids_.values.end(), std::numeric_limits<double>::quiet_NaN());
  }

  cluster::Centroids read() {
    const std::string text = io::read_file(path_);
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

std::string segments_csv(const Model& model, const std::vector<ValueTotals>& values) {
  std::vector<std::string> header = {"segment", "name", "customers", "share", "inertia", "rms_distance"};
  for (const ValueTotals& value : values)
    header.insert(header.end(), {"total_" + value.column, "share_" + value.column});
  io::CsvWriter table(header);
  const cluster::SegmentTotals& totals = model.totals;
  const auto all = static_cast<double>(totals.all_customers());
  for (std::size_t j = 0; j < totals.customers.size(); ++j) {
    std::vector<io::CsvValue> row = {static_cast<std::int64_t>(j + 1),
                                     model.names[j].name,
                                     totals.customers[j],
                                     share_of(static_cast<double>(totals.customers[j]), all),
                                     totals.inertia[j],
                                     std::sqrt(share_of(totals.inertia[j], totals.mass[j]))};
    for (const ValueTotals& value : values) {
      const double whole = std::accumulate(value.by_segment.begin(), value.by_segment.end(), 0.0);
      row.emplace_back(value.by_segment[j]);
      row.emplace_back(share_of(value.by_segment[j], whole));
    }
    table.add_row(row);
  }
  return table.text();
}

std::string centroids_csv(const Model& model) {
  io::CsvWriter table({"segment", "column", "scaled", "original"});
  for (int j = 0; j < model.centroids.segments; ++j)
    for (int f = 0; f < model.centroids.features; ++f)
      table.add_row({std::int64_t{j + 1}, model.feature_name(f), model.centroids.row(j)[f], model.original(j, f)});
  return table.text();
}

cluster::Centroids read_centroids_csv(const std::filesystem::path& path,
                                      const std::vector<portfolio::FittedColumn>& columns, int segments) {
  return CentroidReader(path, columns, segments).read();
}

}  // namespace cardseg::segments
