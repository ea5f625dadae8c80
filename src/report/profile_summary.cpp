#include "cardseg/report/profile_summary.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {

Document profile_summary(const profile::Profile& profile, const ProfileRun& run) {
  Facts facts;
  facts.facts = {
      {"profile", fmt::format("{}, {}, {}", counted(profile.customers.front().customers, "customer"),
                              counted(profile.segments, "segment"), counted(std::ssize(profile.columns), "column"))}};
  for (const std::string& warning : run.warnings) facts.facts.push_back({"warning", warning});
  for (const Facts::Fact& fact : cost_facts(run.costs)) facts.facts.push_back(fact);
  facts.facts.push_back({"files", fmt::format("{0}/profile.csv, {0}/profile.json", run.directory)});
  Document summary;
  summary.add(facts);
  return summary;
}

}  // namespace cardseg::report
