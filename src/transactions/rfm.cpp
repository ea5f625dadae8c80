#include "cardseg/transactions/rfm.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>
#include <span>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_staging.hpp"
#include "cardseg/portfolio/quantiles.hpp"
#include "cardseg/transactions/rfm_record.hpp"
#include "transactions/customer_features.hpp"
#include "transactions/customer_order.hpp"
#include "transactions/feature_shards.hpp"
#include "transactions/fit_lifetimes.hpp"
#include "transactions/ledger.hpp"
#include "transactions/rfm_description.hpp"
#include "transactions/rfm_input.hpp"
#include "transactions/snapshot.hpp"
#include "transactions/statement_features.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::int128;

constexpr const char* stem = "customers";
constexpr double quintiles[cut_count] = {0.2, 0.4, 0.6, 0.8};

// The work of one snapshot, phase by phase. Every function is collective unless it says Local.
class RfmWork {
 public:
  // `files`: of the snapshot's directory; `input` must outlive it.
  RfmWork(const comm::Communicator& comm, const RfmOptions& options, const Period& period, const RfmInput& input,
          io::ShardStaging& files, core::Events& events)
      : comm_(comm),
        options_(options),
        events_(events),
        files_(files),
        input_(input),
        ledger_(input.transactions.ledger),
        snapshot_(ledger_, period) {
    report_.period = period;
    report_.horizon_days = parse_horizon(options.horizon, period.last, field("horizon"));
    report_.numbers = input.transactions.numbers;
    report_.statements = input.statements;
    report_.sources = input.sources;
    report_.input_bytes = input.transactions.reading.input_bytes;
    report_.blank_lines = input.transactions.reading.blank_lines;
    report_.conflicts = input.conflicts;
    report_.has_unmatched = input.has_unmatched;
  }

  // `local_files`: those in `files` already that this rank wrote.
  RfmReport run(const ScoreCuts& cuts, std::vector<std::string> local_files) {
    report_.cuts = cuts;
    local_files_ = std::move(local_files);
    select_customers();
    check_any_used();
    find_days();
    rank_customers();
    find_cuts();
    fit_lifetime_models();
    write();
    return std::move(report_);
  }

 private:
  // Customers that are not known have no place, where known ones were named; else those who have nothing in the period.
  void select_customers() {
    for (std::uint32_t c = 0; c < ledger_.customers(); ++c) {
      if (!options_.customers.empty() && !ledger_.is_known(c)) {
        for (const Transaction& each : ledger_.of(c)) report_.numbers.unknown.add(each.amount);
        for (const Statement& each : ledger_.statements_of(c)) report_.statements->unknown.add(each.balance);
        continue;
      }
      count_outside(c);
      const std::int64_t used = std::ssize(snapshot_.transactions_of(c));
      if (options_.customers.empty() && used == 0 && snapshot_.statements_of(c).empty()) continue;
      order_.push_back(c);
      local_used_ += used;
    }
  }

  // Local. What other snapshots read.
  void count_outside(std::uint32_t customer) {
    const Period& period = snapshot_.period();
    for (const Transaction& each : ledger_.of(customer)) {
      if (each.day < period.first) report_.numbers.before_window.add(each.amount);
      if (each.day > period.last) report_.numbers.after_as_of.add(each.amount);
    }
    const std::span<const Statement> inside = snapshot_.statements_of(customer);
    for (const Statement& each : ledger_.statements_of(customer))
      if (inside.empty() || each.month < inside.front().month || each.month > inside.back().month)
        report_.statements->outside.add(each.balance);
  }

