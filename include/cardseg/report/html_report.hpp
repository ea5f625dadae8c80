// report.html: one self-contained page about a fit, for people who act on segments.
#pragma once

#include <string>

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"
#include "cardseg/report/language.hpp"

namespace cardseg::report {

/// Pure. The answer first: what was segmented, how far it can be trusted, every segment at a glance; then what tells
/// them apart, a section for each, a map, who is in them; last how they were found. A chapter is a document of its own.
/// Aggregates only.
Document fit_report(const FitContent& content);

/// Pure. The same as a page. The same content gives the same text. `language`: of headings, verdicts and glossary.
std::string html_report(const FitContent& content, Language language = Language::en);

}  // namespace cardseg::report
