#include "report/trust_chapter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"
#include "report/verdicts.hpp"

namespace cardseg::report {
namespace {

std::string next_to(const FitContent& content, int segment) {
  const profile::Neighbour& next = content.evidence.separation.next[static_cast<std::size_t>(segment - 1)];
  if (next.segment == 0) return nothing;
  const double share = share_of(next.customers, content.profile.customers[static_cast<std::size_t>(segment)]);
  return fmt::format("{} {}{}", next.segment, content.name(next.segment),
                     std::isfinite(share) ? fmt::format(" ({})", shown_share(share)) : "");
}

Table trust_table(const FitContent& content) {
  Table table{"How far segments lie from one another",
              {{"Segment"},
               {"Verdict"},
               {"Silhouette", Format::fixed, 2},
               {"Near a border", Format::share, fitting_decimals},
               {"RMS distance", Format::number},
               {"Next segment"}},
              {},
              {},
              "segments.csv"};
  const std::vector<SegmentVerdict> all = verdicts(content);
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const auto at = static_cast<std::size_t>(j - 1);
    const profile::Count& customers = content.profile.customers[at + 1];
    const auto unless_withheld = [&](double value) {
      return customers.is_withheld ? Value(std::string(withheld)) : Value(value);
    };
    table.rows.push_back({Cell(content.name(j), 0.0, j), all[at].whole.word, unless_withheld(content.silhouette(j)),
                          share_cell(content.evidence.separation.near_border[at + 1], customers),
                          unless_withheld(std::sqrt(content.model.totals.inertia[at] / content.model.totals.mass[at])),
                          customers.is_withheld ? std::string(withheld) : next_to(content, j)});
  }
  return table;
}

std::string measured_on(const FitContent& content) {
  const quality::SampledSilhouette& measured = content.evidence.silhouette;
  if (measured.is_of_all)
    return fmt::format("The silhouette of all {} is {}.", counted(measured.sampled(), "customer"),
                       shown_fixed(measured.mean, 2));
  return fmt::format(
      "The silhouette of all segments is {}. It is measured on a random sample of {}; a segment of which the sample "
      "has fewer than {} has none.",
      shown_fixed(measured.mean, 2), counted(measured.sampled(), "customer"), shown_count(content.least_customers()));
}

Value word_of(const std::optional<Verdict>& verdict) { return verdict ? Value(verdict->word) : Value(); }

// What speaks for a segment and what against, a column each.
Table scorecard(const FitContent& content) {
  const std::vector<SegmentVerdict> all = verdicts(content);
  Table table{"Scorecard", {{"Segment"}, {"Verdict"}, {"Size"}, {"Separation"}}, {}, {}, "segments.csv"};
  const bool has_stability = content.evidence.stability.is_tested();
  const bool has_value = std::ranges::any_of(all, [](const SegmentVerdict& each) { return each.value.has_value(); });
  const bool has_rules =
      std::ranges::any_of(all, [](const SegmentVerdict& each) { return each.explained.has_value(); });
  if (has_stability) table.columns.push_back({"Stability"});
  if (has_value) table.columns.push_back({"Value"});
  if (has_rules) table.columns.push_back({"Rules"});
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const SegmentVerdict& verdict = all[static_cast<std::size_t>(j - 1)];
    std::vector<Cell>& row = table.rows.emplace_back();
    row = {Cell(content.name(j), 0.0, j), verdict.whole.word, verdict.size.word, verdict.separation.word};
    if (has_stability) row.emplace_back(word_of(verdict.stability));
    if (has_value) row.emplace_back(word_of(verdict.value));
    if (has_rules) row.emplace_back(word_of(verdict.explained));
  }
  return table;
}

Table stability_table(const FitContent& content) {
  const quality::Stability& stability = content.evidence.stability;
  Table table{"How far segments are found again", {{"Segment"}}, {}, {}, "trust.csv"};
  for (const quality::StabilityAtSize& at : stability.sizes)
    table.columns.push_back({fmt::format("Jaccard of {}", shown_count(at.customers)), Format::fixed, 3});
  table.columns.push_back({"Times as unstable without segments", Format::factor});
  const quality::StabilityAtSize& judged = stability.at_judged();
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const auto at = static_cast<std::size_t>(j - 1);
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(content.name(j), 0.0, j);
    for (const quality::StabilityAtSize& size : stability.sizes) row.emplace_back(size.jaccard[at]);
    row.emplace_back(judged.ratio(judged.jaccard[at]));
  }
  for (const bool is_null : {false, true}) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(std::string(is_null ? "Data without segments" : "All segments"));
    for (const quality::StabilityAtSize& size : stability.sizes)
      row.emplace_back(is_null ? size.null_jaccard : size.mean_jaccard());
    row.emplace_back(is_null ? 1.0 : judged.ratio(judged.mean_jaccard()));
  }
  return table;
}