  void check_any_used() const {
    if (comm_.sum(local_used_) > 0) return;
    if (!options_.customers.empty() && comm_.sum(local_in_period()) > 0)
      throw comm::AgreedError(
          Error(ExitCode::bad_data, "no transaction is of a customer whom " + field("customers") + " holds")
              .remedy("Compare the ids: 007 and 7 are two customers"));
    const bool has_any = input_.transactions.days.first <= input_.transactions.days.last;
    Error error(ExitCode::bad_data, has_any ? "no transaction is " + days_asked() + ": they are of " +
                                                  day_text(input_.transactions.days.first) + " to " +
                                                  day_text(input_.transactions.days.last)
                                            : "holds no transaction");
    error.in_file(report_.sources.front().name);
    throw comm::AgreedError(error.remedy(has_any ? "Give another " + field("as-of") + " or " + field("window")
                                                 : "Name a file of transactions"));
  }

  // Local. Transactions in the period, of whomever.
  std::int64_t local_in_period() const {
    std::int64_t count = 0;
    for (std::size_t c = 0; c < ledger_.customers(); ++c) count += std::ssize(snapshot_.transactions_of(c));
    return count;
  }

  // Local.
  std::string days_asked() const {
    if (report_.period.first == no_day) return "of " + day_text(report_.period.last) + " or before";
    return "of " + day_text(report_.period.first) + " to " + day_text(report_.period.last);
  }

  // The period begins with its window, or with the first transaction that is used.
  void find_days() {
    DaysFound used;
    for (const std::uint32_t c : order_) {
      const std::span<const Transaction> transactions = snapshot_.transactions_of(c);
      if (transactions.empty()) continue;
      used.first = std::min(used.first, transactions.front().day);
      used.last = std::max(used.last, transactions.back().day);
    }
    report_.first_day = static_cast<Day>(comm_.min(std::int64_t{used.first}));
    report_.last_day = static_cast<Day>(comm_.max(std::int64_t{used.last}));
    const Day first = report_.period.first == no_day ? report_.first_day : report_.period.first;
    dates_ = FeatureDates(report_.period.last, first);
  }

  void rank_customers() {
    bool is_number = true;
    std::int64_t longest = 1;
    for (const std::uint32_t c : order_) {
      is_number = is_number && is_whole_number(ledger_.id(c));
      longest = std::max<std::int64_t>(longest, std::ssize(ledger_.id(c)));
    }
    ids_are_numbers_ = comm_.min(std::int64_t{is_number}) != 0;
    longest_id_ = comm_.max(longest);
    std::vector<std::string> keys = comm::agree(comm_, [&] { return sorted_keys(); });
    places_ = global_places(comm_, keys);
    report_.customers = comm_.sum(std::ssize(order_));
  }

  // Local. Brings order_ into the order of ids.
  std::vector<std::string> sorted_keys() {
    std::vector<std::pair<std::string, std::uint32_t>> keyed;
    for (const std::uint32_t c : order_) keyed.emplace_back(sort_key(ledger_.id(c), ids_are_numbers_), c);
    order_.clear();
    std::ranges::sort(keyed);
    std::vector<std::string> keys;
    for (auto& [key, customer] : keyed) {
      order_.push_back(customer);
      keys.push_back(std::move(key));
    }
    return keys;
  }

  void find_cuts() {
    std::vector<double> recency;
    std::vector<double> purchases;
    std::vector<double> amounts;
    comm::agree(comm_, [&] {
      for (const std::uint32_t customer : order_) {
        const ScoreBasis basis = score_basis(snapshot_.transactions_of(customer), dates_);
        bases_.push_back(basis);
        if (basis.purchases == 0) continue;
        recency.push_back(static_cast<double>(basis.recency_days));
        purchases.push_back(static_cast<double>(basis.purchases));
        amounts.push_back(static_cast<double>(basis.amount_sum));
      }
    });
    if (!options_.cuts.empty()) return;
    report_.cuts = {quintiles_of(recency), quintiles_of(purchases), quintiles_of(amounts)};
  }

  Cuts quintiles_of(const std::vector<double>& local) {
    std::vector<portfolio::Quantile> wanted;
    for (const double p : quintiles) wanted.push_back({p, portfolio::QuantileMethod::lower});
    Cuts cuts{};
    const std::vector<double> found = portfolio::compute_quantiles(comm_, local, wanted);
    for (std::size_t c = 0; c < cut_count; ++c)
      cuts[c] = found[c] == found[c] ? static_cast<std::int64_t>(found[c]) : 0;
    return cuts;
  }

