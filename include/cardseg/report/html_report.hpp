// report.html: one self-contained page about a fit, for people who act on segments.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/document.hpp"
#include "cardseg/segments/model.hpp"
#include "cardseg/segments/tables.hpp"

namespace cardseg::report {

/// Pure. How large segments are and what they are worth, what sets each apart, every feature by segment in the
/// portfolio's own units, and how the segments were found; above all, what to beware of (fit_warnings()). Aggregates
/// only.
Document fit_report(const segments::Model& model, const std::vector<segments::ValueTotals>& values,
                    const std::vector<std::string>& warnings = {});

/// Pure. The same as a page. The same model gives the same text.
std::string html_report(const segments::Model& model, const std::vector<segments::ValueTotals>& values,
                        const std::vector<std::string>& warnings = {});

/// Pure. The mean of all customers in feature space: the segments' centroids, weighted by their sizes.
std::vector<double> overall_mean(const segments::Model& model);

/// A feature in which a segment differs from the portfolio.
struct Difference {
  int feature = 0;
  double scaled = 0.0;  ///< centroid minus the mean of all customers, in feature space
};

/// Pure. The features of a segment (from 0) by |scaled| difference, largest first, ties in the features' order.
/// `mean`: overall_mean(model).
std::vector<Difference> ranked_differences(const segments::Model& model, const std::vector<double>& mean, int segment);

}  // namespace cardseg::report
