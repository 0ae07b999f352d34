"""W is multiplied as if its spectral radius were 1. Find out first what it is."""


def with_radius(W, rho):
    return rho * W