  void fit_lifetime_models() {
    if (options_.horizon.empty()) return;
    const std::vector<RepeatPurchases> buyers = comm::agree(comm_, [&] {
      std::vector<RepeatPurchases> made;
      for (const std::uint32_t customer : order_)
        if (const auto found = repeat_purchases(snapshot_.transactions_of(customer), dates_)) made.push_back(*found);
      return made;
    });
    report_.lifetimes = fit_lifetimes(comm_, buyers, core::decimal_scale(options_.minor_units));
    for (const std::string& warning : warnings_of(*report_.lifetimes)) events_.warning(warning);
  }

  // Local.
  void set_lifetime(std::span<const Transaction> transactions, FeatureValues& values) const {
    const std::optional<RepeatPurchases> customer = repeat_purchases(transactions, dates_);
    if (!report_.lifetimes || !customer) return;
    const double days = expected_days(report_.lifetimes->purchases, *customer, report_.horizon_days);
    const double worth =
        expected_day_value(report_.lifetimes->spend, *customer, core::decimal_scale(options_.minor_units));
    at(values, Feature::p_alive) = alive_probability(report_.lifetimes->purchases, *customer);
    at(values, Feature::expected_days) = days;
    at(values, Feature::expected_day_value) = worth;
    at(values, Feature::lifetime_value) = days * worth;
  }

  // Local. Counts what was used.
  void add_statements(std::span<const Statement> statements, FeatureValues& values) {
    if (!report_.statements) return;
    set_statement_features(statements, options_.minor_units, values);
    for (const Statement& each : statements) report_.statements->used.add(each.balance);
    if (has_gaps(statements)) ++report_.statements->with_gaps;
  }

  // Local. Of the i-th customer in the order of ids; counts what was used.
  std::vector<double> values_of(std::size_t i) {
    const std::span<const Transaction> transactions = snapshot_.transactions_of(order_[i]);
    FeatureValues values = compute_features(transactions, dates_, options_.minor_units);
    const ScoreBasis& basis = bases_[i];
    if (basis.purchases > 0) {
      at(values, Feature::r_score) = 6 - score(basis.recency_days, report_.cuts.recency_days);
      at(values, Feature::f_score) = score(basis.purchases, report_.cuts.purchases);
      at(values, Feature::m_score) = score(basis.amount_sum, report_.cuts.amount_sum);
    }
    set_lifetime(transactions, values);
    add_statements(snapshot_.statements_of(order_[i]), values);
    at(values, Feature::rfm_class) = static_cast<double>(options_.groups.grid.line_of(
        static_cast<int>(at(values, Feature::r_score)), static_cast<int>(at(values, Feature::f_score)),
        static_cast<int>(at(values, Feature::m_score))));
    add_sums(values);
    for (const Transaction& each : transactions) report_.numbers.used.add(each.amount);
    std::vector<double> chosen;
    for (const Feature feature : features_) chosen.push_back(at(values, feature));
    const std::vector<double> shares = compute_shares(transactions, options_.groups.categories.names().size(),
                                                      options_.groups.channels.names().size());
    chosen.insert(chosen.end(), shares.begin(), shares.end());
    return chosen;
  }

  // Local.
  void add_sums(const FeatureValues& values) {
    for (const Feature feature : all_features()) {
      const double value = at(values, feature);
      if (facts_of(feature).summed == Summed::no || value != value) continue;
      const int places = facts_of(feature).summed == Summed::money ? options_.minor_units : 0;
      sums_[static_cast<std::size_t>(feature)] += core::decimal_units(value, places);
    }
  }

