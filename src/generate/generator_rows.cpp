// Rows of a generated portfolio as blocks of columns.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cardseg/core/philox.hpp"
#include "cardseg/generate/generator.hpp"
#include "generate/generator_columns.hpp"
#include "generate/generator_customer.hpp"
#include "generate/generator_shifts.hpp"

namespace cardseg::generate {
namespace {

// Customers are made in batches that fit the first caches, then spread over the columns.
constexpr std::int64_t batch_rows = 128;
constexpr std::size_t first_standard_column = 1;  // after the id

// RowRandom's restart number keeps the streams apart.
constexpr std::uint32_t customer_stream = 0;
constexpr std::uint32_t further_stream = 1;
constexpr std::uint32_t further_location_stream = 2;
constexpr std::uint32_t shift_stream = 3;
constexpr std::uint32_t first_month_stream = 4;  // two a month: customers, further columns

std::uint32_t stream_of(int month, std::uint32_t stream) {
  return month == 0 ? stream : first_month_stream + 2 * static_cast<std::uint32_t>(month - 1) + stream;
}

// Further columns: zero with a chance, else lognormal about a location; both belong to the segment and the column.
struct FurtherColumn {
  double location = 0;  // ln of the typical amount
  double zero_chance = 0;
};

struct Batch {
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  std::array<Customer, batch_rows> customers;
};

void copy_values(const Batch& batch, const CustomerMember& member, io::ColumnValues& column, std::size_t at) {
  const auto rows = static_cast<std::size_t>(batch.rows);
  std::visit(
      [&]<class T>(T Customer::*value) {
        using Stored = std::conditional_t<std::is_same_v<T, std::string_view>, std::string, T>;
        auto* out = std::get<std::vector<Stored>>(column).data() + at;
        for (std::size_t i = 0; i < rows; ++i) out[i] = batch.customers[i].*value;
      },
      member);
}

io::Block sized_block(const std::vector<io::ColumnSpec>& columns, std::int64_t rows) {
  io::Block block;
  for (const io::ColumnSpec& column : columns) {
    block.push_back(io::make_values(column.type));
    std::visit([rows](auto& values) { values.resize(static_cast<std::size_t>(rows)); }, block.back());
  }
  return block;
}

}  // namespace

struct PortfolioGenerator::State {
  GeneratorOptions options;
  std::vector<Profile> profiles;
  std::vector<double> share_ends;  // running sums of the segments' shares
  std::vector<GeneratedSegment> segments;
  std::vector<io::ColumnSpec> columns;
  std::vector<io::ColumnSpec> truth_columns;
  std::vector<FurtherColumn> further;  // [column * segments + segment]
  std::vector<Shift> shifts;
  std::vector<double> shares;  // of the segments
  core::RowRandom random;
  core::RowRandom month_random;  // of what customers do
  core::RowRandom further_random;
  core::RowRandom shift_random;

  explicit State(const GeneratorOptions& given)
      : options(given),
        profiles(make_profiles(given.segments, given.separation, given.missing_share)),
        columns(generated_columns(given.extra_features)),
        truth_columns(generated_truth_columns()),
        shifts(make_shifts(given)),
        random(given.seed, core::Purpose::generator, customer_stream),
        month_random(given.seed, core::Purpose::generator, stream_of(given.month, customer_stream)),
        further_random(given.seed, core::Purpose::generator, stream_of(given.month, further_stream)),
        shift_random(given.seed, core::Purpose::generator, shift_stream) {
    if (moves_customers()) truth_columns.push_back({"moved_from", io::ColumnType::int32, 0});
    double end = 0;
    for (int s = 0; s < given.segments; ++s) {
      const double share = profiles[static_cast<std::size_t>(s)].share;
      shares.push_back(share);
      share_ends.push_back(end += share);
      segments.push_back({s + 1, archetype(s).name, archetype(s).description, share, 0});
    }
    share_ends.back() = 1;  // whatever the rounding
    make_further_columns();
  }

  // The column's own centre plus the segment's deviation from it; chances become surer like those of an archetype.
  void make_further_columns() {
    const core::RowRandom placing(options.seed, core::Purpose::generator, further_location_stream);
    const double closeness = std::min(1.0, options.separation);
    const double sureness = sureness_at(options.separation);
    for (int column = 0; column < options.extra_features; ++column) {
      const auto normals = [&](std::uint32_t pair) {
        const core::PhiloxCounter words = placing.block(column, pair);
        return std::array{normal_quantile(uniform_of(words[0])), normal_quantile(uniform_of(words[1]))};
      };
      const auto centre = normals(0);
      for (int s = 0; s < options.segments; ++s) {
        const auto deviation = normals(1 + static_cast<std::uint32_t>(s));
        const double zero_logit = -1.5 + 0.6 * centre[1] + closeness * 0.8 * deviation[1];
        further.push_back(
            {4 + 0.8 * centre[0] + closeness * 0.7 * deviation[0], 1 / (1 + std::exp(-sureness * zero_logit))});
      }
    }
  }

  int segment_index(double uniform) const {
    const auto end = std::upper_bound(share_ends.begin(), share_ends.end() - 1, uniform);
    return static_cast<int>(end - share_ends.begin());
  }

  // The segment of a row before moves, from 1.
  int segment_before(std::int64_t row) const {
    static_assert(static_cast<int>(Draw::segment) == 0, "the segment's number is the first word of a row");
    return 1 + segment_index(uniform_of(random.block(row, 0)[0]));
  }

  bool moves_customers() const {
    return std::ranges::any_of(shifts, [](const Shift& shift) { return !shift.is_of_column(); });
  }

