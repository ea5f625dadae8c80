// The reasons of the customers of a list.
#pragma once

#include <span>
#include <vector>

#include "cardseg/segments/customer_list.hpp"
#include "segments/listed_row.hpp"

namespace cardseg::segments {

/// Collective. Of each of this rank's candidates, which are in the order of their rows, a value for each of
/// reason_columns(); of those that are placed by policy there are none in them. Encodes the rows between the first and
/// the last candidate of a block. Throws comm::AgreedError(bad_data) where the model does not give a candidate the
/// segment that its label has.
std::vector<std::vector<io::CsvValue>> find_list_reasons(const comm::Communicator& comm, const ListSources& sources,
                                                         const ReasonOptions& options,
                                                         std::span<const Candidate> candidates);

}  // namespace cardseg::segments
