#include "cardseg/portfolio/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/zeroed_memory.hpp"
#include "cardseg/portfolio/learn_levels.hpp"
#include "cardseg/portfolio/raw_values.hpp"
#include "portfolio/value_kernels.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

/// Features beyond these could not be squared and summed over features and customers in their own precision.
template <class T>
constexpr double largest_feature = sizeof(T) == 4 ? 1e18 : 1e140;

Error error_at(const io::ShardSet& shards, const std::string& column, std::int64_t global_row,
               const std::string& reason) {
  Error error(ExitCode::bad_data, reason);
  const io::RowPlace place = shards.place_of(global_row);
  error.in_file(place.file.string()).in_column(column).at_row(place.row);
  return error;
}

[[noreturn]] void refuse_unusable(const io::ShardSet& shards, const std::string& name, std::int64_t global_row,
                                  double value, const char* or_else) {
  throw error_at(shards, name, global_row, std::isinf(value) ? "an infinite value" : "a value above 1e150 in magnitude")
      .remedy(std::string("Write missing values as NaN, or correct the value") + or_else);
}

// Room for one column, or a block of it, after another.
class ColumnMemory {
 public:
  explicit ColumnMemory(std::int64_t rows) : memory_(static_cast<std::size_t>(rows) * sizeof(double)) {}
  std::span<double> first(std::int64_t rows) const {
    return {static_cast<double*>(memory_.data()), static_cast<std::size_t>(rows)};
  }

 private:
  core::ZeroedMemory memory_;
};

// What else can be done about a value while columns are chosen.
constexpr const char* or_exclude = "; or exclude the column";

// What was found in the rows of a column.
struct RowsRead {
  LocalFacts facts;
  std::vector<std::int64_t> replaced;  // how many were each of the codes
};

// Local. The raw values of rows [rows.begin, rows.end) into `raw`, which has their number; `codes` are missing.
RowsRead read_number_rows(const io::ShardSet& shards, const std::string& name, std::span<const double> codes,
                          Range rows, std::span<double> raw, const char* or_else) {
  shards.read_numbers(shards.column_index(name), rows, raw);
  std::vector<std::int64_t> replaced = replace_codes(codes, raw);
  const LocalFacts local = compute_local_facts(raw);
  const std::int64_t unusable = find_unusable(raw, local);
  if (unusable >= 0)
    refuse_unusable(shards, name, rows.begin + unusable, raw[static_cast<std::size_t>(unusable)], or_else);
  return {local, std::move(replaced)};
}

// Whether a level that is not known is an error, in the fit or afterwards.
enum class Reading { fit, score };

// Local. The same of any column: levels are read as their raw numbers.
RowsRead read_rows(const io::ShardSet& shards, const Column& column, Range rows, Reading reading,
                   std::span<double> raw) {
  if (!column.has_levels())
    return read_number_rows(shards, column.name, column.settings.missing_codes, rows, raw,
                            reading == Reading::fit ? or_exclude : "");
  const bool is_new_ordinal = column.kind == Kind::ordinal && reading == Reading::fit;
  const bool is_refused = column.settings.unseen == Unseen::error && reading == Reading::score;
  std::vector<std::int64_t> replaced = read_levels(shards, column, rows, is_new_ordinal || is_refused, raw);
  return {compute_local_facts(raw), std::move(replaced)};
}

// Why a feature cannot tell customers apart; empty: it can.
std::string reason_unused(const FittedColumn& column, const RawFacts& raw) {
  if (width(column.encoder) > 0) return "";
  if (column.column.settings.weight == 0.0) return "weight 0";
  if (column.column.kind == Kind::category) return "constant";
  return raw.min == raw.max ? "constant" : "no spread";
}

bool clipped_to_one(const Encoder& encoder) {
  const auto* number = std::get_if<NumberEncoder>(&encoder);
  return number && number->clip.low == number->clip.high;
}