// What was done and what came out, in words.
std::string stability_text(const FitContent& content) {
  const quality::Stability& stability = content.evidence.stability;
  const quality::StabilityAtSize& at = stability.at_judged();
  const std::string verdict = stability_of_all(content)->word;
  return fmt::format(
      "The segments are {}. Other customers were drawn, about {} at a time, segmented anew and compared; beside it the "
      "same was done with invented portfolios that have the columns' spread, skew and correlations and no segments. "
      "The "
      "segments are found again with a Jaccard of {} on average, those of invented portfolios with {}: {} as unstable. "
      "From {} on this is called more than chance.",
      verdict, shown_count(at.customers), shown_fixed(at.mean_jaccard(), 3), shown_fixed(at.null_jaccard, 3),
      shown_factor(at.ratio(at.mean_jaccard())), shown_factor(content.evidence.thresholds.stable_ratio));
}

std::string why_not_tested(const FitContent& content) {
  return content.evidence.stability.wanted > 0
             ? "Whether segments are found again was not tested: there are too few customers."
             : "Whether segments are found again was not tested.";
}

Table alternative_table(const FitContent& content) {
  Table table{"Other numbers of segments, as the study that this fit follows has them",
              {{"Segments", Format::count},
               {"R squared", Format::fixed, 3},
               {"Jaccard", Format::fixed, 3},
               {"Least", Format::fixed, 3},
               {"By chance", Format::fixed, 3},
               {"Gap", Format::fixed, 3},
               {""}},
              {}};
  const Alternatives& study = *content.evidence.alternatives;
  for (const Alternative& each : study.numbers) {
    const char* word = each.segments == study.recommended ? "recommended"
                       : each.segments == study.runner_up ? "runner-up"
                                                          : "";
    table.rows.push_back({each.segments, each.r_squared, each.stability, each.least_stability, each.null_stability,
                          each.gap,
                          each.segments == content.profile.segments ? fmt::format("this page {}", word) : word});
  }
  return table;
}

std::string alternative_text(const FitContent& content) {
  const Alternatives& study = *content.evidence.alternatives;
  if (study.tested == 0) return "The study that this fit follows did not test whether segments are found again.";
  if (study.recommended == 0)
    return "The study that this fit follows has no clear answer: no number of segments is stable beyond chance.";
  if (study.recommended == content.profile.segments)
    return fmt::format("The study that this fit follows recommends {}, as here.",
                       counted(study.recommended, "segment"));
  return fmt::format("The study that this fit follows recommends {}; here there are {}.",
                     counted(study.recommended, "segment"), shown_count(content.profile.segments));
}

// Nothing where there is no study.
Document alternative_part(const FitContent& content) {
  Document part;
  if (!content.evidence.alternatives) return part;
  part.add(Paragraph{alternative_text(content)});
  part.add(alternative_table(content));
  return part;
}

std::string how_to_read(const FitContent& content) {
  const portfolio::TrustThresholds& from = content.evidence.thresholds;
  return fmt::format(
      "A customer is near a border where the own centre is less than {} nearer than the next one. The next segment is "
      "the one that most of its customers would be in, were it not there. Solid: large enough, clear and, where it was "
      "tested, stable beyond chance. Weak: fewer than {} customers, or a silhouette below {}. Usable: what lies "
      "between.",
      shown_share(profile::border_margin), shown_count(from.few_customers), shown_number(from.blurred_silhouette));
}

}  // namespace

Document trust_chapter(const FitContent& content) {
  Document chapter;
  if (content.profile.segments < 2) return chapter;
  chapter.add(Heading{2, "Can it be trusted?"});
  chapter.add(scorecard(content));
  chapter.add(Paragraph{measured_on(content)});
  chapter.add(trust_table(content));
  chapter.add(Note{how_to_read(content)});
  if (!content.evidence.stability.is_tested()) {
    chapter.add(Paragraph{why_not_tested(content)});
    chapter.append(alternative_part(content));
    return chapter;
  }
  chapter.add(Paragraph{stability_text(content)});
  chapter.add(stability_table(content));
  chapter.add(Note{
      "Jaccard: the customers that are both in the segment and in the one that is most like it, as a share of those in "
      "either; 1 where it is found again as it was. By itself it says little: with enough customers even one cloud is "
      "cut "
      "at the same places again."});
  chapter.append(alternative_part(content));
  return chapter;
}

}  // namespace cardseg::report
