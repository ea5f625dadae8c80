#include "cluster/basis.hpp"

namespace cardseg::cluster {

template <class T>
Basis make_basis(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix) {
  Basis basis;
  basis.customers = comm.sum(matrix.rows());
  basis.grids = make_grids(comm, matrix);
  basis.scatter = compute_scatter(comm, matrix, basis.grids, basis.customers);
  return basis;
}

template Basis make_basis<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&);
template Basis make_basis<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&);

}  // namespace cardseg::cluster