void warn_of_unused(const FittedColumn& column, const RawFacts& raw, core::Events& events) {
  const ColumnSettings& settings = column.column.settings;
  const std::string& name = column.column.name;
  if (settings.weight == 0.0) {
    events.info(fmt::format("column {} has weight 0 and is not used", name));
  } else if (raw.min == raw.max) {
    events.warning(fmt::format("column {} is constant: it gets weight zero and is not used", name));
  } else if (settings.clip && clipped_to_one(column.encoder)) {
    events.warning(fmt::format("column {} is constant once it is clipped: it gets weight zero and is not used", name));
  } else if (settings.scale != Scale::robust) {
    events.warning(fmt::format("column {} is constant under transform = {}: it gets weight zero and is not used", name,
                               name_of(settings.transform)));
  } else {
    events.warning(
        fmt::format("column {} has no spread under scale = {}, because its quartiles are equal: it gets weight zero "
                    "and is not used; scale = zscore would keep it",
                    name, name_of(settings.scale)));
  }
}

// The distance between neighbouring numbers of a column's type at its largest magnitude; 0 of whole numbers.
double step_of(const Column& column, const RawFacts& raw) {
  const double largest = std::max(std::abs(raw.min), std::abs(raw.max));
  const bool is_float32 = column.stored_type == "float32";
  if (!is_float32 && column.stored_type != "float64") return 0.0;
  return std::ldexp(1.0, std::ilogb(largest) - (is_float32 ? 23 : 52));
}

// Numbers that were narrowed before they were stored: what told customers apart is rounded away.
void warn_of_few_steps(const Column& column, const RawFacts& raw, core::Events& events) {
  constexpr double few_steps = 8.0;
  const double step = step_of(column, raw);
  if (!(raw.sd < few_steps * step)) return;
  events.warning(fmt::format(
      "column {} is stored as {}, whose numbers lie {:.3g} apart there, and its standard deviation is {:.1f} of these "
      "steps: differences between customers are rounded away; {}",
      column.name, column.stored_type, step, raw.sd / step,
      column.stored_type == "float32" ? "store it as float64" : "store it as whole numbers, or from a nearer origin"));
}

[[noreturn]] void refuse_feature(const io::ShardSet& shards, const std::string& column, std::int64_t global_row,
                                 double feature) {
  const bool is_number = !std::isnan(feature);
  throw error_at(shards, column, global_row,
                 is_number ? "the scaled value is too large for the stored precision"
                           : "the value is missing or cannot be transformed as the model says")
      .remedy(is_number ? "Use scale = zscore for this column, or " + core::field("precision") + " double"
                        : "Correct the value, or fit with missing = median and transform = signed-log");
}

// The last rows, where they do not fill a tile. Returns whether each is within the limit.
template <class T>
bool encode_rest(const NumberEncoder& encoder, std::span<const double> values, T* features) {
  bool all_fit = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double scaled = encoder.scaled(values[i]);
    features[i] = static_cast<T>(scaled);
    all_fit = all_fit && std::abs(scaled) <= largest_feature<T>;
  }
  return all_fit;
}

// A column on its way into a matrix: its name and first feature, and the local row that its values begin at, which
// begins a tile.
struct Place {
  const std::string& column;
  int feature;
  std::int64_t first_row;
};

