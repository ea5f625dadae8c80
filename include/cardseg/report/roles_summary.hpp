// What a job takes the columns of a portfolio for, said before the work begins.
#pragma once

#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/schema.hpp"
#include "cardseg/report/document.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. The id, or that rows are numbered, the filter with how many of `rows` customers it selects, and each column
/// that is left out with the reason.
Document roles_summary(const portfolio::Schema& schema, std::int64_t rows);

/// Pure. The same of shards that a model scores: columns that it left out, and those that it does not know.
Document roles_summary(const segments::Model& model, const io::ShardSet& shards);

/// The id for people.
std::string shown_id(const std::string& id);

}  // namespace cardseg::report
