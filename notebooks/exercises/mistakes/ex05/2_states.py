"""These are the states on the way to each error. Several paths lead through the same state."""


def count_paths(steps, L):
    count = 0
    for n in steps:
        for _layer in range(L):
            count += n
    return count
