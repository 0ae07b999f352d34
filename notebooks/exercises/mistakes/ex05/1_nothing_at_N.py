"""No path enters or climbs at step N. Where do your loops over the steps stop?"""


def list_paths(N):
    paths = []
    for i in range(1, N):
        for j in range(i, N):
            below = [(1, t) for t in range(i, j + 1)]
            above = [(2, t) for t in range(j, N + 1)]
            paths.append(tuple(below + above))
    return paths
