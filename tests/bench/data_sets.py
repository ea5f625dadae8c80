"""The data sets of the benchmarks: rows as float32, made the same way on every machine."""
import numpy as np

SHAPES = {  # customers, features, segments
    "A": (2_000_000, 20, 16), "B": (1_000_000, 50, 64), "H": (2_000_000, 20, 16), "C": (4_000_000, 10, 8), "D": (500_000, 100, 32)}


def make_mixture(customers, features, seed=1):
    """30 Gaussians of different sizes and spreads plus 10 % lognormal rows, standardised."""
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.full(30, 2.0))
    component = random.choice(30, size=customers, p=weights)
    centres = random.normal(0, 1.5, (30, features)).astype(np.float32)
    spreads = random.uniform(0.5, 1.5, 30).astype(np.float32)
    rows = random.standard_normal((customers, features), dtype=np.float32)
    rows *= spreads[component][:, None]
    rows += centres[component]
    skewed = random.random(customers) < 0.1
    rows[skewed] = random.lognormal(0, 1, (int(skewed.sum()), features))
    return standardised(rows)


def make_unclustered(customers, features, seed=1):
    """No clusters: 5 latent factors, every other column skewed as money is, standardised."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((customers, 5), dtype=np.float32) @ random.normal(0, 1, (5, features)).astype(np.float32)
    rows += random.standard_normal((customers, features), dtype=np.float32)
    rows[:, ::2] = np.exp(rows[:, ::2] * np.float32(0.5))
    return standardised(rows)


def standardised(rows):
    mean = rows.mean(axis=0, dtype=np.float64)
    spread = rows.std(axis=0, dtype=np.float64)
    for f in range(rows.shape[1]):
        rows[:, f] = (rows[:, f] - mean[f]) / spread[f]
    return np.ascontiguousarray(rows, dtype=np.float32)


def make(name, share=1.0):
    customers, features, segments = SHAPES[name]
    customers = int(customers * share)
    return (make_unclustered if name == "H" else make_mixture)(customers, features), segments
