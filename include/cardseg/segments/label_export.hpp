// The labels of a run for programs that do not read HDF5.
#pragma once

#include <filesystem>
#include <string>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/segments/labelled_customers.hpp"

namespace cardseg::segments {

enum class LabelFormat { none, csv };
inline constexpr core::EnumNames<LabelFormat> label_format_names = {"none", "csv"};

struct ExportOptions {
  std::string run = {};                    ///< directory of a run with labels
  LabelFormat labels = LabelFormat::none;  ///< none: nothing is exported yet but labels
  std::string pin = {};                    ///< CSV of ids and segments: customers placed by policy
};

core::OptionTable describe(ExportOptions& options);
/// Throws core::Error(usage) where nothing is to be exported.
void validate(const ExportOptions& options);

struct ExportCounts {
  std::int64_t customers = 0;
  std::int64_t placed = 0;          ///< of these, by policy
  std::int64_t unknown_placed = 0;  ///< of the policy's file, that are not among the customers
};

/// Local. Writes every customer of the labels, in the order of the shards: the id (with `key` its pseudonym), segment,
/// distance, second_segment, margin, and with `options.pin` placed, policy or model. Memory: 64 Ki rows. Throws
/// core::Error: bad_data, cannot_create, io.
ExportCounts export_labels(const LabelledCustomers& labels, const ExportOptions& options, const std::string& key,
                           const std::filesystem::path& output, core::Events& events);

}  // namespace cardseg::segments
