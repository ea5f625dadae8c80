#include "cardseg/run/compare_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/core/sha256.hpp"
#include "cardseg/core/warning_notes.hpp"
#include "cardseg/monitor/joined_customers.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/portfolio/id_like_columns.hpp"
#include "cardseg/portfolio/raw_values.hpp"
#include "cardseg/profile/compute_profile.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/run/lineage.hpp"
#include "cardseg/run/profile_portfolio.hpp"
#include "cardseg/run/profile_run.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/segments/labelled_customers.hpp"
#include "cardseg/segments/model_json.hpp"
#include "cardseg/segments/score.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Range;
using monitor::Cause;
using monitor::LocalLabels;
using monitor::Part;
using segments::LabelledCustomers;
namespace fs = std::filesystem;

constexpr const char* automatic = "auto";
constexpr int most_levels = 1000;   // of a column of the bank's own segments
constexpr double few_shared = 0.5;  // share of the smaller side that is on both, below which a warning is given

std::optional<double> band_of(const std::string& text) {
  double band = 0.0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), band);
  if (text == automatic || failure != std::errc() || end != text.data() + text.size() || !(band >= 0 && band <= 1))
    return std::nullopt;
  return band;
}

void check_border(const std::string& text) {
  if (text == automatic || band_of(text)) return;
  throw Error(ExitCode::usage, field("border") + " cannot be '" + text + "'")
      .remedy("Give auto, or a change of margin from 0 to 1");
}

// A side as it was named.
struct NamedSide {
  const std::string& labels;
  const std::string& model;
  const std::vector<std::string>& shards;
  const char* labels_field;
  const char* model_field;
};

std::optional<segments::Model> model_of(const NamedSide& side) {
  const fs::path own = fs::path(side.labels) / files::model;
  std::error_code unreachable;
  if (!side.model.empty()) return segments::read_model(side.model);
  if (fs::exists(own, unreachable)) return segments::read_model(own);
  return std::nullopt;
}

// The model that gave the labels, as their run says; empty where it says none.
std::string labelling_model(const NamedSide& side) {
  const fs::path directory = side.labels;
  std::error_code unreachable;
  if (fs::exists(directory / files::model, unreachable))
    return segments::model_id(segments::read_model(directory / files::model));
  if (!fs::exists(directory / files::manifest, unreachable)) return "";
  for (const auto& [name, value] : manifest_of(directory).config)
    if (name == "model_id") return value;
  return "";
}

// One side of the comparison, opened.
class Side {
 public:
  Side(cli::Context& c, const NamedSide& named) : c_(c), labels_(c.comm, named.labels) {
    comm::agree(c.comm, [&] {
      model_ = model_of(named);
      model_id_ = labelling_model(named);
      if (model_ && !model_id_.empty() && segments::model_id(*model_) != model_id_)
        throw Error(ExitCode::bad_data, "the labels in " + named.labels + " were given by another model than " +
                                            field(named.model_field) + " names")
            .remedy("Name the model.json that these customers were scored with");
      if (model_ && model_id_.empty()) model_id_ = segments::model_id(*model_);
    });
    if (!named.shards.empty()) open_shards(named);
    if (const auto segmented = labels_.segmented(c.comm)) {  // customers in no segment are absent
      labels_.select(segmented);
      if (shards_) shards_ = shards_->selected(segmented);
    }
  }

  const LabelledCustomers& labels() const { return labels_; }
  const std::optional<segments::Model>& model() const { return model_; }
  const std::string& model_id() const { return model_id_; }
  const io::ShardSet* shards() const { return shards_ ? &*shards_ : nullptr; }
  Range mine() const { return core::local_range(c_.comm.rank(), labels_.rows(), c_.comm.size()); }

  // Collective. Ids, segments and margins.
  LocalLabels read(core::Events& events) const {
    portfolio::check_unique_ids(c_.comm, labels_.files(), labels_.id_column(), events, portfolio::IdChosenBy::labels);
    return comm::agree(c_.comm, [&] {
      LocalLabels local;
      local.ids = labels_.ids(mine());
      for (const std::int64_t segment : labels_.segments(mine()))
        local.segment.push_back(static_cast<std::int32_t>(segment));
      local.margin = labels_.margins(mine());
      return local;
    });
  }

