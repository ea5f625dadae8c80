#include "report/overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/core/name_list.hpp"
#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/segments/model_json.hpp"
#include "report/figures.hpp"
#include "report/verdicts.hpp"

namespace cardseg::report {
namespace {

constexpr std::size_t shown_id_digits = 12;
constexpr std::size_t most_named = 6;

std::int64_t count_of(const std::vector<SegmentVerdict>& all, Light light) {
  return std::ranges::count_if(all, [light](const SegmentVerdict& each) { return each.whole.light == light; });
}

// "5 are solid, 2 are usable, 1 is weak"
std::string tally(const std::vector<SegmentVerdict>& all) {
  std::string text;
  for (const auto& [light, word] : {std::pair{Light::good, "solid"}, {Light::fair, "usable"}, {Light::poor, "weak"}}) {
    const std::int64_t count = count_of(all, light);
    if (count > 0) text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", count, count == 1 ? "is" : "are", word);
  }
  return text;
}

std::string headline(const FitContent& content, const std::vector<SegmentVerdict>& all) {
  const std::string what = fmt::format("{} of {}", counted(content.profile.segments, "segment"),
                                       counted(content.model.totals.all_customers(), "customer"));
  return content.profile.segments > 1 ? fmt::format("{}: {}", what, tally(all)) : what;
}

std::string subline(const FitContent& content) {
  std::vector<std::string> described;
  std::int64_t features = 0;
  for (const portfolio::FittedColumn& column : content.model.columns) {
    features += column.is_feature() ? 1 : 0;
    if (column.column.role == portfolio::Role::profile) described.push_back(portfolio::label_of(column.column));
  }
  std::string text = fmt::format("Every customer of the portfolio is in one segment. Segments were made of {}",
                                 counted(features, "column"));
  if (!described.empty() && described.size() <= most_named)
    text += fmt::format("; {} {} them without shaping them", core::all_of(described),
                        described.size() == 1 ? "describes" : "describe");
  else if (!described.empty())
    text += fmt::format("; {} more describe them without shaping them", shown_count(std::ssize(described)));
  return fmt::format("{}. Model {}.", text, segments::model_id(content.model).substr(0, shown_id_digits));
}

Light worst_of(std::int64_t good, std::int64_t fair, std::int64_t poor) {
  if (poor > 0) return Light::poor;
  return fair > 0 || good == 0 ? Light::fair : Light::good;
}

Lights::Item size_light(const FitContent& content, const std::vector<SegmentVerdict>& all) {
  std::int64_t by_light[3] = {};
  for (const SegmentVerdict& each : all) ++by_light[static_cast<std::size_t>(each.size.light)];
  const Light light = worst_of(by_light[0], by_light[1], by_light[2]);
  const char* word = light == Light::good ? "large enough" : light == Light::fair ? "uneven" : "some too small";
  const profile::Count& first = content.profile.customers[1];
  const profile::Count& last = content.profile.customers[static_cast<std::size_t>(content.profile.segments)];
  const auto share = [&](const profile::Count& count) {
    return count.is_withheld ? fmt::format("fewer than {} customers", content.least_customers())
                             : shown_share(share_of(count, content.profile.customers[0])) + " of the customers";
  };
  return {
      {light, word}, "Size", fmt::format("The largest segment has {}, the smallest {}.", share(first), share(last))};
}

Lights::Item separation_light(const FitContent& content) {
  const portfolio::TrustThresholds& from = content.evidence.thresholds;
  const quality::SampledSilhouette& measured = content.evidence.silhouette;
  std::string reason = "Silhouette " + shown_fixed(measured.mean, 2);
  if (!measured.is_of_all) reason += fmt::format(", of a random sample of {}", counted(measured.sampled(), "customer"));
  reason += fmt::format(": from {} segments lie apart, below {} they run into each other.",
                        shown_number(from.clear_silhouette), shown_number(from.blurred_silhouette));
  const double near = share_of(content.evidence.separation.near_border[0], content.profile.customers[0]);
  if (std::isfinite(near)) reason += fmt::format(" {} of the customers are near a border.", shown_share(near));
  return {separation_verdict(measured.mean, from), "Separation", reason};
}

// Nothing where nothing was tested.
std::vector<Lights::Item> stability_light(const FitContent& content) {
  const std::optional<Verdict> verdict = stability_of_all(content);
  if (!verdict) return {};
  const quality::StabilityAtSize& at = content.evidence.stability.at_judged();
  return {{*verdict, "Stability",
           fmt::format("Resamples of {} find the segments again with a Jaccard of {} on average, data without segments "
                       "with {}: {} as unstable.",
                       counted(at.customers, "customer"), shown_fixed(at.mean_jaccard(), 2),
                       shown_fixed(at.null_jaccard, 2), shown_factor(at.ratio(at.mean_jaccard())))}};
}

// Nothing where no column says what segments are worth.
std::vector<Lights::Item> value_light(const std::vector<SegmentVerdict>& all) {
  std::int64_t known = 0;
  std::int64_t distinct = 0;
  for (const SegmentVerdict& each : all) {
    known += each.value ? 1 : 0;
    distinct += each.value && each.value->light == Light::good ? 1 : 0;
  }
  if (known == 0) return {};
  const Verdict verdict = distinct == known ? Verdict{Light::good, "distinct"}
                          : distinct > 0    ? Verdict{Light::fair, "partly distinct"}
                                            : Verdict{Light::poor, "alike"};
  return {{verdict, "Value",
           fmt::format("{} of {} {} worth clearly more or less than the average customer.", shown_count(distinct),
                       counted(known, "segment"), distinct == 1 ? "is" : "are")}};
}

// Nothing where there are no rules.
std::vector<Lights::Item> explained_light(const std::vector<SegmentVerdict>& all) {
  std::int64_t known = 0;
  std::int64_t explained = 0;
  for (const SegmentVerdict& each : all) {
    known += each.explained ? 1 : 0;
    explained += each.explained && each.explained->light == Light::good ? 1 : 0;
  }
  if (known == 0) return {};
  const Verdict verdict = explained == known ? Verdict{Light::good, "explainable"}
                          : explained > 0    ? Verdict{Light::fair, "partly explainable"}
                                             : Verdict{Light::poor, "hard to explain"};
  return {{verdict, "Rules",
           fmt::format("{} of {} can be told by a few thresholds; the model decides by distance.",
                       shown_count(explained), counted(known, "segment"))}};
}

Lights lights_of(const FitContent& content, const std::vector<SegmentVerdict>& all) {
  Lights lights{"How far it can be trusted", {size_light(content, all), separation_light(content)}};
  for (const std::vector<Lights::Item>& more : {stability_light(content), value_light(all), explained_light(all)})
    lights.items.insert(lights.items.end(), more.begin(), more.end());
  return lights;
}

Cards::Card card(const FitContent& content, const SegmentVerdict& verdict, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  Cards::Card card;
  card.mark = segment;
  card.title = content.name(segment);
  card.link = "segment-" + std::to_string(segment);
  const profile::Count& customers = content.profile.customers[group];
  const double share = share_of(customers, content.profile.customers[0]);
  card.meters.push_back({"Customers", share, customers.is_withheld ? withheld : shown_share(share)});
  if (const profile::ColumnProfile* value = value_column(content.profile)) {
    const profile::Figure& of_value = value->numbers[group].total_share;
    card.meters.push_back({portfolio::label_of(value->column), number_of(of_value), shown_share_of(of_value)});
  }
  if (group <= content.words.size()) card.lines = content.words[group - 1].drivers;
  card.verdict = verdict.whole;
  card.reason = customers.is_withheld
                    ? verdict.size_reason
                    : fmt::format("{}; {}{}", shown_count(customers.customers) + " customers",
                                  verdict.separation_reason, verdict.stability ? "; " + verdict.stability->word : "");
  return card;
}

}  // namespace

Document overview_chapter(const FitContent& content) {
  const std::vector<SegmentVerdict> all = verdicts(content);
  Document chapter{headline(content, all), "en", {}};
  chapter.add(Heading{1, chapter.title});
  chapter.add(Paragraph{subline(content)});
  if (content.profile.segments > 1) chapter.add(lights_of(content, all));
  for (const std::string& warning : content.warnings) chapter.add(Note{"Beware: " + warning + "."});
  chapter.add(Heading{2, "The segments"});
  Cards cards{"The segments", {}};
  for (int segment = 1; segment <= content.shown_segments(); ++segment)
    cards.cards.push_back(card(content, all[static_cast<std::size_t>(segment - 1)], segment));
  chapter.add(std::move(cards));
  if (content.shown_segments() < content.profile.segments)
    chapter.add(Note{fmt::format("This page shows the {} largest segments; segments.csv and profile.csv have all {}.",
                                 content.shown_segments(), shown_count(content.profile.segments))});
  return chapter;
}

}  // namespace cardseg::report
