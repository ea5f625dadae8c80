// The same customers in two segmentations, joined by id over ranks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/quality/adjusted_rand.hpp"

namespace cardseg::monitor {

/// What a rank knows of its own rows of one segmentation: rows local_range(rank, n, size). Vectors have one value a
/// row, or none where nothing is known.
struct LocalLabels {
  std::vector<std::string> ids;       ///< no two alike, over all ranks
  std::vector<std::int32_t> segment;  ///< from 1
  std::vector<double> margin;         ///< of the segment, 0 (on the border) to 1
  /// The segment, from 1, that the other side's model gives these values.
  std::vector<std::int32_t> by_other_model;
  std::vector<double> weight;  ///< a customer's mass; empty: 1
  std::vector<double> value;   ///< what a customer is worth; NaN: missing

  bool has_value() const { return !value.empty(); }
};

/// A customer's place on one side.
struct JoinedSide {
  std::int64_t row = -1;  ///< global; -1: the customer is not there
  double margin = 0.0;
  double weight = 1.0;
  double value = 0.0;
  std::int32_t segment = 0;         ///< from 1; 0: the customer is not there
  std::int32_t by_other_model = 0;  ///< 0: not known
};

struct JoinedCustomer {
  JoinedSide before;
  JoinedSide after;

  bool is_shared() const { return before.segment > 0 && after.segment > 0; }
};

/// What a side is beside its rows; the same on all ranks.
struct SideShape {
  std::int64_t rows = 0;
  int segments = 0;
};

/// Customers of both sides; each is on the rank that its id is spread to.
class JoinedCustomers {
 public:
  /// Collective. `before` and `after` are given back once they are sent. Throws comm::AgreedError(bad_data) where no
  /// customer is on both sides. Memory: about 150 bytes a customer and side, ids of up to 15 bytes included.
  JoinedCustomers(const comm::Communicator& comm, LocalLabels before, SideShape before_shape, LocalLabels after,
                  SideShape after_shape);

  /// In no order that means anything.
  const std::vector<JoinedCustomer>& local() const { return local_; }
  const SideShape& before() const { return before_; }
  const SideShape& after() const { return after_; }
  /// Customers on both sides by segment, of all ranks.
  const quality::Contingency& shared() const { return shared_; }
  std::int64_t shared_customers() const;

  /// Collective. Sends answers[i], of local()[i], back to the rows: to those of the side before, or after. Returns one
  /// for each local row of that side.
  enum class Side { before, after };
  std::vector<std::int32_t> send_back(const comm::Communicator& comm, const std::vector<std::int32_t>& answers,
                                      Side side) const;

 private:
  SideShape before_;
  SideShape after_;
  std::vector<JoinedCustomer> local_;
  quality::Contingency shared_;
};

}  // namespace cardseg::monitor
