"""No path goes through the second layer's own past. From there the first layer can be reached too."""


def list_paths(N):
    paths = []
    for i in range(1, N + 1):
        path = [(1, t) for t in range(i, N + 1)]
        path.append((2, N))
        paths.append(tuple(path))
    return paths
