#include "report/trust_chapter.hpp"

#include <fmt/format.h>

#include <cmath>

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
      "has "
      "sample has fewer than {} has none.",
      shown_fixed(measured.mean, 2), counted(measured.sampled(), "customer"), shown_count(content.least_customers()));
}

}  // namespace

Document trust_chapter(const FitContent& content) {
  Document chapter;
  if (content.profile.segments < 2) return chapter;
  chapter.add(Heading{2, "Can it be trusted?"});
  chapter.add(Paragraph{measured_on(content)});
  chapter.add(trust_table(content));
  chapter.add(Note{fmt::format(
      "A customer is near a border where the own centre is less than {} nearer than the next one. The next segment is "
      "the one that most of its customers would be in, were it not there. Solid: large enough and clear. Weak: fewer "
      "than "
      "{} customers, or a silhouette below {}. Usable: what lies between.",
      shown_share(profile::border_margin), shown_count(few_customers), shown_number(blurred_silhouette))});
  return chapter;
}

}  // namespace cardseg::report