  // Collective. How many segments there are, at the least those that have customers.
  int segments(const LocalLabels& local) const {
    std::int64_t least = 1;
    std::int64_t most = model_ ? model_->segments() : 1;
    for (const std::int32_t segment : local.segment) {
      least = std::min<std::int64_t>(least, segment);
      most = std::max<std::int64_t>(most, segment);
    }
    if (c_.comm.min(least) < 1)
      throw comm::AgreedError(Error(ExitCode::bad_data, "the labels hold a segment below 1")
                                  .in_file(labels_.files().shards().front().header.path.parent_path().string())
                                  .remedy("'cardseg verify' says whether the run was changed"));
    return static_cast<int>(c_.comm.max(most));
  }

  // Collective. The numbers of a column of the shards.
  std::vector<double> numbers(const std::string& column, const char* named_by) const {
    return comm::agree(c_.comm, [&] {
      const int index = shards_->column_index(column);
      if (index < 0)
        throw Error(ExitCode::usage, field(named_by) + " names a column that the shards do not have")
            .in_column(column)
            .remedy("Name a column of numbers");
      if (shards_->columns()[static_cast<std::size_t>(index)].type == io::ColumnType::text)
        throw Error(ExitCode::usage, field(named_by) + " names a column of text")
            .in_column(column)
            .remedy("Name a column of numbers");
      std::vector<double> values(static_cast<std::size_t>(mine().size()));
      shards_->read_numbers(index, mine(), values);
      return values;
    });
  }

 private:
  void open_shards(const NamedSide& named) {
    shards_.emplace(c_.comm, std::vector<fs::path>(named.shards.begin(), named.shards.end()));
    labels_.check_same_customers(c_.comm, *shards_);
    if (model_) comm::agree(c_.comm, [&] { segments::check_schema(*model_, *shards_); });
  }

  cli::Context& c_;
  LabelledCustomers labels_;
  std::optional<segments::Model> model_;
  std::string model_id_;
  std::optional<io::ShardSet> shards_;
};

// The levels of a text column, and each local customer's, from 1.
struct Levels {
  std::vector<std::string> names;
  std::vector<std::int32_t> local;
};

// Collective.
Levels read_levels(cli::Context& c, const Side& side, const std::string& column) {
  const std::vector<std::string> texts = comm::agree(c.comm, [&] {
    const io::ShardSet& shards = *side.shards();
    const int index = shards.column_index(column);
    if (index < 0 || shards.columns()[static_cast<std::size_t>(index)].type != io::ColumnType::text)
      throw Error(ExitCode::usage, field("column") + " names no column of text of the shards")
          .in_column(column)
          .remedy("Name the text column that holds the other segmentation");
    std::vector<std::string> read = shards.read_texts(index, side.mine());
    for (std::string& text : read)
      if (text.empty()) text = portfolio::missing_level;
    return read;
  });
  const std::set<std::string> local(texts.begin(), texts.end());
  const auto too_many = [&](std::size_t count) {
    if (count <= most_levels) return;
    throw Error(ExitCode::bad_data,
                fmt::format("the column holds more than {} texts: it is no segmentation", most_levels))
        .in_column(column)
        .remedy("Name the column that holds the other segmentation");
  };
  const std::string packed = comm::agree(c.comm, [&] {
    too_many(local.size());
    std::string bytes;
    for (const std::string& level : local) bytes += level + '\0';
    return bytes;
  });
  std::set<std::string> all;
  for (const std::string& bytes : c.comm.allgather(packed))
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = bytes.find('\0', at);
      all.insert(bytes.substr(at, end - at));
      at = end + 1;
    }
  comm::agree(c.comm, [&] { too_many(all.size()); });
  Levels levels{{all.begin(), all.end()}, {}};
  for (const std::string& text : texts)
    levels.local.push_back(
        static_cast<std::int32_t>(std::ranges::lower_bound(levels.names, text) - levels.names.begin()) + 1);
  return levels;
}

std::vector<std::string> numbers_to(int segments) {
  std::vector<std::string> names;
  for (int j = 1; j <= segments; ++j) names.push_back(std::to_string(j));
  return names;
}

