#include "cardseg/report/html_report.hpp"

#include "cardseg/report/html.hpp"
#include "report/crosstab_chapter.hpp"
#include "report/data_quality.hpp"
#include "report/fairness.hpp"
#include "report/german_page.hpp"
#include "report/heat_map.hpp"
#include "report/map_chapter.hpp"
#include "report/method_chapter.hpp"
#include "report/not_found.hpp"
#include "report/overview.hpp"
#include "report/risk_chapter.hpp"
#include "report/rules_chapter.hpp"
#include "report/segment_chapter.hpp"
#include "report/trust_chapter.hpp"
#include "report/value_chapter.hpp"

namespace cardseg::report {

Document fit_report(const FitContent& content) {
  Document report = overview_chapter(content);
  for (const auto& chapter :
       {value_chapter, risk_chapter, heat_map_chapter, segment_chapter, rules_chapter, map_chapter, trust_chapter,
        crosstab_chapter, fairness_chapter, data_quality_chapter, not_found_chapter, method_chapter})
    report.append(chapter(content));
  return report;
}

std::string html_report(const FitContent& content, Language language) {
  Document report = fit_report(content);
  return html(language == Language::de ? in_german(std::move(report)) : report);
}

}  // namespace cardseg::report