// Writes the transformed values of one column, or throws for the first value that is no feature. Blocks of tiles go to
// whichever thread is free.
template <class T>
void write_features(FeatureMatrix<T>& matrix, const Place& place, const NumberEncoder& encoder,
                    std::span<const double> transformed, const io::ShardSet& shards) {
  constexpr std::int64_t block = 1024 * tile_rows;
  const Scaling scaling{encoder.centre, encoder.factor, largest_feature<T>};
  const std::int64_t rows = std::ssize(transformed);
  bool all_fit = true;
#pragma omp parallel for schedule(dynamic) reduction(&& : all_fit)
  for (std::int64_t begin = 0; begin < rows; begin += block) {
    const auto values =
        transformed.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(std::min(block, rows - begin)));
    const std::size_t whole = values.size() / tile_rows * tile_rows;
    T* features = &matrix.at(place.first_row + begin, place.feature);
    T* rest = features + static_cast<std::int64_t>(whole) * matrix.features();
    const bool tiles_fit = encode_tiles(values.first(whole), scaling, features, matrix.features() * tile_rows);
    const bool rest_fits = encode_rest(encoder, values.subspan(whole), rest);
    all_fit = all_fit && tiles_fit && rest_fits;
  }
  for (std::int64_t i = 0; !all_fit && i < rows; ++i) {
    const double feature_value = encoder.scaled(transformed[static_cast<std::size_t>(i)]);
    if (!(std::abs(feature_value) <= largest_feature<T>))
      refuse_feature(shards, place.column, matrix.global_rows().begin + place.first_row + i, feature_value);
  }
}

// Writes the indicators of the levels of one column, or throws for the first missing one where that is an error.
template <class T>
void write_features(FeatureMatrix<T>& matrix, const Place& place, const CategoryEncoder& encoder,
                    std::span<const double> raw, const io::ShardSet& shards) {
  const auto height = static_cast<T>(encoder.height);
  const std::int64_t rows = std::ssize(raw);
  std::int64_t refused = rows;
#pragma omp parallel for schedule(static) reduction(min : refused)
  for (std::int64_t tile = 0; tile < (rows + tile_rows - 1) / tile_rows; ++tile) {
    T* features = &matrix.at(place.first_row + tile * tile_rows, place.feature);
    std::fill(features, features + encoder.levels * tile_rows, T{0});
    for (std::int64_t i = tile * tile_rows; i < std::min(rows, (tile + 1) * tile_rows); ++i) {
      const double value = raw[static_cast<std::size_t>(i)];
      const int feature = encoder.feature_of(value);
      if (feature >= 0) features[feature * tile_rows + i % tile_rows] = height;
      if (encoder.refuses_missing && std::isnan(value)) refused = std::min(refused, i);
    }
  }
  if (refused == rows) return;
  throw error_at(shards, place.column, matrix.global_rows().begin + place.first_row + refused,
                 "the value is missing and 'missing = error' is set")
      .remedy("Correct the value, or fit with missing = indicator or mode");
}

// The local rows of missing values, where an indicator is made of them.
std::vector<std::int64_t> indicated_rows(const ColumnSettings& settings, std::span<const double> raw) {
  std::vector<std::int64_t> rows;
  if (settings.missing != Missing::indicator) return rows;
  for (std::int64_t i = 0; i < std::ssize(raw); ++i)
    if (std::isnan(raw[static_cast<std::size_t>(i)])) rows.push_back(i);
  return rows;
}

// Writes the second feature of numbers: `missing` are the rows that have it.
template <class T>
void write_indicator(FeatureMatrix<T>& matrix, const Place& place, const NumberEncoder& encoder, std::int64_t rows,
                     std::span<const std::int64_t> missing) {
  if (encoder.width() < 2) return;
  for (std::int64_t tile = 0; tile < (rows + tile_rows - 1) / tile_rows; ++tile) {
    T* features = &matrix.at(place.first_row + tile * tile_rows, place.feature + 1);
    std::fill(features, features + tile_rows, T{0});
  }
  for (const std::int64_t row : missing)
    matrix.at(place.first_row + row, place.feature + 1) = static_cast<T>(encoder.indicator);
}

// Writes the block of a column by whichever encoder it has: of `values`, transformed where they are numbers, of which
// the rows `missing` had none.
template <class T>
void write_block(FeatureMatrix<T>& matrix, const Place& place, const Encoder& encoder, std::span<const double> values,
                 std::span<const std::int64_t> missing, const io::ShardSet& shards) {
  std::visit([&](const auto& each) { write_features(matrix, place, each, values, shards); }, encoder);
  if (const auto* number = std::get_if<NumberEncoder>(&encoder))
    write_indicator(matrix, place, *number, std::ssize(values), missing);
}

