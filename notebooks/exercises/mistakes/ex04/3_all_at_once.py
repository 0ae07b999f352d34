"""All entries are moved together. That gives one number, the slope in one direction."""


def numerical_gradient(E, w, eps):
    return (E(w + eps) - E(w - eps)) / (2 * eps)
