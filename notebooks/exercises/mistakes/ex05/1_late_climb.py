"""The move up takes a time step here. The second layer reads the first one's state of the same step."""


def list_paths(N):
    paths = []
    for i in range(1, N + 1):
        path = [(1, i)]
        for j in range(i, N):
            paths.append((*path, *[(2, t) for t in range(j + 1, N + 1)]))
            path.append((1, j + 1))
    return paths
