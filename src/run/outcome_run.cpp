#include "cardseg/run/outcome_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <unordered_map>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/warning_notes.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/segments/customer_file.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using monitor::CampaignCustomer;
using segments::CustomerLine;
namespace fs = std::filesystem;

constexpr const char* group_column = "group";
constexpr const char* segment_column = "segment";

bool has(const std::vector<std::string>& columns, const std::string& name) {
  return std::ranges::find(columns, name) != columns.end();
}

[[noreturn]] void refuse(const std::string& file, int line, const std::string& why, const std::string& remedy) {
  throw Error(ExitCode::bad_data, fmt::format("line {}: {}", line, why)).in_file(file).remedy(remedy);
}

bool is_yes(const std::string& file, int line, const std::string& text) {
  for (const char* yes : {"1", "true", "yes"})
    if (text == yes) return true;
  for (const char* no : {"0", "false", "no", ""})
    if (text == no) return false;
  refuse(file, line, "the response is neither yes nor no", "Write 1 or 0, true or false, yes or no");
}

double number_in(const std::string& file, int line, const std::string& text) {
  constexpr double largest = 1e150;
  double value = 0.0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty()) return 0.0;
  if (failure != std::errc() || end != text.data() + text.size() || !(std::abs(value) <= largest))
    refuse(file, line, "the value is no number", "Write a number, or nothing for 0");
  return value;
}

// The customers of the list, and where each is.
struct List {
  std::vector<CampaignCustomer> customers;
  std::unordered_map<std::string, std::size_t> place;
};

List read_list(const OutcomeOptions& o) {
  if (!has(segments::columns_of_customer_file(o.list), group_column))
    throw Error(ExitCode::bad_data, "the list has no control group: there is no column 'group'")
        .in_file(o.list)
        .remedy(
            "Make the list with 'cardseg list --holdout 10% --campaign NAME': without customers who are not "
            "contacted nobody can tell what the campaign did");
  List list;
  std::int64_t held_out = 0;
  for (const CustomerLine& line : segments::read_customer_lines(o.list, o.id, {segment_column, group_column})) {
    CampaignCustomer customer;
    const std::string& segment = line.fields[0];
    const auto [end, failure] = std::from_chars(segment.data(), segment.data() + segment.size(), customer.segment);
    if (failure != std::errc() || end != segment.data() + segment.size() || customer.segment < 1)
      refuse(o.list, line.line, "the segment is no number from 1 on", "Name a list that 'cardseg list' wrote");
    if (line.fields[1] != "target" && line.fields[1] != "holdout")
      refuse(o.list, line.line, "the group is neither target nor holdout", "Name a list that 'cardseg list' wrote");
    customer.is_target = line.fields[1] == "target";
    held_out += customer.is_target ? 0 : 1;
    list.place.emplace(line.id, list.customers.size());
    list.customers.push_back(customer);
  }
  if (held_out == 0 || held_out == static_cast<std::int64_t>(list.customers.size()))
    throw Error(ExitCode::bad_data, held_out == 0 ? "the control group of the list is empty"
                                                  : "everybody on the list is in the control group")
        .in_file(o.list)
        .remedy("Hold out a larger share of a longer list");
  return list;
}

// Customers without a line in the results have not responded.
void read_results(const OutcomeOptions& o, List& list, core::Events& events) {
  const std::vector<std::string> columns = segments::columns_of_customer_file(o.results);
  const std::string id = o.id.empty() ? segments::columns_of_customer_file(o.list).front() : o.id;
  std::vector<std::string> wanted;
  const bool has_response = has(columns, o.response);
  if (has_response) wanted.push_back(o.response);
  if (!o.value.empty()) wanted.push_back(o.value);
  std::int64_t known = 0;
  std::int64_t unknown = 0;
  for (const CustomerLine& line : segments::read_customer_lines(o.results, id, wanted)) {
    const auto place = list.place.find(line.id);
    if (place == list.place.end()) {
      ++unknown;
      continue;
    }
    ++known;
    CampaignCustomer& customer = list.customers[place->second];
    customer.has_responded = !has_response || is_yes(o.results, line.line, line.fields.front());
    if (!o.value.empty()) customer.value = number_in(o.results, line.line, line.fields.back());
  }
  if (known == 0)
    throw Error(ExitCode::bad_data, fmt::format("none of its {} is on the list", report::counted(unknown, "customer")))
        .in_file(o.results)
        .remedy("Name the results of this list, with ids of the same kind");
  if (unknown > 0)
    events.warning(fmt::format("{} of the results {} not on the list and {} for nothing",
                               report::counted(unknown, "customer"), unknown == 1 ? "is" : "are",
                               unknown == 1 ? "counts" : "count"));
  if (!has_response)
    events.info(fmt::format("the results have no column '{}': every customer there has responded", o.response));
}

