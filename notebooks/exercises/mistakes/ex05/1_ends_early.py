"""The last node of each path is missing. Where does your range of steps in the second layer stop?"""


def list_paths(N):
    paths = []
    for i in range(1, N + 1):
        for j in range(i, N + 1):
            below = [(1, t) for t in range(i, j + 1)]
            above = [(2, t) for t in range(j, N)]
            paths.append(tuple(below + above))
    return paths