// Rows that are encoded together where the matrix is streamed: their features are in memory while they are written.
template <class T>
std::int64_t block_rows(std::int64_t rows, int features) {
  const std::int64_t row_bytes = features * std::int64_t{sizeof(T)};
  return std::clamp<std::int64_t>(streaming_load_bytes(rows * row_bytes) / row_bytes, 64, 1 << 18) / 64 * 64;
}

// Local. Reads the shards' rows of a block and encodes all features of them into the matrix from `first_row` on. Their
// raw values are shown to `sees_raw`.
template <class T>
void encode_block(const io::ShardSet& shards, const std::vector<FittedColumn>& columns, Range rows,
                  std::span<double> values, FeatureMatrix<T>& matrix, const SeesRaw& sees_raw) {
  const std::int64_t first_row = rows.begin - matrix.global_rows().begin;
  const FeatureLayout layout(columns);
  for (std::size_t b = 0; b < layout.blocks().size(); ++b) {
    const FeatureBlock& block = layout.blocks()[b];
    const FittedColumn& column = columns[static_cast<std::size_t>(block.column)];
    read_rows(shards, column.column, rows, Reading::score, values);
    if (sees_raw) sees_raw(b, values);
    const std::vector<std::int64_t> missing = indicated_rows(column.column.settings, values);
    if (const auto* number = std::get_if<NumberEncoder>(&column.encoder)) transform_in_place(*number, values);
    write_block(matrix, {column.column.name, block.begin, first_row}, column.encoder, values, missing, shards);
  }
}

// Collective. A streamed matrix is written once, block of rows by block of rows, when all encoders are known: column by
// column would take every page of it from and to the disk for every column.
template <class T>
FeatureMatrix<T> encode_streamed(const comm::Communicator& comm, const io::ShardSet& shards,
                                 const std::vector<FittedColumn>& columns, io::ScratchMapping scratch,
                                 core::Events& events) {
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  const int features = FeatureLayout(columns).features();
  FeatureMatrix<T> matrix(mine, features, std::move(scratch));
  const std::int64_t most = comm.max(mine.size());
  const std::int64_t step = block_rows<T>(most, features);  // all ranks take part in each block
  const auto memory = comm::agree(comm, [&] { return ColumnMemory(std::min(step, most)); });
  for (std::int64_t begin = 0; begin < most; begin += step) {
    events.progress("encode", begin, most);
    const Range rows{std::min(mine.begin + begin, mine.end), std::min(mine.begin + begin + step, mine.end)};
    comm::agree(comm, [&] { encode_block(shards, columns, rows, memory.first(rows.size()), matrix, {}); });
    const std::int64_t first_row = rows.begin - mine.begin;
    matrix.write_back(first_row / tile_rows, (first_row + rows.size() + tile_rows - 1) / tile_rows);
  }
  events.progress("encode", most, most);
  return matrix;
}

// The next feature behind column i: its values are read ahead.
void prefetch_next(const io::ShardSet& shards, const Schema& schema, std::size_t i, Range rows) {
  const auto next = std::find_if(schema.columns.begin() + static_cast<std::ptrdiff_t>(i) + 1, schema.columns.end(),
                                 [](const Column& column) { return column.role == Role::feature; });
  if (next != schema.columns.end()) shards.prefetch(shards.column_index(next->name), rows);
}

