#include "cardseg/transactions/rfm.hpp"

#include <algorithm>
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
#include "transactions/known_customers.hpp"
#include "transactions/ledger.hpp"
#include "transactions/rfm_description.hpp"
#include "transactions/statement_features.hpp"
#include "transactions/statement_reader.hpp"
#include "transactions/transaction_reader.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::int128;

constexpr const char* stem = "customers";
constexpr double quintiles[cut_count] = {0.2, 0.4, 0.6, 0.8};

// The work of one job, phase by phase. Every function is collective unless it says Local.
class RfmWork {
 public:
  RfmWork(const comm::Communicator& comm, const RfmOptions& options, core::Events& events)
      : comm_(comm), options_(options), events_(events) {}

  RfmReport run() {
    prepare();
    read();
    rank_customers();
    find_cuts();
    fit_lifetime_models();
    write();
    return std::move(report_);
  }

 private:
  void prepare() {
    const std::string given_cuts = comm::agree(comm_, [&] {
      validate(options_);
      options_.csv.inputs = files_of(options_.csv.inputs);
      options_.statements = files_of(options_.statements);
      const Day as_of = parse_day(options_.as_of, field("as-of"));
      report_.period = parse_window(options_.window, as_of, field("window"));
      report_.horizon_days = parse_horizon(options_.horizon, as_of, field("horizon"));
      return options_.cuts.empty() ? std::string() : io::read_file(options_.cuts);
    });
    comm::agree(comm_, [&] {
      if (options_.cuts.empty()) return;
      try {
        report_.cuts = cuts_from_json(given_cuts, options_.minor_units);
      } catch (Error& error) {
        throw error.in_file(options_.cuts);
      }
    });
    files_.emplace(comm_, options_.csv.output_directory, stem,
                   std::vector<std::string>{convert::bad_rows_name(options_.csv), bad_statements_name, description_name,
                                            cuts_name, rfm_record_name, unmatched_name},
                   options_.csv.overwrite);
  }

  void read() {
    const std::string list = convert::bad_rows_name(options_.csv);
    read_ =
        read_transactions(comm_, options_, report_.period, files_->staged("input.csv"), files_->staged(list), events_);
    for (const std::string& warning : read_.warnings) events_.warning(warning);
    report_.sources = read_.reading.sources;
    report_.input_bytes = read_.reading.input_bytes;
    report_.blank_lines = read_.reading.blank_lines;
    const bool is_listed = comm_.is_root() && std::filesystem::exists(files_->staged(list));
    if (comm_.max(std::int64_t{is_listed}) != 0) {
      report_.bad_rows_list = options_.csv.output_directory / list;
      if (comm_.is_root()) local_files_.push_back(list);
    }
    if (!options_.statements.empty()) read_monthly_statements();
    select_customers();
    check_any_used();
    find_days();
    warn();
  }

  void read_monthly_statements() {
    ReadStatements read = read_statements(comm_, options_, report_.period, files_->staged("statements.csv"),
                                          files_->staged(bad_statements_name), read_.ledger, events_);
    for (const std::string& warning : read.warnings) events_.warning(warning);
    const bool is_listed = comm_.is_root() && std::filesystem::exists(files_->staged(bad_statements_name));
    if (is_listed) local_files_.emplace_back(bad_statements_name);
    report_.sources.insert(report_.sources.end(), read.sources.begin(), read.sources.end());
    report_.statements = std::move(read.numbers);
    supplies_.insert(Needs::statements);
    for (const auto& [part, needs] : {std::pair(StatementPart::limit, Needs::limits),
                                      {StatementPart::payment, Needs::payments},
                                      {StatementPart::minimum, Needs::minimums},
                                      {StatementPart::interest, Needs::interest},
                                      {StatementPart::fees, Needs::fees},
                                      {StatementPart::past_due, Needs::past_due}})
      if (read.columns.of(part)) supplies_.insert(needs);
  }

  // Customers that are not known have no place, where known ones were named.
  void select_customers() {
    for (std::uint32_t c = 0; c < read_.ledger.customers(); ++c) {
      if (options_.customers.empty() || read_.ledger.is_known(c)) {
        order_.push_back(c);
        local_used_ += std::ssize(read_.ledger.of(c));
      } else {
        for (const Transaction& each : read_.ledger.of(c)) read_.numbers.unknown.add(each.amount);
        for (const Statement& each : read_.ledger.statements_of(c)) report_.statements->unknown.add(each.balance);
      }
    }
    if (options_.customers.empty()) return;
    const std::string unmatched = unmatched_table(comm_, read_.ledger, options_.minor_units);
    report_.has_unmatched = comm_.max(std::int64_t{!unmatched.empty()}) != 0;
    comm::agree(comm_, [&] {
      if (unmatched.empty()) return;
      io::write_file(files_->staged(unmatched_name), unmatched);
      local_files_.emplace_back(unmatched_name);
    });
  }

  void warn() {
    report_.conflicts = comm_.sum(read_.ledger.conflicts());
    if (report_.conflicts == 0) return;
    events_.warning("transactions that repeat an id: " + core::with_commas(report_.conflicts) +
                    " have another day or amount than the earliest, which counts");
  }