  Customer customer(std::int64_t row) const {
    const CustomerDraws draws =
        options.month == 0 ? CustomerDraws(random, row) : CustomerDraws(random, month_random, row);
    const int before = segment_index(draws.uniform(Draw::segment)) + 1;
    const int segment = moved_segment(shifts, shares, shift_random, row, before) - 1;
    Customer made = make_customer(profiles[static_cast<std::size_t>(segment)], draws);
    made.tenure_months += options.month;
    made.segment = segment;
    return made;
  }

  const FurtherColumn& further_at(int column, int segment) const {
    return further[static_cast<std::size_t>(column) * profiles.size() + static_cast<std::size_t>(segment)];
  }

  float further_value(const Customer& customer, int column, std::uint32_t word) const {
    const Profile& profile = profiles[static_cast<std::size_t>(customer.segment)];
    const double u = uniform_of(word);
    if (u < profile.missing_rate) return std::numeric_limits<float>::quiet_NaN();
    // One number decides all three: the part of the unit interval above the missing rate serves again.
    const double rest = (u - profile.missing_rate) / (1 - profile.missing_rate);
    const FurtherColumn& typical = further_at(column, customer.segment);
    if (customer.purchases == 0 || rest < typical.zero_chance) return 0;
    const double z =
        normal_quantile((rest - typical.zero_chance) / (1 - typical.zero_chance) * (1 - 0x1p-33) + 0x1p-34);
    return static_cast<float>(
        std::exp(typical.location + 0.4 * customer.activity + 0.3 * customer.affluence + 0.6 * profile.spread * z));
  }

  void fill_further(const Batch& batch, io::Block& block, std::size_t at) const {
    const std::size_t first = first_standard_column + standard_columns().size();
    for (int column = 0; column < options.extra_features; column += 4) {
      const int count = std::min(4, options.extra_features - column);
      std::array<float*, 4> out{};
      for (int j = 0; j < count; ++j)
        out[static_cast<std::size_t>(j)] =
            std::get<std::vector<float>>(block[first + static_cast<std::size_t>(column + j)]).data() + at;
      for (std::int64_t i = 0; i < batch.rows; ++i) {
        const Customer& made = batch.customers[static_cast<std::size_t>(i)];
        const core::PhiloxCounter words =
            further_random.block(batch.first_row + i, static_cast<std::uint32_t>(column / 4));
        for (int j = 0; j < count; ++j)
          out[static_cast<std::size_t>(j)][i] = further_value(made, column + j, words[static_cast<std::size_t>(j)]);
      }
    }
  }

  void fill(const Batch& batch, io::Block& block, std::size_t at) const {
    auto& ids = std::get<std::vector<std::string>>(block.front());
    for (std::int64_t i = 0; i < batch.rows; ++i)
      ids[at + static_cast<std::size_t>(i)] = customer_id(batch.first_row + i);
    const auto standard = standard_columns();
    for (std::size_t c = 0; c < standard.size(); ++c)
      copy_values(batch, standard[c].member, block[first_standard_column + c], at);
    fill_further(batch, block, at);
    shift_values(shifts, columns, shift_random, batch.first_row, batch.rows, at, block);
  }
};

PortfolioGenerator::PortfolioGenerator(const GeneratorOptions& options) {
  validate(options);
  state_ = std::make_unique<State>(options);
}

PortfolioGenerator::~PortfolioGenerator() = default;
PortfolioGenerator::PortfolioGenerator(PortfolioGenerator&&) noexcept = default;
PortfolioGenerator& PortfolioGenerator::operator=(PortfolioGenerator&&) noexcept = default;

const std::vector<io::ColumnSpec>& PortfolioGenerator::columns() const { return state_->columns; }
const std::vector<io::ColumnSpec>& PortfolioGenerator::truth_columns() const { return state_->truth_columns; }
const std::vector<GeneratedSegment>& PortfolioGenerator::segments() const { return state_->segments; }

io::Block PortfolioGenerator::rows(const core::Range& rows) const {
  const State& state = *state_;
  io::Block block = sized_block(state.columns, rows.size());
  // Texts are short enough to live inside std::string, so nothing is allocated, or thrown, inside the loop.
#pragma omp parallel for schedule(static)
  for (std::int64_t first = rows.begin; first < rows.end; first += batch_rows) {
    Batch batch;
    batch.first_row = first;
    batch.rows = std::min(batch_rows, rows.end - first);
    for (std::int64_t i = 0; i < batch.rows; ++i)
      batch.customers[static_cast<std::size_t>(i)] = state.customer(first + i);
    state.fill(batch, block, static_cast<std::size_t>(first - rows.begin));
  }
  return block;
}

io::Block PortfolioGenerator::truth(const core::Range& rows) const {
  io::Block block = sized_block(state_->truth_columns, rows.size());
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const auto at = static_cast<std::size_t>(row - rows.begin);
    const int segment = segment_of(row);
    std::get<std::vector<std::string>>(block[0])[at] = customer_id(row);
    std::get<std::vector<std::int32_t>>(block[1])[at] = segment;
    std::get<std::vector<std::string>>(block[2])[at] = state_->segments[static_cast<std::size_t>(segment - 1)].name;
    if (!state_->moves_customers()) continue;
    const int before = state_->segment_before(row);
    std::get<std::vector<std::int32_t>>(block[3])[at] = before == segment ? 0 : before;
  }
  return block;
}

int PortfolioGenerator::segment_of(std::int64_t row) const {
  return moved_segment(state_->shifts, state_->shares, state_->shift_random, row, state_->segment_before(row));
}

}  // namespace cardseg::generate