// Collective. Reads the feature columns one after the other into `values`, fits their encoders and, where there is a
// matrix, encodes them into it. Columns that cannot tell customers apart become unused.
template <class T>
std::vector<FittedColumn> fit_columns(const comm::Communicator& comm, const io::ShardSet& shards, const Schema& schema,
                                      std::span<double> values, FeatureMatrix<T>* matrix, core::Events& events) {
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  const int possible = schema.most_features();
  std::vector<FittedColumn> columns;
  CodeUse codes;
  int begin = 0;  // of the next block of features
  int done = 0;
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    FittedColumn& column = columns.emplace_back(FittedColumn{schema.columns[i], {}, {}});
    if (!column.is_feature()) continue;
    const std::string& name = column.column.name;
    events.progress("load", done++, possible, name);
    const RowsRead read =
        comm::agree(comm, [&] { return read_rows(shards, column.column, rows, Reading::fit, values); });
    codes.add(column.column, read.replaced);
    prefetch_next(shards, schema, i, rows);
    const auto missing = comm::agree(comm, [&] { return indicated_rows(column.column.settings, values); });
    const RawFacts raw = fit_column(comm, values, read.facts, column);
    if (!column.column.has_levels())
      warn_of_odd_numbers(shards.columns()[static_cast<std::size_t>(shards.column_index(name))], raw, events);
    if (width(column.encoder) == 0) {
      warn_of_unused(column, raw, events);
      column.column.role = Role::unused;
      column.column.reason = reason_unused(column, raw);
      continue;
    }
    if (!column.column.has_levels()) warn_of_few_steps(column.column, raw, events);
    if (matrix)
      comm::agree(comm, [&] { write_block(*matrix, {name, begin, 0}, column.encoder, values, missing, shards); });
    begin += width(column.encoder);
  }
  events.progress("load", possible, possible);
  codes.warn(comm, events);
  return columns;
}

}  // namespace

void check_any_used(const io::ShardSet& shards, int used_columns) {
  if (shards.rows() == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers: every shard is empty");
    throw comm::AgreedError(error.remedy("Check the path given with " + core::field("shards")));
  }
  if (used_columns > 0) return;
  Error error(ExitCode::bad_data, "every column is constant or has weight 0: there is nothing to segment by");
  throw comm::AgreedError(error.remedy("'cardseg inspect' shows the columns' ranges"));
}

RawColumn read_raw_column(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& name,
                          std::span<const double> missing_codes) {
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  return comm::agree(comm, [&] {
    RawColumn raw{std::vector<double>(static_cast<std::size_t>(rows.size())), {}};
    raw.replaced = read_number_rows(shards, name, missing_codes, rows, raw.values, or_exclude).replaced;
    return raw;
  });
}

RawColumn read_raw_column(const comm::Communicator& comm, const io::ShardSet& shards, const Column& column) {
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  return comm::agree(comm, [&] {
    RawColumn raw{std::vector<double>(static_cast<std::size_t>(rows.size())), {}};
    raw.replaced = read_rows(shards, column, rows, Reading::fit, raw.values).replaced;
    return raw;
  });
}

namespace {

// The encoder of a category whose levels are learned.
CategoryEncoder category_encoder(const Column& column, const RawFacts& raw) {
  const ColumnSettings& settings = column.settings;
  if (raw.present == 0) {
    Error error(ExitCode::bad_data, "every value of the column is missing");
    throw comm::AgreedError(error.in_column(column.name).remedy("Exclude the column"));
  }
  if (settings.missing == Missing::error && raw.missing > 0) {
    Error error(ExitCode::bad_data, std::to_string(raw.missing) + " values are missing and 'missing = error' is set");
    throw comm::AgreedError(
        error.in_column(column.name).remedy("Use missing = indicator or mode, or exclude the column"));
  }
  CategoryEncoder encoder;
  encoder.known = static_cast<int>(std::ssize(column.levels.known));
  encoder.levels = encoder.known;
  if (column.levels.other > 0) encoder.other = encoder.levels++;
  if (column.levels.missing > 0) encoder.missing = encoder.levels++;
  if (settings.missing == Missing::mode) encoder.missing = 0;
  encoder.refuses_missing = settings.missing == Missing::error;
  encoder.height = std::sqrt(settings.weight);
  return encoder;
}

}  // namespace

