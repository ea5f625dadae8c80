#include "cardseg/report/list_summary.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

Document summary_of(Facts facts) {
  Document summary;
  summary.add(std::move(facts));
  return summary;
}

void add_unknown(Facts& facts, std::int64_t unknown, const char* of) {
  if (unknown == 0) return;
  facts.facts.push_back({"unknown", fmt::format("{} of {} {} not among the customers of the run",
                                                counted(unknown, "customer"), of, unknown == 1 ? "is" : "are")});
}

}  // namespace

Document list_summary(const segments::ListOptions& options, const segments::ListCounts& counts,
                      const std::string& file) {
  const std::string of = options.segment == 0 ? "all segments" : fmt::format("segment {}", options.segment);
  Facts facts{{{"list", fmt::format("{} of {}", counted(counts.listed, "customer"), of)}}};
  if (!options.where.empty())
    facts.facts.push_back(
        {"rule", fmt::format("selects {} of {}", shown_count(counts.matching),
                             shown_count(counts.segment - (options.like.empty() ? 0 : counts.seeds)))});
  if (!options.like.empty())
    facts.facts.push_back(
        {"like", fmt::format("{}, who are not on the list", counted(counts.seeds, "given customer"))});
  if (!options.pin.empty())
    facts.facts.push_back(
        {"policy", fmt::format("{} of {} placed in it, {} placed elsewhere", shown_count(counts.placed),
                               shown_count(counts.segment), shown_count(counts.moved_out))});
  if (options.holdout > 0)
    facts.facts.push_back({"holdout", fmt::format("{} of {}: not to be contacted", shown_count(counts.holdout),
                                                  shown_count(counts.listed))});
  add_unknown(facts, counts.unknown_seeds, options.like.c_str());
  add_unknown(facts, counts.unknown_placed, options.pin.c_str());
  facts.facts.push_back({"file", file});
  return summary_of(std::move(facts));
}

Document export_summary(const segments::ExportCounts& counts, const std::string& file) {
  Facts facts{{{"export", counted(counts.customers, "customer")}}};
  if (counts.placed > 0)
    facts.facts.push_back({"policy", fmt::format("{} of them placed", shown_count(counts.placed))});
  add_unknown(facts, counts.unknown_placed, "the policy");
  facts.facts.push_back({"file", file});
  return summary_of(std::move(facts));
}

}  // namespace cardseg::report