  // Local. What the numbers of a text stand for; 0: nothing.
  std::vector<std::string> words_of(Feature feature) const {
    if (!facts_of(feature).is_text) return {};
    std::vector<std::string> words =
        feature == Feature::payer_class ? payer_class_names.all() : options_.groups.grid.names();
    if (feature == Feature::payer_class)
      words.front().clear();
    else
      words.insert(words.begin(), "");
    return words;
  }

  ShardPlan plan() const {
    ShardPlan plan;
    io::ColumnSpec id{id_column_name, ids_are_numbers_ ? io::ColumnType::int64 : io::ColumnType::text};
    if (!ids_are_numbers_) id.text_bytes = longest_id_;
    plan.columns.push_back(std::move(id));
    for (const Feature feature : features_) {
      plan.columns.push_back(column_of(feature));
      plan.words.push_back(words_of(feature));
      for (const std::string& word : plan.words.back())
        plan.columns.back().text_bytes = std::max(plan.columns.back().text_bytes, std::ssize(word));
    }
    for (const std::string& group : options_.groups.categories.names()) plan.columns.push_back(share_column(group));
    for (const std::string& group : options_.groups.channels.names()) plan.columns.push_back(channel_column(group));
    plan.words.resize(plan.columns.size() - 1);
    plan.rows = report_.customers;
    plan.rows_per_shard = options_.csv.rows_per_shard;
    plan.stem = stem;
    plan.deflate_level = options_.csv.deflate_level;
    return plan;
  }

  void write() {
    std::set<Needs> supplies = input_.supplies;
    if (report_.lifetimes) supplies.insert(Needs::horizon);
    features_ = comm::agree(comm_, [&] { return chosen_features(options_.features, supplies); });
    const ShardPlan shards = plan();
    const PlacedCustomers customers{places_,
                                    [this](std::size_t i) -> const std::string& { return ledger_.id(order_[i]); },
                                    [this](std::size_t i) { return values_of(i); }};
    const WrittenShards written = write_shards(comm_, customers, shards, files_, events_);
    local_files_.insert(local_files_.end(), written.local_names.begin(), written.local_names.end());
    for (const std::string& name : written.names) report_.shards.push_back(options_.csv.output_directory / name);
    report_.rows_written = written.rows;
    add_up(comm_, report_.numbers);
    comm_.allreduce_sum(std::span(sums_));
    report_columns(shards, written);
    if (report_.statements) {
      add_up(comm_, *report_.statements);
      warn_of_gaps();
    }
    comm::agree(comm_, [&] {
      check(report_.numbers);
      if (report_.statements) check(*report_.statements);
      if (comm_.is_root()) write_companions();
    });
    files_.publish(local_files_);
  }

  void warn_of_gaps() {
    if (report_.statements->with_gaps == 0) return;
    events_.warning(core::with_commas(report_.statements->with_gaps) +
                    " customers lack statements of months between their first and last: what fell due there is not "
                    "counted");
  }

  // Local.
  void report_columns(const ShardPlan& shards, const WrittenShards& written) {
    report_.columns.push_back({shards.columns.front(), 0, ""});
    for (std::size_t c = 1; c < shards.columns.size(); ++c)
      report_.columns.push_back(
          {shards.columns[c], written.missing[c - 1], c <= features_.size() ? sum_of(c - 1) : ""});
  }

  // Local. Of the f-th feature that is written.
  std::string sum_of(std::size_t f) const {
    const Summed summed = facts_of(features_[f]).summed;
    if (summed == Summed::no) return {};
    const int places = summed == Summed::money ? options_.minor_units : 0;
    return core::decimal_text(sums_[static_cast<std::size_t>(features_[f])], places);
  }

  // Local. Names of the columns behind the features.
  std::vector<std::string> shares() const {
    std::vector<std::string> names;
    for (std::size_t c = 1 + features_.size(); c < report_.columns.size(); ++c)
      names.push_back(report_.columns[c].spec.name);
    return names;
  }

