"""Each layer's step is chosen freely here, as if a path could go back in time when it climbs."""


def count_paths(steps, L):
    return sum(n**L for n in steps)
