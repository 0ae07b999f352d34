"""Some paths are listed twice: a path is one pair of steps, whichever of the two you choose first."""


def list_paths(N):
    paths = []
    for a in range(1, N + 1):
        for b in range(1, N + 1):
            i, j = min(a, b), max(a, b)
            first = tuple((1, t) for t in range(i, j + 1))
            second = tuple((2, t) for t in range(j, N + 1))
            paths.append(first + second)
    return paths
