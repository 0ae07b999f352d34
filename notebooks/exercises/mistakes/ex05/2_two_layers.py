"""This is the count for two layers, whatever L is."""


def count_paths(steps, L):
    return sum(n * (n + 1) // 2 for n in steps)
