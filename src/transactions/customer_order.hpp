// Which place each customer has among all customers of all ranks, in the order of their ids.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::transactions {

/// True where `id` is a whole number of 64 bits as it is written by a program: without sign +, blanks, leading zeros.
bool is_whole_number(const std::string& id);

/// Bytes that sort as ids do: numbers by value, texts bytewise.
std::string sort_key(const std::string& id, bool is_number);

/// Collective over comm. The place of each of `local_keys`, which are ascending and differ on all ranks: 0 to n - 1.
/// Each key goes once to the rank that sorts its part of the keys; parts are found from a sample. Memory: about twice
/// the keys and 32 bytes for each.
std::vector<std::int64_t> global_places(const comm::Communicator& comm, const std::vector<std::string>& local_keys);

}  // namespace cardseg::transactions