std::vector<std::string> names_of(const Side& side, int segments) {
  std::vector<std::string> names(static_cast<std::size_t>(segments));
  if (side.model())
    for (std::size_t j = 0; j < side.model()->names.size(); ++j) names[j] = side.model()->names[j].name;
  return names;
}

std::vector<std::int32_t> scored(cli::Context& c, const io::ShardSet& shards, const segments::Model& model) {
  std::vector<std::int32_t> segment = segments::score_shards(c.comm, shards, model, c.console).local_scores.segment;
  for (std::int32_t& each : segment) ++each;
  return segment;
}

void check_order(const Side& before, const Side& after) {
  if (!before.shards() || !after.shards()) return;
  const std::string first = as_of(lineage_of(*before.shards()));
  const std::string second = as_of(lineage_of(*after.shards()));
  if (first.empty() || second.empty() || first <= second) return;
  throw Error(ExitCode::bad_data,
              fmt::format("the months are in the wrong order: features before are of {}, after of {}", first, second))
      .remedy("Name the earlier one first");
}

// A comparison on its way.
class Comparison {
 public:
  Comparison(cli::Context& c, const CompareOptions& o)
      : c_(c), o_(o), notes_(c.console), before_(c, {o.before, o.model, o.shards, "before", "model"}) {
    if (o.column.empty()) after_.emplace(c, NamedSide{o.after, o.model_b, o.shards_b, "after", "model-b"});
  }

  RunComparison compare() {
    if (after_) comm::agree(c_.comm, [&] { check_order(before_, *after_); });
    c_.phases.begin("labels");
    LocalLabels before = before_.read(notes_);
    const monitor::SideShape before_shape{before_.labels().rows(), before_.segments(before)};
    names_.before = numbers_to(before_shape.segments);
    meaning_.before = names_of(before_, before_shape.segments);
    LocalLabels after = after_ ? after_->read(notes_) : own_segments(before);
    const monitor::SideShape after_shape =
        after_ ? monitor::SideShape{after_->labels().rows(), after_->segments(after)}
               : monitor::SideShape{before_shape.rows, static_cast<int>(names_.after.size())};
    if (after_) names_.after = numbers_to(after_shape.segments);
    meaning_.after = after_ ? names_of(*after_, after_shape.segments) : std::vector<std::string>(names_.after.size());
    add_amounts(before, after);
    const Cause cause = find_cause(before, after);
    c_.phases.begin("join");
    const bool has_value_before = before.has_value();
    const bool has_value_after = after.has_value();
    const monitor::JoinedCustomers joined(c_.comm, std::move(before), before_shape, std::move(after), after_shape);
    warn_of_few(joined);
    const bool is_by_number = after_ && o_.same_by == SameBy::number;
    const std::vector<int> matched = monitor::same_by_customers(joined.shared());
    const std::vector<int> same =
        is_by_number ? monitor::same_numbers(before_shape.segments, after_shape.segments) : matched;
    if (is_by_number) warn_of_other_numbers(same, matched);
    const monitor::CountedMoves moves = monitor::count_moves(
        c_.comm, joined, {cause, same, band_of(o_.border), after_.has_value()}, has_value_before, has_value_after);
    RunComparison found{comm::agree(c_.comm, [&] { return monitor::publish(moves.migration, o_.disclosure); }),
                        names_,
                        meaning_,
                        profile_moves(joined, moves.local_parts),
                        value_,
                        io::ShardSet(c_.comm, before_.labels().files().paths()),
                        before_shape.rows + (after_ ? after_shape.rows : 0),
                        config(),
                        {}};
    found.warnings = notes_.warnings();
    return found;
  }

 private:
  // The bank's own segments in place of a second label set: of the same rows.
  LocalLabels own_segments(const LocalLabels& before) {
    Levels levels = read_levels(c_, before_, o_.column);
    names_.after = std::move(levels.names);
    LocalLabels after;
    after.ids = before.ids;
    after.segment = std::move(levels.local);
    return after;
  }

  // The column that is named, or the first that a model knows for it.
  template <class IsIt>
  std::string column_for(const std::string& named, IsIt is_it) const {
    if (!named.empty()) return named;
    for (const Side* side : {&before_, after_ ? &*after_ : nullptr}) {
      if (side == nullptr || !side->model()) continue;
      for (const portfolio::FittedColumn& column : side->model()->columns)
        if (is_it(column.column)) return column.column.name;
    }
    return "";
  }

