#include "io/hdf5_handle.hpp"

#include <mutex>

namespace cardseg::io::hdf5 {
namespace {

// Keeps the text of the first (outermost) and the last (innermost) frame.
herr_t collect(unsigned depth, const H5E_error2_t* frame, void* out) {
  auto& text = *static_cast<std::string*>(out);
  const std::string description = frame->desc ? frame->desc : "";
  if (description.empty()) return 0;
  if (depth == 0) {
    text = description;
  } else {
    text = text.substr(0, text.find(" (")) + " (" + description + ")";
  }
  return 0;
}

}  // namespace

void start() {
  static std::once_flag once;
  std::call_once(once, [] {
    H5dont_atexit();  // closing at exit crashes after a failed write
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0);
    H5Lunregister(H5L_TYPE_EXTERNAL);
    H5Eclear2(H5E_DEFAULT);
  });
}

std::string error_text() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &text);
  H5Eclear2(H5E_DEFAULT);
  return text;
}

void fail(core::ExitCode code, const char* call) {
  const std::string text = error_text();
  throw core::Error(code, std::string(call) + " failed" + (text.empty() ? "" : ": " + text));
}

}  // namespace cardseg::io::hdf5