std::vector<monitor::LoggedOutcome> grown_log(const OutcomeOptions& o, const monitor::ToldOutcome& outcome) {
  std::vector<monitor::LoggedOutcome> log = monitor::read_outcome_log(o.log);
  const auto is_this = [&](const monitor::LoggedOutcome& line) { return line.campaign == outcome.campaign; };
  if (!o.output.overwrite && std::ranges::any_of(log, is_this))
    throw Error(ExitCode::cannot_create, "the log has a campaign of this name already")
        .in_file(o.log)
        .remedy("Name the campaign with " + field("campaign") + ", or replace what is there with " +
                field("overwrite"));
  std::erase_if(log, is_this);
  for (monitor::LoggedOutcome& line : monitor::logged(outcome)) log.push_back(std::move(line));
  return log;
}

CampaignOutcome measured(const OutcomeOptions& o, core::WarningNotes& notes) {
  List list = read_list(o);
  read_results(o, list, notes);
  CampaignOutcome found;
  found.outcome = {o.campaign.empty() ? fs::path(o.list).stem().string() : o.campaign,
                   monitor::measure_outcome(list.customers), o.disclosure.min_cell, !o.value.empty()};
  found.customers = static_cast<std::int64_t>(list.customers.size());
  if (!o.log.empty()) found.log = grown_log(o, found.outcome);
  OutcomeOptions described = o;
  found.config = result_config(describe(described));
  for (const std::string& file : {o.list, o.results})
    found.inputs.push_back({fs::path(file).filename().string(), io::sha256_of_file(file)});
  found.warnings = notes.warnings();
  return found;
}

}  // namespace

cli::OptionTables describe(OutcomeOptions& o) {
  using core::Shapes;
  return {{"Outcome",
           {core::text(o.list, {"list", "FILE", Shapes::inputs, "CSV that 'cardseg list --holdout' wrote"}),
            core::text(o.results, {"results", "FILE", Shapes::inputs,
                                   "CSV of ids, and what came of these customers; who is not in it has not responded"}),
            core::text(o.id, {"id", "NAME", Shapes::result, "column of ids in both; without it the list's first"}),
            core::text(o.response, {"response", "NAME", Shapes::result,
                                    "column of the results that says yes or no; where there is none, everybody in the "
                                    "results has responded"}),
            core::text(o.value, {"value", "NAME", Shapes::result, "column of the results: what a customer brought"}),
            core::text(o.campaign, {"campaign", "NAME", Shapes::result,
                                    "what the campaign is called in the log; without it as the list's file"}),
            core::text(o.log, {"journal", "FILE", Shapes::nothing, "CSV of all campaigns, which grows by this one"})}},
          describe(o.disclosure),
          describe(o.output)};
}

void validate(const OutcomeOptions& o) {
  if (o.list.empty())
    throw Error(ExitCode::usage, field("list") + " is missing")
        .remedy("Name a CSV that 'cardseg list --holdout' wrote");
  if (o.results.empty())
    throw Error(ExitCode::usage, field("results") + " is missing").remedy("Name a CSV of the customers who responded");
  validate(o.disclosure);
  validate(o.output);
}

CampaignOutcome campaign_outcome(cli::Context& c, const OutcomeOptions& o) {
  core::WarningNotes notes(c.console);
  return comm::agree(c.comm, [&] { return measured(o, notes); });
}

void write_journal(cli::Context& c, const OutcomeOptions& o, const CampaignOutcome& outcome) {
  comm::agree(c.comm, [&] {
    if (c.comm.is_root() && !o.log.empty()) io::write_file(o.log, monitor::outcome_log_csv(outcome.log));
  });
}

}  // namespace cardseg::run
