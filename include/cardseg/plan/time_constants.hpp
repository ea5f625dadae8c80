// What the steps of a job cost on a machine, in seconds of one thread: the constants behind a planned time.
#pragma once

#include <filesystem>
#include <string>

namespace cardseg::plan {

/// Seconds of one thread. The defaults were measured with `cardseg plan --calibrate` on a shared virtual machine
/// (Intel Xeon, AVX-512), shards in the page cache.
struct TimeConstants {
  double check_s_per_customer = 1.2e-7;    ///< an id that is read and compared with all others
  double load_s_per_byte = 2.5e-9;         ///< a stored byte of a column that is read, checked and encoded
  double pass_s_per_value = 3.3e-10;       ///< a feature of a customer, read in a pass
  double pass_s_per_comparison = 1.5e-11;  ///< a feature of a customer and a segment, in a pass without pruning
  double score_s_per_comparison = 8e-11;   ///< the same by the definition, when customers are scored
  double write_s_per_customer = 1.05e-7;   ///< a row of the label files
  double digest_s_per_byte = 7.7e-10;      ///< SHA-256 of the shards
  std::string source;                      ///< file they come from; empty: built in

  /// "built in, of another machine (see --calibrate)" or "from FILE".
  std::string source_text() const;
};

std::string to_json(const TimeConstants& constants);
/// Throws core::Error: config where the file holds no such constants, input_missing.
TimeConstants read_time_constants(const std::filesystem::path& file);
/// Those of the file that $CARDSEG_CONSTANTS names, else the built-in ones. Throws like read_time_constants.
TimeConstants known_time_constants();
/// Those of `file`; empty: the known ones. Throws like both.
TimeConstants chosen_time_constants(const std::string& file);

}  // namespace cardseg::plan