  void add_amounts(LocalLabels& before, LocalLabels& after) {
    if (!before_.shards() && !(after_ && after_->shards())) return;
    value_ = column_for(o_.value, [](const portfolio::Column& column) { return column.value_number == 1; });
    const std::string weight =
        column_for(o_.weight, [](const portfolio::Column& column) { return column.role == portfolio::Role::weight; });
    const auto add = [&](const Side& side, LocalLabels& labels) {
      if (!side.shards()) return;
      if (!value_.empty()) labels.value = side.numbers(value_, "value");
      if (!weight.empty()) labels.weight = side.numbers(weight, "weight");
      if (side.model()) read_gaps(*side.model(), labels.value);
    };
    add(before_, before);
    if (after_) add(*after_, after);
  }

  // Values that stand for a missing one are missing.
  void read_gaps(const segments::Model& model, std::vector<double>& values) const {
    for (const portfolio::FittedColumn& column : model.columns)
      if (column.column.name == value_) portfolio::replace_codes(column.column.settings.missing_codes, values);
  }

  Cause find_cause(LocalLabels& before, LocalLabels& after) {
    if (!after_) return Cause::unknown;
    if (!before_.model_id().empty() && before_.model_id() == after_->model_id()) return Cause::customer;
    if (!before_.model() || !after_->model() || !before_.shards() || !after_->shards()) return Cause::unknown;
    comm::agree(c_.comm, [&] {
      segments::check_schema(*before_.model(), *after_->shards());
      segments::check_schema(*after_->model(), *before_.shards());
    });
    c_.phases.begin("score");
    before.by_other_model = scored(c_, *before_.shards(), *after_->model());
    after.by_other_model = scored(c_, *after_->shards(), *before_.model());
    return Cause::scored;
  }

  void warn_of_few(const monitor::JoinedCustomers& joined) {
    const std::int64_t fewest = std::min(joined.before().rows, joined.after().rows);
    const double share = static_cast<double>(joined.shared_customers()) / static_cast<double>(fewest);
    if (share >= few_shared) return;
    notes_.warning(
        fmt::format("{} of the smaller side's customers are on the other side, too: all others count as new "
                    "or closed",
                    report::shown_share(share)));
  }

  void warn_of_other_numbers(const std::vector<int>& by_number, const std::vector<int>& by_customers) {
    if (by_number == by_customers) return;
    for (std::size_t b = 0; b < by_number.size(); ++b)
      if (by_customers[b] > 0 && by_customers[b] != by_number[b]) {
        notes_.warning(
            fmt::format("segment {} after shares most customers with segment {} before: where numbers mean "
                        "different segments, compare with same-by = customers",
                        b + 1, by_customers[b]));
        return;
      }
  }

  // Collective. Of those who stayed, and of those who moved.
  std::optional<profile::Profile> profile_moves(const monitor::JoinedCustomers& joined,
                                                const std::vector<Part>& parts) {
    const bool is_after = after_ && after_->shards();
    const Side& side = is_after ? *after_ : before_;
    if (!side.shards()) return std::nullopt;
    c_.phases.begin("profile");
    std::vector<std::int32_t> answers;
    for (const Part part : parts) answers.push_back(part == Part::stay ? 0 : monitor::is_move(part) ? 1 : 2);
    using JoinSide = monitor::JoinedCustomers::Side;
    const std::vector<std::int32_t> group =
        joined.send_back(c_.comm, answers, is_after ? JoinSide::after : JoinSide::before);
    portfolio::Schema schema = comm::agree(
        c_.comm, [&] { return profiled_schema({}, o_.disclosure, side.shards()->columns(), side.model()); });
    schema = portfolio::leave_out_id_like(c_.comm, *side.shards(), std::move(schema), notes_);
    profile::Profile exact =
        profile::compute_profile(c_.comm, *side.shards(),
                                 profile::profiled_columns(schema, side.model() ? columns_in_distance(*side.model())
                                                                                : std::vector<std::string>()),
                                 {group, 3}, notes_);
    return comm::agree(c_.comm, [&] { return profile::disclosed(std::move(exact), o_.disclosure); });
  }