  void warn_of_statements() {
    const StatementNumbers& numbers = *report_.statements;
    if (numbers.conflicts > 0)
      events_.warning("statements of one customer and month: " + core::with_commas(numbers.conflicts) +
                      " say other things than the one that counts, which has the least balance");
    if (numbers.with_gaps > 0)
      events_.warning(core::with_commas(numbers.with_gaps) +
                      " customers lack statements of months between their first and last: what fell due there is not "
                      "counted");
  }

  void check_any_used() const {
    if (comm_.sum(local_used_) > 0) return;
    if (comm_.sum(static_cast<std::int64_t>(read_.ledger.transactions())) > 0)
      throw comm::AgreedError(
          Error(ExitCode::bad_data, "no transaction is of a customer whom " + field("customers") + " holds")
              .remedy("Compare the ids: 007 and 7 are two customers"));
    const bool has_any = read_.days.first <= read_.days.last;
    Error error(ExitCode::bad_data, has_any ? "no transaction is " + days_asked() + ": they are of " +
                                                  day_text(read_.days.first) + " to " + day_text(read_.days.last)
                                            : "holds no transaction");
    error.in_file(report_.sources.front().name);
    throw comm::AgreedError(error.remedy(has_any ? "Give another " + field("as-of") + " or " + field("window")
                                                 : "Name a file of transactions"));
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
      if (read_.ledger.of(c).empty()) continue;
      used.first = std::min(used.first, read_.ledger.of(c).front().day);
      used.last = std::max(used.last, read_.ledger.of(c).back().day);
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
      is_number = is_number && is_whole_number(read_.ledger.id(c));
      longest = std::max<std::int64_t>(longest, std::ssize(read_.ledger.id(c)));
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
    for (const std::uint32_t c : order_) keyed.emplace_back(sort_key(read_.ledger.id(c), ids_are_numbers_), c);
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
        const ScoreBasis basis = score_basis(read_.ledger.of(customer), dates_);
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
        if (const auto found = repeat_purchases(read_.ledger.of(customer), dates_)) made.push_back(*found);
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
    const std::span<const Transaction> transactions = read_.ledger.of(order_[i]);
    FeatureValues values = compute_features(transactions, dates_, options_.minor_units);
    const ScoreBasis& basis = bases_[i];
    if (basis.purchases > 0) {
      at(values, Feature::r_score) = 6 - score(basis.recency_days, report_.cuts.recency_days);
      at(values, Feature::f_score) = score(basis.purchases, report_.cuts.purchases);
      at(values, Feature::m_score) = score(basis.amount_sum, report_.cuts.amount_sum);
    }
    set_lifetime(transactions, values);
    add_statements(read_.ledger.statements_of(order_[i]), values);
    at(values, Feature::rfm_class) = static_cast<double>(options_.groups.grid.line_of(
        static_cast<int>(at(values, Feature::r_score)), static_cast<int>(at(values, Feature::f_score)),
        static_cast<int>(at(values, Feature::m_score))));
    add_sums(values);
    for (const Transaction& each : transactions) read_.numbers.used.add(each.amount);
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
    if (read_.has_times) supplies_.insert(Needs::times);
    if (read_.has_categories) supplies_.insert(Needs::categories);
    if (report_.lifetimes) supplies_.insert(Needs::horizon);
    if (!options_.groups.grid.names().empty()) supplies_.insert(Needs::grid);
    features_ = comm::agree(comm_, [&] { return chosen_features(options_.features, supplies_); });
    const ShardPlan shards = plan();
    const PlacedCustomers customers{places_,
                                    [this](std::size_t i) -> const std::string& { return read_.ledger.id(order_[i]); },
                                    [this](std::size_t i) { return values_of(i); }};
    const WrittenShards written = write_shards(comm_, customers, shards, *files_, events_);
    local_files_.insert(local_files_.end(), written.local_names.begin(), written.local_names.end());
    for (const std::string& name : written.names) report_.shards.push_back(options_.csv.output_directory / name);
    report_.rows_written = written.rows;
    report_.numbers = read_.numbers;
    add_up(comm_, report_.numbers);
    comm_.allreduce_sum(std::span(sums_));
    report_columns(shards, written);
    if (report_.statements) {
      add_up(comm_, *report_.statements);
      warn_of_statements();
    }
    comm::agree(comm_, [&] {
      check(report_.numbers);
      if (report_.statements) check(*report_.statements);
      if (comm_.is_root()) write_companions();
    });
    files_->publish(local_files_);
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
      io::write_file(files_->staged(name), text);
      local_files_.emplace_back(name);
    };
    write_one(description_name, description_of(features_, shares()));
    write_one(cuts_name, cuts_json(report_.cuts, options_.minor_units, options_.as_of, options_.window));
    write_one(rfm_record_name, rfm_json(options_, report_));
  }

  comm::Communicator comm_;
  RfmOptions options_;
  core::Events& events_;
  std::optional<io::ShardStaging> files_;
  std::vector<std::string> local_files_;
  ReadTransactions read_;
  FeatureDates dates_;
  std::set<Needs> supplies_;
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

}  // namespace

RfmReport compute_rfm(const comm::Communicator& comm, const RfmOptions& options, core::Events& events) {
  return RfmWork(comm, options, events).run();
}

}  // namespace cardseg::transactions
