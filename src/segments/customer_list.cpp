#include "cardseg/segments/customer_list.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <unordered_map>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/number_text.hpp"
#include "cardseg/core/row_blocks.hpp"
#include "cardseg/core/share_text.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "cardseg/portfolio/filter.hpp"
#include "cardseg/portfolio/raw_values.hpp"
#include "cardseg/segments/customer_file.hpp"
#include "cardseg/segments/lookalikes.hpp"
#include "segments/list_columns.hpp"
#include "segments/list_reasons.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Range;

constexpr const char* by_distance = "distance";
constexpr const char* by_margin = "margin";
constexpr const char* by_value = "value";

bool is_of_labels(const std::string& by) { return by == by_distance || by == by_margin; }

portfolio::MissingCodes missing_codes(const Model* model) {
  portfolio::MissingCodes codes;
  if (model)
    for (const portfolio::FittedColumn& column : model->columns)
      codes[column.column.name] = column.column.settings.missing_codes;
  return codes;
}

// What the list is ordered by, where that is a column of the shards; else empty.
std::string key_column(const ListSources& from, const ListOptions& o) {
  if (!o.like.empty() || is_of_labels(o.by)) return "";
  std::string name = o.by;
  if (o.by == by_value) {
    const auto value = std::ranges::find_if(
        from.model->columns, [](const portfolio::FittedColumn& each) { return each.column.value_number == 1; });
    if (value == from.model->columns.end())
      throw Error(ExitCode::usage, field("by") + " value: the model knows no column that says what segments are worth")
          .remedy("Name the column itself");
    name = value->column.name;
  }
  const auto index = static_cast<std::size_t>(named_column(*from.shards, name, "by"));
  if (from.shards->columns()[index].type == io::ColumnType::text)
    throw Error(ExitCode::usage, field("by") + " names a column of text")
        .in_column(name)
        .remedy("Name a column of numbers");
  return name;
}

void check_segment(const ListSources& from, const ListOptions& o) {
  if (!from.model || o.segment <= from.model->segments()) return;
  throw Error(ExitCode::usage, field("segment") + " cannot be " + std::to_string(o.segment))
      .remedy("The model has segments 1 to " + std::to_string(from.model->segments()));
}

void keep_first(std::vector<Candidate>& candidates, std::int64_t top) {
  if (std::ssize(candidates) <= top) return;
  std::ranges::nth_element(candidates, candidates.begin() + top, std::less<>());
  candidates.resize(static_cast<std::size_t>(top));
}

// A list on its way: what this rank knows of its own customers.
class ListMaker {
 public:
  ListMaker(const comm::Communicator& comm, const ListSources& sources, const ListOptions& options,
            core::Events& events)
      : comm_(comm),
        from_(sources),
        o_(options),
        events_(events),
        mine_(core::local_range(comm.rank(), sources.labels.rows(), comm.size())) {
    comm::agree(comm_, [&] {
      check_segment(from_, o_);
      key_column_ = key_column(from_, o_);
      columns_.emplace(from_, o_, key_column_);
      if (!o_.where.empty()) read_rule();
    });
  }

  CustomerList make() {
    find_keys();
    find_candidates();
    cut_to_top();
    return gather();
  }

 private:
  void read_rule() {
    try {
      filter_.emplace(field("where"), o_.where);
      filter_->check(from_.shards->columns());
    } catch (Error& error) {
      throw error.as(ExitCode::usage);
    }
  }

  // The key of each local row: the smallest is first on the list, NaN is not on it.
  void find_keys() {
    if (o_.like.empty()) {
      keys_ = comm::agree(comm_, [&] { return read_keys(); });
    } else {
      const std::vector<std::string> ids =
          comm::agree(comm_, [&] { return read_customer_ids(o_.like, from_.labels.id_column()); });
      Lookalikes found = find_lookalikes(comm_, from_.labels, *from_.shards, *from_.model, ids, events_);
      counts_.seeds = found.found;
      counts_.unknown_seeds = std::ssize(ids) - found.found;
      keys_ = std::move(found.local_distance);
    }
    if (is_reversed())
      for (double& key : keys_) key = -key;
  }

