"""Some of these begin in the second layer. A path climbs only after the weight has entered."""


def list_paths(N):
    paths = []
    for enters in range(1, N + 1):
        for climbs in range(1, N + 1):
            path = [(1, t) for t in range(enters, climbs + 1)]
            path += [(2, t) for t in range(climbs, N + 1)]
            paths.append(tuple(path))
    return paths
