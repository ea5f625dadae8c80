// The one exception type of cardseg: what went wrong, where, and what to do about it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace cardseg::core {

/// Process exit codes; the numbers follow sysexits.h where it has a fitting one.
enum class ExitCode : int {
  done = 0,
  usage = 64,
  bad_data = 65,
  input_missing = 66,
  internal = 70,
  system = 71,
  cannot_create = 73,
  io = 74,
  stopped = 75,
  permission = 77,
  config = 78,
};

/// Where an error happened. Empty or negative members are unknown and not printed.
struct Place {
  std::string file;
  std::string column;
  std::int64_t first_row = -1;  ///< first row concerned, counted from 0
  std::int64_t last_row = -1;   ///< last row concerned; equal to first_row for a single row
  int rank = -1;                ///< MPI rank on which it was noticed
};

/// An error that a user can act on. Never carries a customer's values. Reason and remedy name options as field() does.
///
///     throw Error(ExitCode::bad_data, "the column holds text").in_file(path).in_column("age").remedy("Exclude it.");
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, std::string reason);

  Error& in_file(std::string file);
  Error& in_column(std::string column);
  Error& at_row(std::int64_t row);
  Error& at_rows(std::int64_t first, std::int64_t last);
  Error& on_rank(int rank);
  Error& remedy(std::string what_to_do);
  /// The same with another code: what is a wrong configuration in a file is wrong usage on the command line.
  Error& as(ExitCode code);

  /// `<file>, column <c>, rows <a> to <b>: <reason>. <remedy>`, with the parts that are known; fields by their names,
  /// rows counted from 1.
  const char* what() const noexcept override { return message_.c_str(); }
  /// The same with the references of field(), for who writes fields in another way.
  std::string text() const;

  ExitCode code() const { return code_; }
  const std::string& reason() const { return reason_; }
  const std::string& remedy_text() const { return remedy_; }
  const Place& place() const { return place_; }

  /// A byte string that another rank turns back into an equal error with `unpacked`.
  std::string packed() const;
  static Error unpacked(const std::string& bytes);

 private:
  void update_message();

  ExitCode code_;
  std::string reason_;
  std::string remedy_;
  Place place_;
  std::string message_;
};

}  // namespace cardseg::core