  // Keys are distances, of which the smallest is the first, or amounts, of which the largest is.
  bool is_reversed() const { return (o_.like.empty() && o_.by != by_distance) != o_.reverse; }

  std::vector<double> read_keys() const {
    if (o_.by == by_distance) return from_.labels.distances(mine_);
    if (o_.by == by_margin) return from_.labels.margins(mine_);
    std::vector<double> values(static_cast<std::size_t>(mine_.size()));
    from_.shards->read_numbers(from_.shards->column_index(key_column_), mine_, values);
    const portfolio::MissingCodes codes = missing_codes(from_.model);
    if (const auto known = codes.find(key_column_); known != codes.end())
      portfolio::replace_codes(known->second, values);
    const double last = std::numeric_limits<double>::infinity();
    for (double& value : values)
      if (std::isnan(value)) value = is_reversed() ? -last : last;
    return values;
  }

  void find_candidates() {
    std::int64_t local_placed = 0;
    std::int64_t in_file = 0;
    comm::agree(comm_, [&] {
      std::unordered_map<std::string, int> placements;
      if (!o_.pin.empty())
        placements = read_placements(o_.pin, from_.labels.id_column(), from_.model ? from_.model->segments() : 0);
      in_file = std::ssize(placements);
      std::vector<std::uint8_t> matches(static_cast<std::size_t>(mine_.size()), 1);
      if (filter_) matches = filter_->matches(*from_.shards, mine_, missing_codes(from_.model));
      core::for_each_block(mine_, [&](Range rows) { local_placed += add_candidates(rows, placements, matches); });
    });
    for (std::int64_t* count : {&counts_.segment, &counts_.placed, &counts_.moved_out, &counts_.matching})
      *count = comm_.sum(*count);
    counts_.unknown_placed = in_file - comm_.sum(local_placed);
  }

  // Returns how many of the customers are placed by policy, wherever.
  std::int64_t add_candidates(Range rows, const std::unordered_map<std::string, int>& placements,
                              const std::vector<std::uint8_t>& matches) {
    std::int64_t placed = 0;
    const std::vector<std::int64_t> segments = from_.labels.segments(rows);
    const std::vector<std::string> ids =
        placements.empty() ? std::vector<std::string>(segments.size()) : from_.labels.ids(rows);
    for (std::int64_t row = rows.begin; row < rows.end; ++row) {
      const auto at = static_cast<std::size_t>(row - rows.begin);
      const auto local = static_cast<std::size_t>(row - mine_.begin);
      const auto place = placements.find(ids[at]);
      const bool is_placed = place != placements.end();
      const auto segment = is_placed ? place->second : static_cast<int>(segments[at]);
      placed += is_placed ? 1 : 0;
      if (o_.segment != 0 && segment != o_.segment) {
        counts_.moved_out += segments[at] == o_.segment ? 1 : 0;
        continue;
      }
      ++counts_.segment;
      counts_.placed += is_placed ? 1 : 0;
      if (matches[local] == 0 || std::isnan(keys_[local])) continue;
      ++counts_.matching;
      candidates_.push_back({keys_[local], row, segment, is_placed});
    }
    return placed;
  }

  // Each rank keeps its first `top`; the last of the first `top` of all is where the list ends.
  void cut_to_top() {
    if (o_.top == 0 || counts_.matching <= o_.top) return;
    keep_first(candidates_, o_.top);
    comm::Outbox outbox(comm_.size());
    for (const Candidate& each : candidates_) outbox.add(0, std::as_bytes(std::span(&each, 1)));
    std::vector<Candidate> all;
    comm::exchange(comm_, outbox, [&](int, std::span<const std::byte> record) {
      std::memcpy(&all.emplace_back(), record.data(), sizeof(Candidate));
    });
    Candidate last;
    if (comm_.is_root()) {
      keep_first(all, o_.top);
      last = *std::max_element(all.begin(), all.end());
    }
    comm_.broadcast(std::as_writable_bytes(std::span(&last, 1)), 0);
    std::erase_if(candidates_, [&](const Candidate& each) { return last < each; });
  }

