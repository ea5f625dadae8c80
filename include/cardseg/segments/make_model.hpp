// From a finished fit to the model that is stored.
#pragma once

#include "cardseg/cluster/fit.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/description.hpp"
#include "cardseg/segments/model.hpp"
#include "cardseg/segments/score.hpp"

namespace cardseg::segments {

/// Pure. `columns` as loaded, `totals` of the scores that the fit's centroids give.
Model make_model(const portfolio::ResolvedDescription& description, const std::vector<portfolio::FittedColumn>& columns,
                 const io::ShardSet& shards, const cluster::FitOptions& options, const cluster::FitResult& fitted,
                 const SegmentTotals& totals, portfolio::Precision precision);

}  // namespace cardseg::segments