RawFacts fit_column(const comm::Communicator& comm, std::span<double> local_raw, const LocalFacts& local,
                    FittedColumn& column) {
  const ColumnSettings& settings = column.column.settings;
  RawFacts raw = compute_raw_facts(comm, local_raw, local);
  if (column.column.kind == Kind::category) {
    column.encoder = category_encoder(column.column, raw);
    column.facts = {
        .present = raw.present, .missing = raw.missing, .range = {0.0, column.column.levels.other_value() - 1.0}};
    return raw;
  }
  column.facts = compute_column_facts(comm, local_raw, raw);
  const ClipLimits limits = clip_in_place(comm, settings, local_raw);
  const RawFacts clipped = limits.are_any() ? compute_raw_facts(comm, local_raw) : raw;
  NumberEncoder encoder = fit_number_encoder(comm, column.column.name, settings, clipped, local_raw);
  encoder.clip = limits;
  column.encoder = encoder;
  return raw;
}

template <class T>
LoadedPortfolio<T> load_portfolio(const comm::Communicator& comm, const io::ShardSet& shards, const Schema& schema,
                                  core::Events& events, const MatrixStorage& storage) {
  if (shards.rows() == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers");
    throw comm::AgreedError(error.remedy("Check the path given with " + core::field("shards")));
  }
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  const int possible = schema.most_features();
  check_any_used(shards, possible);
  // Which columns have features is known only at the end; a matrix with room for every column that may is filled, and
  // narrowed where a column turned out constant. A scratch file is as large for the same reason.
  std::optional<FeatureMatrix<T>> matrix;
  std::optional<io::ScratchMapping> scratch;
  std::optional<ColumnMemory> memory;
  comm::agree(comm, [&] {
    if (storage.is_streamed())
      scratch.emplace(storage.scratch, FeatureMatrix<T>::bytes(rows.size(), possible));
    else
      matrix.emplace(rows, possible);
    memory.emplace(rows.size());
  });
  std::vector<FittedColumn> columns =
      fit_columns(comm, shards, schema, memory->first(rows.size()), matrix ? &*matrix : nullptr, events);
  FeatureLayout layout(columns);
  check_any_used(shards, layout.features());
  if (matrix) {
    matrix->narrow(layout.features());
  } else {
    memory.reset();
    matrix.emplace(encode_streamed<T>(comm, shards, columns, std::move(*scratch), events));
  }
  return {std::move(*matrix), std::move(columns), std::move(layout)};
}

template <class T>
FeatureMatrix<T> encode_rows(const comm::Communicator& comm, const io::ShardSet& shards,
                             const std::vector<FittedColumn>& columns, Range rows, const SeesRaw& sees_raw) {
  return comm::agree(comm, [&] {
    FeatureMatrix<T> matrix(rows, FeatureLayout(columns).features());
    const ColumnMemory memory(rows.size());
    encode_block(shards, columns, rows, memory.first(rows.size()), matrix, sees_raw);
    return matrix;
  });
}

template LoadedPortfolio<float> load_portfolio<float>(const comm::Communicator&, const io::ShardSet&, const Schema&,
                                                      core::Events&, const MatrixStorage&);
template LoadedPortfolio<double> load_portfolio<double>(const comm::Communicator&, const io::ShardSet&, const Schema&,
                                                        core::Events&, const MatrixStorage&);
template FeatureMatrix<float> encode_rows<float>(const comm::Communicator&, const io::ShardSet&,
                                                 const std::vector<FittedColumn>&, Range, const SeesRaw&);
template FeatureMatrix<double> encode_rows<double>(const comm::Communicator&, const io::ShardSet&,
                                                   const std::vector<FittedColumn>&, Range, const SeesRaw&);

}  // namespace cardseg::portfolio
