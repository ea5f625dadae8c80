#include "cluster/settle.hpp"

#include <utility>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cluster/lloyd.hpp"

namespace cardseg::cluster {
namespace {

template <class T>
ModelPass pass_alone(const FitSetting<T>& setting, Lloyd<T>& lloyd) {
  const AssignerPass<T> pass = lloyd.next_pass();
  ModelPass passed = comm::agree(setting.comm, [&] {
    const PassCounts counts = pass_together<T>({&pass, 1}).front();
    return ModelPass{*pass.local_sums, counts};
  });
  reduce(setting.comm, setting.basis.grids, {&passed, 1});
  return passed;
}

}  // namespace

template <class T>
RestartResult settle(const FitSetting<T>& setting, const FitOptions& options, Centroids centroids) {
  RestartProgress begun;
  begun.result.centroids = std::move(centroids);
  const auto lloyd =
      comm::agree(setting.comm, [&] { return std::make_unique<Lloyd<T>>(setting, options, std::move(begun), false); });
  while (!lloyd->reason_to_stop()) lloyd->finish_iteration(pass_alone(setting, *lloyd));
  lloyd->finish(*lloyd->reason_to_stop());
  return lloyd->progress().result;
}

template RestartResult settle<float>(const FitSetting<float>&, const FitOptions&, Centroids);
template RestartResult settle<double>(const FitSetting<double>&, const FitOptions&, Centroids);

}  // namespace cardseg::cluster
