"""Some paths begin in the initial state. It is given, and depends on no weight."""


def list_paths(N):
    paths = []
    for i in range(N + 1):
        for j in range(i, N + 1):
            paths.append(tuple([(1, t) for t in range(i, j + 1)] + [(2, t) for t in range(j, N + 1)]))
    return paths