  CustomerList gather() {
    std::ranges::sort(candidates_, {}, &Candidate::row);
    if (o_.reasons.are_any()) reasons_ = find_list_reasons(comm_, from_, o_.reasons, candidates_);
    comm::Outbox outbox(comm_.size());
    comm::agree(comm_, [&] { send_rows(outbox); });
    const std::vector<io::ColumnSpec>& specs = columns_->specs();
    std::vector<ListedRow> listed;
    comm::exchange(comm_, outbox, [&](int, std::span<const std::byte> record) {
      listed.push_back(ListedRow::unpacked(record, specs));
    });
    std::ranges::sort(listed, std::less<>(), &ListedRow::place);
    CustomerList list{specs, comm::agree(comm_, [&] { return block_of(listed, specs); }), counts_};
    set_text_bytes(list.rows, list.columns);
    list.counts.listed = comm_.sum(std::ssize(candidates_));
    if (o_.holdout > 0)
      list.counts.holdout =
          comm_.sum(std::ranges::count(std::get<std::vector<std::string>>(list.rows.back()), "holdout"));
    return list;
  }

  // Reads only blocks that hold candidates.
  void send_rows(comm::Outbox& outbox) {
    auto next = candidates_.begin();
    while (next != candidates_.end()) {
      const std::int64_t begin = mine_.begin + (next->row - mine_.begin) / core::block_rows * core::block_rows;
      const Range block{begin, std::min(begin + core::block_rows, mine_.end)};
      const auto end =
          std::find_if(next, candidates_.end(), [&](const Candidate& each) { return each.row >= block.end; });
      std::vector<double> like_distance;
      for (auto each = next; each != end; ++each)
        like_distance.push_back(std::abs(keys_[static_cast<std::size_t>(each->row - mine_.begin)]));
      std::span<const std::vector<io::CsvValue>> reasons;
      if (!reasons_.empty())
        reasons = std::span(reasons_).subspan(static_cast<std::size_t>(next - candidates_.begin()));
      for (const ListedRow& row : columns_->rows(block, {next, end}, like_distance, reasons))
        outbox.add(0, row.packed());
      next = end;
    }
  }

  const comm::Communicator& comm_;
  const ListSources& from_;
  const ListOptions& o_;
  core::Events& events_;
  Range mine_;
  std::string key_column_;
  std::optional<ListColumns> columns_;
  std::optional<portfolio::Filter> filter_;
  std::vector<double> keys_;
  std::vector<Candidate> candidates_;
  std::vector<std::vector<io::CsvValue>> reasons_;  // of candidates_
  ListCounts counts_;
};

io::CsvValue value_at(const io::ColumnValues& values, std::size_t row) {
  return std::visit(
      [&]<class T>(const std::vector<T>& column) -> io::CsvValue {
        if constexpr (std::is_same_v<T, std::string>)
          return column[row];
        else if constexpr (std::is_integral_v<T>)
          return static_cast<std::int64_t>(column[row]);
        else if constexpr (std::is_same_v<T, float>)
          return core::widened(column[row]);
        else
          return column[row];
      },
      values);
}

double holdout_share(const std::string& text) {
  const std::optional<double> share = core::share_in(text);
  if (share && *share <= 0.9) return *share;
  throw Error(ExitCode::usage, field("holdout") + " cannot be '" + text + "'")
      .remedy("Write a share from 0 to 0.9: 0.1 or 10%");
}