  // Local.
  void write_companions() {
    const auto write_one = [&](const char* name, const std::string& text) {
      io::write_file(files_.staged(name), text);
      local_files_.emplace_back(name);
    };
    write_one(description_name, description_of(features_, shares()));
    write_one(cuts_name, cuts_json(report_.cuts, options_.minor_units, options_.as_of, options_.window));
    write_one(rfm_record_name, rfm_json(options_, report_));
  }

  comm::Communicator comm_;
  const RfmOptions& options_;
  core::Events& events_;
  io::ShardStaging& files_;
  std::vector<std::string> local_files_;
  const RfmInput& input_;
  const Ledger& ledger_;
  Snapshot snapshot_;
  FeatureDates dates_;
  std::vector<Feature> features_;  // that are written
  bool ids_are_numbers_ = false;
  std::int64_t longest_id_ = 1;
  std::vector<std::uint32_t> order_;  // customers of this rank that get rows; by id where they have places
  std::int64_t local_used_ = 0;       // transactions of these
  std::vector<std::int64_t> places_;  // of these, among all
  std::vector<ScoreBasis> bases_;     // of these
  std::array<int128, feature_count> sums_{};
  RfmReport report_;
};

// The options of one snapshot.
RfmOptions snapshot_options(const RfmOptions& options, Day as_of, bool is_one_of_several) {
  RfmOptions own = options;
  own.as_of = day_text(as_of);
  if (is_one_of_several) own.csv.output_directory /= own.as_of;
  return own;
}

// The period that holds those of all snapshots, which are ascending.
Period whole_period(const std::vector<Period>& periods) { return {periods.front().first, periods.back().last}; }

// Local.
ScoreCuts read_cuts(const std::string& file, int minor_units) try {
  return cuts_from_json(io::read_file(file), minor_units);
} catch (Error& error) {
  throw error.in_file(file);
}

}  // namespace

std::vector<RfmReport> compute_rfm(const comm::Communicator& comm, const RfmOptions& options, core::Events& events) {
  RfmOptions whole = options;
  ScoreCuts cuts{};
  std::vector<Period> periods;
  std::vector<RfmOptions> each_options;
  comm::agree(comm, [&] {
    validate(whole);
    whole.csv.inputs = files_of(whole.csv.inputs);
    whole.statements = files_of(whole.statements);
    if (!whole.cuts.empty()) cuts = read_cuts(whole.cuts, whole.minor_units);
    const std::vector<Day> days = parse_days(whole.as_of, field("as-of"));
    for (const Day day : days) {
      periods.push_back(parse_window(whole.window, day, field("window")));
      each_options.push_back(snapshot_options(whole, day, days.size() > 1));
    }
  });
  const bool has_several = periods.size() > 1;
  const std::vector<std::string> lists = {convert::bad_rows_name(whole.csv), bad_statements_name, unmatched_name};
  std::vector<std::string> companions = {description_name, cuts_name, rfm_record_name};
  if (!has_several) companions.insert(companions.end(), lists.begin(), lists.end());
  std::vector<std::unique_ptr<io::ShardStaging>> files;
  for (const RfmOptions& own : each_options)
    files.push_back(
        std::make_unique<io::ShardStaging>(comm, own.csv.output_directory, stem, companions, own.csv.overwrite));
  if (has_several)
    files.push_back(
        std::make_unique<io::ShardStaging>(comm, whole.csv.output_directory, stem, lists, whole.csv.overwrite));
  RfmInput input = read_input(comm, whole, whole_period(periods), *files.back(), events);
  std::vector<RfmReport> reports;
  for (std::size_t s = 0; s < periods.size(); ++s) {
    RfmWork work(comm, each_options[s], periods[s], input, *files[s], events);
    reports.push_back(work.run(cuts, has_several ? std::vector<std::string>() : input.local_files));
    if (input.has_bad_rows_list) reports.back().bad_rows_list = whole.csv.output_directory / lists.front();
  }
  if (has_several) files.back()->publish(input.local_files);
  return reports;
}

}  // namespace cardseg::transactions
