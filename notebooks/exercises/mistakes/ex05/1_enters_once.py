"""All paths enter at step 1. The weight is used at every step, and a path may start at each."""


def list_paths(N):
    """Right and up, from the first state."""
    paths, unfinished = [], [[(1, 1)]]
    while unfinished:
        path = unfinished.pop()
        layer, t = path[-1]
        if (layer, t) == (2, N):
            paths.append(tuple(path))
        if t < N:
            unfinished.append([*path, (layer, t + 1)])
        if layer == 1:
            unfinished.append([*path, (2, t)])
    return paths