std::string csv_of(const CustomerList& list) {
  std::vector<std::string> names;
  for (const io::ColumnSpec& column : list.columns) names.push_back(column.name);
  io::CsvWriter csv(names);
  for (std::size_t i = 0; i < static_cast<std::size_t>(list.counts.listed); ++i) {
    std::vector<io::CsvValue> row;
    for (const io::ColumnValues& values : list.rows) row.push_back(value_at(values, i));
    csv.add_row(row);
  }
  return csv.text();
}

}  // namespace

core::OptionTable describe(ListOptions& o) {
  using core::Shapes;
  constexpr std::int64_t most_top = std::int64_t{1} << 40;
  const core::OptionTable list = {
      "List",
      {core::text(o.run, {"run", "DIR", Shapes::inputs, "directory of a run of fit or assign"}),
       core::number(o.segment, {0, 10000}, {"segment,s", "N", Shapes::result, "segment to list; 0: all"}),
       core::number(o.top, {0, most_top}, {"top", "N", Shapes::result, "customers at most; 0: all"}),
       core::text(o.by, {"by", "WHAT", Shapes::result,
                         "order: distance (nearest to the centre first), margin (surest first), value (largest first), "
                         "or a column of numbers (largest first)"}),
       core::toggle(o.reverse, {"reverse", "", Shapes::result, "the last first"}),
       core::text(o.where, {"where", "RULE", Shapes::result,
                            "only customers that a rule selects: 'tenure >= 6 and status = \"open\"'"}),
       core::names(o.columns, {"columns", "A,B", Shapes::result, "columns of the shards that the list has, too"}),
       core::text(o.like, {"like", "FILE", Shapes::by_file,
                           "CSV of ids: list those who are nearest to any of these customers"}),
       core::text(o.pin, {"pin", "FILE", Shapes::by_file,
                          "CSV of ids and segments: customers that a policy places, whatever the model says"}),
       core::custom([&o] { return core::number_text(o.holdout); },
                    [&o](const std::string& text) { o.holdout = holdout_share(text); },
                    {"holdout", "SHARE", Shapes::result, "share of the list that is a control group: 10%"}),
       core::text(o.campaign, {"campaign", "NAME", Shapes::result,
                               "keys the control group: the same name holds out the same customers"}),
       core::text(o.model, {"model", "FILE", Shapes::by_file, "model.json; without it the run's own"})}};
  return core::merged(list.title, {list, describe(o.reasons)});
}

void validate(const ListOptions& o) {
  const auto refuse = [](const std::string& why, const std::string& remedy) {
    throw Error(ExitCode::usage, why).remedy(remedy);
  };
  if (o.run.empty()) refuse(field("run") + " is missing", "Name the directory of a run");
  if (o.segment == 0 && o.like.empty() && o.top == 0 && o.where.empty())
    refuse("nothing says who is on the list", "Give " + field("segment") + ", " + field("like") + ", " + field("top") +
                                                  " or " + field("where") + "; 'cardseg export' writes everybody");
  if (!o.like.empty() && o.by != by_distance)
    refuse(field("like") + " orders the list, and so does " + field("by"), "Give one of the two");
  if (o.holdout > 0 && o.campaign.empty())
    refuse(field("holdout") + " needs " + field("campaign"), "Name the campaign: its control group depends on it");
  validate(o.reasons);
}

bool needs_shards(const ListOptions& o) {
  return !o.where.empty() || !o.columns.empty() || !o.like.empty() || !is_of_labels(o.by) || o.reasons.are_any();
}

bool needs_model(const ListOptions& o) { return !o.like.empty() || o.by == by_value || o.reasons.are_any(); }

CustomerList make_list(const comm::Communicator& comm, const ListSources& sources, const ListOptions& options,
                       core::Events& events) {
  return ListMaker(comm, sources, options, events).make();
}

void write_list(const CustomerList& list, const std::string& path) {
  if (!path.ends_with(".h5")) {
    io::write_file(path, csv_of(list));
    return;
  }
  io::ShardWriter writer(path, list.columns, list.counts.listed);
  writer.append(list.rows);
  writer.commit();
}

}  // namespace cardseg::segments