  // Collective.
  ResultConfig config() {
    CompareOptions described = o_;
    ResultConfig all = comm::agree(c_.comm, [&] { return result_config(describe(described)); });
    const auto add = [&](const std::string& name, const io::ShardSet& set) {
      std::string digests;
      for (const std::string& digest : set.sha256(c_.comm)) digests += digest;
      all.emplace_back(name, core::sha256_hex(digests));
    };
    if (before_.shards()) add("shards_sha256", *before_.shards());
    if (after_) add("after_sha256", after_->labels().files());
    if (after_ && after_->shards()) add("shards_b_sha256", *after_->shards());
    std::ranges::sort(all);
    return all;
  }

  cli::Context& c_;
  const CompareOptions& o_;
  core::WarningNotes notes_;
  Side before_;
  std::optional<Side> after_;
  monitor::SideNames names_;
  monitor::SideNames meaning_;
  std::string value_;
};

}  // namespace

cli::OptionTables describe(CompareOptions& o) {
  using core::Shapes;
  return {
      {"Compare",
       {core::text(o.before,
                   {"before", "DIR", Shapes::inputs, "directory of a run of fit or assign, or of label files"}),
        core::text(o.after, {"after", "DIR", Shapes::inputs, "the same of later labels, or of a challenger's"}),
        core::text(o.column, {"column", "NAME", Shapes::result,
                              "text column of the shards to compare with, in place of later labels: the segments that "
                              "the bank has"}),
        core::words(o.shards, {"shards", "PATH", Shapes::inputs,
                               "shards that the labels before are of: for values, profiles and the split of moves"}),
        core::words(o.shards_b, {"shards-b", "PATH", Shapes::inputs, "shards that the labels after are of"}),
        core::text(o.model, {"model", "FILE", Shapes::by_file,
                             "model.json that gave the labels before; without it the run's own"}),
        core::text(o.model_b, {"model-b", "FILE", Shapes::by_file, "model.json that gave the labels after"}),
        core::choice(o.same_by, same_by_names,
                     {"same-by", "WHAT", Shapes::result,
                      "which segments are the same: those of one number, or those that share most customers"}),
        core::text(o.border, check_border,
                   {"border", "BAND", Shapes::result,
                    "customers who changed segment are no movers where both margins together are within this band; "
                    "auto: the median change of margin of customers who stay"}),
        core::text(o.value, {"value", "NAME", Shapes::result,
                             "column that says what customers are worth; without it the model's first one"}),
        core::text(o.weight, {"weight", "NAME", Shapes::result,
                              "column of the customers' masses; without it the model's, or each counts as 1"})}},
      describe(o.disclosure),
      describe(o.output)};
}

void validate(const CompareOptions& o) {
  if (o.before.empty())
    throw Error(ExitCode::usage, field("before") + " is missing")
        .remedy("Name the directory of a run of fit or assign");
  if (o.after.empty() == o.column.empty())
    throw Error(ExitCode::usage, o.column.empty() ? field("after") + " is missing"
                                                  : field("column") + " takes the place of " + field("after"))
        .remedy("Name a second directory of labels, or a text column of the shards with " + field("column"));
  if (!o.column.empty() && o.shards.empty())
    throw Error(ExitCode::usage, field("column") + " needs " + field("shards"))
        .remedy("Name the shards that the labels are of");
  if (!o.shards_b.empty() && o.after.empty())
    throw Error(ExitCode::usage, field("shards-b") + " needs " + field("after"))
        .remedy("Leave out " + field("shards-b"));
  if ((!o.value.empty() || !o.weight.empty()) && o.shards.empty() && o.shards_b.empty())
    throw Error(ExitCode::usage, field(o.value.empty() ? "weight" : "value") + " needs " + field("shards"))
        .remedy("Name the shards that the labels are of");
  CompareOptions described = o;
  core::validate(describe(described).front());
  validate(o.disclosure);
  validate(o.output);
}

RunComparison compare_runs(cli::Context& c, const CompareOptions& o) {
  c.phases.begin("headers");
  std::vector<fs::path> inputs = {fs::path(o.before) / files::manifest};
  if (!o.after.empty()) inputs.push_back(fs::path(o.after) / files::manifest);
  prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  return Comparison(c, o).compare();
}

}  // namespace cardseg::run
